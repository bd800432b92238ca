import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

const STRICT = {
  ...{ target: 'es2024', module: 'nodenext', jsx: 'react-jsx', types: ['node'] },
  ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
};

/** Writes files to where the packages of this project are found, and removes them afterwards. */
export async function inFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(join(ROOT, '.rov'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, '.rov', 'snippets-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the compiler says of files; nothing where nothing is wrong. */
export async function complaints(
  files: Readonly<Record<string, string>>,
  compilerOptions: object = {},
): Promise<string> {
  const config = {
    compilerOptions: { ...STRICT, ...compilerOptions },
    files: Object.keys(files),
  };
  const all = { ...files, 'tsconfig.json': JSON.stringify(config) };
  return await inFolder(all, async (folder) => {
    const tsc = run(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', folder]);
    return await tsc.then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    );
  });
}
