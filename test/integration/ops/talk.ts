import type postgres from 'postgres';
import { expect } from 'vitest';

import type { AuditReport } from '../../../core/ops/audit.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { deliver } from './dead-letters.ts';

export type Talk = { ann: string; ben: string; id: string };

/** A group in which so many messages were said and delivered. */
export async function talk(sql: postgres.Sql, messages: number): Promise<Talk> {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const id = await group(sql, ann, ben);
  for (let n = 0; n < messages; n += 1) await say(sql, { conversationId: id, senderId: ann });
  await deliver(sql, id);
  return { ann, ben, id };
}

const KINDS = ['lost', 'duplicated', 'outOfOrder', 'unannounced', 'waiting', 'dead'] as const;

/** What was found of each kind, as the numbers of the examples; kinds of which nothing was found are left out. */
export function found(report: AuditReport): Record<string, number[]> {
  return Object.fromEntries(
    KINDS.filter((kind) => report[kind].count > 0).map((kind) => {
      expect(report[kind].examples).toHaveLength(Math.min(10, report[kind].count));
      return [kind, report[kind].examples.map(({ number }) => number)];
    }),
  );
}
