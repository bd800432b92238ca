-- Up to where messages have reached a device of a user, in many conversations at once: never back and never past the last
-- message. What the user is no member of is left out. In a direct conversation the other one is told.
--
-- Memberships are locked in the order of their conversations, whatever the order of the items: two devices of a user
-- report the same ones at the same time.
--
--   p_items  [{"conversationId", "seq"}…]
--
-- {"items": [{"conversationId", "lastDeliveredSeq"}…], "shards": those to ring for}
CREATE OR REPLACE FUNCTION report_delivered(p_user text, p_items jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  moved members;
  conversation conversations;
  shards_told smallint[] := '{}';
BEGIN
  PERFORM FROM members
  WHERE user_id = p_user AND left_ev IS NULL AND conversation_id IN (
    SELECT (value->>'conversationId')::uuid FROM jsonb_array_elements(p_items))
  ORDER BY conversation_id FOR UPDATE;

  -- A statement of its own, so that it sees whatever the locks were waited for.
  FOR moved IN
    UPDATE members m SET last_delivered_seq = least(i.seq, c.last_seq)
    FROM (
      SELECT (value->>'conversationId')::uuid AS id, max((value->>'seq')::bigint) AS seq
      FROM jsonb_array_elements(p_items) GROUP BY 1
    ) i JOIN conversations c ON c.id = i.id
    WHERE m.conversation_id = i.id AND m.user_id = p_user AND m.left_ev IS NULL
      AND least(i.seq, c.last_seq) > delivered_seq(m)
    RETURNING m.*
  LOOP
    SELECT * INTO conversation FROM conversations WHERE id = moved.conversation_id;
    CONTINUE WHEN conversation.kind <> 'direct';
    PERFORM announce_receipt(conversation, p_user,
      jsonb_build_object('type', 'delivered', 'lastDeliveredSeq', moved.last_delivered_seq));
    shards_told := shards_told || conversation.shard;
  END LOOP;

  RETURN jsonb_build_object(
    'items', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
        'conversationId', m.conversation_id, 'lastDeliveredSeq', delivered_seq(m))
        ORDER BY m.conversation_id), '[]')
      FROM members m
      WHERE m.user_id = p_user AND m.left_ev IS NULL AND m.conversation_id IN (
        SELECT (value->>'conversationId')::uuid FROM jsonb_array_elements(p_items))),
    'shards', to_jsonb(ARRAY(SELECT DISTINCT unnest(shards_told))));
END $$;
