import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { createCentrifugeServerClient } from '@rov/realtime/server';
import express from 'express';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { complaints, inFolder, ROOT } from './compile.ts';
import { snippetsOf } from './snippets.ts';

const DOCUMENTS = ['docs/realtime.md', 'realtime/README.md'];
const read = (document: string) => snippetsOf(readFileSync(join(ROOT, document), 'utf8'));

/** What whoever reads the documents has already. */
const READER = `
import type { Conversation, Message, ParsedChannel } from '@rov/realtime';
import type { CentrifugeServerClient } from '@rov/realtime/server';
import type { Express as App } from 'express';
import type { ReactElement } from 'react';

declare global {
  const [accessToken, token, baseUrl, userId, id, conversationId]: string[];
  const user: { id: string };
  const app: App;
  const centrifugo: CentrifugeServerClient;
  const rows: { channel: string; payload: string; eventId: string; ev: number }[];
  const signal: AbortSignal;
  function draw(list: readonly Conversation[], unread: number, messages: readonly Message[]): void;
  function mayHear(userId: string, channel: ParsedChannel | null): Promise<boolean>;
  function load(id?: string): Promise<void>;
  function reloadChangesOf(id: string): Promise<void>;
  function add(message: Message): void;
  function merge(message: Message): void;
  function fetchMessages(conversationId: string): Promise<Message[]>;
  function Timeline(props: { id: string; isLive: boolean }): ReactElement;
  namespace Express {
    interface Request {
      user: { id: string };
    }
  }
}`;

function filesOf(document: string): Record<string, string> {
  const snippets = read(document).map(
    ({ language, code }, index) => [`block-${index + 1}.${language}`, code] as const,
  );
  return { 'reader.d.ts': READER, ...Object.fromEntries(snippets) };
}

describe('the code in the documents', () => {
  test.each(DOCUMENTS)('of %s compiles in a strict project', async (document) => {
    expect(read(document).length).toBeGreaterThan(4);
    expect(await complaints(filesOf(document))).toBe('');
  });

  test('would be found wrong where it is', async () => {
    const files = Object.entries(filesOf('docs/realtime.md')).map(
      ([name, code]) => [name, code.replace('statusOf(userId)', 'stateOf(userId)')] as const,
    );
    expect(await complaints(Object.fromEntries(files))).toContain("Cannot find name 'stateOf'");
  });
});

describe('on a server', () => {
  const stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
  });

  /** Loads the block that has these words in it. */
  async function load(document: string, words: string): Promise<void> {
    const snippet = read(document).find(({ code }) => code.includes(words));
    const name = `block.${snippet!.language}`;
    await inFolder({ [name]: snippet!.code }, async (folder) => {
      await import(join(folder, name));
    });
  }

  /** In place of Centrifugo: answers with nothing but success. */
  async function centrifugo() {
    const seen: { path: string; body: any }[] = [];
    const answer = async (req: IncomingMessage, res: ServerResponse) => {
      const body = JSON.parse(Buffer.concat(await Array.fromAsync(req)).toString());
      seen.push({ path: req.url!, body });
      const replies = body.commands?.map(() => ({ publish: {} }));
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(replies ? { replies } : { result: { offset: 7, epoch: 'e' } }));
    };
    const server = createServer((req, res) => void answer(req, res));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createCentrifugeServerClient({ url, apiKey: 'key' });
    stops.push(() => void client.close().then(() => server.close()));
    vi.stubEnv('CENTRIFUGO_URL', url);
    vi.stubEnv('CENTRIFUGO_API_KEY', 'key');
    vi.stubEnv('CENTRIFUGO_TOKEN_HMAC_SECRET', 'a secret that is long enough for HS256');
    return { seen, client };
  }

  test('the README’s endpoints give tokens to who may hear, and nobody else', async () => {
    const { seen } = await centrifugo();
    const app = express();
    app.use(express.json(), (req, _res, next) => {
      Object.assign(req, { user: { id: 'ann' } });
      next();
    });
    vi.stubGlobal('app', app);
    vi.stubGlobal('mayHear', async (userId: string, channel: { userId?: string } | null) =>
      Promise.resolve(channel?.userId === userId),
    );
    await load('realtime/README.md', '/v1/realtime/token');
    const server = app.listen(0, '127.0.0.1');
    stops.push(() => server.close());
    await new Promise((resolve) => {
      server.once('listening', resolve);
    });
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/realtime`;
    const ask = async (channel: string) =>
      await fetch(`${at}/subscription-token`, {
        ...{ method: 'POST', body: JSON.stringify({ channel }) },
        headers: { 'content-type': 'application/json' },
      });
    expect(await (await fetch(`${at}/token`, { method: 'POST' })).json()).toEqual({
      ...{ token: expect.any(String), expiresAt: expect.any(String), url: expect.any(String) },
    });
    expect((await ask('chat:ann')).status).toBe(200);
    expect((await ask('chat:ben')).status).toBe(403);
    const position = await fetch(`${at}/position?channel=chat:ann`);
    expect(await position.json()).toEqual({ offset: 7, epoch: 'e' });
    expect(seen.map(({ path }) => path)).toEqual(['/api/history']);
  });

  test('what is published is what the documents say', async () => {
    const { seen, client } = await centrifugo();
    vi.stubGlobal('centrifugo', client);
    vi.stubGlobal('conversationId', 'c1');
    vi.stubGlobal('signal', new AbortController().signal);
    vi.stubGlobal('rows', [
      { channel: 'chat:ann', payload: '{"type":"resync"}', eventId: 'e1', ev: 3 },
    ]);
    await load('realtime/README.md', 'await centrifugo.publish(');
    await load('realtime/README.md', 'centrifugo.batch(');
    await load('docs/realtime.md', 'centrifugo.presenceStats(');
    expect(seen.map(({ path }) => path)).toEqual([
      ...['/api/publish', '/api/batch', '/api/presence_stats'],
    ]);
    expect(seen[0]?.body.data).toEqual({ type: 'new_message', conversationId: 'c1' });
    expect(seen[1]?.body.commands).toEqual([
      {
        publish: {
          ...{ channel: 'chat:ann', data: { type: 'resync' }, idempotency_key: 'e1', version: 3 },
        },
      },
    ]);
  });
});
