import { ChatChannelEvent, ConversationChannelEvent, parseChannel } from '@rov/realtime';
import { describe, expect, test } from 'vitest';

import { eventFaults } from '../../../test/harness/described-events.ts';
import { currentEvents } from '../current.ts';

type Message = { name: string; examples: { payload: Record<string, unknown> }[] };
type Channel = {
  address: string;
  parameters: Record<string, { examples: string[] }>;
  messages: Record<string, { $ref: string }>;
};
const document = currentEvents() as {
  channels: Record<string, Channel>;
  operations: Record<string, { messages: object[] }>;
  components: { messages: Record<string, Message> };
};
const channels = Object.values(document.channels);

/** A channel's name, made of the examples of its parameters. */
function nameOf({ address, parameters }: Channel): string {
  return address.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name]!.examples[0]!);
}

const told = channels.flatMap((channel) =>
  Object.keys(channel.messages).map((id) => [nameOf(channel), id] as const),
);

test('both channels are told by names that are channels', () => {
  expect(channels.map((channel) => parseChannel(nameOf(channel))?.kind)).toEqual([
    'conversation',
    'chat',
  ]);
});

test('every event of the contract is told on its channel, and each once', () => {
  const names = (kind: string) =>
    Object.keys(document.channels[kind]!.messages).map(
      (id) => document.components.messages[id]!.name,
    );
  const types = (union: typeof ConversationChannelEvent | typeof ChatChannelEvent) =>
    union.options.map((shape) => shape.shape.type.value);
  expect(names('conversation')).toEqual(types(ConversationChannelEvent));
  expect(names('chat')).toEqual(types(ChatChannelEvent));
});

describe.each(told)('on %s the example of %s', (channel, id) => {
  const { payload } = document.components.messages[id]!.examples[0]!;

  test('is such an event', () => {
    expect(eventFaults(channel, payload)).toEqual([]);
  });

  test('is none without any one of the fields that it must have, or with one too many', () => {
    for (const field of Object.keys(payload).filter((name) => !mayLack(id, name))) {
      const { [field]: _, ...rest } = payload;
      expect(eventFaults(channel, rest), `without ${field}`).not.toEqual([]);
    }
    expect(eventFaults(channel, { ...payload, mood: 'fine' })).not.toEqual([]);
    expect(eventFaults(channel, { ...payload, type: 'surprise' })).not.toEqual([]);
  });
});

/** Some examples have fields that such an event may also come without. */
function mayLack(id: string, field: string): boolean {
  const optional: Record<string, string[]> = {
    MessageUpdatedEvent: ['message'],
    MessageDeletedEvent: ['message'],
    ReactionEvent: ['message'],
    NewMessageEvent: ['clientId', 'messageType'],
    ConversationUpdatedEvent: ['title'],
  };
  return optional[id]?.includes(field) ?? false;
}
