import { randomUUID } from 'node:crypto';

import { expect, it } from 'vitest';

import { keepTexts } from './keep-texts.ts';
import { listenIn } from './listen-in.ts';
import { SOON, windowsForFile } from './windows-for-file.ts';

const { stack, open } = await windowsForFile();
const [ann, ben, cleo] = await stack.people.persons('Ann', 'Ben', 'Cleo');
const group = { clientId: randomUUID(), title: 'Our group', memberIds: [ben!.id, cleo!.id] };
const { id } = (await ann!.rest.createGroup(group)).body;

/** Ben tells each second how far he has read; one of these may be under way when he is removed. */
const REPORT_UNDER_WAY = /status of 404 .*\/read\)$/;

it('tells and shows nothing after a kick to whom it was, while the others write on', async () => {
  const annsWindow = await open(ann!);
  const bensWindow = await open(ben!, { expected: REPORT_UNDER_WAY });
  const bensSocket = await listenIn(bensWindow.page);
  await bensWindow.reload();
  for (const window of [annsWindow, bensWindow]) await window.open('Our group');
  const kept = await keepTexts(bensWindow.page);
  // The first word may come with the page; once the second came, he hears what is told live, and only that.
  for (const word of ['Ben is still here', 'And he listens']) {
    await annsWindow.say(word);
    await expect.poll(() => bensWindow.messages(), SOON).toContain(word);
  }

  let sent = 0;
  let kicked = false;
  const talk = async (): Promise<void> => {
    for (let after = 0; after < 15;) {
      const content = kicked ? `after the kick ${after}` : `before the kick ${sent}`;
      if (kicked) after += 1;
      await cleo!.rest.typing(id, 'start');
      await cleo!.rest.send(id, { clientId: randomUUID(), content });
      sent += 1;
    }
  };
  const talking = talk();
  await expect.poll(() => sent, SOON).toBeGreaterThan(10);
  // His page would stop to listen by itself, which is not to be relied on.
  bensSocket.mute();
  await ann!.rest.removeMember(id, ben!.id);
  kicked = true;
  await talking;
  await expect.poll(() => annsWindow.messages(), SOON).toContain('after the kick 14');

  await bensWindow.page.getByText('You are not in “Our group” any more').waitFor();
  expect(await bensWindow.entry('Our group').count()).toBe(0);
  const seen = await kept();
  expect(seen).toContain('before the kick 0');
  expect(seen).toContain('Cleo is typing');
  expect(seen).not.toContain('after the kick');
  const heard = bensSocket.told.join('\n');
  expect(heard).toContain('before the kick 0');
  expect(heard).not.toContain('after the kick');
});
