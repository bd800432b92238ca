import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ChatChannelEvent, ConversationChannelEvent } from '@rov/realtime';
import { expect, test } from 'vitest';
import type * as z from 'zod';

import { COMMANDS } from '../ops/commands.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const document = read('docs/realtime.md');

/** Told once for all events. What is ephemeral has its own word on `at`. */
const FRAME = new Set(['v', 'eventId', 'at', 'epoch', 'conversationId', 'ev']);

type Told = { type: string; fields: string[] };

/** What the contract says of each event of a channel. */
function promised(union: typeof ConversationChannelEvent | typeof ChatChannelEvent): Told[] {
  const options: readonly z.ZodObject[] = union.options;
  return options.map(({ shape }) => {
    const isEphemeral = !('eventId' in shape);
    const own = Object.entries(shape).filter(
      ([name]) => name !== 'type' && (!FRAME.has(name) || (isEphemeral && name === 'at')),
    );
    const [type] = (shape['type'] as z.ZodLiteral<string>).values;
    return { type: type!, fields: own.map(([name, field]) => nameOf(name, field as z.ZodType)) };
  });
}

const nameOf = (name: string, field: z.ZodType): string =>
  field.safeParse(undefined).success ? `${name}?` : name;

/** What a table below a heading says of them. */
function told(text: string, heading: string): Told[] {
  const [, after = ''] = text.split(`### ${heading}\n`);
  const [section = ''] = after.split(/\n##/);
  const rows = section.matchAll(/^\| `(\w+)`\s+\| ([^|]*)\|/gm);
  return Array.from(rows, ([, type = '', fields = '']) => ({ type, fields: words(fields) }));
}

/** What stands in a text between back quotes. */
const words = (text: string): string[] =>
  Array.from(text.matchAll(/`([^`\n]+)`/g), ([, word = '']) => word);

const CHANNELS = [
  ['On `conversation:{conversationId}`', ConversationChannelEvent],
  ['On `chat:{userId}`', ChatChannelEvent],
] as const;

test.each(CHANNELS)(
  '%s: every event of the contract is there with its fields, and no other',
  (heading, union) => {
    const sorted = (events: Told[]) =>
      events.map(({ type, fields }) => `${type}: ${fields.toSorted().join(', ')}`).toSorted();
    expect(sorted(told(document, heading))).toEqual(sorted(promised(union)));
  },
);

test('an event or a field that is left out, and one that does not exist, would be found', () => {
  const [heading, union] = CHANNELS[1];
  const row = /^\| `presence`.*\n/m;
  const wrong = [
    document.replace(row, ''),
    document.replace('`lastSeenAt`, `version`', '`version`'),
    document.replace(row, (line) => line + line.replace('`presence`', '`poke`')),
  ];
  for (const text of wrong) expect(told(text, heading)).not.toEqual(told(document, heading));
  expect(promised(union)).toContainEqual({
    type: 'presence',
    fields: ['userId', 'status', 'lastSeenAt', 'version'],
  });
});

test('every field of the frame is explained', () => {
  for (const field of FRAME) expect(document).toMatch(new RegExp(`^\\| \`${field}\` `, 'm'));
});

test('every environment variable that is named is one that is read', () => {
  const known = new Set([
    ...Array.from(read('.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm), ([, name]) => name),
    ...(/process\.env\.(NEXT_PUBLIC_\w+)/.exec(read('realtime/react/default-url.ts')) ?? []),
  ]);
  const [, table = ''] = document.split('## Environment\n');
  const named = [
    ...words(document).filter((word) => /^[A-Z]+(_[A-Z]+)+$/.test(word)),
    ...words(table.split('\n## ')[0] ?? '').filter((word) => /^[A-Z_]+$/.test(word)),
  ];
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test('every export of the package that is told of is one', () => {
  const exported = read('realtime/react/index.ts') + read('realtime/server/index.ts');
  const [, chapter = ''] = document.split('## The package\n');
  const named = Array.from(
    chapter.matchAll(/import \{ (\w+) \} from '@rov|^### `(\w+)\(/gm),
    (found) => String(found[1] ?? found[2]),
  );
  expect(named).toContain('useCentrifugo');
  const ours = named.filter((name) => name !== 'Centrifuge' && name !== 'chatChannel');
  expect(ours.filter((name) => !new RegExp(`\\b${name}\\b`).test(exported))).toEqual([]);
});

test('every file, script and command of operators that is named exists', () => {
  const files = words(document).filter((word) =>
    /^(api|core|test|realtime|docs)\/[\w./-]+$/.test(word),
  );
  const linked = Array.from(document.matchAll(/\]\(([\w./-]+)\)/g), ([, path = '']) =>
    join('docs', path),
  );
  expect([...files, ...linked].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);

  const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>;
  const run = Array.from(document.matchAll(/npm run ([\w:]+)/g), ([, name = '']) => name);
  expect(run.filter((name) => !(name in scripts))).toEqual([]);

  const commands = new Set(COMMANDS.map(({ name }) => name));
  const asked = Array.from(
    document.matchAll(/npm run ops -- ([a-z]+(?: list)?)/g),
    ([, name]) => name,
  );
  expect(asked).toContain('status');
  expect(asked.filter((name) => !commands.has(name ?? ''))).toEqual([]);
});
