import type { Browser } from 'playwright';
import { afterEach, expect } from 'vitest';

import { buildWeb } from '../../embedded/build-web.ts';
import { makeRovFolder, ROV_FILES } from '../../embedded/rov-folder.ts';
import { stackForFile } from '../harness/in-file.ts';
import type { Person } from '../harness/people.ts';
import type { Stack, StackOptions } from '../harness/stack.ts';
import { browserForFile } from './browser-for-file.ts';
import { openWindow } from './chat-window.ts';
import type { ChatWindow } from './chat-window.ts';

/** For what has to travel first. */
export const SOON = { timeout: 20_000, interval: 50 };

/** What a browser says by itself of a server that is away. */
export const OUTAGE = /^WebSocket connection to .* failed|^Failed to load resource: net::ERR_/;

export type Windows = {
  stack: Stack;
  browser: Browser;
  /**
   * The window of somebody who has signed in, open until the file ends. A test during which it had anything to
   * complain of fails, but for what the test brings about and the browser then says by itself.
   */
  open: (person: Person, options?: { expected?: RegExp }) => Promise<ChatWindow>;
};

/** The built web client on a stack of its own, and a browser for as many people as the tests need. */
export async function windowsForFile(options?: StackOptions): Promise<Windows> {
  makeRovFolder();
  await buildWeb(ROV_FILES.webBuild);
  const stack = await stackForFile(options);
  const browser = await browserForFile();
  const complaints: (() => string[])[] = [];
  afterEach(() => {
    expect(complaints.flatMap((those) => those())).toEqual([]);
  });
  return {
    stack,
    browser,
    open: async (person, { expected } = {}) => {
      const window = await openWindow(browser, stack.api.url, person);
      complaints.push(() => window.complaints.filter((text) => !expected?.test(text)));
      return window;
    },
  };
}
