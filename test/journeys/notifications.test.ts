import { randomUUID } from 'node:crypto';

import { expect, it } from 'vitest';

import { hideTab, showTab } from './hide-tab.ts';
import { clickTheLast, recordNotifications, shownBy } from './record-notifications.ts';
import { SOON, windowsForFile } from './windows-for-file.ts';

const { stack, open } = await windowsForFile();
const [ann, ben] = await stack.people.persons('Ann', 'Ben');
const conversationId = await stack.people.direct(ann!, ben!);

/** The page to sign in on asks for users to choose from, which this server has not. */
const NO_USERS = /\b404\b.*\/demo\/users/;

/** Ann has two tabs in one browser. */
const first = await open(ann!, { expected: NO_USERS });
await recordNotifications(first.page.context());
await first.reload();
const second = await first.openTab();
const pages = [first.page, second.page];

const benSays = (content: string) =>
  ben!.rest.send(conversationId, { clientId: randomUUID(), content });
const bodies = async () => (await shownBy(...pages)).map(({ body }) => body);

it('tells once of a message that comes while every tab is hidden, after one has asked for it', async () => {
  for (const page of pages) await hideTab(page);
  await benSays('not asked for yet');
  for (const page of pages) await expect.poll(() => page.title(), SOON).toBe('(1) rov');
  await showTab(first.page);
  await first.page.getByRole('button', { name: 'your status and settings' }).click();
  await first.page.getByRole('button', { name: 'Turn on notifications' }).click();
  await first.page.getByRole('button', { name: 'Turn off notifications' }).waitFor();
  await hideTab(first.page);
  await benSays('Are you there?');
  await expect
    .poll(() => shownBy(...pages), SOON)
    .toEqual([{ title: 'Ben', body: 'Are you there?', tag: conversationId, closed: false }]);
});

it('tells nothing while one tab is in front', async () => {
  await showTab(second.page);
  await benSays('Hello?');
  for (const page of pages) await expect.poll(() => page.title(), SOON).toBe('(3) rov');
  await hideTab(second.page);
  await benSays('Then later');
  await expect.poll(bodies, SOON).toEqual(['Are you there?', 'Then later']);
});

it('opens the conversation with a click, and takes away what was read', async () => {
  await clickTheLast(...pages);
  const opened = await Promise.all(pages.map(async (page) => page.url().endsWith(conversationId)));
  expect(opened.filter(Boolean)).toHaveLength(1);
  expect((await shownBy(...pages)).at(-1)).toMatchObject({ body: 'Then later', closed: true });
  await benSays('One more');
  await expect.poll(bodies, SOON).toContain('One more');
  const reader = opened[0] === true ? second : first;
  await showTab(reader.page);
  await reader.open('Ben');
  await expect.poll(async () => (await shownBy(...pages)).at(-1)?.closed, SOON).toBe(true);
});

it('forgets with the sign-out that it was asked for', async () => {
  const choices = () => second.page.evaluate(() => localStorage.length);
  expect(await choices()).toBe(1);
  await first.page.getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(choices, SOON).toBe(0);
  await second.page.getByRole('button', { name: 'your status and settings' }).click();
  await second.page.getByRole('button', { name: 'Turn on notifications' }).waitFor();
});
