import { beforeAll, describe, expect, it } from 'vitest';

import type { ChatWindow } from './chat-window.ts';
import { lateEvents } from './late-events.ts';
import { OUTAGE, SOON, windowsForFile } from './windows-for-file.ts';

const { stack, open } = await windowsForFile();
const [ann, ben] = await stack.people.persons('Ann', 'Ben');
await stack.people.direct(ann!, ben!);
const annsWindow = await open(ann!, { expected: OUTAGE });
const bensWindow = await open(ben!);
const annsOtherTab = await annsWindow.openTab();
const annsEvents = await lateEvents(annsWindow.page);
const all = [annsWindow, annsOtherTab, bensWindow];

beforeAll(async () => {
  // From its next load on the events of this window can be held back.
  await annsWindow.reload();
  for (const window of [annsWindow, annsOtherTab]) await window.open('Ben');
  await bensWindow.open('Ann');
});

/** Each window ends with exactly these, from top to bottom. */
async function allEndWith(texts: string[], windows: ChatWindow[] = all): Promise<void> {
  for (const window of windows) {
    const last = async (): Promise<string[]> => (await window.messages()).slice(-texts.length);
    await expect.poll(last, SOON).toEqual(texts);
  }
}

/** Nothing is on its way any more, and after a reload there is what there was: nothing was only drawn. */
async function staysSo(texts: string[]): Promise<void> {
  for (const window of all) await expect.poll(() => window.unsent(), SOON).toEqual([]);
  await annsWindow.reload();
  await allEndWith(texts);
}

const SENDS = '**/v1/conversations/*/messages';

/** Every send reaches the API, whose answers go nowhere until that is over; what they would have said is told here. */
async function loseAnswers({ page }: ChatWindow) {
  const lost: number[] = [];
  await page.route(SENDS, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    lost.push((await route.fetch()).status());
    return route.abort('connectionreset');
  });
  // What is under way is lost, too, and is not sent a second time.
  return { lost: lost as readonly number[], end: () => page.unrouteAll({ behavior: 'wait' }) };
}

describe('what somebody sends', () => {
  it('goes both ways, and stands once in each tab of its sender', async () => {
    await annsWindow.say('Hello Ben');
    await allEndWith(['Hello Ben']);
    await bensWindow.say('Hello Ann');
    await allEndWith(['Hello Ben', 'Hello Ann']);
    await annsOtherTab.say('I am in two tabs');
    await allEndWith(['Hello Ben', 'Hello Ann', 'I am in two tabs']);
    // All have heard the last word: whatever would come twice came before it.
    await bensWindow.say('So I see');
    const texts = ['Hello Ben', 'Hello Ann', 'I am in two tabs', 'So I see'];
    await allEndWith(texts);
    for (const window of all) expect(await window.messages()).toEqual(texts);
  });

  it('stays five messages when it is five times the same, as fast as one presses Enter', async () => {
    await annsWindow.say('Guess what');
    for (let time = 0; time < 5; time += 1) await annsWindow.sayByKeyboard('ha');
    const texts = ['Guess what', 'ha', 'ha', 'ha', 'ha', 'ha'];
    await allEndWith(texts);
    await bensWindow.say('What is so funny?');
    await allEndWith([...texts, 'What is so funny?']);
    await staysSo([...texts, 'What is so funny?']);
    expect(await bensWindow.messages()).toEqual(await annsWindow.messages());
  });

  it('is said once, though neither an answer nor an event told its sender that it was taken', async () => {
    await annsWindow.say('Did you get the first?');
    await allEndWith(['Did you get the first?']);

    annsEvents.hold();
    const { lost, end } = await loseAnswers(annsWindow);
    await annsWindow.say('And this?');
    await annsWindow.say('And that?');
    await expect.poll(() => lost.length, SOON).toBeGreaterThan(1);
    expect(lost.slice(0, 2)).toEqual([201, 200]);
    expect(await annsWindow.unsent()).toEqual(['And this?', 'And that?']);
    await end();
    await allEndWith(['Did you get the first?', 'And this?', 'And that?']);
    annsEvents.release();
    await bensWindow.say('Yes, and once');
    const texts = ['Did you get the first?', 'And this?', 'And that?', 'Yes, and once'];
    await allEndWith(texts);
    await staysSo(texts);
  });

  it('waits no longer once an event told its sender that it was taken, though no answer does', async () => {
    const { lost, end } = await loseAnswers(annsWindow);
    await annsWindow.say('Do I stand here once?');
    await expect.poll(() => lost.length, SOON).toBeGreaterThan(0);
    await allEndWith(['Yes, and once', 'Do I stand here once?']);
    await expect.poll(() => annsWindow.unsent(), SOON).toEqual([]);
    await end();
    await staysSo(['Yes, and once', 'Do I stand here once?']);
  });

  it('survives the network and a reload: three that waited are three, also if one of them had come through', async () => {
    await bensWindow.say('Are you in the tunnel?');
    await allEndWith(['Are you in the tunnel?']);
    const texts = ['I am in the tunnel', 'still in the tunnel', 'nearly through'];
    annsEvents.hold();
    const { lost, end } = await loseAnswers(annsWindow);
    await annsWindow.say(texts[0]!);
    await expect.poll(() => lost.length, SOON).toBeGreaterThan(0);
    await annsWindow.goOffline();
    for (const text of texts.slice(1)) await annsWindow.say(text);
    await expect.poll(() => annsWindow.unsent(), SOON).toEqual(texts);

    await expect(annsWindow.reload()).rejects.toThrow('ERR_INTERNET_DISCONNECTED');
    await end();
    annsEvents.release();
    await annsWindow.comeOnline();
    await annsWindow.reload();
    await allEndWith(['Are you in the tunnel?', ...texts]);
    await bensWindow.say('Welcome back');
    await allEndWith([...texts, 'Welcome back']);
    await staysSo(['Are you in the tunnel?', ...texts, 'Welcome back']);
  });
});
