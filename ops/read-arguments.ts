import { parseArgs } from 'node:util';

import type { Command, Option, Prepared } from './command.ts';
import { COMMANDS } from './commands.ts';
import { UsageError } from './usage-error.ts';

/** What every command takes. */
export const GLOBAL_OPTIONS: Record<string, Option> = {
  as: { type: 'string', value: 'NAME', what: 'who acts (OPERATOR, or the name of the account)' },
  why: { type: 'string', value: 'TEXT', what: 'why; required for whatever changes something' },
  json: { type: 'boolean', what: 'print JSON' },
  help: { type: 'boolean', what: 'explain this command' },
};

export type Asked =
  | { help: Command | null }
  | {
      command: Command;
      prepared: Prepared;
      json: boolean;
      /** As given with `--as`. */
      operator: string | undefined;
      /** Never empty where the command changes something. */
      reason: string;
    };

/** Throws a UsageError for what is no command of ours. */
export function readArguments(argv: readonly string[]): Asked {
  const found = commandIn(argv);
  if (!found) {
    if (argv.includes('--help')) return { help: null };
    const first = argv.find((word) => !word.startsWith('-'));
    throw new UsageError(first === undefined ? 'which command?' : `there is no command ${first}`);
  }
  const { command, rest } = found;
  if (rest.includes('--help')) return { help: command };
  const { values, positionals: words } = parse(command, rest);
  const { as: operator, why, json, ...own } = values;
  const prepared = command.prepare({ values: own, words });
  const reason = typeof why === 'string' ? why.trim() : '';
  if (prepared.changes && reason === '') {
    throw new UsageError(`${command.name} changes something: say why with --why TEXT`);
  }
  return {
    command,
    prepared,
    json: json === true,
    operator: typeof operator === 'string' ? operator : undefined,
    reason,
  };
}

/** The command's words come first, options after them. */
function commandIn(argv: readonly string[]): { command: Command; rest: string[] } | undefined {
  for (const length of [2, 1]) {
    const name = argv.slice(0, length).join(' ');
    const command = COMMANDS.find((each) => each.name === name);
    if (command) return { command, rest: argv.slice(length) };
  }
  return undefined;
}

function parse(command: Command, args: string[]) {
  try {
    return parseArgs({
      args,
      options: { ...GLOBAL_OPTIONS, ...command.options },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
