-- unread = messages up to the last one that this membership may read, minus those read, minus those
-- that never count (deleted and system messages, found through a partial index).
CREATE OR REPLACE FUNCTION unread_count(p_member members, p_last_seq bigint) RETURNS bigint
LANGUAGE sql STABLE
RETURN (
  SELECT greatest(0, top - pointer - (
    SELECT count(*) FROM messages
    WHERE conversation_id = p_member.conversation_id AND seq > pointer AND seq <= top
      AND (deleted_at IS NOT NULL OR type = 'system')))
  FROM (SELECT least(p_last_seq, p_member.left_seq) AS top,
    greatest(p_member.last_read_seq, p_member.joined_seq - 1) AS pointer) bounds
);

-- Moves the read pointer, never back and never past the last message, and tells the user's own devices.
-- A pointer that did not move announces nothing.
--
-- {"outcome": "read", "lastReadSeq", "unreadCount", "totalUnread", "shard": n | null} | {"outcome": "not_found"}
CREATE OR REPLACE FUNCTION mark_read(p_conversation uuid, p_user text, p_seq bigint)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  reader members;
  pointer bigint;
  unread bigint;
  common jsonb;
BEGIN
  SELECT * INTO reader FROM members
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation;

  pointer := greatest(reader.last_read_seq, least(p_seq, conversation.last_seq));
  IF pointer > reader.last_read_seq THEN
    UPDATE members SET last_read_seq = pointer
    WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL
    RETURNING * INTO reader;
    unread := unread_count(reader, conversation.last_seq);
    common := event_frame(clock_timestamp());
    INSERT INTO outbox (shard, kind, conversation_id, subject, event_id, epoch, audience,
      audience_payload)
    VALUES (conversation.shard, 'event', p_conversation, p_user, (common->>'eventId')::uuid,
      common->>'epoch', 'subject',
      common || jsonb_build_object('type', 'read', 'conversationId', p_conversation, 'userId', p_user,
        'lastReadSeq', pointer, 'unreadCount', unread));
  ELSE
    unread := unread_count(reader, conversation.last_seq);
    conversation.shard := NULL;
  END IF;

  RETURN jsonb_build_object('outcome', 'read', 'lastReadSeq', pointer, 'unreadCount', unread,
    'totalUnread', (
      SELECT coalesce(sum(unread_count(m, c.last_seq)), 0)
      FROM members m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.user_id = p_user AND m.left_ev IS NULL),
    'shard', conversation.shard);
END $$;
