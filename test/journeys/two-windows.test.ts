import { chromium } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';

import { buildWeb } from '../../embedded/build-web.ts';
import { makeRovFolder, ROV_FILES } from '../../embedded/rov-folder.ts';
import { seed } from '../../embedded/seed.ts';
import { CHROMIUM_ARGS, findChromium } from '../chromium.ts';
import { centrifugoIsGiven } from '../harness/centrifugo.ts';
import { stackForFile } from '../harness/in-file.ts';
import { until } from '../harness/until.ts';
import { openWindow } from './chat-window.ts';
import type { ChatWindow } from './chat-window.ts';

makeRovFolder();
await buildWeb(ROV_FILES.webBuild);
const stack = await stackForFile({ apiEntry: 'embedded/api.ts' });
await seed(stack.database.url);
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: CHROMIUM_ARGS,
});
afterAll(() => browser.close());

const ann = await openWindow(browser, stack.api.url);
const ben = await openWindow(browser, stack.api.url);

/** For what has to travel first. */
const SOON = { timeout: 20_000, interval: 50 };

/** Both show the same, and each of these once. */
async function showTheSame(texts: string[]): Promise<void> {
  const said = new Set(texts);
  const seen = async (window: ChatWindow): Promise<string[]> =>
    (await window.messages()).filter((text) => said.has(text));
  for (const window of [ann, ben]) {
    await expect.poll(async () => (await seen(window)).toSorted(), SOON).toEqual(texts.toSorted());
  }
  expect(await seen(ann)).toEqual(await seen(ben));
}

describe('two people in two windows', () => {
  it('sign in, and see each other come online', async () => {
    await ann.picture('1-sign-in');
    await ann.signInAs('Ann');
    await expect.poll(() => ann.statusOf('Ben'), SOON).toBe('offline');
    await ben.signInAs('Ben');
    await expect.poll(() => ann.statusOf('Ben'), SOON).toBe('online');
    await expect.poll(() => ben.statusOf('Ann'), SOON).toBe('online');
  });

  it('see a first message as an unread one, and no longer once it was read', async () => {
    await ann.open('Ben');
    await ann.say('Good morning, Ben');
    await expect.poll(() => ben.unreadOf('Ann'), SOON).toBe('1 unread');
    await ben.picture('2-unread');
    await ben.open('Ann');
    await expect.poll(() => ben.messages(), SOON).toContain('Good morning, Ben');
    await expect.poll(() => ben.unreadOf('Ann'), SOON).toBeNull();
  });

  it('talk both ways', async () => {
    await ben.say('Good morning, Ann');
    await expect.poll(() => ann.messages(), SOON).toContain('Good morning, Ann');
    const texts = Array.from({ length: 6 }, (_, n) => `sentence ${n}`);
    for (const [n, text] of texts.entries()) await (n % 2 === 0 ? ann : ben).say(text);
    await showTheSame(texts);
    await ann.picture('3-talk-ann');
    await ben.picture('3-talk-ben');
  });

  it('see the other go away after five idle minutes, and come back', async () => {
    await ben.page.clock.fastForward('05:05');
    await expect.poll(() => ann.statusOf('Ben'), SOON).toBe('away');
    await ann.picture('4-away');
    await ben.page.mouse.move(300, 300);
    await expect.poll(() => ann.statusOf('Ben'), SOON).toBe('online');
  });

  it.skipIf(centrifugoIsGiven)(
    'talk on while Centrifugo is killed and started again, and miss and repeat nothing',
    async () => {
      const before = [ann.complaints.length, ben.complaints.length];
      expect(before).toEqual([0, 0]);
      await stack.centrifugo.kill();
      const texts = Array.from({ length: 8 }, (_, n) => `while it was down ${n}`);
      for (const [n, text] of texts.entries()) await (n % 2 === 0 ? ann : ben).say(text);
      await expect.poll(() => ben.page.getByText('Reconnecting').count(), SOON).toBe(1);
      await ben.picture('5-down');
      await stack.centrifugo.restart();
      await ben.say('and now it is back');
      await showTheSame([...texts, 'and now it is back']);
      await expect.poll(() => ben.page.getByText('Reconnecting').count(), SOON).toBe(0);
      await ann.picture('6-back-ann');
      await ben.picture('6-back-ben');
      // A refused connection is the browser's to report, and nothing else may be in the console.
      const odd = [...ann.complaints, ...ben.complaints].filter(
        (text) => !/^WebSocket connection to .* failed/.test(text),
      );
      expect(odd).toEqual([]);
    },
  );

  it('see the other leave', async () => {
    await ben.close();
    // Twenty seconds of grace, which the test need not wait for: the end of the leases is brought forward.
    await until(
      async () => {
        const [row] = await stack.database.sql`
          UPDATE presence_sessions SET sessions = '{}' WHERE user_id = 'ben' RETURNING user_id`;
        return row !== undefined;
      },
      { timeoutMs: 5_000, what: 'the sessions of Ben' },
    );
    await expect.poll(() => ann.statusOf('Ben'), SOON).toBe('offline');
    await ann.picture('7-offline');
    expect(await ann.messages()).toContain('and now it is back');
  });
});
