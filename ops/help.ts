import type { Command, Option } from './command.ts';
import { COMMANDS } from './commands.ts';
import { GLOBAL_OPTIONS } from './read-arguments.ts';
import { table } from './table.ts';

const CALL = 'npm run ops --';

export function helpOn(command: Command | null): string {
  return command ? one(command) : all();
}

function all(): string {
  const commands = COMMANDS.map(({ name, words, summary }) => [
    `  ${[name, words].filter(Boolean).join(' ')}`,
    summary,
  ]);
  return `${CALL} COMMAND [OPTION…]

What operators do about delivery. Needs DATABASE_URL; REDIS_URL only spares the half second until the sweeper looks.

${table(commands)}

Every command:
${optionsOf(GLOBAL_OPTIONS)}

Exit code: 0 done, 1 something is wrong or was not found, 2 the command was not understood.
${CALL} COMMAND --help tells more; docs/operations.md tells when to use which.
`;
}

function one({ name, words, help, options, examples }: Command): string {
  const call = [CALL, name, words, '[OPTION…]'].filter(Boolean).join(' ');
  return `${call}

${help}

Options:
${optionsOf({ ...options, ...GLOBAL_OPTIONS })}

Examples:
${examples.map((example) => `  ${CALL} ${example}`).join('\n')}
`;
}

function optionsOf(options: Record<string, Option>): string {
  return table(
    Object.entries(options).map(([name, { value, multiple, what }]) => [
      `  --${name}${value === undefined ? '' : ` ${value}`}${multiple ? ' …' : ''}`,
      what,
    ]),
  );
}
