-- One direct conversation per pair, whoever wins the race.
--
-- {"outcome": "created" | "existing", "conversationId": …, "shard": n} | {"outcome": "unknown_user"}
CREATE OR REPLACE FUNCTION open_direct(p_id uuid, p_user text, p_other text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  pair text := least(p_user COLLATE "C", p_other) || ' ' || greatest(p_user COLLATE "C", p_other);
  common jsonb;
BEGIN
  IF NOT EXISTS (SELECT FROM users WHERE id = p_other) THEN
    RETURN '{"outcome": "unknown_user"}';
  END IF;

  INSERT INTO conversations (id, kind, direct_key, member_count, shard, created_by)
  VALUES (p_id, 'direct', pair, 2, shard_of(p_id::text), p_user)
  ON CONFLICT (direct_key) DO NOTHING
  RETURNING * INTO conversation;

  -- The loser of the race waited for the winner and sees it in a statement of its own.
  IF NOT FOUND THEN
    SELECT * INTO conversation FROM conversations WHERE direct_key = pair;
    RETURN jsonb_build_object(
      'outcome', 'existing', 'conversationId', conversation.id, 'shard', conversation.shard);
  END IF;

  INSERT INTO members (conversation_id, user_id, role, joined_seq, joined_ev, last_read_seq)
  SELECT p_id, u, 'member', 1, 0, 0 FROM unnest(ARRAY[p_user, p_other]) u;

  common := event_frame(conversation, clock_timestamp());
  INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, audience, audience_payload)
  VALUES (conversation.shard, 'event', p_id, 0, (common->>'eventId')::uuid, common->>'epoch', 'members',
    common || jsonb_build_object('type', 'conversation_added', 'lastSeq', 0));

  RETURN jsonb_build_object('outcome', 'created', 'conversationId', p_id, 'shard', conversation.shard);
END $$;
