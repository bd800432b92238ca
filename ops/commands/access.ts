import * as z from 'zod';

import { changeAccess } from '../../core/ops/access.ts';
import type { AccessAction } from '../../core/ops/access.ts';
import { command } from '../command.ts';
import type { Command } from '../command.ts';

const schema = z.object({
  words: z.tuple([z.string().min(1)], { error: 'say whom: one user id' }),
});

/** What differs between the three: the word for what was done, and for what had been so before. */
function accessCommand(
  action: AccessAction,
  words: { summary: string; help: string; done: string; before: string },
): Command {
  const { summary, help, done, before } = words;
  return command({
    name: action,
    words: 'USER',
    summary,
    help,
    options: {},
    examples: [`${action} ann --why "ticket 12"`],
    schema,
    changes: () => true,
    run: async ({ words: [userId] }, { sql, deed, ring }) => {
      const outcome = await changeAccess(sql, { userId, action, deed, ring });
      const text =
        outcome.users === 0
          ? `nobody has the id ${userId}`
          : `${userId} ${outcome.changed === 0 ? before : done}`;
      return { code: outcome.users === 0 ? 1 : 0, data: outcome, text };
    },
  });
}

export const ban = accessCommand('ban', {
  summary: 'keep a user out',
  help: `All connections of the user are closed, others see them offline, and none of their tokens is taken any more, also new
ones: at once where they would connect again, after two seconds at the latest elsewhere. They stay in their conversations
and what they said stays. A client that cheats with tokens that it kept hears for a minute at most. Exit code 1 when there
is no such user.`,
  done: 'is banned',
  before: 'had been banned before',
});

export const unban = accessCommand('unban', {
  summary: 'let a banned user in again',
  help: `The user's tokens are taken again. Exit code 1 when there is no such user.`,
  done: 'may come in again',
  before: 'was not banned',
});

export const signOut = accessCommand('sign-out', {
  summary: 'sign a user out everywhere',
  help: `When a device or a token was lost. All connections of the user are closed, and tokens that were issued until now are not
taken any more; with a new one, issued a second later or more, the user is back. Exit code 1 when there is no such user.`,
  done: 'is signed out everywhere',
  before: 'is signed out everywhere',
});
