import { readFile } from 'node:fs/promises';

import type { Plugin } from 'vite';

import { snippetsOf } from './snippets.ts';

const ADDRESS = /^(?<document>.*\.md)\/(?<name>\w+)\.tsx$/;

/** Serves `docs/realtime.md/Dot.tsx`: the block of that document that declares `Dot`. */
export function serveSnippets(root: string): Plugin {
  return {
    name: 'serve-snippets',
    resolveId: (id) => {
      if (!ADDRESS.test(id)) return null;
      return id.startsWith(root) ? id : root + id;
    },
    load: async (id) => {
      const { document, name } = ADDRESS.exec(id)?.groups ?? {};
      if (document === undefined || name === undefined) return null;
      const snippets = snippetsOf(await readFile(document, 'utf8'));
      const snippet = snippets.find(({ names }) => names.includes(name));
      if (!snippet) throw new Error(`No block of ${document} declares ${name}`);
      return snippet.code;
    },
  };
}
