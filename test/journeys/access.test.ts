import { randomUUID } from 'node:crypto';

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { seed } from '../../embedded/seed.ts';
import { openWindow } from './chat-window.ts';
import { OUTAGE, SOON, windowsForFile } from './windows-for-file.ts';

const { stack, browser, open } = await windowsForFile({ apiEntry: 'embedded/api.ts' });
await seed(stack.database.url);
const { people } = stack;
const ann = await people.stranger('Ann', 'ann');
const ben = await people.stranger('Ben', 'ben');
const group = { clientId: randomUUID(), title: 'Walk on Sunday', memberIds: ['ben', 'cleo'] };
const { id } = (await ann.rest.createGroup(group)).body;
for (const content of ['Who comes along?', 'At ten', 'Or at eleven']) {
  await ann.rest.send(id, { clientId: randomUUID(), content });
}
const own = (await ben.rest.send(id, { clientId: randomUUID(), content: 'I do' })).body;
await ann.rest.react(own, '👍');
const said = (await ann.rest.send(id, { clientId: randomUUID(), content: 'No' })).body;
await ann.rest.deleteMessage(said);
const bensWindow = await open(ben, { expected: OUTAGE });
const { page } = bensWindow;

/** What axe has to say against what a page shows, in one line each. */
async function faultsOf(looked: Page): Promise<string[]> {
  // The other mode gathers what frames say in a page of its own, each time; ours have no frames.
  const { violations } = await new AxeBuilder({ page: looked }).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
}

describe.each(['light', 'dark'] as const)('in the %s theme axe finds no fault with', (theme) => {
  /** The page anew: colours on their way from one theme to the other would be neither. */
  const inTheme = async (shown: Page): Promise<void> => {
    await shown.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await shown.reload();
  };
  const faultsAsSeen = async (looked: Page): Promise<string[]> => {
    await looked.evaluate(async () => {
      document.body.getBoundingClientRect();
      await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    });
    return faultsOf(looked);
  };

  beforeAll(() => inTheme(page));

  it('the choice of who one is', async () => {
    const window = await openWindow(browser, stack.api.url);
    onTestFinished(() => window.close());
    await inTheme(window.page);
    await window.page.getByRole('button', { name: /^Ann\b/ }).waitFor();
    expect(await faultsAsSeen(window.page)).toEqual([]);
  });

  it('the list, with nothing open', async () => {
    await page.goto(`${stack.api.url}/#/`);
    await bensWindow.entry('Walk on Sunday').waitFor();
    await page.getByText('No conversation open').waitFor();
    expect(await faultsAsSeen(page)).toEqual([]);
  });

  it('a new group', async () => {
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('dialog', { name: 'New group' }).waitFor();
    expect(await faultsAsSeen(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('a conversation, what can be done with a message of it, and its being edited and deleted', async () => {
    await bensWindow.open('Walk on Sunday');
    await expect.poll(() => bensWindow.messages(), SOON).toContain('I do');
    expect(await faultsAsSeen(page)).toEqual([]);
    await bensWindow.openMenuOf('I do');
    expect(await faultsAsSeen(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Edit message' }).waitFor();
    expect(await faultsAsSeen(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await bensWindow.openMenuOf('I do');
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await faultsAsSeen(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep' }).click();
  });

  it('what there is to know and to change of a group', async () => {
    await page.getByRole('button', { name: 'Group details' }).click();
    await page.getByRole('dialog', { name: 'Group details' }).getByText('Cleo').waitFor();
    expect(await faultsAsSeen(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('a message that was not sent, without a network', async () => {
    onTestFinished(() => bensWindow.comeOnline());
    await bensWindow.goOffline();
    await bensWindow.say('Wait for me');
    await page.getByText(/Not sent/).waitFor();
    await page.getByText(/^Offline: what you write/).waitFor();
    expect(await faultsAsSeen(page)).toEqual([]);
    await bensWindow.comeOnline();
    await expect.poll(() => bensWindow.unsent(), SOON).toEqual([]);
  });
});

describe('with the keyboard alone', () => {
  it('one finds, reads, reacts, sends and sends again', async () => {
    const cleosWindow = await open(await people.stranger('Cleo', 'cleo'), { expected: OUTAGE });
    const { page } = cleosWindow;
    const { keyboard } = page;
    const key = async (name: string, to: Locator): Promise<void> => {
      const isThere = (): Promise<boolean> => to.evaluate((one) => one === document.activeElement);
      for (let times = 0; times < 30 && !(await isThere()); times += 1) await keyboard.press(name);
      expect(await isThere()).toBe(true);
    };
    await cleosWindow.entry('Walk on Sunday').waitFor();

    await key('Tab', page.getByRole('searchbox'));
    await keyboard.type('walk');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Walk on Sunday' }).waitFor();
    await expect.poll(() => cleosWindow.messages(), SOON).toContain('Who comes along?');

    const field = page.getByRole('textbox', { name: 'Message' });
    await key('Tab', field);
    const log = page.getByRole('log', { name: 'Messages' });
    await key('Shift+Tab', log);
    const read: string[] = [];
    const focused = log.locator('[data-message]:focus p');
    while (!read.includes('Who comes along?') && read.length < 10) {
      await keyboard.press('ArrowUp');
      read.push(await focused.innerText());
    }
    expect(read.slice(-4)).toEqual(['I do', 'Or at eleven', 'At ten', 'Who comes along?']);

    await keyboard.press('Enter');
    await page.getByRole('menu', { name: 'Message actions' }).waitFor();
    await key('ArrowRight', page.getByRole('menuitemcheckbox', { name: 'Heart' }));
    await keyboard.press('Enter');
    await bensWindow.page.getByRole('button', { name: '❤️ 1: Cleo' }).waitFor();
    await keyboard.press('Escape');
    await key('Tab', field);

    await keyboard.type('So do I');
    await keyboard.press('Enter');
    await expect.poll(() => bensWindow.messages(), SOON).toContain('So do I');

    await page.route('**/messages', (route) => route.abort('connectionreset'));
    await keyboard.type('With the dog');
    await keyboard.press('Enter');
    // Nothing goes by itself while no time passes, and nothing is due before the moment at which it stops.
    await page.getByText(/Again in [4-9] s\./).waitFor();
    await page.clock.pauseAt(new Date(await page.evaluate(() => Date.now() + 1_000)));
    await page.unrouteAll({ behavior: 'wait' });
    await key('Shift+Tab', page.getByRole('button', { name: 'Retry' }));
    await keyboard.press('Enter');
    await expect.poll(() => bensWindow.messages(), SOON).toContain('With the dog');
    await page.clock.resume();
    await expect.poll(() => cleosWindow.unsent(), SOON).toEqual([]);
  });
});
