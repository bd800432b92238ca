import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { describedEvents } from '../harness/described-events.ts';
import { stackForFile } from '../harness/in-file.ts';
import type { Recorder } from '../harness/recorder.ts';

const stack = await stackForFile();

/** Told after a failure only; the tests of failures hear them. */
const AFTER_FAILURES = new Set(['conversation resync', 'chat resync', 'chat presence_resync']);

test('whatever is described is heard at a socket once somebody does it, and is as it is described', async () => {
  const [ann, ben, cem] = await stack.people.persons('Ann', 'Ben', 'Cem');
  const group = await stack.people.group(ann!, ben!);
  const direct = await stack.people.direct(ann!, ben!);
  await ann!.rest.connect(ben!.id);
  await ben!.rest.beat('tab', 'active');
  const page = stack.record({ person: ben!, conversations: [group, direct], chat: true });
  await page.ready();

  const say = async (id: string) =>
    (await ann!.rest.send(id, { clientId: randomUUID(), content: 'hello' })).body;
  const { id: messageId } = await say(group);
  const message = { conversationId: group, id: messageId };
  await ann!.rest.edit({ ...message, revision: 1 }, 'hallo');
  await ann!.rest.react(message, '👍');
  await ann!.rest.deleteMessage(message);
  await ann!.rest.updateConversation(group, { title: 'Another' });
  await ann!.rest.addMembers(group, [cem!.id]);
  await ann!.rest.changeRole(group, cem!.id, 'admin');
  await ann!.rest.removeMember(group, cem!.id);
  await ann!.rest.typing(group, 'start');
  await ann!.rest.viewing(group, 'start');
  await ann!.rest.beat('tab', 'active');
  const { seq } = await say(direct);
  await ann!.rest.reportDelivered([{ conversationId: direct, seq }]);
  const answer = await ben!.rest.send(direct, { clientId: randomUUID(), content: 'hello' });
  await ann!.rest.reportDelivered([{ conversationId: direct, seq: answer.body.seq }]);
  await ann!.rest.markRead(direct, answer.body.seq);
  await stack.people.group(ann!, ben!);
  await ann!.rest.removeMember(group, ben!.id);

  const expected = describedEvents.filter((event) => !AFTER_FAILURES.has(event));
  const missing = (): string[] => expected.filter((event) => !heardBy(page).has(event));
  await page.until(() => missing().length === 0, {
    timeoutMs: 15_000,
    what: () => missing().join(', '),
  });
  expect(page.malformed).toEqual([]);
});

function heardBy({ raw }: Recorder): Set<string> {
  return new Set(
    raw.map(({ channel, data }) => `${channel.split(':')[0]} ${String(data['type'])}`),
  );
}
