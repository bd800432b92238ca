import { chromium } from 'playwright';
import type { Browser, LaunchOptions } from 'playwright';
import { afterAll } from 'vitest';

import { CHROMIUM_ARGS, findChromium } from '../chromium.ts';

const executablePath = findChromium();
export const LAUNCH: LaunchOptions = {
  ...(executablePath && { executablePath }),
  args: CHROMIUM_ARGS,
};

/** A Chromium that is closed after the file. */
export async function browserForFile(): Promise<Browser> {
  const browser = await chromium.launch(LAUNCH);
  afterAll(() => browser.close());
  return browser;
}
