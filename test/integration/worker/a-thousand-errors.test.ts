import { expect, onTestFinished, test, vi } from 'vitest';

import { createLog } from '../../../core/log.ts';
import { startLoop } from '../../../worker/loop.ts';
import { sweep } from '../../../worker/sweep.ts';
import { until } from '../../harness/until.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { drainOnRealParts } from './drain-on-real-parts.ts';

const parts = await drainOnRealParts();
const { sql } = parts;
const log = createLog({ door: 'test', level: 'silent' });

test('a thousand errors of the database in a row end neither the sweeper nor a drain', async () => {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, ann, ben);
  await say(sql, { conversationId, senderId: ann, content: 'through it all' });
  const shard = await parts.shardOf(conversationId);
  const { drain } = parts.worker('worker');
  const onFailure = vi.fn<(loop: string) => void>();

  await sql`ALTER TABLE shards RENAME TO shards_elsewhere`;
  const sweeper = startLoop({
    name: 'sweep',
    everyMs: 0,
    log,
    onFailure,
    round: () => sweep({ sql, drain, log, metrics: { rescued: () => undefined } }),
  });
  onTestFinished(() => sweeper.stop());
  let faults = 0;
  while (faults < 1_000)
    faults += await drain(shard).then(
      () => 0,
      () => 1,
    );
  await until(() => onFailure.mock.calls.length >= 1_000, {
    timeoutMs: 60_000,
    what: 'a thousand rounds of the sweeper to fail',
  });
  const lastGood = sweeper.lastRoundAt();

  await sql`ALTER TABLE shards_elsewhere RENAME TO shards`;
  await until(async () => sweeper.lastRoundAt() > lastGood && (await parts.waiting()) === 0, {
    timeoutMs: 10_000,
    what: 'the sweeper to deliver what waited',
  });
  const heard = await parts.heard(conversationId);
  expect(JSON.stringify(heard)).toContain('through it all');
}, 120_000);
