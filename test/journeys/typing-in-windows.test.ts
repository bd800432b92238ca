import { randomUUID } from 'node:crypto';

import { expect, it } from 'vitest';

import { openWindow } from './chat-window.ts';
import type { ChatWindow } from './chat-window.ts';
import { keepTexts } from './keep-texts.ts';
import { launchKillable } from './launch-killable.ts';
import { OUTAGE, SOON, windowsForFile } from './windows-for-file.ts';

const { stack, open } = await windowsForFile();
const [ann, ben, cleo] = await stack.people.persons('Ann', 'Ben', 'Cleo');
const group = { clientId: randomUUID(), title: 'The group', memberIds: [ben!.id, cleo!.id] };
const { id } = (await ann!.rest.createGroup(group)).body;
const annsWindow = await open(ann!);
const bensWindow = await open(ben!, { expected: OUTAGE });
for (const window of [annsWindow, bensWindow]) await window.open('The group');

const WRITES = /is (writing|typing)/;

/** What a window says of who writes. */
async function whoWrites({ page }: ChatWindow): Promise<string> {
  // All at once: a line that goes between two questions would be waited for.
  const lines = await page.getByText(WRITES).filter({ visible: true }).allInnerTexts();
  return lines[0] ?? '';
}

/** Cleo's word has come: whatever was told before it has as well. */
async function hear(window: ChatWindow, content: string): Promise<void> {
  await cleo!.rest.send(id, { clientId: randomUUID(), content });
  await expect.poll(() => window.messages(), SOON).toContain(content);
}

it('shows who writes, to the others alone, until the message is there', async () => {
  // What is told to nobody is not told later: the first word may come with the page, the second comes live.
  for (const word of ['Hello', 'Is everybody there?']) await hear(bensWindow, word);
  await annsWindow.type('I thi');
  await expect.poll(() => whoWrites(bensWindow), SOON).toMatch(/^Ann is/);
  expect(await whoWrites(annsWindow)).toBe('');
  await annsWindow.type('nk so');
  await annsWindow.page.keyboard.press('Enter');
  await expect.poll(() => bensWindow.messages(), SOON).toContain('I think so');
  // In the same drawing: there is no moment with both.
  expect(await whoWrites(bensWindow)).toBe('');
});

it('shows it no more once somebody gave up', async () => {
  await bensWindow.type('No');
  await expect.poll(() => whoWrites(annsWindow), SOON).toMatch(/^Ben is/);
  for (const _letter of 'No') await bensWindow.page.keyboard.press('Backspace');
  // Sooner than it would go by itself.
  await expect.poll(() => whoWrites(annsWindow), { timeout: 5_000 }).toBe('');
});

it('shows it for at most seven seconds after the browser of who wrote was killed', async () => {
  const { browser, kill } = await launchKillable();
  const cleosWindow = await openWindow(browser, stack.api.url, cleo);
  await cleosWindow.open('The group');
  await cleosWindow.type('I am about to');
  await expect.poll(() => whoWrites(bensWindow), SOON).toMatch(/^Cleo is/);
  await kill();
  await bensWindow.page.clock.runFor(3_000);
  expect(await whoWrites(bensWindow)).toMatch(/^Cleo is/);
  await bensWindow.page.clock.runFor(4_000);
  expect(await whoWrites(bensWindow)).toBe('');
});

it('shows nobody after a reload who wrote before it', async () => {
  await annsWindow.type('Hm');
  await expect.poll(() => whoWrites(bensWindow), SOON).toMatch(/^Ann is/);
  await bensWindow.reload();
  const texts = await keepTexts(bensWindow.page);
  await hear(bensWindow, 'Good that you are back');
  const shown = await texts();
  expect(shown).toContain('Good that you are back');
  expect(shown).not.toMatch(WRITES);
});

it('shows nobody who wrote while one was without a network', async () => {
  const texts = await keepTexts(bensWindow.page);
  await bensWindow.goOffline();
  await ann!.rest.send(id, { clientId: randomUUID(), content: 'You missed this' });
  const isTold = async (): Promise<string> => {
    await cleo!.rest.typing(id, 'start');
    return whoWrites(annsWindow);
  };
  await expect.poll(isTold, SOON).toMatch(/^Cleo is/);
  await bensWindow.comeOnline();
  await expect.poll(() => bensWindow.messages(), SOON).toContain('You missed this');
  await hear(bensWindow, 'And this');
  expect(await texts()).not.toMatch(WRITES);
});
