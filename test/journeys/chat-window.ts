import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, BrowserContext, Locator, Page, Response } from 'playwright';

import { meet } from '../harness/described.ts';
import type { Person } from '../harness/people.ts';
import { readLog } from './read-log.ts';
import type { ReadLog } from './read-log.ts';

const ARTIFACTS = join(import.meta.dirname, '../.artifacts');
const STATUS = /^(online|away|offline|unknown)$/;

/** One person's browser window, by what a person can see and do in it. */
export type ChatWindow = ReadLog & {
  page: Page;
  /**
   * Errors and warnings of the page's console, exceptions that nobody caught, and answers of the API that it does not
   * describe; of all tabs.
   */
  complaints: readonly string[];
  signInAs(name: string): Promise<void>;
  /** Opens the conversation with somebody, or begins one. */
  open(name: string): Promise<void>;
  say(text: string): Promise<void>;
  /** The same with Enter, as one who writes fast. */
  sayByKeyboard(text: string): Promise<void>;
  /** Key by key, without sending it. */
  type(text: string): Promise<void>;
  /** What the open conversation says is waiting, on its way or not sent. */
  unsent(): Promise<string[]>;
  /** Opens what can be done with a message, by pointing at it. */
  openMenuOf(text: string): Promise<void>;
  reload(): Promise<void>;
  /** Without a network, in all tabs, until `comeOnline`. */
  goOffline: () => Promise<void>;
  comeOnline(): Promise<void>;
  /** The entry of somebody in the drawer, whether there is a conversation yet or not. */
  entry(name: string): Locator;
  /** What the drawer says of somebody's presence: online, away, offline, unknown. */
  statusOf(name: string): Promise<string | null>;
  /** What it says of one's own. */
  ownStatus(): Promise<string | null>;
  /** How many the drawer says are unread, in its own words; null without a badge. */
  unreadOf(name: string): Promise<string | null>;
  /** Saves what the window looks like, in test/.artifacts. */
  picture(name: string): Promise<void>;
  /** One more tab, which shares its storage with this one as tabs of one browser do. */
  openTab(): Promise<ChatWindow>;
  /** This one alone, as with its cross. */
  closeTab(): Promise<void>;
  /** With all tabs. */
  close(): Promise<void>;
};

/** A window with a storage of its own, whose clock the test may put forward; of somebody who has signed in, or of nobody yet. */
export async function openWindow(
  browser: Browser,
  url: string,
  person?: Person,
): Promise<ChatWindow> {
  const context = await browser.newContext({ viewport: { width: 1_000, height: 700 } });
  if (person !== undefined) await signIn(context, url, person);
  return openTab(context, { url, complaints: [] });
}

/** Puts the session where the page puts it after a sign-in. */
async function signIn(
  context: BrowserContext,
  url: string,
  { id, name, token }: Person,
): Promise<void> {
  const user = { id, name, username: name.toLowerCase(), image: null };
  await context.addInitScript(
    ([origin, session]) => {
      // What a browser shows in place of a page that it cannot reach has no storage.
      if (location.origin === origin) sessionStorage.setItem('rov.session', session!);
    },
    [new URL(url).origin, JSON.stringify({ token, user })],
  );
}

async function openTab(
  context: BrowserContext,
  shared: { url: string; complaints: string[] },
): Promise<ChatWindow> {
  const { url, complaints } = shared;
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.clock.install();
  listenToComplaints(page, shared);
  await page.goto(url);

  const entry = (name: string): Locator =>
    page
      .getByRole('list', { name: /^(Conversations|People)$/ })
      .getByRole('listitem')
      .filter({ hasText: name });
  return {
    page,
    complaints,
    entry,
    signInAs: async (name) => {
      // The button names the person's username, too.
      await page.getByRole('button', { name: new RegExp(`^${name}\\b`) }).click();
      await page.getByText(name, { exact: true }).first().waitFor();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    },
    open: async (name) => {
      await entry(name).getByRole('link').or(entry(name).getByRole('button')).first().click();
      await page.getByRole('heading', { name }).waitFor();
    },
    say: async (text) => {
      await page.getByRole('textbox', { name: 'Message' }).fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
    },
    sayByKeyboard: async (text) => {
      await page.getByRole('textbox', { name: 'Message' }).fill(text);
      await page.keyboard.press('Enter');
    },
    type: (text) => page.getByRole('textbox', { name: 'Message' }).pressSequentially(text),
    unsent: () =>
      page
        .getByRole('log', { name: 'Messages' })
        .locator('[data-message]')
        .filter({ hasText: /Sending…|Waiting…|Not sent/ })
        .locator('p')
        .allInnerTexts(),
    openMenuOf: async (text) => {
      const message = page
        .locator('[data-message]')
        .filter({ has: page.getByText(text, { exact: true }) });
      await message.locator('p').hover();
      await message.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menu', { name: 'Message actions' }).waitFor();
    },
    reload: async () => {
      await page.reload();
    },
    goOffline: () => context.setOffline(true),
    comeOnline: () => context.setOffline(false),
    ...readLog(page),
    statusOf: (name) => entry(name).getByTitle(STATUS).first().getAttribute('title'),
    ownStatus: () =>
      page
        .getByRole('button', { name: /your status and settings$/ })
        .getByTitle(STATUS)
        .getAttribute('title'),
    // All at once: a badge that goes between two questions would be waited for.
    unreadOf: (name) =>
      entry(name)
        .getByRole('img', { name: /unread$/ })
        .evaluateAll(([badge]) => badge?.getAttribute('aria-label') ?? null),
    picture: async (name) => {
      mkdirSync(ARTIFACTS, { recursive: true });
      await page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
    },
    openTab: () => openTab(context, shared),
    closeTab: () => page.close({ runBeforeUnload: true }),
    close: () => context.close(),
  };
}

function listenToComplaints(
  page: Page,
  { url, complaints }: { url: string; complaints: string[] },
): void {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (response) => {
    if (!response.url().startsWith(`${url}/v1/`)) return;
    hold(response).catch((error: unknown) => complaints.push(String(error)));
  });
}

/** Holds what the web client heard to the description of the API. An answer that went away with its page has no text or no headers. */
async function hold(response: Response): Promise<void> {
  const request = response.request();
  const status = response.status();
  const text = status === 204 ? '' : await response.text().catch(() => null);
  const headers = await response.allHeaders().catch(() => null);
  if (text === null || headers === null) return;
  meet({
    method: request.method(),
    url: response.url(),
    sent: request.postDataJSON() as unknown,
    status,
    headers: new Headers(headers),
    text,
  });
}
