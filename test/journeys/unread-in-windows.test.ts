import { randomUUID } from 'node:crypto';

import { expect, it } from 'vitest';

import { SOON, windowsForFile } from './windows-for-file.ts';
import { numberIn, writeMany } from './write-many.ts';

const { stack, open } = await windowsForFile();
const { database } = stack;
const [ann, ben, cleo] = await stack.people.persons('Ann', 'Ben', 'Cleo');
await stack.people.direct(cleo!, ben!);
const withAnn = await stack.people.direct(ann!, ben!);
/** Ben has two devices: another browser is one. */
const laptop = await open(ben!);
const phone = await open(ben!);

/** What the laptop shows has been read, as far as that goes, and nothing after it. Tells up to where. */
async function isReadTo(name: string, { last }: { last: number }): Promise<number> {
  const seen = numberIn(await laptop.lastSeen());
  expect(seen).toBeLessThan(last);
  for (const device of [laptop, phone]) {
    await expect.poll(() => device.unreadOf(name), SOON).toBe(`${last - seen} unread`);
  }
  return seen;
}

async function annWrites(...texts: string[]) {
  const sent = [];
  for (const content of texts) {
    sent.push((await ann!.rest.send(withAnn, { clientId: randomUUID(), content })).body);
  }
  return sent;
}

it('counts what comes into a conversation that is not open, and says so in the title of the tab', async () => {
  for (const device of [laptop, phone]) await device.open('Cleo');
  await annWrites('one', 'two', 'three');
  for (const device of [laptop, phone]) {
    await expect.poll(() => device.unreadOf('Ann'), SOON).toBe('3 unread');
    expect(await device.page.title()).toBe('(3) rov');
    expect(await device.unreadOf('Cleo')).toBeNull();
  }
});

it('is lowered by the deletion of an unread message, and not by a reaction', async () => {
  const [reacted, deleted] = await annWrites('four', 'five');
  for (const device of [laptop, phone]) {
    await expect.poll(() => device.unreadOf('Ann'), SOON).toBe('5 unread');
  }
  await ann!.rest.react(reacted!, '🎉');
  await ann!.rest.deleteMessage(deleted!);
  // Events of a conversation come in order: once this one is counted, those before it are.
  await annWrites('six');
  for (const device of [laptop, phone]) {
    await device.entry('Ann').getByText('six').waitFor();
    await expect.poll(() => device.unreadOf('Ann'), SOON).toBe('5 unread');
  }
});

it('is cleared on one device by reading on the other', async () => {
  await phone.open('Ann');
  await expect.poll(() => phone.messages(), SOON).toContain('six');
  for (const device of [phone, laptop]) {
    await expect.poll(() => device.unreadOf('Ann'), SOON).toBeNull();
    await expect.poll(() => device.page.title(), SOON).toBe('rov');
  }
  // And what is read there from now on is not even counted here for long.
  await annWrites('seven');
  await expect.poll(() => phone.messages(), SOON).toContain('seven');
  await laptop.entry('Ann').getByText('seven').waitFor();
  await expect.poll(() => laptop.unreadOf('Ann'), SOON).toBeNull();
});

it('is where a conversation opens, the first time and again, and goes with what was on the screen, on each device', async () => {
  const group = { clientId: randomUUID(), title: 'Busy', memberIds: [ben!.id] };
  const conversationId = (await cleo!.rest.createGroup(group)).body.id;
  // What comes into the list moves what is about to be clicked.
  await laptop.entry('Busy').waitFor();
  const writes = (facts: { from?: number; count: number }) =>
    writeMany(database, { conversationId, sender: cleo!, ...facts });
  // More than come with the newest, and less.
  for (const facts of [{ count: 120 }, { from: 121, count: 40 }]) {
    await laptop.open('Ann');
    await writes(facts);
    await expect.poll(() => laptop.unreadOf('Busy'), SOON).toBe(`${facts.count} unread`);
    await laptop.open('Busy');
    const first = `message ${facts.from ?? 1}`;
    await expect.poll(() => laptop.firstNew(), SOON).toBe(first);
    const { text } = await laptop.restingPlace();
    expect(text).toBe(first);
    const last = (facts.from ?? 1) + facts.count - 1;
    const seen = await isReadTo('Busy', { last });
    await laptop.wheel(300);
    const further = await isReadTo('Busy', { last });
    expect(further).toBeGreaterThan(seen);
    await laptop.open('Ann');
    await laptop.open('Busy');
    await expect.poll(() => laptop.firstNew(), SOON).toBe(`message ${further + 1}`);
    await laptop.scrollToEnd();
    for (const device of [laptop, phone]) {
      await expect.poll(() => device.unreadOf('Busy'), SOON).toBeNull();
    }
  }
});
