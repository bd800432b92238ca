import { expect, test } from 'vitest';

import { productFiles } from './product-files.ts';
import { askingForMore, spelledChannels, unexplainedExceptions } from './source-text.ts';

const CHANNELS = 'realtime/contract/channels.ts';

test('only channels.ts spells a channel name', async () => {
  const spelled = [];
  for (const { path, text } of await productFiles()) {
    if (path !== CHANNELS) spelled.push(...spelledChannels(text).map((line) => `${path}: ${line}`));
  }
  expect(spelled).toEqual([]);
});

test('what channels.ts itself says would be found elsewhere', async () => {
  const channels = (await productFiles()).find(({ path }) => path === CHANNELS);
  expect(spelledChannels(channels?.text ?? '')).not.toEqual([]);
});

test.for(['publish(`chat:${userId}`);', "const c = 'conversation:' + id;", 'f("chat:7")'])(
  'a spelled channel is found: %s',
  (line) => expect(spelledChannels(line)).toEqual([line]),
);

test.for([' * `chat:{userId}` is named in a comment', "kind: 'chat'", "log('a chat: no channel')"])(
  'what is no channel name is let through: %s',
  (line) => expect(spelledChannels(line)).toEqual([]),
);

test('position.ts asks Centrifugo for nothing but where a channel stands', async () => {
  const position = (await productFiles()).find(({ path }) => path === 'api/position.ts');
  expect(position?.text).toContain('centrifugo.history(');
  expect(askingForMore(position?.text ?? '')).toEqual([]);
});

test.for(['await centrifugo.publish({ channel, data });', 'return centrifugo.batch(commands);'])(
  'a publication from there would be found: %s',
  (line) => expect(askingForMore(line)).toEqual([line]),
);

test('every exception from a check says why', async () => {
  const silent = [];
  for (const { path, text } of await productFiles()) {
    silent.push(...unexplainedExceptions(text).map((line) => `${path}: ${line}`));
  }
  expect(silent).toEqual([]);
});

test('an exception without a reason is found, one with a reason is let through', () => {
  const silent = ['/* oxlint-disable max-lines */', '// @ts-expect-error'];
  const explained = [
    '/* oxlint-disable max-lines -- one statement family, read top-down */',
    '// @ts-expect-error the types of this package lack the option',
  ];
  expect(unexplainedExceptions([...silent, ...explained].join('\n'))).toEqual(silent);
});
