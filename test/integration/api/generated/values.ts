import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import { arbitraryOf } from '../../../harness/arbitrary-of.ts';
import type { Schema } from '../../../harness/arbitrary-of.ts';

/** What requests may be about, so that some of them find what they ask for. */
export type World = {
  tokens: string[];
  userIds: string[];
  conversationIds: string[];
  messageIds: string[];
};

export type Parameter = { name: string; in: string; required?: boolean; schema: Schema };
export type Operation = {
  operationId: string;
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};
type Document = { paths: Record<string, Record<string, Operation>>; components: object };

export const document = JSON.parse(
  readFileSync(new URL('../../../../api/openapi.json', import.meta.url), 'utf8'),
) as Document;

/** Values of a schema, with ids that somebody has in the place of ids. */
export function valueOf(schema: Schema, world: World): fc.Arbitrary<unknown> {
  const user = fc.constantFrom(...world.userIds);
  const id = fc.constantFrom(...world.conversationIds, ...world.messageIds);
  return arbitraryOf(schema, {
    resolve: (ref) => at(ref) as Schema,
    named: (ref) => {
      if (ref.endsWith('/UserId')) return fc.oneof(user, fc.constant('nobody-here'));
      if (ref.endsWith('/Id')) return fc.oneof(id, fc.uuid());
      return undefined;
    },
  });
}

export const channels = (world: World): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...world.conversationIds).map((id) => `conversation:${id}`),
    fc.constantFrom(...world.userIds).map((id) => `chat:${id}`),
    fc.string({ maxLength: 40 }),
  );

/** What a reference of the document leads to. */
export function at(ref: string): unknown {
  let place: unknown = document;
  for (const step of ref.split('/').slice(1)) place = (place as Record<string, unknown>)[step];
  return place;
}
