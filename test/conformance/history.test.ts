import { beforeAll, describe, expect, test } from 'vitest';

import { ENGINES, labForFile, newConversation } from './lab.ts';
import type { Cluster } from './lab.ts';
import { call, positionOf, publish } from './server-api.ts';

const lab = labForFile();

describe.each(ENGINES)('on the %s engine', (engine) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await lab.cluster(engine);
  });

  /** A channel with five publications, and a way to read it on the other node. */
  async function five() {
    const channel = newConversation();
    const all = [1, 2, 3, 4, 5].map((n) => ({ channel, data: { n }, version: n }));
    await publish(cluster.a, ...all);
    const { epoch } = await positionOf(cluster.b, channel);
    const read = async (params: object) => {
      const answer = await call(cluster.b, 'history', { channel, ...params });
      const numbers = answer.result?.publications.map(({ data }: any) => data.n);
      return { answer, numbers, epoch };
    };
    return { channel, epoch, read };
  }

  test('T7 limit 0 gives the position alone', async () => {
    const { read, epoch } = await five();
    const { answer } = await read({ limit: 0 });
    expect(answer).toEqual({ result: { publications: [], epoch, offset: 5 } });
  });

  test('T7 a channel that was never used gets an epoch by being read, and keeps it', async () => {
    const channel = newConversation();
    const { result } = await call(cluster.a, 'history', { channel, limit: 0 });
    expect(result).toEqual({ publications: [], epoch: expect.stringMatching(/./), offset: 0 });
    await publish(cluster.a, { channel, data: 1, version: 1 });
    expect(await positionOf(cluster.b, channel)).toEqual({ offset: 1, epoch: result.epoch });
  });

  test.for<[string, (epoch: string) => object, number[]]>([
    ['a limit', () => ({ limit: 2 }), [1, 2]],
    ['no limit at all', () => ({ limit: -1 }), [1, 2, 3, 4, 5]],
    ['a limit from the end', () => ({ limit: 2, reverse: true }), [5, 4]],
    ['a position', (epoch) => ({ limit: -1, since: { offset: 3, epoch } }), [4, 5]],
    ['a position and a limit', (epoch) => ({ limit: 1, since: { offset: 3, epoch } }), [4]],
    [
      'a position, backwards',
      (epoch) => ({ limit: -1, since: { offset: 3, epoch }, reverse: true }),
      [2, 1],
    ],
    ['the top', (epoch) => ({ limit: -1, since: { offset: 5, epoch } }), []],
  ])('T7 %s gives what it names', async ([, params, expected]) => {
    const { read, epoch } = await five();
    expect((await read(params(epoch))).numbers).toEqual(expected);
  });

  test('T7 a publication carries its offset and its data', async () => {
    const { read } = await five();
    const { answer } = await read({ limit: 1 });
    expect(answer.result.publications[0]).toMatchObject({ offset: 1, data: { n: 1 } });
  });

  test('T7 a position of another epoch is 112', async () => {
    const { read } = await five();
    const { answer } = await read({ limit: -1, since: { offset: 3, epoch: 'other' } });
    expect(answer).toEqual({ error: { code: 112, message: 'unrecoverable position' } });
  });
});
