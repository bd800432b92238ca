import { randomUUID } from 'node:crypto';

import { expect, it } from 'vitest';

import { longTasks } from './long-tasks.ts';
import { manyMembers } from './many-members.ts';
import { pastMessages } from './past-messages.ts';
import { SOON, windowsForFile } from './windows-for-file.ts';

const { stack, open, browser } = await windowsForFile();
const { people, database } = stack;
const [ann, ben, cleo] = await people.persons('Ann', 'Ben', 'Cleo');

async function groupOf(title: string, count: number): Promise<string> {
  const group = { clientId: randomUUID(), title, memberIds: [ben!.id, cleo!.id] };
  const { id } = (await ann!.rest.createGroup(group)).body;
  await pastMessages(database, { conversationId: id, sender: cleo!, count });
  return id;
}

const twoThousand = await groupOf('Two thousand', 2_000);
await groupOf('Ten thousand', 10_000);
const bensWindow = await open(ben!);

it('a reader who scrolls up through two thousand messages is not moved by those that arrive', async () => {
  await bensWindow.open('Two thousand');
  await expect.poll(() => bensWindow.messages(), SOON).toContain('message 2000');
  for (const place of [1_500, 1_000, 500, 100]) {
    await bensWindow.scrollUpTo(`message ${place}`);
    const marked = await bensWindow.restingPlace();
    const content = `new while at ${place}`;
    await cleo!.rest.send(twoThousand, { clientId: randomUUID(), content });
    await bensWindow.entry('Two thousand').getByText(content).waitFor();
    await expect.poll(() => bensWindow.wayToEnd(), SOON).toMatch(/^\d new/);
    expect(Math.abs((await bensWindow.topOf(marked.text)) - marked.top)).toBeLessThanOrEqual(1);
  }
});

it('a conversation of ten thousand opens at its end, and is read upwards and back without a hole', async () => {
  await bensWindow.open('Ten thousand');
  await expect.poll(() => bensWindow.messages(), SOON).toContain('message 10000');
  await bensWindow.scrollUpTo('message 9500');
  const last = Array.from({ length: 501 }, (_, n) => `message ${9_500 + n}`);
  const read = await bensWindow.readDownTo('message 10000');
  expect(read.slice(read.indexOf('message 9500'))).toEqual(last);
});

it('a conversation of ten thousand scrolls through three thousand of them and back without holding up the page for a tenth of a second', async () => {
  await bensWindow.open('Ten thousand');
  await expect.poll(() => bensWindow.messages(), SOON).toContain('message 10000');
  const tasks = await longTasks({ browser, page: bensWindow.page }, async () => {
    await bensWindow.scrollUpTo('message 7000');
    await bensWindow.scrollToEnd();
  });
  expect(Math.max(0, ...tasks)).toBeLessThan(100);
}, 150_000);

it('what is sent to a thousand members makes no page ask for anything', async () => {
  const [dan] = await people.persons('Dan');
  const group = { clientId: randomUUID(), title: 'A thousand', memberIds: [] };
  const conversationId = (await ann!.rest.createGroup(group)).body.id;
  await manyMembers(database, { conversationId, count: 997 });
  await ann!.rest.addMembers(conversationId, [ben!.id, dan!.id]);
  const annsWindow = await open(ann!);
  const dansWindow = await open(dan!);
  // Dan sees it in the list alone.
  for (const window of [annsWindow, bensWindow]) {
    await window.open('A thousand');
    await window.page.getByText('1000 members').waitFor();
  }
  await annsWindow.say('Is everybody there?');
  await expect.poll(() => bensWindow.messages(), SOON).toContain('Is everybody there?');

  const asked: string[] = [];
  for (const { page } of [annsWindow, bensWindow, dansWindow]) {
    page.on('request', (request) => {
      if (request.method() === 'GET') asked.push(request.url());
    });
  }
  await annsWindow.say('So I can tell you all at once');
  await bensWindow.say('What is it?');
  await annsWindow.say('That nobody had to ask');
  const told = 'That nobody had to ask';
  await expect.poll(() => bensWindow.messages(), SOON).toContain(told);
  await dansWindow.entry('A thousand').getByText(told).waitFor();
  // Whatever was put off for some seconds is asked now.
  for (const { page } of [annsWindow, bensWindow, dansWindow]) await page.clock.runFor(5_000);
  await annsWindow.say('Good night');
  await dansWindow.entry('A thousand').getByText('Good night').waitFor();
  expect(asked).toEqual([]);
});
