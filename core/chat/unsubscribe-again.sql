-- Unsubscribes those once more who lost a conversation a while ago: until now a token from before may have brought them
-- back. The numbers of the shards to ring for. Whoever is back meanwhile has no row here, or is found to be by the drain.
CREATE OR REPLACE FUNCTION unsubscribe_again(p_limit integer) RETURNS jsonb
LANGUAGE sql
BEGIN ATOMIC
  WITH due AS (
    DELETE FROM revocations r USING (
      SELECT conversation_id, user_id FROM revocations WHERE due_at <= clock_timestamp()
      ORDER BY due_at LIMIT p_limit FOR UPDATE SKIP LOCKED) d
    WHERE r.conversation_id = d.conversation_id AND r.user_id = d.user_id
    RETURNING r.*
  ), said AS (
    INSERT INTO outbox (shard, kind, conversation_id, subject, event_id, epoch)
    SELECT c.shard, 'unsubscribe', c.id, due.user_id, gen_random_uuid(), current_epoch()
    FROM due JOIN conversations c ON c.id = due.conversation_id
    ORDER BY due.due_at
    RETURNING shard
  )
  SELECT coalesce(jsonb_agg(DISTINCT shard), '[]') FROM said;
END;
