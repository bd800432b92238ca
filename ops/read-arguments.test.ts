import { describe, expect, test } from 'vitest';

import { COMMANDS } from './commands.ts';
import { helpOn } from './help.ts';
import { readArguments } from './read-arguments.ts';
import { UsageError } from './usage-error.ts';

const ID = '0197f3a0-0000-7000-8000-000000000001';
const why = ['--why', 'a reason'];

describe('the command line', () => {
  test.each([
    ['status'],
    ['dead list --code 107 --since 2h --limit 5'],
    ['dead show 4711 --payload'],
    ['redrive --all --dry-run'],
    ['redrive 1 2 3 --dry-run'],
    [`resync --conversation ${ID} --from-seq 3 --dry-run`],
    ['resync --since 2026-01-31T10:00:00Z --until 2026-01-31T10:30:00+01:00 --dry-run'],
    ['actions --limit 3'],
    ['audit'],
    [`audit --conversation ${ID}`],
    ['audit --since 7d --until 2026-01-31'],
  ])('understands: %s', (line) => {
    const asked = readArguments([...line.split(' '), '--json']);
    expect(asked).toMatchObject({ json: true, prepared: { changes: false } });
  });

  test.each([
    ['redrive 4711'],
    [`redrive --conversation ${ID}`],
    ['redrive --all'],
    ['dismiss 4711'],
    ['resync --since 2h'],
    ['pause --shard 0 --shard 7'],
    ['resume --all'],
    ['restored'],
    ['restored --no-resync'],
  ])('wants to know why before it does this: %s', (line) => {
    const words = line.split(' ');
    expect(() => readArguments(words)).toThrow('--why');
    expect(() => readArguments([...words, '--why', '  '])).toThrow('--why');
    expect(readArguments([...words, ...why, '--as', 'olga'])).toMatchObject({
      reason: 'a reason',
      operator: 'olga',
      json: false,
      prepared: { changes: true },
    });
  });

  test.each([
    ['', 'which command?'],
    ['destroy', 'no command destroy'],
    ['dead', 'no command dead'],
    ['status now', 'takes no now'],
    ['status --loud', '--loud'],
    ['dead list --limit 0', '--limit'],
    ['dead list --limit many', '--limit'],
    ['dead list --code x', '--code'],
    ['dead list --since yesterday', '--since: is no time'],
    ['dead list --since 2026-01-31T10:00:00', 'zone'],
    ['dead list --conversation 7', '--conversation: is no id'],
    ['dead show', 'OUTBOX_ID: say which one'],
    ['dead show 1 2', 'OUTBOX_ID: say which one'],
    ['dead show one', 'OUTBOX_ID: is no number'],
    ['redrive', 'say which ones'],
    ['redrive 1 --all', 'say which ones'],
    ['redrive --all --code 107', 'say which ones'],
    ['redrive -1', '-1'],
    ['dismiss', 'say which ones'],
    ['resync', 'say which ones'],
    [`resync --conversation ${ID} --since 2h`, 'say which ones'],
    ['resync --since 2h --from-seq 3', '--from-seq belongs to --conversation'],
    [`resync --conversation ${ID} --from-seq 0`, '--from-seq'],
    ['pause', 'say which ones'],
    ['pause --all --shard 3', 'say which ones'],
    ['pause --shard 8', '--shard: is one of 0, 1, 2'],
    ['resume --shard x', '--shard'],
    [`audit --conversation ${ID} --since 2h`, 'not both'],
    ['audit --until 2h', '--until needs --since'],
  ])('does not understand: %s (%s)', (line, words) => {
    const argv = line === '' ? [] : [...line.split(' '), ...why];
    expect(() => readArguments(argv)).toThrow(UsageError);
    expect(() => readArguments(argv)).toThrow(words);
  });

  test('lists every command in its help', () => {
    expect(readArguments(['--help'])).toEqual({ help: null });
    const text = helpOn(null);
    for (const { name, summary } of COMMANDS)
      expect(text).toMatch(new RegExp(`^ +${name}.* ${summary}$`, 'm'));
  });

  test.each(COMMANDS.map((command) => [command.name, command] as const))(
    'explains %s with its options and examples that it understands',
    (name, command) => {
      expect(readArguments([...name.split(' '), '--help', '--anything'])).toEqual({
        help: command,
      });
      const text = helpOn(command);
      for (const option of Object.keys(command.options)) expect(text).toContain(`--${option}`);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        expect(text).toContain(example);
        const words = [...example.replaceAll('ID', ID).matchAll(/"([^"]*)"|(\S+)/g)];
        expect(readArguments(words.map(([, quoted, plain]) => quoted ?? plain!))).toMatchObject({
          command,
        });
      }
    },
  );
});
