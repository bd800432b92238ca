-- A group with its founder as owner. The founder's client id makes a repeat harmless for ever.
--
-- {"outcome": "created" | "replayed", "conversationId": …, "shard": n}
-- {"outcome": "client_id_reused" | "unknown_user"}
CREATE OR REPLACE FUNCTION create_group(
  p_id uuid, p_founder text, p_client_id text, p_title text, p_members text[]
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  invited text[] := ARRAY(
    SELECT DISTINCT u FROM unnest(p_members) u WHERE u <> p_founder ORDER BY u);
  mark bytea := sha256(convert_to(jsonb_build_array(p_title, invited)::text, 'UTF8'));
  common jsonb;
BEGIN
  IF (SELECT count(*) FROM users WHERE id = ANY (invited)) <> cardinality(invited) THEN
    RETURN '{"outcome": "unknown_user"}';
  END IF;

  INSERT INTO conversations (id, kind, title, member_count, shard, created_by, client_id, fingerprint)
  VALUES (p_id, 'group', p_title, 1 + cardinality(invited), shard_of(p_id::text), p_founder,
    p_client_id, mark)
  ON CONFLICT (created_by, client_id) DO NOTHING
  RETURNING * INTO conversation;

  IF NOT FOUND THEN
    SELECT * INTO conversation FROM conversations
    WHERE created_by = p_founder AND client_id = p_client_id;
    IF conversation.fingerprint <> mark THEN RETURN '{"outcome": "client_id_reused"}'; END IF;
    RETURN jsonb_build_object(
      'outcome', 'replayed', 'conversationId', conversation.id, 'shard', conversation.shard);
  END IF;

  INSERT INTO members (conversation_id, user_id, role, joined_seq, joined_ev, last_read_seq)
  SELECT p_id, u, CASE WHEN u = p_founder THEN 'owner' ELSE 'member' END, 1, 0, 0
  FROM unnest(p_founder || invited) u;

  common := event_frame(conversation, clock_timestamp());
  INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, audience, audience_payload)
  VALUES (conversation.shard, 'event', p_id, 0, (common->>'eventId')::uuid, common->>'epoch', 'members',
    common || jsonb_build_object('type', 'conversation_added', 'lastSeq', 0));

  RETURN jsonb_build_object('outcome', 'created', 'conversationId', p_id, 'shard', conversation.shard);
END $$;
