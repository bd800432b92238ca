-- Wrong on purpose: reactions are counted before the wait. Two at once each count only their own, and the last one that is
-- announced may lack the others for good.
CREATE OR REPLACE FUNCTION react(
  p_conversation uuid, p_message uuid, p_user text, p_emoji text, p_added boolean, p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  message messages;
  sender users;
  counted jsonb;
  common jsonb;
  told jsonb;
BEGIN
  IF p_added = EXISTS (
    SELECT FROM reactions WHERE message_id = p_message AND emoji = p_emoji AND user_id = p_user
  ) THEN
    SELECT * INTO message FROM messages WHERE id = p_message;
    RETURN jsonb_build_object('outcome', 'unchanged', 'shard', 0, 'message',
      message_json(message, (SELECT u FROM users u WHERE id = message.sender_id)));
  ELSIF p_added THEN
    INSERT INTO reactions (message_id, emoji, user_id) VALUES (p_message, p_emoji, p_user);
  ELSE
    DELETE FROM reactions WHERE message_id = p_message AND emoji = p_emoji AND user_id = p_user;
  END IF;
  counted := reactions_json(p_message);

  UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING * INTO conversation;
  UPDATE messages SET ev = conversation.ev WHERE id = p_message RETURNING * INTO message;
  SELECT * INTO sender FROM users WHERE id = message.sender_id;
  told := message_json(message, sender) || jsonb_build_object('reactions', counted);
  common := event_frame(conversation, clock_timestamp());
  INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload)
  VALUES (conversation.shard, 'event', p_conversation, conversation.ev, (common->>'eventId')::uuid,
    common->>'epoch', common || jsonb_build_object('type', 'reaction', 'messageId', p_message,
      'seq', message.seq, 'userId', p_user, 'emoji', p_emoji, 'added', p_added, 'message', told));
  RETURN jsonb_build_object('outcome', 'changed', 'message', told, 'shard', conversation.shard);
END $$;
