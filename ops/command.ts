import type * as z from 'zod';

import type { Sql } from '../core/db/database.ts';
import type { Deed } from '../core/ops/deed.ts';
import { UsageError } from './usage-error.ts';

/** An option as `parseArgs` knows it, and what `--help` says of it. */
export type Option = {
  type: 'string' | 'boolean';
  multiple?: boolean;
  /** What its value is called: `TIME`. */
  value?: string;
  what: string;
};

/** What a command is given to do its work. */
export type Context = {
  sql: Sql;
  /** Who acts and why; only for what changes something. */
  deed: Deed;
  ring: (shard: number) => void;
  /** A line for whoever watches, beside the result. */
  say: (line: string) => void;
};

export type Result = {
  /** 1: something is wrong, or nothing was found where something was asked for. */
  code: 0 | 1;
  /** With `--json` this is printed, otherwise the text. */
  data: unknown;
  text: string;
};

/** The words of the command line, not yet understood. */
export type Given = {
  values: Record<string, string | boolean | (string | boolean)[] | undefined>;
  words: string[];
};

/** A command that was understood. */
export type Prepared = {
  /** Whether it changes something, so that somebody has to say why. */
  changes: boolean;
  run(context: Context): Promise<Result>;
};

export type Command = {
  /** One word or two: `dead list`. */
  name: string;
  /** What stands behind it: `OUTBOX_ID…`. */
  words?: string;
  summary: string;
  /** When to use it and what happens then. */
  help: string;
  options: Record<string, Option>;
  examples: string[];
  prepare(given: Given): Prepared;
};

/** `schema` is of the options by their names, with what stands behind the command as `words`. */
export function command<T extends z.ZodType>(
  spec: Omit<Command, 'prepare'> & {
    schema: T;
    changes: (asked: z.infer<T>) => boolean;
    run: (asked: z.infer<T>, context: Context) => Promise<Result>;
  },
): Command {
  const { schema, changes, run, ...rest } = spec;
  return {
    ...rest,
    prepare({ values, words }) {
      if (words.length > 0 && spec.words === undefined) {
        throw new UsageError(`${spec.name} takes no ${words.join(' ')}`);
      }
      const parsed = schema.safeParse({ ...values, words });
      if (!parsed.success) throw new UsageError(problemsOf(parsed.error, spec.words));
      const asked = parsed.data;
      return { changes: changes(asked), run: (context) => run(asked, context) };
    },
  };
}

function problemsOf(error: z.ZodError, words = 'the command'): string {
  return error.issues
    .map(({ path: [option], message }) => {
      if (option === undefined) return message;
      return `${option === 'words' ? words : `--${String(option)}`}: ${message}`;
    })
    .join('\n');
}
