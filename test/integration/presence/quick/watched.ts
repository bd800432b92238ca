import { onTestFinished } from 'vitest';

import type { Person } from '../../../harness/people.ts';
import type { Recorder } from '../../../harness/recorder.ts';
import type { Stack, StackOptions } from '../../../harness/stack.ts';
import { until } from '../../../harness/until.ts';
import { openTab } from './open-tab.ts';
import { presenceTimes } from './times.ts';

/** A tenth of the waits of production. PRESENCE_SCALE=1 runs everything here in real time. */
export const SCALE = Number(process.env['PRESENCE_SCALE'] ?? 10);
export const times = presenceTimes(SCALE);

/** What is promised for somebody who vanished, in production and here. */
const OFFLINE_MS = 120_000;
export const OFFLINE_WITHIN_MS = OFFLINE_MS / SCALE;
export const LONG = { timeout: 60_000 + 6 * OFFLINE_WITHIN_MS };

export const quick = quickBy(SCALE);

export function quickBy(scale: number): StackOptions {
  return {
    apiEntry: 'test/integration/presence/quick/api.ts',
    workerEntry: 'test/integration/presence/quick/worker.ts',
    apiEnv: { PRESENCE_SCALE: String(scale) },
    workerEnv: { PRESENCE_SCALE: String(scale) },
  };
}

/** People who are all contacts of the first one, who is there and listens. */
export async function watched(stack: Stack, by: string, names: string[]) {
  const [watcher, ...others] = await stack.people.persons(by, ...names);
  for (const other of others) await watcher!.rest.connect(other.id);
  const tab = tabOf(watcher!, stack);
  const page = stack.record({ person: watcher!, chat: true });
  await page.ready();
  await until(() => tab.status() === 'online', { timeoutMs: 10_000, what: 'the watcher' });
  return { page, watcher: watcher!, others };
}

/** A tab of somebody, closed with the test. */
export function tabOf(person: Person, stack: Stack) {
  const tab = openTab({ apiUrl: stack.api.url, token: person.token });
  onTestFinished(() => tab.close());
  return tab;
}

/** What the watcher heard of somebody, in order. */
export const heardOf = (page: Recorder, { id }: Person): string[] =>
  page.raw
    .filter(({ data }) => data['type'] === 'presence' && data['userId'] === id)
    .map(({ data }) => String(data['status']));

export const hears = hearsBy(SCALE);

export function hearsBy(scale: number) {
  return (page: Recorder, person: Person, ...statuses: string[]): Promise<void> =>
    page.until(() => String(heardOf(page, person)) === String(statuses), {
      timeoutMs: OFFLINE_MS / scale + 5_000,
      what: () =>
        `${statuses.join(', ')} of ${person.name}, not ${heardOf(page, person).join(', ')}`,
    });
}

/** When a session of somebody beat last, as Postgres has it. */
export async function lastBeatOf({ id }: Person, { database }: Stack): Promise<string> {
  const [row] = await database.sql`
    SELECT iso(beat_at) AS at FROM presence_sessions WHERE user_id = ${id}`;
  return String(row?.['at']);
}
