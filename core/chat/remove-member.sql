-- Leaving (actor = user) or being removed. The subscription ends in the order of the messages, before
-- anything that is said afterwards, and once more when no token from before is good any longer
-- (docs/decisions/0010-revocation.md).
--
-- {"outcome": "removed", "shard": n} | {"outcome": "not_found" | "forbidden" | "direct" | "last_owner"}
CREATE OR REPLACE FUNCTION remove_member(p_conversation uuid, p_actor text, p_user text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  actor members;
  leaver members;
  common jsonb;
  to_leaver jsonb;
  at timestamptz;
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation FOR UPDATE;

  SELECT * INTO actor FROM members
  WHERE conversation_id = p_conversation AND user_id = p_actor AND left_ev IS NULL;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  SELECT * INTO leaver FROM members
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF conversation.kind = 'direct' THEN RETURN '{"outcome": "direct"}'; END IF;
  IF p_actor <> p_user AND (actor.role = 'member' OR (leaver.role = 'owner' AND actor.role <> 'owner'))
  THEN RETURN '{"outcome": "forbidden"}'; END IF;
  IF leaver.role = 'owner'
    AND NOT EXISTS (SELECT FROM members WHERE conversation_id = p_conversation AND left_ev IS NULL
      AND role = 'owner' AND user_id <> p_user)
    AND EXISTS (SELECT FROM members WHERE conversation_id = p_conversation AND left_ev IS NULL
      AND user_id <> p_user)
  THEN RETURN '{"outcome": "last_owner"}'; END IF;

  at := clock_timestamp();
  UPDATE conversations SET ev = ev + 1, member_count = member_count - 1
  WHERE id = p_conversation RETURNING * INTO conversation;
  UPDATE members SET left_ev = conversation.ev, left_seq = conversation.last_seq
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL;

  common := event_frame(conversation, at);
  to_leaver := event_frame(conversation, at)
    || jsonb_build_object('type', 'conversation_removed', 'lastSeq', conversation.last_seq);
  INSERT INTO outbox (shard, kind, conversation_id, ev, subject, event_id, epoch, payload, audience,
    audience_payload)
  SELECT conversation.shard, e.kind, p_conversation, conversation.ev, p_user, e.event_id,
    common->>'epoch', e.payload, e.audience, e.audience_payload
  FROM (VALUES
    (1, 'unsubscribe', gen_random_uuid(), NULL::jsonb, NULL, NULL::jsonb),
    (2, 'event', (common->>'eventId')::uuid,
      common || jsonb_build_object('type', 'member_left', 'userId', p_user, 'byUserId', p_actor),
      'members',
      common || jsonb_build_object('type', 'conversation_updated', 'lastSeq', conversation.last_seq)),
    (3, 'event', (to_leaver->>'eventId')::uuid, NULL, 'subject', to_leaver)
  ) e (ord, kind, event_id, payload, audience, audience_payload)
  ORDER BY e.ord;
  -- A token for a subscription lives for thirty seconds; it may have been asked for just before, and signed after.
  INSERT INTO revocations (conversation_id, user_id, due_at)
  VALUES (p_conversation, p_user, at + interval '35 seconds')
  ON CONFLICT (conversation_id, user_id) DO UPDATE SET due_at = EXCLUDED.due_at;

  PERFORM write_system_message(p_conversation, p_actor,
    jsonb_build_object('kind', CASE WHEN p_actor = p_user THEN 'member_left' ELSE 'member_removed' END,
      'userId', p_user),
    CASE WHEN p_actor = p_user THEN names_of(ARRAY[p_user]) || ' left'
      ELSE names_of(ARRAY[p_actor]) || ' removed ' || names_of(ARRAY[p_user]) END);
  RETURN jsonb_build_object('outcome', 'removed', 'shard', conversation.shard);
END $$;
