import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One value for the content of all these files below `root`; with `wanted`, only of those whose path it lets through. */
export function checksum(options: {
  root: string;
  folders: string[];
  files?: string[];
  wanted?: (path: string) => boolean;
}): string {
  const { root, folders, files = [], wanted = () => true } = options;
  const found = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  const hash = createHash('sha256');
  for (const path of [...files, ...found.filter(wanted).toSorted()]) {
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}
