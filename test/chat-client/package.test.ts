import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);

/**
 * As its users have it: without React, and without centrifuge, which they bring themselves. Two fifths of it are what is
 * known of a chat (`state/`), three tenths connection, tokens and presence, the rest what fetches, sends and reports.
 */
const LIMIT_BYTES = 17 * 1024;

async function bundled(): Promise<string> {
  const result = await build({
    ...{ configFile: false, logLevel: 'silent' },
    build: {
      ...{ write: false, minify: true },
      // The blanks of a library of modules are kept.
      lib: { entry: 'realtime/client/index.ts', formats: ['iife'], name: 'client' },
      rolldownOptions: { external: ['centrifuge'] },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !('output' in output)) throw new Error('nothing was built');
  return output.output.map((part) => (part.type === 'chunk' ? part.code : '')).join('');
}

describe('the chat client', () => {
  test('can be loaded in plain Node, where there is no page', async () => {
    const program = `
      const { createChatClient } = await import('@rov/realtime/client');
      const client = createChatClient({ api: { baseUrl: '', getAuth: () => '' }, userId: 'ann' });
      console.log(typeof document, client.getState().me);`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout.trim()).toBe('undefined ann');
  });

  test('is small, and brings no zod into a page', async () => {
    const code = await bundled();
    expect(code).not.toContain('ZodType');
    expect(gzipSync(code).byteLength).toBeLessThan(LIMIT_BYTES);
  });
});
