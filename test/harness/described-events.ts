import { readFileSync } from 'node:fs';

import { parseChannel } from '@rov/realtime';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

import { closed } from './closed.ts';
import { note } from './evidence.ts';

export type ChannelKind = 'conversation' | 'chat';

type Ref = { $ref: string };
type Document = {
  channels: Record<ChannelKind, { messages: Record<string, Ref> }>;
  components: { messages: Record<string, { name: string; payload: Ref }>; schemas: object };
};

/** Events are described by the document that is published, so that is what they are held to. */
const document = closed(
  JSON.parse(readFileSync(new URL('../../api/asyncapi.json', import.meta.url), 'utf8')),
) as Document;

const ajv = new Ajv({ allErrors: true, strictTypes: false });
formats.default(ajv);
ajv.addVocabulary(['components']);
ajv.addSchema({ $id: 'asyncapi', components: { schemas: document.components.schemas } });

const shapes = {
  conversation: shapesOf('conversation'),
  chat: shapesOf('chat'),
};

/** Every event that a channel of either kind may bring: `chat presence`. */
export const describedEvents: string[] = Object.entries(shapes).flatMap(([kind, types]) =>
  Array.from(types.keys(), (type) => `${kind} ${type}`),
);

/** What is wrong with a publication by api/asyncapi.json, with every field that is in it; nothing if it is as described. */
export function eventFaults(channel: string, event: unknown): string[] {
  const kind = parseChannel(channel)?.kind;
  return kind ? faultsOn(kind, event) : [`${channel} is no channel`];
}

/** The same of an event that was heard, which is noted where it is as described. */
export function hear(channel: string, event: unknown): string[] {
  const faults = eventFaults(channel, event);
  const type = faults.length === 0 && Object(event)['type'];
  if (type) note(`event ${parseChannel(channel)?.kind} ${type}`);
  return faults;
}

/** The same where only the kind of channel is known, as in the outbox. */
export function faultsOn(kind: ChannelKind, event: unknown): string[] {
  if (typeof event !== 'object' || event === null || !('type' in event)) return ['it is no event'];
  const type = String(event.type);
  const validate = shapes[kind].get(type);
  if (validate === undefined) return [`${kind} brings no ${type}`];
  return validate(event)
    ? []
    : [`${kind} ${type}: ${ajv.errorsText(validate.errors, { dataVar: '' })}`];
}

function shapesOf(kind: ChannelKind): Map<string, ValidateFunction> {
  return new Map(
    Object.keys(document.channels[kind].messages).map((id) => {
      const { name, payload } = document.components.messages[id]!;
      return [name, ajv.compile({ $ref: payload.$ref.replace('#', 'asyncapi#') })];
    }),
  );
}
