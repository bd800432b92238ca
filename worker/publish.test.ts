import { CentrifugoTransportError, type Command, type CommandOutcome } from '@rov/realtime/server';
import { describe, expect, it } from 'vitest';

import type { OutboxRow } from '../core/outbox/read-page.ts';
import { announcementsOf, PageFault, publishPage } from './publish.ts';
import type { Sending } from './requests.ts';

const commandsOf = (of: OutboxRow): Command[] => announcementsOf(of).map(({ command }) => command);

const row = (id: number, more: Partial<OutboxRow> = {}): OutboxRow => ({
  id,
  kind: 'event',
  conversationId: '01890000-0000-7000-8000-000000000001',
  ev: id,
  subject: null,
  eventId: `event-${id}`,
  epoch: 'e1',
  payload: `{"n":${id}}`,
  audiencePayload: '{"a":1}',
  audience: ['ann', 'ben'],
  createdAt: new Date(0),
  ...more,
});

/** Centrifugo as far as a batch goes: refuses every request that holds something bad. */
function batches(isBad: (command: Command) => boolean) {
  const ran: Command[] = [];
  const batch = async (commands: readonly Command[]): Promise<CommandOutcome[]> => {
    if (commands.some(isBad)) {
      throw new CentrifugoTransportError('no', { code: 'bad_request', sent: true, status: 400 });
    }
    ran.push(...commands);
    return commands.map((command) =>
      command.method === 'broadcast'
        ? { ok: true, method: 'broadcast', result: { responses: [] } }
        : { ok: true, method: 'publish', result: { offset: ran.length } },
    );
  };
  // Outcomes follow the tuple of commands in the real client; a list of them is all that is used here.
  return { ran, centrifugo: { batch } as unknown as Sending['centrifugo'] };
}

const sendingTo = (centrifugo: Sending['centrifugo']): Sending => ({
  centrifugo,
  again: false,
  onDoubt: () => undefined,
  onProgress: async () => undefined,
});

describe('a row that says nothing', () => {
  const control = (more: Partial<OutboxRow>): Command[] =>
    commandsOf(row(1, { payload: null, audiencePayload: null, audience: null, ...more }));
  const channel = 'conversation:01890000-0000-7000-8000-000000000001';

  it('ends a subscription, a user’s connections, or what a channel keeps', () => {
    expect(control({ kind: 'unsubscribe', subject: 'ann' })).toEqual([
      { method: 'unsubscribe', user: 'ann', channel },
    ]);
    expect(control({ kind: 'history_remove', ev: null })).toEqual([
      { method: 'historyRemove', channel },
    ]);
    expect(control({ kind: 'disconnect', subject: 'ann', conversationId: null, ev: null })).toEqual(
      [{ method: 'disconnect', user: 'ann', code: 4501, reason: 'session ended' }],
    );
  });

  it('asks for nothing where it is over', async () => {
    const over = row(1, { kind: 'unsubscribe', subject: 'ann', payload: null, isOver: true });
    const { ran, centrifugo } = batches(() => false);
    const answers = await publishPage(sendingTo(centrifugo), [over]);
    expect([ran, answers[0]?.answers]).toEqual([[], []]);
  });
});

describe('the announcements of a row', () => {
  it('go to the conversation with number, epoch and key, and to the audience with the key alone', () => {
    const [publish, broadcast] = commandsOf(row(7));
    expect(publish).toMatchObject({
      method: 'publish',
      idempotencyKey: 'event-7',
      version: 7,
      versionEpoch: 'e1',
    });
    expect(broadcast).toMatchObject({
      method: 'broadcast',
      channels: ['chat:ann', 'chat:ben'],
      idempotencyKey: 'event-7',
    });
    expect(broadcast).not.toHaveProperty('version');
  });

  it('are for a receipt with its key, and neither in the history nor numbered', () => {
    const receipt = row(7, { kind: 'receipt', ev: null, audience: ['ben'] });
    const [publish, broadcast] = commandsOf(receipt);
    for (const command of [publish, broadcast]) {
      expect(command).toMatchObject({ skipHistory: true, idempotencyKey: 'event-7' });
      expect(command).not.toHaveProperty('version');
    }
    expect(broadcast).toMatchObject({ method: 'broadcast', channels: ['chat:ben'] });
    for (const command of commandsOf(row(8))) expect(command).not.toHaveProperty('skipHistory');
  });

  it('reach a large audience in broadcasts of at most 1,000 channels', () => {
    const audience = Array.from({ length: 2_500 }, (_, n) => `user-${n}`);
    const sizes = commandsOf(row(1, { audience })).flatMap((command) =>
      command.method === 'broadcast' ? [command.channels.length] : [],
    );
    expect(sizes).toEqual([1_000, 1_000, 500]);
  });

  it('are none where nobody is there to hear', () => {
    expect(commandsOf(row(1, { payload: null, ev: null, audience: [] }))).toEqual([]);
  });
});

describe('a page', () => {
  it('that Centrifugo refuses as a whole loses only the bad row, in order', async () => {
    const { ran, centrifugo } = batches(
      (command) => command.method === 'publish' && command.version === 3,
    );
    const answers = await publishPage(
      sendingTo(centrifugo),
      [1, 2, 3, 4, 5].map((id) => row(id)),
    );
    expect(answers.map(({ refused }) => refused)).toEqual([
      undefined,
      undefined,
      expect.stringContaining('400'),
      undefined,
      undefined,
    ]);
    expect(
      ran.flatMap((command) => (command.method === 'publish' ? [command.version] : [])),
    ).toEqual([1, 2, 4, 5]);
  });

  it('brings of the receipts of one reader the newest, and answers for them all', async () => {
    const { ran, centrifugo } = batches(() => false);
    const receipt = { kind: 'receipt', subject: 'ben', ev: null, audience: null } as const;
    const read = (id: number) =>
      row(id, { ...receipt, audiencePayload: null, payload: `{"type":"read","n":${id}}` });
    const answers = await publishPage(sendingTo(centrifugo), [read(1), row(2), read(3), read(4)]);
    expect(
      ran.map((command) => ('idempotencyKey' in command ? command.idempotencyKey : '')),
    ).toEqual(['event-2', 'event-2', 'event-4']);
    expect(answers.map((answer) => [answer.answers.length, answer.numberedIn])).toEqual([
      [0, null],
      [2, row(2).conversationId],
      [0, null],
      [1, null],
    ]);
  });

  it('that does not get through at all is a fault with the words of the transport', async () => {
    const batch = () =>
      Promise.reject(new CentrifugoTransportError('refused', { code: 'unreachable', sent: false }));
    await expect(publishPage(sendingTo({ batch }), [row(1)])).rejects.toThrow(PageFault);
  });
});
