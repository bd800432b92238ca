import * as z from 'zod';

import type { LetterFilter } from '../core/ops/find-letters.ts';
import type { Option } from './command.ts';
import { moment } from './moment.ts';

/** Options that say which dead letters are meant. */
export const LETTER_OPTIONS: Record<string, Option> = {
  conversation: { type: 'string', value: 'ID', what: 'those of this conversation' },
  code: { type: 'string', value: 'N', what: 'those that Centrifugo refused with this code' },
  since: {
    type: 'string',
    value: 'TIME',
    what: 'those that died then or later (2h, 7d, ISO 8601)',
  },
  until: { type: 'string', value: 'TIME', what: 'those that died before' },
};

export const letterSchema = {
  conversation: z.uuid('is no id of a conversation').optional(),
  code: z.coerce.number('is no number').int().optional(),
  since: moment.optional(),
  until: moment.optional(),
};

const id = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'is no number of an outbox row')
  .transform(Number);

/** The same for a command that must be told which: by number, by at least one option, or `--all`. */
export const CHOICE_OPTIONS: Record<string, Option> = {
  ...LETTER_OPTIONS,
  all: { type: 'boolean', what: 'every open one' },
};

export const choiceSchema = {
  ...letterSchema,
  all: z.boolean().default(false),
  words: z.array(id),
};

type Choice = {
  conversation?: string | undefined;
  code?: number | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  all?: boolean;
  words?: number[];
};

/** That exactly one of the three ways was taken. */
export function isOneChoice({ words = [], all = false, ...choice }: Choice): boolean {
  const { conversation, code, since, until } = choice;
  const narrowed = [conversation, code, since, until].some((value) => value !== undefined);
  return [words.length > 0, all, narrowed].filter(Boolean).length === 1;
}

export const ONE_CHOICE =
  'say which ones: by their numbers, or by --conversation, --code, --since, --until, or --all';

export function filterOf({ conversation, code, since, until, words = [] }: Choice): LetterFilter {
  return {
    conversationId: conversation,
    code,
    since,
    until,
    ...(words.length > 0 && { ids: words }),
  };
}
