-- Wrong on purpose: who edits, over which revision, and whether there is still something to edit is asked before the
-- wait, and the answers are old when the wait ends.
CREATE OR REPLACE FUNCTION edit_message(
  p_conversation uuid, p_message uuid, p_editor text, p_revision integer, p_content text,
  p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  message messages;
  sender users;
BEGIN
  SELECT * INTO message FROM readable_message(p_conversation, p_message, p_editor);
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF message.deleted_at IS NOT NULL THEN RETURN '{"outcome": "message_deleted"}'; END IF;
  IF p_revision <> message.revision THEN RETURN '{"outcome": "revision_mismatch"}'; END IF;

  UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING * INTO conversation;
  UPDATE messages SET content = p_content, revision = p_revision + 1,
    edited_at = clock_timestamp(), ev = conversation.ev
  WHERE id = p_message RETURNING * INTO message;
  PERFORM announce_change(conversation, message, '{"type": "message_updated"}', NULL, NULL);
  SELECT * INTO sender FROM users WHERE id = p_editor;
  RETURN jsonb_build_object('outcome', 'edited', 'message', message_json(message, sender),
    'shard', conversation.shard);
END $$;
