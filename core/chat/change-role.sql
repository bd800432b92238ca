-- A member as the contract has it.
CREATE OR REPLACE FUNCTION member_json(p_member members, p_user users) RETURNS json
LANGUAGE sql STABLE
RETURN json_build_object('userId', p_member.user_id, 'role', p_member.role,
  'joinedSeq', p_member.joined_seq, 'profile', profile_json(p_user));

-- Gives a member of a group another role. Owners alone do so, and one of them always stays.
--
-- {"outcome": "changed" | "unchanged", "member": …, "shard": n}
-- {"outcome": "not_found" | "forbidden" | "direct" | "last_owner"}
CREATE OR REPLACE FUNCTION change_role(p_conversation uuid, p_actor text, p_user text, p_role text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  actor members;
  member members;
  person users;
  common jsonb;
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation FOR UPDATE;

  SELECT * INTO actor FROM members
  WHERE conversation_id = p_conversation AND user_id = p_actor AND left_ev IS NULL;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  SELECT * INTO member FROM members
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF conversation.kind = 'direct' THEN RETURN '{"outcome": "direct"}'; END IF;
  IF actor.role <> 'owner' THEN RETURN '{"outcome": "forbidden"}'; END IF;
  SELECT * INTO STRICT person FROM users WHERE id = p_user;
  IF member.role = p_role THEN
    RETURN jsonb_build_object('outcome', 'unchanged', 'member', member_json(member, person),
      'shard', conversation.shard);
  END IF;
  IF member.role = 'owner' AND NOT EXISTS (
    SELECT FROM members WHERE conversation_id = p_conversation AND left_ev IS NULL
      AND role = 'owner' AND user_id <> p_user
  ) THEN RETURN '{"outcome": "last_owner"}'; END IF;

  UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING * INTO conversation;
  UPDATE members SET role = p_role
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL
  RETURNING * INTO member;

  common := event_frame(conversation, clock_timestamp());
  INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload, audience,
    audience_payload)
  VALUES (conversation.shard, 'event', p_conversation, conversation.ev, (common->>'eventId')::uuid,
    common->>'epoch',
    common || jsonb_build_object('type', 'member_updated', 'userId', p_user, 'role', p_role,
      'byUserId', p_actor),
    'members',
    common || jsonb_build_object('type', 'conversation_updated', 'lastSeq', conversation.last_seq));
  PERFORM write_system_message(p_conversation, p_actor,
    jsonb_build_object('kind', 'role_changed', 'userId', p_user, 'role', p_role),
    names_of(ARRAY[p_actor]) || ' made ' || names_of(ARRAY[p_user])
      || CASE p_role WHEN 'member' THEN ' a ' ELSE ' an ' END || p_role);

  RETURN jsonb_build_object('outcome', 'changed', 'member', member_json(member, person),
    'shard', conversation.shard);
END $$;
