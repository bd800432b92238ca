import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { onTestFinished } from 'vitest';

import { LAUNCH } from './browser-for-file.ts';

/** A browser for one test, with the way to end it as a crash does: nothing of it says goodbye. */
export async function launchKillable(): Promise<{ browser: Browser; kill: () => Promise<void> }> {
  const server = await chromium.launchServer(LAUNCH);
  onTestFinished(() => server.close());
  const browser = await chromium.connect(server.wsEndpoint());
  return {
    browser,
    kill: async () => {
      const gone = new Promise<void>((resolve) => server.once('close', () => resolve()));
      process.kill(server.process().pid!, 'SIGKILL');
      await gone;
    },
  };
}
