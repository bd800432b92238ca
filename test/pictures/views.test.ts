import { randomUUID } from 'node:crypto';

import type { Page } from 'playwright';
import { describe, it, onTestFinished } from 'vitest';

import { seed } from '../../embedded/seed.ts';
import type { Person } from '../harness/people.ts';
import { openWindow } from '../journeys/chat-window.ts';
import type { ChatWindow } from '../journeys/chat-window.ts';
import { windowsForFile } from '../journeys/windows-for-file.ts';
import { meetsFate } from './fates.ts';
import type { Fate } from './fates.ts';
import { take } from './take.ts';

const { stack, browser } = await windowsForFile({ apiEntry: 'embedded/api.ts' });
// Whom one can choose from at the sign-in; who is seen in the pictures has met few people, which keeps them small.
await seed(stack.database.url);
const { people, api } = stack;
const [ann, ben, cleo, finn] = await people.persons('Ann', 'Ben', 'Cleo', 'Finn');

const groupOf = async (owner: Person, title: string, ...others: Person[]): Promise<string> => {
  const group = { clientId: randomUUID(), title, memberIds: others.map(({ id }) => id) };
  return (await owner.rest.createGroup(group)).body.id;
};

const walk = await groupOf(ann!, 'Walk on Sunday', ben!, cleo!);
const film = await groupOf(finn!, 'Film night', ben!, cleo!);
const alone = await groupOf(finn!, 'Only me');
const silent = await people.direct(finn!, cleo!);
const TALK: [Person, string][] = [
  [cleo!, 'Who comes along on Sunday?'],
  [ben!, 'I do. When do we meet?'],
  [ann!, 'At ten?'],
  [ann!, 'I bring the dog.'],
];
for (const [{ rest }, content] of TALK) await rest.send(walk, { clientId: randomUUID(), content });
const withBen = await people.direct(ann!, ben!);
await ben!.rest.send(withBen, { clientId: randomUUID(), content: 'See you tomorrow' });

async function windowOf(person?: Person, hash = ''): Promise<ChatWindow> {
  const window = await openWindow(browser, api.url, person);
  onTestFinished(() => window.close());
  if (hash !== '') await window.page.goto(`${api.url}/#/c/${hash}`);
  return window;
}

/** The page anew, where what it asks for meets its fate. */
async function anew({ page }: ChatWindow, url: RegExp, fate: Fate): Promise<Page> {
  await meetsFate(page, url, fate);
  await page.reload();
  return page;
}

const OFFLINE = /^Offline: what you write/;

describe('the sign-in', () => {
  it('where there is no demo login', async () => {
    const { page } = await windowOf();
    await page.route(/\/demo\/users/, (route) => route.fulfill({ status: 404, json: {} }));
    await page.reload();
    await page.getByLabel('Bearer token').waitFor();
    await take(page, 'sign-in-empty');
  });

  it.each(['loading', 'error'] as const)('%s', async (fate) => {
    const page = await anew(await windowOf(), /\/demo\/users/, fate);
    const shown = fate === 'error' ? page.getByRole('alert') : page.getByLabel('Loading people');
    await shown.waitFor();
    await take(page, `sign-in-${fate}`);
  });

  it('offline', async () => {
    const window = await windowOf();
    const { page } = window;
    await page.getByRole('button', { name: /^Ann\b/ }).waitFor();
    await window.goOffline();
    await page.getByRole('button', { name: /^Ann\b/ }).click();
    await page.getByRole('alert').waitFor();
    await take(page, 'sign-in-offline');
  });
});

describe('the list', () => {
  const LIST = /\/v1\/(sync|conversations|connections)(\?|$)/;

  it('empty', async () => {
    const { page } = await windowOf(await people.person('Gus'));
    await page.getByText('No conversations yet').waitFor();
    await take(page, 'list-empty');
  });

  it.each(['loading', 'error'] as const)('%s', async (fate) => {
    const page = await anew(await windowOf(ann), LIST, fate);
    const shown =
      fate === 'error'
        ? page.getByText('Your conversations could not be loaded')
        : page.getByLabel('Loading conversations');
    await shown.waitFor();
    await take(page, `list-${fate}`);
  });

  it('offline', async () => {
    const window = await windowOf(ann);
    await window.entry('Walk on Sunday').waitFor();
    await window.goOffline();
    await window.page.getByText(OFFLINE).waitFor();
    await take(window.page, 'list-offline');
  });
});

describe('a conversation', () => {
  const MESSAGES = /\/v1\/conversations\/[^/]+\/messages/;

  it('as ever: others read, react and write', async () => {
    await ann!.rest.connect(ben!.id);
    const window = await windowOf(ann, walk);
    const { page } = window;
    await page.getByText('I bring the dog.', { exact: true }).waitFor();
    const bens = await windowOf(ben, walk);
    const { items } = await ann!.rest.messages(walk);
    const said = (content: string) => items.find((item) => item.content === content)!;
    await ben!.rest.react(said('At ten?'), '👍');
    await cleo!.rest.react(said('At ten?'), '👍');
    await cleo!.rest.react(said('I bring the dog.'), '❤️');
    await page.getByRole('button', { name: /^❤️ 1/ }).waitFor();
    await window.entry('Ben').getByTitle('online').waitFor();
    await bens.page.getByRole('textbox', { name: 'Message' }).pressSequentially('He may');
    await page.getByText('Ben is typing').waitFor();
    await take(page, 'conversation');
  });

  it('empty', async () => {
    const { page } = await windowOf(finn, silent);
    await page.getByText('Write the first one below.').waitFor();
    await take(page, 'conversation-empty');
  });

  it.each(['loading', 'error'] as const)('%s', async (fate) => {
    const page = await anew(await windowOf(ann, walk), MESSAGES, fate);
    const shown =
      fate === 'error'
        ? page.getByText('The messages could not be loaded')
        : page.getByLabel('Loading messages');
    await shown.waitFor();
    await take(page, `conversation-${fate}`);
  });

  it('offline', async () => {
    const window = await windowOf(ann, walk);
    await window.page.getByText('I bring the dog.', { exact: true }).waitFor();
    await window.goOffline();
    await window.page.getByText(OFFLINE).waitFor();
    await window.say('I am on the train, with no network');
    await window.page.getByText(/Not sent/).waitFor();
    await take(window.page, 'conversation-offline');
  });
});

describe('who is in a group', () => {
  const MEMBERS = /\/v1\/conversations\/[^/]+\/members/;
  const openPanel = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Group details' }).click();
    await page.getByRole('dialog', { name: 'Group details' }).waitFor();
  };

  it('empty but for oneself', async () => {
    const { page } = await windowOf(finn, alone);
    await openPanel(page);
    await page.getByRole('dialog').getByText('1 member').waitFor();
    await take(page, 'members-empty');
  });

  it.each(['loading', 'error'] as const)('%s', async (fate) => {
    const page = await anew(await windowOf(finn, film), MEMBERS, fate);
    await openPanel(page);
    const dialog = page.getByRole('dialog');
    const shown =
      fate === 'error'
        ? dialog.getByText(/could not|Try again/i).first()
        : dialog.getByLabel(/Loading/);
    await shown.waitFor();
    await take(page, `members-${fate}`);
  });

  it('offline', async () => {
    const window = await windowOf(finn, film);
    const { page } = window;
    await openPanel(page);
    await page.getByRole('dialog').getByText('Cleo').waitFor();
    await window.goOffline();
    await page.getByText(OFFLINE).waitFor();
    await take(page, 'members-offline');
  });
});
