import { readFileSync } from 'node:fs';

import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';

import { CHROMIUM_ARGS, findChromium } from '../chromium.ts';
import { stackForFile } from '../harness/in-file.ts';

const document = JSON.parse(
  readFileSync(new URL('../../api/openapi.json', import.meta.url), 'utf8'),
);
const stack = await stackForFile({ workers: 0 });
const ann = await stack.people.person('Ann');
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: CHROMIUM_ARGS,
});
afterAll(() => browser.close());

/** The page as a browser shows it, with what it complained of and whom it asked. */
async function openReference(): Promise<{ page: Page; complaints: string[]; asked: Set<string> }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const asked = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => asked.add(new URL(request.url()).origin));
  await page.goto(`${stack.api.url}/docs`);
  await page.locator('.opblock').first().waitFor();
  return { page, complaints, asked };
}

test('the page tells of every route, without a complaint and without the internet', async () => {
  const { page, complaints, asked } = await openReference();
  const shown = await page.locator('.opblock-summary').evaluateAll((rows) =>
    rows.map((row) => {
      const method = row.querySelector('.opblock-summary-method')!.textContent.toLowerCase();
      return `${method} ${row.querySelector('.opblock-summary-path')!.getAttribute('data-path')}`;
    }),
  );
  const described = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(shown.toSorted()).toEqual(described.toSorted());

  await page.locator('#operations-Messages-sendMessage .opblock-summary-control').click();
  await page.getByText('Once this is answered with 201').waitFor();
  expect(await page.locator('a[href="/asyncapi.json"]').count()).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
  expect([...asked].filter((origin) => origin !== stack.api.url && origin !== 'null')).toEqual([]);
});

test('a call can be tried with a token of one’s own', async () => {
  const { page, complaints } = await openReference();
  await page.getByRole('button', { name: 'Authorize' }).click();
  await page.locator('.auth-container input').fill(ann.token);
  await page.locator('.auth-btn-wrapper .authorize').click();
  await page.locator('.btn-done').click();
  const operation = page.locator('#operations-Unread-getUnread');
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  const answered = page.waitForResponse(`${stack.api.url}/v1/unread`);
  await operation.getByRole('button', { name: 'Execute' }).click();
  expect(await (await answered).json()).toEqual({ total: 0, byConversation: {} });
  expect(complaints).toEqual([]);
});
