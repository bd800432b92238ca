-- An emoji under a message, chosen (p_added) or taken back. Asking for what is so already changes nothing. Counts are taken
-- under the lock and behind the change, so that the last event has what the table has.
--
-- {"outcome": "changed" | "unchanged", "message": …, "shard": n}
-- {"outcome": "not_found" | "system_message" | "message_deleted" | "too_many_emoji"}
CREATE OR REPLACE FUNCTION react(
  p_conversation uuid, p_message uuid, p_user text, p_emoji text, p_added boolean, p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  message messages;
  sender users;
  outcome text := 'unchanged';
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation FOR UPDATE;

  SELECT * INTO message FROM readable_message(p_conversation, p_message, p_user);
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF message.type = 'system' THEN RETURN '{"outcome": "system_message"}'; END IF;
  IF message.deleted_at IS NOT NULL THEN RETURN '{"outcome": "message_deleted"}'; END IF;

  IF p_added <> EXISTS (
    SELECT FROM reactions WHERE message_id = p_message AND emoji = p_emoji AND user_id = p_user
  ) THEN
    IF p_added AND 20 <= (
      SELECT count(DISTINCT emoji) FROM reactions WHERE message_id = p_message AND emoji <> p_emoji
    ) THEN RETURN '{"outcome": "too_many_emoji"}'; END IF;

    outcome := 'changed';
    UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING * INTO conversation;
    IF p_added THEN
      INSERT INTO reactions (message_id, emoji, user_id) VALUES (p_message, p_emoji, p_user);
    ELSE
      DELETE FROM reactions
      WHERE message_id = p_message AND emoji = p_emoji AND user_id = p_user;
    END IF;
    UPDATE messages SET ev = conversation.ev
    WHERE conversation_id = p_conversation AND seq = message.seq RETURNING * INTO message;
    PERFORM announce_change(conversation, message, jsonb_build_object('type', 'reaction',
      'userId', p_user, 'emoji', p_emoji, 'added', p_added), NULL, p_traceparent);
  END IF;

  SELECT * INTO sender FROM users WHERE id = message.sender_id;
  RETURN jsonb_build_object('outcome', outcome, 'message', message_for(message, sender, p_user),
    'shard', conversation.shard);
END $$;
