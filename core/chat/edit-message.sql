-- The sender's other words for a message. Whoever edits says which revision they saw, so that nobody writes over an edit
-- that they do not know of. The same words change nothing; nor does the repeat of an edit whose answer was lost, which
-- names the revision before.
--
-- {"outcome": "edited" | "unchanged", "message": …, "shard": n}
-- {"outcome": "not_found" | "system_message" | "not_the_sender" | "message_deleted" | "revision_mismatch"}
CREATE OR REPLACE FUNCTION edit_message(
  p_conversation uuid, p_message uuid, p_editor text, p_revision integer, p_content text,
  p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  message messages;
  sender users;
  outcome text := 'unchanged';
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation FOR UPDATE;

  SELECT * INTO message FROM readable_message(p_conversation, p_message, p_editor);
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF message.type = 'system' THEN RETURN '{"outcome": "system_message"}'; END IF;
  IF message.sender_id <> p_editor THEN RETURN '{"outcome": "not_the_sender"}'; END IF;
  IF message.deleted_at IS NOT NULL THEN RETURN '{"outcome": "message_deleted"}'; END IF;
  IF p_revision <> message.revision AND NOT (
    p_revision = message.revision - 1 AND p_content = message.content
  ) THEN RETURN '{"outcome": "revision_mismatch"}'; END IF;

  IF p_content <> message.content THEN
    outcome := 'edited';
    UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING * INTO conversation;
    UPDATE messages SET content = p_content, revision = revision + 1,
      edited_at = clock_timestamp(), ev = conversation.ev
    WHERE conversation_id = p_conversation AND seq = message.seq RETURNING * INTO message;
    PERFORM announce_change(conversation, message, '{"type": "message_updated"}',
      CASE WHEN message.seq = conversation.last_seq THEN '{}'::jsonb END, p_traceparent);
  END IF;

  SELECT * INTO sender FROM users WHERE id = p_editor;
  RETURN jsonb_build_object('outcome', outcome, 'message', message_for(message, sender, p_editor),
    'shard', conversation.shard);
END $$;
