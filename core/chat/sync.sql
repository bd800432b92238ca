-- What changed for a user since a sync before this one, or, without one, what there is.
--
--   p_since   `xmin` of that sync: the oldest transaction that was not over when it was answered. Whatever that one did
--             not see, because it was not committed yet, was written by it or by a later one. A counter or a clock
--             instead would pass over whoever drew a number early and committed late.
--   p_limit   the most conversations that are told
--
-- One statement and so one snapshot, from the primary: STABLE, because a VOLATILE function would take another snapshot
-- for each of its queries.
--
-- {"xmin", "epoch", "limited", "conversations": [Conversation…], "removed": [conversationId…],
--  "presence": [Presence…], "me": {"presence": OwnPresence, "totalUnread"}}
CREATE OR REPLACE FUNCTION sync(p_user text, p_since xid8, p_limit integer) RETURNS json
LANGUAGE plpgsql STABLE AS $$
DECLARE
  answer json;
BEGIN
  WITH present AS MATERIALIZED (
    SELECT c, m, c.last_active_at, c.id FROM members m JOIN conversations c ON c.id = m.conversation_id
    WHERE m.user_id = p_user AND m.left_ev IS NULL
  ), changed AS MATERIALIZED (
    SELECT * FROM present
    WHERE p_since IS NULL OR (c).changed_xid >= p_since OR (m).changed_xid >= p_since
    ORDER BY last_active_at DESC, id DESC LIMIT p_limit + 1
  ), told AS (
    SELECT * FROM changed ORDER BY last_active_at DESC, id DESC LIMIT p_limit
  ), gone AS MATERIALIZED (
    SELECT DISTINCT conversation_id FROM members
    WHERE user_id = p_user AND left_ev IS NOT NULL AND changed_xid >= p_since
      AND conversation_id NOT IN (SELECT id FROM present)
    LIMIT 1000
  ), seen AS (
    SELECT c.contact_id FROM contacts c LEFT JOIN presence p ON p.user_id = c.contact_id
    WHERE c.user_id = p_user AND (p_since IS NULL OR (p.changed_xid >= p_since AND p.version > 0))
  )
  SELECT json_build_object(
    'xmin', pg_snapshot_xmin(pg_current_snapshot())::text,
    'epoch', e.epoch,
    'limited', (SELECT count(*) FROM changed) > p_limit OR (SELECT count(*) FROM gone) = 1000,
    'conversations', (
      SELECT coalesce(json_agg(
        conversation_json(c, m, e.epoch) ORDER BY last_active_at DESC, id DESC), '[]') FROM told),
    'removed', (SELECT coalesce(json_agg(conversation_id), '[]') FROM gone),
    'presence', (SELECT coalesce(json_agg(presence_json(contact_id) ORDER BY contact_id), '[]') FROM seen),
    'me', json_build_object(
      'presence', (
        SELECT json_build_object(
          'status', coalesce(p.status, 'offline'), 'chosen', coalesce(p.chosen, 'auto'))
        FROM (SELECT) one LEFT JOIN presence p ON p.user_id = p_user),
      'totalUnread', total_unread(p_user)))
  INTO answer FROM (SELECT current_epoch() AS epoch OFFSET 0) e;
  RETURN answer;
END $$;
