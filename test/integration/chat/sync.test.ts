import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { markRead } from '../../../core/chat/mark-read.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { sync } from '../../../core/chat/sync.ts';
import { verifyHeads } from '../../../core/chat/verify-heads.ts';
import { openDatabase } from '../../../core/db/database.ts';
import { connect } from '../../../core/people/connections.ts';
import { choosePresence, touchPresence } from '../../../core/presence/presence.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { until } from '../../harness/until.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql, url } = await databaseForFile();
const { orm } = openDatabase({ url, applicationName: 'connections', maxConnections: 1 });

/** Whoever writes anywhere in the cluster makes that something is told twice: asks until that is over. */
async function settled(userId: string, since: string): Promise<string> {
  let xmin = since;
  await until(
    async () => {
      const told = await all(userId, xmin);
      xmin = told.xmin;
      return told.conversations.length === 0;
    },
    { timeoutMs: 10_000, what: 'a sync that tells nothing' },
  );
  return xmin;
}

const all = (userId: string, since: string | null = null, limit = 100) =>
  sync(sql, { userId, since, limit });
const ids = ({ conversations }: { conversations: { id: string }[] }) =>
  conversations.map(({ id }) => id);

describe('a sync', () => {
  it('begins with everything, the last active first, and goes on with what changed', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const one = await group(sql, ann, ben);
    const two = await group(sql, ann, ben);
    const three = await group(sql, ann, ben);
    await say(sql, { conversationId: one, senderId: ann });

    const first = await all(ben);
    expect(ids(first)).toEqual([one, three, two]);
    expect(first).toMatchObject({ limited: false, removed: [], me: { totalUnread: 1 } });
    expect(first.conversations[0]).toMatchObject({ lastSeq: 1, ev: 1, unreadCount: 1 });

    const nothing = await settled(ben, first.xmin);
    await say(sql, { conversationId: two, senderId: ben });
    const second = await all(ben, nothing);
    expect(ids(second)).toEqual([two]);
    const silent = await settled(ben, second.xmin);
    await markRead(sql, { conversationId: one, userId: ben, seq: 1 });
    const third = await all(ben, silent);
    expect(third.conversations).toMatchObject([{ id: one, lastReadSeq: 1, unreadCount: 0 }]);
    expect(third.me.totalUnread).toBe(0);
  });

  it('tells what was lost, and does not where it was got back', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const lost = await group(sql, ann, ben);
    const back = await group(sql, ann, ben);
    const { xmin } = await all(ben);
    for (const conversationId of [lost, back]) {
      await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    }
    await addMembers(sql, { conversationId: back, actorId: ann, userIds: [ben] });
    const after = await all(ben, xmin);
    expect(after.removed).toEqual([lost]);
    expect(ids(after)).toEqual([back]);
    // What was gone before the beginning was never held.
    expect((await all(ben)).removed).toEqual([]);
  });

  it('says that there is more than it tells', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await group(sql, ann);
    const newest = await group(sql, ann);
    const cut = await all(ann, null, 1);
    expect(cut.limited).toBe(true);
    expect(ids(cut)).toEqual([newest]);
    expect((await all(ann, null, 2)).limited).toBe(false);
  });

  it('shows the presence of connections alone, and of the invisible what others see', async () => {
    const [ann = '', ben = '', cem = '', eve = ''] = await users(sql, 'ann', 'ben', 'cem', 'eve');
    await connect(orm, { userId: ann, otherId: ben });
    await connect(orm, { userId: ann, otherId: cem });
    const beat = (userId: string) =>
      touchPresence(sql, {
        userId,
        sessionId: 'tab',
        state: 'active',
        leaseMs: 60_000,
        quietMs: 0,
      });
    const first = await all(ann);
    expect(first.presence.map(({ userId }) => userId)).toEqual([ben, cem].toSorted());
    expect(first.presence.map(({ status }) => status)).toEqual(['offline', 'offline']);

    await choosePresence(sql, { userId: cem, chosen: 'invisible', quietMs: 0 });
    for (const userId of [ben, cem, eve]) await beat(userId);
    const second = await all(ann, first.xmin);
    const shown = Object.fromEntries(second.presence.map((each) => [each.userId, each.status]));
    expect(shown[ben]).toBe('online');
    // Not even that something was changed: that they are there would show.
    expect(shown[cem]).toBeUndefined();
    expect(shown[eve]).toBeUndefined();
    expect((await all(cem)).me.presence).toEqual({ status: 'offline', chosen: 'invisible' });
  });
});

describe('a comparison', () => {
  it('finds what is held wrongly, and only what was said of it', async () => {
    const [ann = '', ben = '', eve = ''] = await users(sql, 'ann', 'ben', 'eve');
    const id = await group(sql, ann, ben);
    const foreign = await group(sql, eve);
    await say(sql, { conversationId: id, senderId: ann });
    const { epoch, conversations } = await all(ben);
    const held = { conversationId: id, ev: 1, lastSeq: 1 };
    const diverged = async (...heads: (typeof held & { unreadCount?: number })[]) =>
      (await verifyHeads(sql, { userId: ben, heads })).diverged;

    expect(conversations).toMatchObject([{ id, ev: 1, lastSeq: 1, unreadCount: 1 }]);
    expect(await diverged(held, { ...held, unreadCount: 1 })).toEqual([]);
    expect(await diverged({ ...held, ev: 0 })).toEqual([held]);
    expect(await diverged({ ...held, lastSeq: 2 })).toEqual([held]);
    expect(await diverged({ ...held, unreadCount: 0 })).toEqual([held]);
    const nothing = { conversationId: foreign, ev: null, lastSeq: null };
    expect(await diverged({ ...held, conversationId: foreign })).toEqual([nothing]);
    const restored = await verifyHeads(sql, { userId: ben, epoch: `${epoch}1`, heads: [held] });
    expect(restored).toEqual({ epoch, diverged: [held] });
  });
});
