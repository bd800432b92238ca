-- Wrong on purpose: whether the sender may is asked before the wait, and the answer is old when the wait ends.
CREATE OR REPLACE FUNCTION send_message(
  p_conversation uuid, p_sender text, p_client_id text, p_id uuid, p_type text, p_content text,
  p_metadata jsonb, p_reply_to uuid, p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
BEGIN
  IF NOT EXISTS (SELECT FROM members
    WHERE conversation_id = p_conversation AND user_id = p_sender AND left_ev IS NULL)
  THEN RETURN '{"outcome": "not_found"}'; END IF;

  UPDATE conversations SET last_seq = greatest(last_seq, ev) + 1, ev = greatest(last_seq, ev) + 1
  WHERE id = p_conversation RETURNING * INTO conversation;
  RETURN write_message(conversation, conversation.ev, p_sender, p_client_id, p_id, p_content);
END $$;
