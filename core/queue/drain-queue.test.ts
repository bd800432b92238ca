import { expect, test } from 'vitest';

import { startRedis } from '../../embedded/parts.ts';
import { freePort } from '../../embedded/ports.ts';
import { connectImpatiently } from '../redis/connect-redis.ts';
import { openDrainQueue } from './drain-queue.ts';

test('a queue that was opened while Redis was down fails at once, and works when Redis is there', async () => {
  const port = await freePort();
  const connection = connectImpatiently(`redis://127.0.0.1:${port}`, () => undefined);
  const queue = openDrainQueue({ connection });
  await expect(queue.add('drain', { shard: 0 })).rejects.toThrow('enableOfflineQueue');

  const back = new Promise((resolve) => connection.once('ready', resolve));
  const redis = await startRedis({ purpose: 'tests', port });
  await back;
  expect((await queue.add('drain', { shard: 0 })).id).toBeDefined();

  await queue.close();
  connection.disconnect();
  await redis.stop();
});
