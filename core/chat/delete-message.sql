-- Leaves a tombstone: the message keeps its place and loses what it said, and what people thought of it. For its sender, and
-- for those who keep a group. Deleting it again changes nothing, whatever revision is named.
--
-- {"outcome": "deleted" | "unchanged", "message": …, "shard": n}
-- {"outcome": "not_found" | "system_message" | "role_required" | "revision_mismatch"}
CREATE OR REPLACE FUNCTION delete_message(
  p_conversation uuid, p_message uuid, p_actor text, p_revision integer, p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  message messages;
  sender users;
  outcome text := 'unchanged';
BEGIN
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation FOR UPDATE;

  SELECT * INTO message FROM readable_message(p_conversation, p_message, p_actor);
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  IF message.type = 'system' THEN RETURN '{"outcome": "system_message"}'; END IF;
  IF message.sender_id <> p_actor AND NOT (conversation.kind = 'group' AND EXISTS (
    SELECT FROM members WHERE conversation_id = p_conversation AND user_id = p_actor
      AND left_ev IS NULL AND role IN ('owner', 'admin'))
  ) THEN RETURN '{"outcome": "role_required"}'; END IF;

  IF message.deleted_at IS NULL THEN
    IF p_revision <> message.revision THEN RETURN '{"outcome": "revision_mismatch"}'; END IF;
    outcome := 'deleted';
    UPDATE conversations SET ev = ev + 1 WHERE id = p_conversation RETURNING * INTO conversation;
    DELETE FROM reactions WHERE message_id = p_message;
    UPDATE messages SET content = '', metadata = NULL, revision = revision + 1,
      deleted_at = clock_timestamp(), deleted_by = p_actor, ev = conversation.ev
    WHERE conversation_id = p_conversation AND seq = message.seq RETURNING * INTO message;
    PERFORM announce_change(conversation, message,
      jsonb_build_object('type', 'message_deleted', 'byUserId', p_actor),
      jsonb_build_object('deletedSeq', message.seq), p_traceparent);
  END IF;

  SELECT * INTO sender FROM users WHERE id = message.sender_id;
  RETURN jsonb_build_object('outcome', outcome, 'message', message_for(message, sender, p_actor),
    'shard', conversation.shard);
END $$;
