import { randomUUID } from 'node:crypto';

import { conversationChannel } from '@rov/realtime';
import { createCentrifugeServerClient } from '@rov/realtime/server';
import { afterAll, expect, test } from 'vitest';

import { stackForFile } from '../harness/in-file.ts';
import { writtenFaults } from '../harness/written-events.ts';

// What goes wrong here does so on purpose.
const stack = await stackForFile({ isUnheld: true });
const { sql } = stack.database;
const client = createCentrifugeServerClient({
  url: stack.centrifugo.url,
  apiKey: stack.centrifugo.apiKey,
});
afterAll(() => client.close());
const [ann, ben] = await stack.people.persons('Ann', 'Ben');
const conversationId = await stack.people.direct(ann!, ben!);
const say = () => ann!.rest.send(conversationId, { clientId: randomUUID(), content: 'hello' });

test('events as the functions write them have no fault, whether somebody hears them or not', async () => {
  const page = stack.record({ person: ben!, conversations: [conversationId], chat: true });
  await page.ready();
  await say();
  await page.until(() => page.raw.length === 2, { timeoutMs: 5_000, what: 'both announcements' });
  page.close();
  expect(page.malformed).toEqual([]);
  expect(await writtenFaults(sql)).toEqual([]);
});

test('a publication that lacks a field, or is of a type that nobody described, is caught where it is heard', async () => {
  const page = stack.record({ person: ben!, conversations: [conversationId] });
  await page.ready();
  await say();
  await page.until(() => page.raw.length === 1, { timeoutMs: 5_000, what: 'a sound event' });
  const { eventId: _, ...rest } = page.raw[0]!.data;
  const channel = conversationChannel(conversationId);
  for (const data of [rest, { ...page.raw[0]!.data, type: 'surprise' }]) {
    await client.publish({ channel, data, skipHistory: true });
  }
  await page.until(() => page.raw.length === 3, { timeoutMs: 5_000, what: 'both broken ones' });
  page.close();
  expect(page.malformed).toEqual([
    "conversation message:  must have required property 'eventId'",
    'conversation brings no surprise',
  ]);
});

test('a function that forgets a field of its event is caught where it writes', async () => {
  await sql`
    CREATE OR REPLACE FUNCTION event_frame(p_at timestamptz) RETURNS jsonb
    LANGUAGE sql VOLATILE
    RETURN jsonb_build_object('eventId', gen_random_uuid(), 'at', iso(p_at), 'epoch', current_epoch())`;
  await say();
  expect(await writtenFaults(sql)).toEqual([
    "written into the outbox: conversation message:  must have required property 'v'",
    "written into the outbox: chat new_message:  must have required property 'v'",
  ]);
});
