-- Moves the read pointer, never back and never past the last message, and takes back a mark as unread: whoever reads
-- has seen it. Tells the user's own devices, and where the pointer moved, the others. What changed nothing announces
-- nothing.
--
-- {"outcome": "read", "lastReadSeq", "unreadFromSeq": null, "unreadCount", "totalUnread", "shard": n | null}
-- {"outcome": "not_found"}
CREATE OR REPLACE FUNCTION mark_read(p_conversation uuid, p_user text, p_seq bigint)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  reader members;
  pointer bigint;
  has_moved boolean;
  changes boolean;
BEGIN
  SELECT * INTO reader FROM members
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation;

  pointer := greatest(reader.last_read_seq, least(p_seq, conversation.last_seq));
  has_moved := pointer > reader.last_read_seq;
  changes := has_moved OR reader.unread_from_seq IS NOT NULL;
  IF changes THEN
    UPDATE members SET last_read_seq = pointer, unread_from_seq = NULL,
      last_delivered_seq = greatest(last_delivered_seq, pointer)
    WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL
    RETURNING * INTO reader;
    PERFORM announce_own_read(conversation, reader);
  END IF;
  IF has_moved AND tells_receipts(conversation) THEN
    PERFORM announce_receipt(conversation, p_user,
      jsonb_build_object('type', 'read', 'lastReadSeq', pointer));
  END IF;

  RETURN jsonb_build_object('outcome', 'read', 'lastReadSeq', pointer, 'unreadFromSeq', NULL,
    'unreadCount', unread_count(reader, conversation.last_seq), 'totalUnread', total_unread(p_user),
    'shard', CASE WHEN changes THEN conversation.shard END);
END $$;
