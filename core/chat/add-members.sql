-- Invites people into a group. Whoever is in it already stays as they are, so a repeat is harmless.
-- A newcomer hears from its own `member_joined` on and reads from the message about its joining on. What the history of
-- the channel holds from before is removed before it can listen (docs/decisions/0010-revocation.md).
--
-- {"outcome": "added", "added": [userId…], "shard": n}
-- {"outcome": "not_found" | "forbidden" | "direct" | "unknown_user"}
CREATE OR REPLACE FUNCTION add_members(p_conversation uuid, p_actor text, p_users text[])
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  actor members;
  newcomer users;
  added text[] := '{}';
  at timestamptz;
  common jsonb;
  to_newcomer jsonb;
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation FOR UPDATE;

  SELECT * INTO actor FROM members
  WHERE conversation_id = p_conversation AND user_id = p_actor AND left_ev IS NULL;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF conversation.kind = 'direct' THEN RETURN '{"outcome": "direct"}'; END IF;
  IF actor.role = 'member' THEN RETURN '{"outcome": "forbidden"}'; END IF;
  IF EXISTS (
    SELECT FROM unnest(p_users) u WHERE NOT EXISTS (SELECT FROM users WHERE id = u)
  ) THEN RETURN '{"outcome": "unknown_user"}'; END IF;

  at := clock_timestamp();
  FOR newcomer IN
    SELECT * FROM users u WHERE id = ANY (p_users) AND NOT EXISTS (
      SELECT FROM members m
      WHERE m.conversation_id = p_conversation AND m.user_id = u.id AND m.left_ev IS NULL)
    ORDER BY id
  LOOP
    IF added = '{}' THEN
      INSERT INTO outbox (shard, kind, conversation_id, event_id, epoch)
      VALUES (conversation.shard, 'history_remove', p_conversation, gen_random_uuid(), current_epoch());
    END IF;
    UPDATE conversations SET ev = ev + 1, member_count = member_count + 1
    WHERE id = p_conversation RETURNING * INTO conversation;
    INSERT INTO members (conversation_id, user_id, role, joined_seq, joined_ev, last_read_seq)
    VALUES (p_conversation, newcomer.id, 'member', conversation.last_seq + 1, conversation.ev,
      conversation.last_seq);
    -- Who is back is not unsubscribed once more.
    DELETE FROM revocations WHERE conversation_id = p_conversation AND user_id = newcomer.id;

    common := event_frame(conversation, at);
    to_newcomer := event_frame(conversation, at)
      || jsonb_build_object('type', 'conversation_added', 'lastSeq', conversation.last_seq);
    INSERT INTO outbox (shard, kind, conversation_id, ev, subject, event_id, epoch, payload, audience,
      audience_payload)
    SELECT conversation.shard, 'event', p_conversation, conversation.ev, newcomer.id,
      (e.audience_payload->>'eventId')::uuid, e.audience_payload->>'epoch', e.payload, e.audience,
      e.audience_payload
    FROM (VALUES
      (1, NULL::jsonb, 'subject', to_newcomer),
      (2,
        common || jsonb_build_object('type', 'member_joined', 'userId', newcomer.id, 'role', 'member',
          'profile', profile_json(newcomer)),
        'members',
        common || jsonb_build_object('type', 'conversation_updated', 'lastSeq', conversation.last_seq))
    ) e (ord, payload, audience, audience_payload)
    ORDER BY e.ord;
    added := added || newcomer.id;
  END LOOP;

  IF added <> '{}' THEN
    PERFORM write_system_message(p_conversation, p_actor,
      jsonb_build_object('kind', 'members_added', 'userIds', to_jsonb(added[1:20]),
        'count', cardinality(added)),
      names_of(ARRAY[p_actor]) || ' added ' || names_of(added));
  END IF;
  RETURN jsonb_build_object('outcome', 'added', 'added', added, 'shard', conversation.shard);
END $$;
