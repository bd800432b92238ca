import { randomUUID } from 'node:crypto';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { deleteMessage } from '../../../core/chat/delete-message.ts';
import { editMessage } from '../../../core/chat/edit-message.ts';
import { markRead } from '../../../core/chat/mark-read.ts';
import { openDirect } from '../../../core/chat/open-direct.ts';
import { react } from '../../../core/chat/react.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { openDatabase } from '../../../core/db/database.ts';
import { connect } from '../../../core/people/connections.ts';
import { choosePresence, touchPresence } from '../../../core/presence/presence.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from './people-in-sql.ts';
import { freshView, syncingView } from './sync-view.ts';

const { sql, url } = await databaseForFile();
const { orm } = openDatabase({ url, applicationName: 'connections', maxConnections: 1 });

const who = fc.nat({ max: 2 });
const where = fc.nat({ max: 2 });
const deed = fc.oneof(
  fc.record({ does: fc.constant('says' as const), who, where }),
  fc.record({ does: fc.constant('reads' as const), who, where, seq: fc.nat({ max: 6 }) }),
  fc.record({
    does: fc.constantFrom('edits' as const, 'deletes' as const, 'likes' as const),
    who,
    where,
    seq: fc.nat({ max: 4 }),
  }),
  fc.record({ does: fc.constant('adds' as const), who, where, whom: who }),
  fc.record({ does: fc.constant('removes' as const), who, where, whom: who }),
  fc.record({ does: fc.constant('opens' as const), who, whom: who }),
  fc.record({ does: fc.constant('beats' as const), who, isIdle: fc.boolean() }),
  fc.record({
    does: fc.constant('chooses' as const),
    who,
    chosen: fc.constantFrom('auto' as const, 'away' as const, 'invisible' as const),
  }),
  fc.record({ does: fc.constant('syncs' as const) }),
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

/** Three people who are connected, and three groups of them; the first of them owns each. */
async function gather() {
  const people = await users(sql, 'ann', 'ben', 'cem');
  const [ann = '', ben = '', cem = ''] = people;
  const pairs = [
    [ann, ben],
    [ann, cem],
    [ben, cem],
  ] as const;
  for (const [userId, otherId] of pairs) await connect(orm, { userId, otherId });
  const groups = [
    await group(sql, ann, ben, cem),
    await group(sql, ann, ben),
    await group(sql, ann),
  ];
  return { people, groups };
}

async function perform(one: Deed, people: string[], groups: string[]): Promise<unknown> {
  if (one.does === 'syncs') return undefined;
  const userId = people[one.who]!;
  switch (one.does) {
    case 'says':
      return say(sql, { conversationId: groups[one.where]!, senderId: userId });
    case 'reads':
      return markRead(sql, { conversationId: groups[one.where]!, userId, seq: one.seq });
    case 'edits':
    case 'deletes':
    case 'likes':
      return change(one.does, { conversationId: groups[one.where]!, userId, seq: one.seq });
    case 'adds': {
      const userIds = [people[one.whom]!];
      return addMembers(sql, { conversationId: groups[one.where]!, actorId: userId, userIds });
    }
    case 'removes': {
      const leaver = people[one.whom]!;
      const conversationId = groups[one.where]!;
      return removeMember(sql, { conversationId, actorId: userId, userId: leaver });
    }
    case 'opens': {
      const otherId = people[one.whom]!;
      if (otherId === userId) return undefined;
      return openDirect(sql, { id: randomUUID(), userId, otherId });
    }
    case 'beats': {
      const state = one.isIdle ? 'idle' : 'active';
      return touchPresence(sql, { userId, sessionId: 'tab', state, leaseMs: 60_000, quietMs: 0 });
    }
    case 'chooses':
      return choosePresence(sql, { userId, chosen: one.chosen, quietMs: 0 });
    default:
      return one satisfies never;
  }
}

async function change(
  how: 'edits' | 'deletes' | 'likes',
  { conversationId, userId, seq }: { conversationId: string; userId: string; seq: number },
): Promise<unknown> {
  const [row] = await sql`
    SELECT id, revision FROM messages WHERE conversation_id = ${conversationId} AND seq = ${seq}`;
  if (!row) return undefined;
  const at = { conversationId, messageId: row['id'] as string };
  if (how === 'likes') return react(sql, { ...at, userId, emoji: '👍', added: true });
  if (how === 'deletes') return deleteMessage(sql, { ...at, actorId: userId });
  const revision = row['revision'] as number;
  return editMessage(sql, { ...at, editorId: userId, revision, content: `as ${revision}` });
}

/** Heartbeats that change nothing are not told: when somebody was last seen is asked for. */
function withoutLastSeen(view: Awaited<ReturnType<typeof freshView>>) {
  const presence = Object.entries(view.presence).map(([id, { status, version }]) => [
    id,
    { status, version },
  ]);
  return { ...view, presence: Object.fromEntries(presence) };
}

test('whoever goes on from sync to sync holds what somebody gets who begins now', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 40 }), async (deeds) => {
      const { people, groups } = await gather();
      const views = people.map((userId) => syncingView(sql, userId));
      for (const one of deeds) {
        await perform(one, people, groups);
        if (one.does === 'syncs') for (const { next } of views) await next();
      }
      for (const [place, { view, next }] of views.entries()) {
        await next();
        const fresh = await freshView(sql, people[place]!);
        expect(withoutLastSeen(view)).toEqual(withoutLastSeen(fresh));
      }
    }),
    { numRuns: 40 },
  );
});
