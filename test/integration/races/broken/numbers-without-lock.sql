-- Wrong on purpose: the next number is one more than the greatest that can be seen, and whether the client id is
-- known is a question of the same kind. The constraints that would turn this into refusals go as well.
ALTER TABLE messages DROP CONSTRAINT IF EXISTS messages_conversation_id_seq_pk;
ALTER TABLE messages DROP CONSTRAINT IF EXISTS messages_client_id;

CREATE OR REPLACE FUNCTION send_message(
  p_conversation uuid, p_sender text, p_client_id text, p_id uuid, p_type text, p_content text,
  p_metadata jsonb, p_reply_to uuid, p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  known messages;
  number bigint;
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation;
  SELECT * INTO known FROM messages
  WHERE conversation_id = p_conversation AND sender_id = p_sender AND client_id = p_client_id;
  IF FOUND THEN
    RETURN jsonb_build_object('outcome', 'replayed', 'shard', conversation.shard, 'message',
      message_json(known, (SELECT u FROM users u WHERE id = p_sender)));
  END IF;

  SELECT coalesce(max(seq), 0) + 1 INTO number FROM messages WHERE conversation_id = p_conversation;
  -- Long enough for the others to see the same.
  PERFORM pg_sleep(0.02);
  UPDATE conversations SET last_seq = number, ev = number WHERE id = p_conversation;
  RETURN write_message(conversation, number, p_sender, p_client_id, p_id, p_content);
END $$;
