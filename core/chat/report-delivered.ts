import { DeliveredState } from '@rov/realtime';
import type { DeliveredRequest } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

/** Where it reached a member, and the shards whose doorbells to ring. */
const Answer = DeliveredState.extend({ shards: z.array(z.int()) });

/** Moves pointers of delivery, never back, in one call that is one transaction (report-delivered.sql). */
export async function reportDelivered(
  sql: Sql,
  report: { userId: string; items: z.output<typeof DeliveredRequest>['items'] },
): Promise<z.infer<typeof Answer>> {
  const rows = await sql`
    SELECT report_delivered(${report.userId}, ${sql.json(report.items)}) AS answer`;
  return answerOf(Answer, rows);
}
