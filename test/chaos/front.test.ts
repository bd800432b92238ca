import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished, expect, test } from 'vitest';

import { startFront } from './front.ts';
import type { Front } from './front.ts';

/** A Centrifugo that answers every batch with as many replies, and refuses whatever is for `bad`. */
async function fakeNode(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      asked.push(body);
      const { commands } = JSON.parse(body) as { commands: { publish: { channel: string } }[] };
      const replies = commands.map(({ publish }) =>
        publish.channel === 'bad' ? { error: { code: 100 } } : { publish: { offset: 1 } },
      );
      response.end(JSON.stringify({ replies }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function frontOf(...nodes: string[]): Promise<{ front: Front; failures: string[] }> {
  const failures: string[] = [];
  const front = await startFront({
    nodes: () => nodes,
    onFailure: (channel, key) => failures.push(`${channel} ${key}`),
  });
  onTestFinished(() => front.close());
  return { front, failures };
}

const batch = (...channels: string[]): string =>
  JSON.stringify({
    commands: channels.map((channel) => ({ publish: { channel, idempotency_key: 'k' } })),
  });

const post = async (front: Front, body: string): Promise<{ status: number; replies: unknown }> => {
  const answer = await fetch(`${front.url}/api/batch`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(2_000),
  });
  const text = await answer.text();
  return { status: answer.status, replies: (JSON.parse(text) as { replies: unknown }).replies };
};

test('takes nodes in turn, and passes over one that is not there', async () => {
  const [one, other] = await Promise.all([fakeNode(), fakeNode()]);
  const { front } = await frontOf(one.url, other.url, 'http://127.0.0.1:9');
  for (let time = 0; time < 6; time += 1) {
    expect(await post(front, batch('a'))).toEqual({
      status: 200,
      replies: [{ publish: { offset: 1 } }],
    });
  }
  expect(Math.min(one.asked.length, other.asked.length)).toBeGreaterThanOrEqual(2);
  expect(front.met).toHaveLength(6);
});

test('tells of each publication that got an error', async () => {
  const { front, failures } = await frontOf((await fakeNode()).url);
  await post(front, batch('a', 'bad', 'b'));
  expect(failures).toEqual(['bad k']);
});

test('behaves as it is told, to what publishes and to nothing else', async () => {
  const node = await fakeNode();
  const { front } = await frontOf(node.url);
  front.behave(async () => ({ status: 503, body: '{}' }));
  expect((await post(front, batch('a'))).status).toBe(503);
  expect((await post(front, JSON.stringify({ commands: [] }))).status).toBe(200);

  front.behave(async ({ forward }) => {
    await forward();
    return 'cut';
  });
  await expect(post(front, batch('a'))).rejects.toThrow('fetch failed');
  expect(node.asked).toHaveLength(2);
});

test('what is left in silence ends with the behaviour', async () => {
  const { front } = await frontOf((await fakeNode()).url);
  front.behave(async () => 'silence');
  const asking = post(front, batch('a')).then(
    () => 'answered',
    () => 'broken',
  );
  await expect.poll(() => front.met.length).toBe(1);
  front.behave(null);
  expect(await asking).toBe('broken');
  expect((await post(front, batch('a'))).status).toBe(200);
});

test('refuses connections while it is down, and is back at the same place', async () => {
  const { front } = await frontOf((await fakeNode()).url);
  await front.goDown();
  await expect(post(front, batch('a'))).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await front.comeUp();
  expect((await post(front, batch('a'))).status).toBe(200);
});
