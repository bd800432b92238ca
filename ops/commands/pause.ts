import * as z from 'zod';

import { pause as pauseShards, resume as resumeShards } from '../../core/ops/pause.ts';
import type { Changed } from '../../core/ops/pause.ts';
import { allShards } from '../../core/outbox/shards.ts';
import { command } from '../command.ts';
import type { Option } from '../command.ts';
import { counted } from '../table.ts';

const options: Record<string, Option> = {
  shard: { type: 'string', multiple: true, value: 'N', what: 'this shard; may be said again' },
  all: { type: 'boolean', what: 'all shards' },
};

const shard = z.coerce
  .number('is no number')
  .refine((number) => allShards.includes(number), `is one of ${allShards.join(', ')}`);

const schema = z
  .object({ shard: z.array(shard).default([]), all: z.boolean().default(false) })
  .refine(({ shard, all }) => (shard.length === 0) === all, {
    error: 'say which ones: --shard N or --all',
  })
  .transform(({ shard, all }) => ({
    shards: allShards.filter((each) => all || shard.includes(each)),
  }));

export const pause = command({
  name: 'pause',
  summary: 'stop the delivery of shards',
  help: `Nothing of these shards is delivered until they are resumed, whatever happens to workers and Redis. What is being
delivered at this moment still arrives; the command waits for that, a second or two. Exit code 1 when something is under way
after ten seconds all the same. Sends are answered as ever; what is committed waits and arrives in order after
the resume. Clients that ask the API (a reload, a reconnect) see everything meanwhile.`,
  options,
  examples: ['pause --all --why "restoring the database"', 'pause --shard 3 --shard 4 --why "…"'],
  schema,
  changes: () => true,
  run: async ({ shards }, { sql, deed }) => {
    const outcome = await pauseShards(sql, { shards, deed });
    const { underWay } = outcome;
    const left =
      underWay.length === 0
        ? 'nothing of them is being delivered'
        : `still being delivered: ${underWay.join(', ')}`;
    return {
      code: underWay.length === 0 ? 0 : 1,
      data: outcome,
      text: `${wordsOn(outcome, 'paused')}; ${left}`,
    };
  },
});

export const resume = command({
  name: 'resume',
  summary: 'let paused shards deliver again',
  help: `What waits in these shards is delivered now, in order. A shard that is held by a fault of configuration needs no resume:
it goes on by itself once that is mended.`,
  options,
  examples: ['resume --all --why "restored"', 'resume --shard 3 --why "…"'],
  schema,
  changes: () => true,
  run: async ({ shards }, { sql, deed, ring }) => {
    const outcome = await resumeShards(sql, { shards, deed, ring });
    return { code: 0, data: outcome, text: wordsOn(outcome, 'resumed') };
  },
});

function wordsOn({ shards, changed }: Changed, done: string): string {
  const before = shards === changed ? '' : `, ${shards - changed} had been so before`;
  return `${counted(changed, 'shard')} ${done}${before}`;
}
