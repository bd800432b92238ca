import { randomBytes } from 'node:crypto';

import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';

import { freePort } from '../../embedded/ports.ts';
import { seed } from '../../embedded/seed.ts';
import { sharedServers, stackForFile } from '../harness/in-file.ts';
import { buildNextExample, startNextExample } from '../harness/next-example.ts';
import { browserForFile } from './browser-for-file.ts';

const port = await freePort();
// A cookie that is only for safe pages is also for this name.
const url = `http://localhost:${port}`;
const [stack] = await Promise.all([stackForFile({ pages: [url] }), buildNextExample()]);
await seed(stack.database.url);
const app = await startNextExample({
  ledger: sharedServers().ledger,
  port,
  env: {
    ROV_API_URL: stack.api.url,
    AUTH_JWT_SECRET: stack.identity.secret,
    AUTH_ISSUER: stack.identity.issuer,
    AUTH_AUDIENCE: stack.identity.audience,
    SESSION_SECRET: randomBytes(32).toString('hex'),
  },
});
afterAll(() => app.stop());
const browser = await browserForFile();

/** What a page should not have to say: warnings and errors of the console, and exceptions that nobody caught. */
const complaints: string[] = [];

/** For what has to travel first. */
const SOON = { timeout: 20_000, interval: 50 };

async function signInAs(name: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  await choose(page, name);
  return page;
}

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

async function say(page: Page, to: string, text: string): Promise<void> {
  await page.getByRole('button', { name: to }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

const entry = (page: Page, name: string) =>
  page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: name });
const messages = (page: Page) => page.getByRole('list', { name: 'Messages' });

describe('a Next.js app with the packed package', () => {
  it('gives a token to nobody who is not signed in', async () => {
    const response = await fetch(`${url}/api/chat-token`);
    expect(response.status).toBe(401);
  });

  it('has an icon for who asks by the usual name', async () => {
    const response = await fetch(`${url}/favicon.ico`);
    expect(response.headers.get('Content-Type')).toBe('image/svg+xml');
  });

  it('lets two of its users see each other, write and read', async () => {
    const ann = await signInAs('Ann');
    const ben = await signInAs('Ben');
    await expect.poll(() => entry(ann, 'Ben').textContent(), SOON).toContain('online');
    await expect.poll(() => entry(ben, 'Ann').textContent(), SOON).toContain('online');

    await say(ann, 'Ben', 'Good morning');
    await expect.poll(() => messages(ann).textContent(), SOON).toBe('Ann: Good morning');
    const last = ben.getByRole('status', { name: 'Last message' });
    await expect.poll(() => last.textContent(), SOON).toBe('Good morning');

    await ben.getByRole('button', { name: 'Ann' }).click();
    await expect.poll(() => messages(ben).textContent(), SOON).toBe('Ann: Good morning');
    await ben.reload();
    await expect.poll(() => entry(ben, 'Ann').textContent(), SOON).toContain('online');
    expect(complaints).toEqual([]);
  });

  it('takes the next user of a window for themselves', async () => {
    const page = await signInAs('Ann');
    await expect.poll(() => entry(page, 'Cleo').textContent(), SOON).toContain('offline');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await choose(page, 'Cleo');
    await say(page, 'Ben', 'It is me');
    await expect.poll(() => messages(page).textContent(), SOON).toBe('Cleo: It is me');
    expect(complaints).toEqual([]);
  });
});
