import { describe, expect, test } from 'vitest';

import { centrifugoIsGiven } from '../../harness/centrifugo.ts';
import { ownPostgresForTest, stackForTest } from '../../harness/in-file.ts';
import { until } from '../../harness/until.ts';
import {
  heardOf,
  hears,
  lastBeatOf,
  LONG,
  OFFLINE_WITHIN_MS,
  quick,
  tabOf,
  times,
  watched,
} from './quick/watched.ts';

describe('without the word of Centrifugo', () => {
  test(
    'who vanished is away when the lease is over, and offline only after five minutes',
    LONG,
    async () => {
      const cut = await stackForTest({ ...quick, proxied: true });
      const { page, watcher, others } = await watched(cut, 'Ben', ['Ann']);
      const [ann] = others;
      await ann!.rest.beat('tab', 'active');
      await hears(page, ann!, 'online');
      const seen = async (): Promise<string> =>
        (await watcher.rest.presence([ann!.id])).items[0]!.status;

      await cut.between!.workerCentrifugo.cut();
      await until(async () => (await seen()) === 'away', {
        timeoutMs: OFFLINE_WITHIN_MS + 5_000,
        what: 'the end of the lease',
      });
      const bring = (ms: number) => cut.database.sql`
      UPDATE presence_sessions SET sessions = jsonb_set(sessions, '{tab,until}',
        to_jsonb((extract(epoch FROM clock_timestamp()) * 1000 - ${ms}::int)::bigint)) WHERE user_id = ${ann!.id}`;
      // Four minutes and a half after the lease: several rounds later nothing has changed.
      await bring(270_000);
      const roundsEnd = Date.now() + 4 * times.sweepMs;
      await until(() => Date.now() > roundsEnd, { timeoutMs: 60_000, what: 'four rounds' });
      expect(await seen()).toBe('away');
      await bring(300_000);
      await until(async () => (await seen()) === 'offline', {
        timeoutMs: 20_000,
        what: 'the end of all doubt',
      });

      await cut.between!.workerCentrifugo.mend();
      await page.until(() => heardOf(page, ann!).at(-1) === 'offline', {
        timeoutMs: 20_000,
        what: 'what happened meanwhile',
      });
    },
  );
});

describe.skipIf(centrifugoIsGiven)('after a crash of Postgres', () => {
  test(
    'nobody is said to be gone before one whole lease has passed, although the sessions are lost',
    LONG,
    async () => {
      const { server, servers } = await ownPostgresForTest();
      const own = await stackForTest({ ...quick, servers });
      const { page, others } = await watched(own, 'Ben', ['Ann', 'Cleo']);
      const [ann, cleo] = others;
      tabOf(ann!, own);
      await cleo!.rest.beat('gone', 'active');
      await hears(page, ann!, 'online');
      await hears(page, cleo!, 'online');
      const lastBeat = await lastBeatOf(cleo!, own);

      await server.kill();
      await server.restart();
      const backAt = Date.now();
      await hears(page, cleo!, 'online', 'offline');
      expect(Date.now() - backAt).toBeGreaterThan(times.leaseMs - 500);
      expect(heardOf(page, ann!)).toEqual(['online']);
      const told = page.raw.findLast(({ data }) => data['userId'] === cleo!.id)?.data;
      // The heartbeats are lost as well: what is left is when she was first seen to be there.
      expect(told).toMatchObject({ status: 'offline', lastSeenAt: lastBeat });
    },
  );
});
