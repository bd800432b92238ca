-- Wrong on purpose: the number is taken first, and stays taken when the answer is no.
CREATE OR REPLACE FUNCTION add_members(p_conversation uuid, p_actor text, p_users text[])
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
BEGIN
  UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING * INTO conversation;
  IF EXISTS (SELECT FROM unnest(p_users) u WHERE NOT EXISTS (SELECT FROM users WHERE id = u))
  THEN RETURN '{"outcome": "unknown_user"}'; END IF;
  RETURN jsonb_build_object('outcome', 'added', 'added', p_users, 'shard', conversation.shard);
END $$;
