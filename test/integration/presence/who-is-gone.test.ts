import { spawn } from 'node:child_process';

import { describe, expect, onTestFinished, test } from 'vitest';

import { cleanEnvironment } from '../../../embedded/clean-environment.ts';
import { sharedServers, stackForFile } from '../../harness/in-file.ts';
import { enter } from '../../harness/ledger.ts';
import type { Person } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';
import {
  heardOf,
  hears,
  lastBeatOf,
  LONG,
  OFFLINE_WITHIN_MS,
  quick,
  SCALE,
  tabOf,
  times,
  watched,
} from './quick/watched.ts';

const stack = await stackForFile(quick);

/** A tab in a process that can be killed. */
function processOf(person: Person) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'test/integration/presence/quick/tab.ts'],
    { env: cleanEnvironment({ API_URL: stack.api.url, TOKEN: person.token }), stdio: 'ignore' },
  );
  const strike = enter(sharedServers().ledger, { pid: child.pid!, name: 'tab' });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      strike();
      resolve();
    });
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return { kill };
}

describe('somebody', () => {
  test(
    'whose process is killed is offline within two minutes, last seen at the last heartbeat',
    LONG,
    async () => {
      const { page, others } = await watched(stack, 'Ben', ['Ann']);
      const [ann] = others;
      const tab = processOf(ann!);
      await hears(page, ann!, 'online');
      const first = await lastBeatOf(ann!, stack);
      await until(async () => (await lastBeatOf(ann!, stack)) !== first, {
        timeoutMs: times.beatMs + 5_000,
        what: 'a second heartbeat',
      });

      await tab.kill();
      const killedAt = Date.now();
      const lastBeat = await lastBeatOf(ann!, stack);
      await hears(page, ann!, 'online', 'offline');
      const tookMs = Date.now() - killedAt;
      const told = page.raw.findLast(({ data }) => data['userId'] === ann!.id)?.data;
      expect(told).toMatchObject({ status: 'offline', lastSeenAt: lastBeat });
      expect(Date.parse(lastBeat)).toBeGreaterThan(killedAt - times.beatMs - 1_000);
      expect(Date.parse(lastBeat)).toBeLessThanOrEqual(killedAt);
      // Not before the lease was over either: a heartbeat that is late makes nobody flicker.
      expect(tookMs).toBeGreaterThan(times.leaseMs - times.beatMs - 1_000);
      expect(tookMs).toBeLessThan(OFFLINE_WITHIN_MS);
      console.log(`presence at 1/${SCALE} of the time: offline ${tookMs} ms after kill -9`);
    },
  );

  test(
    'who reloads the page, closes one of two tabs, or stays in a hidden one is never said to be gone',
    LONG,
    async () => {
      const { page, others } = await watched(stack, 'Ben', ['Ann', 'Cleo', 'Dora', 'Canary']);
      const [ann, cleo, dora, canary] = others;
      const reloading = tabOf(ann!, stack);
      const oneOfTwo = tabOf(cleo!, stack);
      tabOf(cleo!, stack);
      const leaving = tabOf(canary!, stack);
      await dora!.rest.beat('hidden', 'idle');
      for (const person of [ann!, cleo!, canary!]) await hears(page, person, 'online');
      await hears(page, dora!, 'away');

      reloading.close();
      const again = tabOf(ann!, stack);
      oneOfTwo.close();
      // A browser wakes a hidden page once a minute, not every 25 s.
      await dora!.rest.beat('hidden', 'idle');
      await until(() => again.status() === 'online', { timeoutMs: 10_000, what: 'the new page' });

      // Who goes for good after them is noticed after them, too.
      leaving.close();
      await hears(page, canary!, 'online', 'offline');
      const hiddenFor = 60_000 / SCALE;
      const since = Date.parse(await lastBeatOf(dora!, stack));
      await until(() => Date.now() > since + hiddenFor, {
        timeoutMs: hiddenFor + 5_000,
        what: 'a minute of a hidden page',
      });
      await dora!.rest.beat('hidden', 'idle');
      const second = tabOf(canary!, stack);
      await hears(page, canary!, 'online', 'offline', 'online');
      second.close();
      await hears(page, canary!, 'online', 'offline', 'online', 'offline');

      expect(heardOf(page, ann!)).toEqual(['online']);
      expect(heardOf(page, cleo!)).toEqual(['online']);
      expect(heardOf(page, dora!)).toEqual(['away']);
    },
  );

  test(
    'who closes two tabs together is offline after the grace, not after the lease',
    LONG,
    async () => {
      const { page, others } = await watched(stack, 'Ben', ['Ann']);
      const [ann] = others;
      const tabs = [tabOf(ann!, stack), tabOf(ann!, stack)];
      await hears(page, ann!, 'online');
      await until(() => tabs.every((tab) => tab.status() === 'online'), {
        timeoutMs: 10_000,
        what: 'both tabs',
      });
      const lastBeat = await lastBeatOf(ann!, stack);
      const closedAt = Date.now();
      for (const tab of tabs) tab.close();
      await hears(page, ann!, 'online', 'offline');
      expect(Date.now() - closedAt).toBeGreaterThan(times.graceMs - 100);
      expect(Date.now() - closedAt).toBeLessThan(times.leaseMs - 1_000);
      const told = page.raw.findLast(({ data }) => data['userId'] === ann!.id)?.data;
      expect(told).toMatchObject({ status: 'offline', lastSeenAt: lastBeat });
    },
  );

  test(
    'is a matter for contacts who are there: a stranger and a contact who is not hear nothing',
    LONG,
    async () => {
      const { page, others } = await watched(stack, 'Ben', ['Ann']);
      const [ann] = others;
      const [away, stranger] = await stack.people.persons('Away', 'Stranger');
      await ann!.rest.connect(away!.id);
      await stranger!.rest.beat('tab', 'active');
      const pages = [away!, stranger!].map((person) => stack.record({ person, chat: true }));
      await Promise.all(pages.map((each) => each.ready()));
      const tab = tabOf(ann!, stack);
      await hears(page, ann!, 'online');
      await until(() => tab.status() === 'online', { timeoutMs: 10_000, what: 'the tab' });
      tab.close();
      await hears(page, ann!, 'online', 'offline');
      for (const each of pages) expect(each.raw).toEqual([]);
    },
  );
});
