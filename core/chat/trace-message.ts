import { MessageTrace } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

/** What operators see besides: who delivered it, and where it stands in its channel. */
const OperatorTrace = MessageTrace.extend({
  shard: z.int(),
  worker: z.string().nullable(),
  streamOffset: z.int().nullable(),
  streamEpoch: z.string().nullable(),
  reason: z.string().nullable().describe('Why it died'),
});

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('traced'), trace: OperatorTrace }),
  z.object({ outcome: z.literal('forbidden') }),
  z.object({ outcome: z.literal('not_found') }),
]);

/**
 * What became of the event by which a message was sent. `reader`: a member who asks; only the sender and those who keep
 * the conversation are told. Without one an operator asks, about any message.
 */
export async function traceMessage(
  sql: Sql,
  asked: { messageId: string; reader?: { userId: string; conversationId: string } | undefined },
): Promise<z.infer<typeof Answer>> {
  const { messageId, reader } = asked;
  const rows = await sql`
    WITH message AS (
      SELECT g.*, c.shard, m.role FROM messages g
      JOIN conversations c ON c.id = g.conversation_id
      LEFT JOIN members m ON m.conversation_id = c.id AND m.user_id = ${reader?.userId ?? null}
        AND m.left_ev IS NULL AND m.joined_seq <= g.seq
      WHERE g.id = ${messageId} AND (${reader === undefined}
        OR (g.conversation_id = ${reader?.conversationId ?? null} AND m.role IS NOT NULL))
    ), event AS (
      SELECT 'waiting' AS state, o.event_id, o.traceparent, o.created_at AS committed_at,
        NULL::timestamptz AS acknowledged_at, NULL::integer AS attempts, false AS superseded,
        NULL AS worker, NULL::bigint AS stream_offset, NULL AS stream_epoch, NULL AS reason
      FROM message g JOIN outbox o ON o.shard = g.shard AND o.conversation_id = g.conversation_id
        AND o.ev = g.sent_ev
      UNION ALL
      SELECT 'delivered', d.event_id, NULL, d.committed_at, d.acknowledged_at, d.attempts, d.superseded,
        d.worker, d.stream_offset, d.stream_epoch, NULL
      FROM message g JOIN deliveries d ON d.conversation_id = g.conversation_id AND d.ev = g.sent_ev
      UNION ALL
      SELECT 'dead', l.event_id, l.traceparent, l.created_at, l.died_at, l.attempts, false, NULL, NULL,
        NULL, l.reason
      FROM message g JOIN dead_letters l ON l.conversation_id = g.conversation_id AND l.ev = g.sent_ev
    )
    SELECT coalesce((
      SELECT CASE WHEN ${reader === undefined} OR g.sender_id = ${reader?.userId ?? null}
          OR g.role <> 'member' THEN json_build_object('outcome', 'traced', 'trace', json_build_object(
            'messageId', g.id, 'conversationId', g.conversation_id, 'seq', g.seq,
            'state', coalesce(e.state, 'unknown'), 'eventId', e.event_id, 'ev', g.sent_ev,
            'committedAt', iso(coalesce(e.committed_at, g.created_at)),
            'acknowledgedAt', iso(e.acknowledged_at),
            -- The clock may have been set back in between.
            'delayMs', CASE WHEN e.acknowledged_at IS NOT NULL THEN
              greatest(0, extract(epoch FROM e.acknowledged_at - e.committed_at) * 1000) END,
            'attempts', e.attempts, 'superseded', coalesce(e.superseded, false),
            'traceparent', e.traceparent, 'shard', g.shard, 'worker', e.worker,
            'streamOffset', e.stream_offset, 'streamEpoch', e.stream_epoch, 'reason', e.reason))
        ELSE '{"outcome": "forbidden"}' END
      -- A letter of which only some users were missed was delivered to the others: the worse is told.
      FROM message g LEFT JOIN event e ON true ORDER BY e.state = 'dead' DESC LIMIT 1
    ), '{"outcome": "not_found"}') AS answer`;
  return answerOf(Answer, rows);
}
