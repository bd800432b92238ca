import { randomUUID } from 'node:crypto';

import { beforeAll, expect, it } from 'vitest';

import { heardOf, hearsBy, LONG, quickBy, SCALE } from '../integration/presence/quick/watched.ts';
import { openWindow } from './chat-window.ts';
import { hideTab, showTab } from './hide-tab.ts';
import { holdRequests } from './hold-requests.ts';
import { launchKillable } from './launch-killable.ts';
import { OUTAGE, SOON, windowsForFile } from './windows-for-file.ts';

/** A page that loads must be back within the grace. */
const scale = Math.min(SCALE, 5);
const hears = hearsBy(scale);

const { stack, open } = await windowsForFile(quickBy(scale));
const { people } = stack;

/** Ann knows the others, looks at her list, and all that her page is told of them is kept. */
const [ann, ben, cleo, dan, eve] = await people.persons('Ann', 'Ben', 'Cleo', 'Dan', 'Eve');
for (const other of [ben!, cleo!, dan!, eve!]) await ann!.rest.connect(other.id);
const heard = stack.record({ person: ann!, chat: true });
const annsWindow = await open(ann!);
beforeAll(() => heard.ready());

it('somebody stays online who closes one of two tabs, and goes with the other', LONG, async () => {
  const first = await open(ben!);
  const second = await first.openTab();
  await expect.poll(() => annsWindow.statusOf('Ben'), SOON).toBe('online');
  await expect.poll(() => second.ownStatus(), SOON).toBe('online');
  const cleosWindow = await open(cleo!);
  await expect.poll(() => annsWindow.statusOf('Cleo'), SOON).toBe('online');

  // Cleo closes her only tab at the same time: once she is offline, Ben would be, whose other tab says nothing meanwhile.
  const beats = await holdRequests(second.page, '**/v1/presence/sessions/*');
  await first.closeTab();
  await cleosWindow.close();
  await hears(heard, cleo!, 'online', 'offline');
  expect(heardOf(heard, ben!)).toEqual(['online']);
  expect(await annsWindow.statusOf('Ben')).toBe('online');
  await beats.release();

  await second.close();
  await hears(heard, ben!, 'online', 'offline');
  await expect.poll(() => annsWindow.statusOf('Ben'), SOON).toBe('offline');
});

it('nobody hears of a reload, and everybody of a browser that was killed', LONG, async () => {
  const { browser, kill } = await launchKillable();
  const evesWindow = await openWindow(browser, stack.api.url, eve);
  await evesWindow.page.getByRole('button', { name: 'Sign out' }).waitFor();
  const dansWindow = await open(dan!);
  await hears(heard, eve!, 'online');
  await hears(heard, dan!, 'online');

  await dansWindow.reload();
  await kill();
  await dansWindow.reload();
  await hears(heard, eve!, 'online', 'offline');
  await expect.poll(() => annsWindow.statusOf('Eve'), SOON).toBe('offline');
  expect(heardOf(heard, dan!)).toEqual(['online']);
  expect(await annsWindow.statusOf('Dan')).toBe('online');
});

it('a hidden tab looks at nothing, is away, reads nothing, and catches up', LONG, async () => {
  const [finn] = await people.persons('Finn');
  await ann!.rest.connect(finn!.id);
  const conversationId = await people.direct(ann!, finn!);
  const finnsWindow = await open(finn!, { expected: OUTAGE });
  await annsWindow.open('Finn');
  // That somebody looks is not told later: the first word may come with the page, the second comes live.
  for (const content of ['Just a moment', 'I am coming']) {
    await finn!.rest.send(conversationId, { clientId: randomUUID(), content });
    await expect.poll(() => annsWindow.messages(), SOON).toContain(content);
  }
  await annsWindow.say('Are you there?');
  await finnsWindow.open('Ann');
  const said = ['Just a moment', 'I am coming', 'Are you there?'];
  await expect.poll(() => finnsWindow.messages(), SOON).toEqual(said);
  await expect.poll(async () => (await finn!.rest.unread()).total, SOON).toBe(0);
  const looks = annsWindow.page.getByTitle('Finn is looking at this');
  await looks.waitFor();

  // For a moment only. That he is back is not passed on so soon, and he says it again.
  await hideTab(finnsWindow.page);
  await looks.waitFor({ state: 'detached' });
  await showTab(finnsWindow.page);
  await looks.waitFor();

  await hideTab(finnsWindow.page);
  await looks.waitFor({ state: 'detached' });
  await finnsWindow.page.clock.fastForward('05:05');
  await expect.poll(() => annsWindow.statusOf('Finn'), SOON).toBe('away');
  await annsWindow.say('Hello?');
  await expect.poll(() => finnsWindow.messages(), SOON).toContain('Hello?');
  expect(await finnsWindow.ownStatus()).toBe('away');
  await finnsWindow.goOffline();
  await expect.poll(() => finnsWindow.ownStatus(), SOON).toBe('unknown');
  const missed = Array.from({ length: 20 }, (_, n) => `missed ${n}`);
  for (const content of missed) {
    await ann!.rest.send(conversationId, { clientId: randomUUID(), content });
  }
  await finnsWindow.comeOnline();
  expect((await finn!.rest.unread()).total).toBe(21);

  await showTab(finnsWindow.page);
  for (const status of [() => annsWindow.statusOf('Finn'), () => finnsWindow.ownStatus()]) {
    await expect.poll(status, SOON).toBe('online');
  }
  const all = [...said, 'Hello?', ...missed];
  await expect.poll(() => finnsWindow.messages(), SOON).toEqual(all);
  await expect.poll(async () => (await finn!.rest.unread()).total, SOON).toBe(0);
  // By the clock of the server he was away for a moment, and it tells of nobody twice in two seconds: he says it again.
  const looksAgain = async () => {
    await finnsWindow.page.clock.runFor(5_000);
    return looks.isVisible();
  };
  await expect.poll(looksAgain, SOON).toBe(true);
});
