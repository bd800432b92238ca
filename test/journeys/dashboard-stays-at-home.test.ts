import { chromium } from 'playwright';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';

import { CHROMIUM_ARGS, findChromium } from '../chromium.ts';
import {
  dashboardContext,
  dashboardPartsForFile,
  PASSWORD,
  startTestDashboard,
} from '../harness/dashboard.ts';

const parts = await dashboardPartsForFile();
const dashboard = await startTestDashboard(dashboardContext(parts));
afterAll(() => dashboard.close());
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: CHROMIUM_ARGS,
});
afterAll(() => browser.close());

await parts.queue.add('drain', { shard: 1 }, { jobId: 'waits' });
await parts.queue.add('drain', { shard: 2 }, { delay: 3_600_000 });

const PAGES = [
  '/',
  '/no-such-page',
  '/queues/',
  '/queues/queue/drain',
  '/queues/queue/drain?status=delayed',
  '/queues/queue/drain/waits',
  '/queues/metrics',
  '/queues/job-schedulers',
];

type Watch = {
  page: Page;
  /** What the page asked of anybody but the dashboard; nobody answered. */
  foreign: string[];
  /** What the browser would not let it do, and what went wrong in it. */
  complaints: string[];
  asked: Set<string>;
};

/** A window whose every request is looked at before it leaves. */
async function watchedPage(context: BrowserContext): Promise<Watch> {
  const watch: Omit<Watch, 'page'> = { foreign: [], complaints: [], asked: new Set() };
  const isOurs = (url: string): boolean =>
    new URL(url).origin === dashboard.base || /^(data|blob):/.test(url);
  await context.route('**/*', async (route) => {
    const request = route.request();
    if (isOurs(request.url())) {
      watch.asked.add(request.resourceType());
      await route.continue();
    } else {
      watch.foreign.push(request.url());
      await route.abort();
    }
  });
  const page = await context.newPage();
  page.on('websocket', (socket) => watch.foreign.push(socket.url()));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text()))
      watch.complaints.push(message.text());
  });
  page.on('pageerror', (error) => watch.complaints.push(String(error)));
  return { page, ...watch };
}

describe.each(['olga', 'victor'])('every page of the dashboard, for %s', (name) => {
  it('asks nobody but the dashboard for fonts, scripts, styles, images or data, and does not try to', async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const { page, foreign, complaints, asked } = await watchedPage(context);
    await page.goto(`${dashboard.base}/login`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Delivery' }).waitFor();
    for (const path of PAGES) {
      await page.goto(dashboard.base + path, { waitUntil: 'networkidle' });
      expect(`${path}: ${await page.locator('body').innerText()}`).toMatch(/: [^]*\w{4}/);
    }
    await context.close();
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
    expect([...asked]).toEqual(
      expect.arrayContaining(['document', 'stylesheet', 'script', 'fetch', 'image']),
    );
  });
});

describe('a page that asks somebody else', () => {
  const font = 'https://fonts.example/css2?family=Sans';
  const content = `<link rel="stylesheet" href="${font}">`;

  it('is seen when it does, and when the policy of the dashboard keeps it from doing so', async () => {
    const context = await browser.newContext();
    const { page, foreign, complaints } = await watchedPage(context);
    await page.setContent(content);
    expect(foreign).toEqual([font]);

    await page.goto(`${dashboard.base}/login`);
    const complaint = page.waitForEvent('console');
    await page.setContent(content);
    await complaint;
    await context.close();
    expect(complaints).toEqual([expect.stringContaining('Content Security Policy')]);
  });
});
