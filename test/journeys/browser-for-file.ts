import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { afterAll } from 'vitest';

import { CHROMIUM_ARGS, findChromium } from '../chromium.ts';

/** A Chromium that is closed after the file. */
export async function browserForFile(): Promise<Browser> {
  const browser = await launchBrowser();
  afterAll(() => browser.close());
  return browser;
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({ ...(executablePath && { executablePath }), args: CHROMIUM_ARGS });
}
