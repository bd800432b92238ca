import { randomUUID } from 'node:crypto';

import { afterAll, describe, expect, it } from 'vitest';

import { centrifugoIsGiven } from '../harness/centrifugo.ts';
import { sharedServers } from '../harness/in-file.ts';
import { startOwnRedis } from '../harness/own-server.ts';
import { until } from '../harness/until.ts';
import type { ChatWindow } from './chat-window.ts';
import { watchUntouched } from './watch-untouched.ts';
import { OUTAGE, SOON, windowsForFile } from './windows-for-file.ts';
import { numberIn, writeMany } from './write-many.ts';

/** Where Centrifugo keeps its history, which can be lost while Centrifugo is away. */
const engine = await startOwnRedis(sharedServers().ledger);
afterAll(() => engine.stop());
const { stack, open } = await windowsForFile({ engine: { redis: engine.url } });
const { people, centrifugo, database } = stack;

const [ann, ben, cleo] = await people.persons('Ann', 'Ben', 'Cleo');
const annsWindow = await open(ann!, { expected: OUTAGE });
const bensWindow = await open(ben!, { expected: OUTAGE });
const windows = [annsWindow, bensWindow];

async function groupOfAll(title: string): Promise<string> {
  const group = { clientId: randomUUID(), title, memberIds: [ben!.id, cleo!.id] };
  return (await ann!.rest.createGroup(group)).body.id;
}

const isReconnecting = (window: ChatWindow): Promise<boolean> =>
  window.page.getByText('Reconnecting').isVisible();

/** Centrifugo has all that waited for it. Who is away has missed that. */
async function delivered(): Promise<void> {
  await until(async () => (await database.sql`SELECT FROM outbox LIMIT 1`).length === 0, {
    timeoutMs: SOON.timeout,
    what: 'the delivery of all that waited',
  });
}

/** Centrifugo is back after a crash of both, and knows nothing of what it has told so far. */
async function loseHistory(): Promise<void> {
  await centrifugo.kill();
  await engine.kill();
  await engine.restart();
  await centrifugo.restart();
}

describe.skipIf(centrifugoIsGiven)('while Centrifugo is away and others write', () => {
  it.each([
    { history: 'kept', title: 'Back with all' },
    { history: 'lost', title: 'Back with nothing' },
  ])('a page misses nothing and asks for no reload, its history $history', async (outage) => {
    const group = await groupOfAll(outage.title);
    for (const window of windows) await window.open(outage.title);
    await annsWindow.say('before');
    for (const window of windows) {
      await expect.poll(() => window.messages(), SOON).toContain('before');
    }
    const untouched = await Promise.all(windows.map(({ page }) => watchUntouched(page)));

    await centrifugo.kill();
    for (let n = 0; n < 20; n += 1) {
      await cleo!.rest.send(group, { clientId: randomUUID(), content: `from elsewhere ${n}` });
      if (n % 5 === 0) await annsWindow.say(`by Ann ${n}`);
      if (n % 7 === 0) await bensWindow.say(`by Ben ${n}`);
    }
    for (const window of windows) {
      await expect.poll(() => isReconnecting(window), SOON).toBe(true);
      await expect.poll(() => window.unsent(), SOON).toEqual([]);
      await window.goOffline();
    }
    await centrifugo.restart();
    await delivered();
    if (outage.history === 'lost') await loseHistory();
    for (const window of windows) await window.comeOnline();

    // Nobody says anything more that would tell them that they missed something.
    const { items } = await cleo!.rest.messages(group, { limit: 100 });
    const said = items.filter(({ type }) => type === 'text').map(({ content }) => content);
    expect(said).toHaveLength(1 + 20 + 4 + 3);
    for (const window of windows) {
      await expect.poll(() => window.messages(), SOON).toEqual(said);
      await expect.poll(() => isReconnecting(window), SOON).toBe(false);
    }
    await cleo!.rest.send(group, { clientId: randomUUID(), content: 'after' });
    for (const window of windows) {
      await expect.poll(() => window.messages(), SOON).toEqual([...said, 'after']);
    }
    expect(await Promise.all(untouched.map((isSo) => isSo()))).toEqual([true, true]);
  });
});

const MISSED = [
  { history: 'kept', title: 'The long one', elsewhere: 'Elsewhere' },
  { history: 'lost', title: 'The lost one', elsewhere: 'Far away' },
].filter(({ history }) => history === 'kept' || !centrifugoIsGiven);

describe.each(MISSED)('four hundred messages that were missed, the history $history', (missed) => {
  const { history, title, elsewhere } = missed;

  it('are all there, below what was being read, which stays where it was', async () => {
    await groupOfAll(elsewhere);
    const conversationId = await groupOfAll(title);
    await writeMany(database, { conversationId, sender: cleo!, count: 100 });
    const entry = bensWindow.entry(title);
    await expect.poll(() => entry.innerText(), SOON).toContain('message 100');
    await ben!.rest.markRead(conversationId, 101);
    await expect.poll(() => bensWindow.unreadOf(title), SOON).toBeNull();
    await bensWindow.open(title);
    await expect.poll(() => bensWindow.messages(), SOON).toContain('message 100');
    await bensWindow.scrollUpTo('message 60');
    await bensWindow.wheel(-400);
    const marked = await bensWindow.restingPlace();
    const untouched = await watchUntouched(bensWindow.page);

    await bensWindow.goOffline();
    await writeMany(database, { conversationId, sender: cleo!, from: 101, count: 400 });
    await delivered();
    if (history === 'lost') await loseHistory();
    await bensWindow.comeOnline();
    await expect.poll(() => bensWindow.wayToEnd(), SOON).toBe('400 new, jump to latest');
    // The line that tells of the connection, above all else, has gone.
    const banner = bensWindow.page.getByText(/^(Offline:|Reconnecting|The server)/);
    await expect.poll(() => banner.count(), SOON).toBe(0);
    expect(await bensWindow.topOf(marked.text)).toBeCloseTo(marked.top, 0);

    await bensWindow.open(elsewhere);
    await bensWindow.open(title);
    await expect.poll(() => bensWindow.firstNew(), SOON).toBe('message 101');
    await bensWindow.scrollUpTo('message 1');
    const all = Array.from({ length: 500 }, (_, n) => `message ${n + 1}`);
    expect(await bensWindow.readDownTo('message 500')).toEqual(all);
    const left = 500 - numberIn(await bensWindow.lastSeen());
    expect(left).toBeGreaterThan(0);
    await expect.poll(() => bensWindow.unreadOf(title), SOON).toBe(`${left} unread`);
    await bensWindow.scrollToEnd();
    await expect.poll(() => bensWindow.unreadOf(title), SOON).toBeNull();
    expect(await untouched()).toBe(true);
  });
});
