import * as z from 'zod';

import { isPasswordHash } from './hash-password.ts';

/** A viewer may look at everything and change nothing. */
export type Role = 'viewer' | 'operator';

export type Operator = {
  readonly name: string;
  readonly role: Role;
  /** As made by `hashPassword`. */
  readonly hash: string;
};

export type Operators = ReadonlyMap<string, Operator>;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/**
 * OPERATORS: entries `name:role:hash`, separated by spaces. Problems are told by the entry's place and
 * name; the hash is never repeated, since problems are printed.
 */
export const operatorsSchema = z.string().transform((value, context): Operators => {
  const operators = new Map<string, Operator>();
  const problem = (message: string) => context.addIssue({ code: 'custom', message });
  for (const [index, entry] of value.trim().split(/\s+/).filter(Boolean).entries()) {
    const [name = '', role, hash = '', ...rest] = entry.split(':');
    const label = NAME.test(name) ? `operator ${name}` : `entry ${index + 1}`;
    if (!NAME.test(name)) problem(`${label}: the name must match ${NAME.source}`);
    else if (operators.has(name)) problem(`${label}: named twice`);
    if (role !== 'viewer' && role !== 'operator')
      problem(`${label}: the role is viewer or operator`);
    else if (!isPasswordHash(hash) || rest.length > 0)
      problem(`${label}: make the hash with dashboard/hash-password.ts`);
    else operators.set(name, { name, role, hash });
  }
  if (value.trim() === '') problem('names nobody: without an entry no one can log in');
  return operators;
});
