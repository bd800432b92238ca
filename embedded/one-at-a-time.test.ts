import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { runAlone } from './one-at-a-time.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rov-claim-'));
  file = join(folder, 'run/start.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a second run learns the pid and the address of the first', () => {
  const hold = runAlone(file);
  expect(() => runAlone(file)).toThrow(`pid ${process.pid}, still starting`);
  hold.announce('http://localhost:4000');
  expect(() => runAlone(file)).toThrow(`pid ${process.pid}, http://localhost:4000`);
});

test('after the first has ended there is room for another', () => {
  runAlone(file).release();
  runAlone(file).release();
  expect(existsSync(file)).toBe(false);
});

test('the claim of a process that is gone counts as none, even when its pid lives on', () => {
  runAlone(file).release();
  writeFileSync(file, JSON.stringify({ pid: process.pid, began: 'long ago' }));
  runAlone(file);
  expect(readdirSync(join(folder, 'run'))).toEqual(['start.json']);
});

test('a damaged claim counts as none', () => {
  runAlone(file).release();
  writeFileSync(file, '');
  expect(() => runAlone(file)).not.toThrow();
});
