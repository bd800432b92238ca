import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { ROOT } from '../../scripts/run-step.ts';
import { committedContract, metIn, promisesOf, unseenOf } from './unseen.ts';

const contract = await committedContract(ROOT);
const all = new Set(promisesOf(contract));

test('nothing is missing where everything was met', () => {
  expect(unseenOf(contract, { met: all, beyond: {} })).toEqual([]);
});

test('every single status and every single event is missed by name where it was not met', () => {
  expect(all.size).toBeGreaterThan(100);
  expect([...all]).toContain('answer sendMessage 503');
  expect([...all]).toContain('event chat presence');
  for (const promise of all) {
    const met = new Set(all);
    met.delete(promise);
    expect(unseenOf(contract, { met, beyond: {} })).toEqual([`never seen: ${promise}`]);
  }
});

test('an excuse is good for what was not met, and for nothing else', () => {
  const met = new Set(all);
  met.delete('event chat presence');
  const excuse = (promise: string) => unseenOf(contract, { met, beyond: { [promise]: 'why' } });
  expect(excuse('event chat presence')).toEqual([]);
  expect(excuse('answer sendMessage 201')).toEqual([
    'never seen: event chat presence',
    'said to be beyond tests, and is not: answer sendMessage 201',
  ]);
  expect(excuse('answer sendMessage 299')).toContain(
    'said to be beyond tests, and is not: answer sendMessage 299',
  );
});

test('what the processes of a run have met is one set', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rov-evidence-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, '1.txt'), 'answer a 200\nanswer a 404\n');
  await writeFile(join(folder, '2.txt'), 'answer a 200\nevent chat presence\n');
  expect(await metIn(folder)).toEqual(
    new Set(['answer a 200', 'answer a 404', 'event chat presence']),
  );
});
