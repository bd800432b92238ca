import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The repository's root. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** Contents by path, relative to the tree's root. */
export type Files = Readonly<Record<string, string>>;

/**
 * A folder that looks like this repository to the tools: its configuration and manifests, an empty stub for every
 * package that the manifests name, the workspace link, and the given files. Removed when disposed of.
 */
export async function plantTree(files: Files): Promise<AsyncDisposable & { root: string }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'rov-walls-')));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  await mkdir(join(root, 'realtime'));
  for (const path of [
    'package.json',
    'realtime/package.json',
    '.dependency-cruiser.mjs',
    '.oxlintrc.json',
  ]) {
    await copyFile(join(ROOT, path), join(root, path));
  }
  for (const name of await namedPackages()) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    await write(`node_modules/${name}/index.js`, '');
  }
  await mkdir(join(root, 'node_modules/@rov'), { recursive: true });
  await symlink(join(root, 'realtime'), join(root, 'node_modules/@rov/realtime'));
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** `undeclared` stands for a package that lies in node_modules by chance. */
async function namedPackages(): Promise<string[]> {
  const names = new Set(['undeclared']);
  for (const path of ['package.json', 'realtime/package.json']) {
    const manifest = JSON.parse(await readFile(join(ROOT, path), 'utf8'));
    for (const part of ['dependencies', 'devDependencies', 'peerDependencies']) {
      for (const name of Object.keys(manifest[part] ?? {})) names.add(name);
    }
  }
  names.delete('@rov/realtime');
  return [...names];
}
