-- Wrong on purpose: the numbers are given out by a sequence, each once, but before it is known who commits first.
-- Expects a sequence "numbers_of_<id>" for each conversation.
CREATE OR REPLACE FUNCTION send_message(
  p_conversation uuid, p_sender text, p_client_id text, p_id uuid, p_type text, p_content text,
  p_metadata jsonb, p_reply_to uuid, p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  number bigint;
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation;
  number := nextval(format('%I', 'numbers_of_' || p_conversation));
  -- What a busy disk does to some commits and not to others.
  PERFORM pg_sleep(random() * 0.1);
  RETURN write_message(conversation, number, p_sender, p_client_id, p_id, p_content);
END $$;
