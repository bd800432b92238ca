import { Redis } from 'ioredis';

import { withoutNode } from './centrifugo-process.ts';
import { counted } from './fault.ts';
import type { Fault } from './fault.ts';

/** What happens to the state that Centrifugo keeps: history, keys and fences. */
export const centrifugoEngine: Fault[] = [
  {
    name: 'centrifugo-redis-paused',
    about: 'the Redis of its engine stopped for longer than a worker waits for an answer',
    lastsMs: [3_000, 7_000],
    engine: 'redis',
    strike: async ({ engineRedis, links }, { lastsMs, hold }) => {
      const from = performance.now();
      await engineRedis!.pause();
      try {
        await hold(lastsMs);
      } finally {
        await engineRedis!.resume();
      }
      await hold(300);
      const hung = links
        .flatMap(({ front }) => front.met)
        .filter(({ at, tookMs }) => at + tookMs > from && tookMs > 1_000).length;
      return { struck: hung, words: `${counted(hung, 'call')} hung for over a second` };
    },
  },
  {
    name: 'centrifugo-history-lost',
    about: 'the only node killed and started at once, or the Redis of its engine emptied',
    lastsMs: [200, 1_000],
    strike: async (field, { lastsMs, hold }) => {
      const { engineRedis, excuses } = field;
      if (!engineRedis) {
        const lost = await withoutNode(field, 0, () => hold(lastsMs));
        return { struck: lost, words: `restarted empty under ${counted(lost, 'page')}` };
      }
      const client = new Redis(engineRedis.url, { lazyConnect: true });
      try {
        await client.connect();
        const keys = await client.dbsize();
        const from = performance.now();
        await client.flushall();
        excuses.engineLost.push({ from, to: performance.now() });
        await hold(lastsMs);
        return { struck: keys, words: `${counted(keys, 'key')} of history, keys and fences gone` };
      } finally {
        client.disconnect();
      }
    },
  },
];
