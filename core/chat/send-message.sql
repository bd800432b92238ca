-- Lock, check, number, write, announce: one call, one transaction.
--
-- Everything that decides is read after the lock, each statement with a snapshot of its own: a send
-- that waited behind a kick must see the kick. A refusal numbers nothing.
--
-- {"outcome": "created" | "replayed", "message": …, "shard": n}
-- {"outcome": "not_found" | "client_id_reused" | "reply_not_found"}
CREATE OR REPLACE FUNCTION send_message(
  p_conversation uuid,
  p_sender text,
  p_client_id text,
  p_id uuid,
  p_type text,
  p_content text,
  p_metadata jsonb,
  p_reply_to uuid,
  p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  sender users;
  message messages;
  told jsonb;
  mark bytea := sha256(convert_to(
    jsonb_build_array(p_type, p_content, p_metadata, p_reply_to)::text, 'UTF8'));
  at timestamptz;
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation FOR UPDATE;

  SELECT u.* INTO sender
  FROM members m JOIN users u ON u.id = m.user_id
  WHERE m.conversation_id = p_conversation AND m.user_id = p_sender AND m.left_ev IS NULL;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;

  SELECT * INTO message FROM messages
  WHERE conversation_id = p_conversation AND sender_id = p_sender AND client_id = p_client_id;
  IF FOUND THEN
    IF message.fingerprint <> mark THEN RETURN '{"outcome": "client_id_reused"}'; END IF;
    -- As it is now: it may have been edited, deleted or reacted to meanwhile.
    RETURN jsonb_build_object('outcome', 'replayed',
      'message', message_for(message, sender, p_sender), 'shard', conversation.shard);
  END IF;

  -- What somebody may not read is not there for them.
  IF p_reply_to IS NOT NULL AND NOT EXISTS (
    SELECT FROM readable_message(p_conversation, p_reply_to, p_sender)
  ) THEN RETURN '{"outcome": "reply_not_found"}'; END IF;

  at := clock_timestamp();
  UPDATE conversations SET last_seq = last_seq + 1, ev = ev + 1, last_active_at = at
  WHERE id = p_conversation RETURNING * INTO conversation;

  INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, fingerprint, type, content,
    metadata, reply_to_id, created_at, sent_ev, ev)
  VALUES (p_conversation, conversation.last_seq, p_id, p_sender, p_client_id, mark, p_type, p_content,
    p_metadata, p_reply_to, at, conversation.ev, conversation.ev)
  RETURNING * INTO message;

  UPDATE members SET last_read_seq = conversation.last_seq, unread_from_seq = NULL
  WHERE conversation_id = p_conversation AND user_id = p_sender AND left_ev IS NULL;

  told := tell_message(conversation, message, sender, p_traceparent);
  RETURN jsonb_build_object('outcome', 'created', 'message', told, 'shard', conversation.shard);
END $$;
