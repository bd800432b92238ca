import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ROOT } from './planted-tree.ts';

/** The sources that run in production, tests left out: path and text of each. */
export async function productFiles(): Promise<{ path: string; text: string }[]> {
  const folders = '{ops.ts,{api,core,dashboard,migrations,ops,realtime,web,worker}/**/*.{ts,tsx}}';
  const paths = await Array.fromAsync(glob(folders, { cwd: ROOT, exclude: isForeign }));
  const sources = paths.filter((path) => !/[.]test[.]tsx?$/.test(path));
  return await Promise.all(
    sources.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })),
  );
}

function isForeign(path: string): boolean {
  return /(^|\/)(dist|node_modules)$/.test(path);
}
