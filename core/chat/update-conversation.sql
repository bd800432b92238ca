-- Gives a group another title or picture. What is as it was already announces nothing.
--
--   p_change  {"title"?, "image"?}; what is absent stays
--
-- {"outcome": "updated" | "unchanged", "shard": n} | {"outcome": "not_found" | "forbidden" | "direct"}
CREATE OR REPLACE FUNCTION update_conversation(p_conversation uuid, p_actor text, p_change jsonb)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  before conversations;
  actor members;
  common jsonb;
  changed jsonb;
BEGIN
  SELECT * INTO before FROM conversations WHERE id = p_conversation FOR UPDATE;

  SELECT * INTO actor FROM members
  WHERE conversation_id = p_conversation AND user_id = p_actor AND left_ev IS NULL;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF before.kind = 'direct' THEN RETURN '{"outcome": "direct"}'; END IF;
  IF actor.role = 'member' THEN RETURN '{"outcome": "forbidden"}'; END IF;
  changed := jsonb_build_object('title', before.title, 'image', before.image) || p_change;
  IF (changed->>'title', changed->>'image') IS NOT DISTINCT FROM (before.title, before.image) THEN
    RETURN jsonb_build_object('outcome', 'unchanged', 'shard', before.shard);
  END IF;

  UPDATE conversations SET ev = ev + 1, title = changed->>'title', image = changed->>'image'
  WHERE id = p_conversation RETURNING * INTO conversation;

  common := event_frame(conversation, clock_timestamp())
    || jsonb_build_object('type', 'conversation_updated') || changed;
  INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload, audience,
    audience_payload)
  VALUES (conversation.shard, 'event', p_conversation, conversation.ev, (common->>'eventId')::uuid,
    common->>'epoch', common, 'members',
    common || jsonb_build_object('lastSeq', conversation.last_seq));
  IF conversation.title IS DISTINCT FROM before.title THEN
    PERFORM write_system_message(p_conversation, p_actor,
      jsonb_build_object('kind', 'renamed', 'title', conversation.title),
      names_of(ARRAY[p_actor]) || ' renamed the group to ' || conversation.title);
  ELSE
    PERFORM write_system_message(p_conversation, p_actor, '{"kind": "picture_changed"}',
      names_of(ARRAY[p_actor]) || ' changed the picture of the group');
  END IF;

  RETURN jsonb_build_object('outcome', 'updated', 'shard', conversation.shard);
END $$;
