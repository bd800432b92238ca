-- Wrong on purpose: the owners are counted before the wait. Two who leave or step down at once each see the other stay.
CREATE OR REPLACE FUNCTION remove_member(p_conversation uuid, p_actor text, p_user text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
BEGIN
  IF NOT EXISTS (SELECT FROM members
    WHERE conversation_id = p_conversation AND user_id = p_actor AND left_ev IS NULL)
  THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF NOT EXISTS (SELECT FROM members WHERE conversation_id = p_conversation AND left_ev IS NULL
    AND role = 'owner' AND user_id <> p_user)
  THEN RETURN '{"outcome": "last_owner"}'; END IF;

  UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING * INTO conversation;
  UPDATE members SET left_ev = conversation.ev, left_seq = conversation.last_seq
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL;
  RETURN jsonb_build_object('outcome', 'removed', 'shard', conversation.shard);
END $$;

CREATE OR REPLACE FUNCTION change_role(p_conversation uuid, p_actor text, p_user text, p_role text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  member members;
  person users;
  home smallint;
BEGIN
  IF NOT EXISTS (SELECT FROM members WHERE conversation_id = p_conversation AND left_ev IS NULL
    AND role = 'owner' AND user_id = p_actor)
  THEN RETURN '{"outcome": "forbidden"}'; END IF;
  IF NOT EXISTS (SELECT FROM members WHERE conversation_id = p_conversation AND left_ev IS NULL
    AND role = 'owner' AND user_id <> p_user)
  THEN RETURN '{"outcome": "last_owner"}'; END IF;

  UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING shard INTO home;
  UPDATE members SET role = p_role
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL
  RETURNING * INTO member;
  SELECT * INTO person FROM users WHERE id = p_user;
  RETURN jsonb_build_object('outcome', 'changed', 'member', member_json(member, person), 'shard', home);
END $$;
