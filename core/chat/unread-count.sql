-- Unread by subtraction, so that nothing is kept that could drift and a send writes no row for each member: messages up
-- to the last one that this membership may read, minus those that count as read, minus those that never count (deleted
-- and system messages, found through a partial index).
--
-- Where somebody marked the conversation as unread, what they had read counts only up to the mark.
CREATE OR REPLACE FUNCTION unread_count(p_member members, p_last_seq bigint) RETURNS bigint
LANGUAGE sql STABLE
RETURN (
  SELECT greatest(0, top - pointer - (
    SELECT count(*) FROM messages
    WHERE conversation_id = p_member.conversation_id AND seq > pointer AND seq <= top
      AND (deleted_at IS NOT NULL OR type = 'system')))
  FROM (SELECT least(p_last_seq, p_member.left_seq) AS top,
    greatest(p_member.joined_seq - 1,
      least(p_member.last_read_seq, p_member.unread_from_seq - 1)) AS pointer) bounds
);

-- The same over all conversations that a user is in.
CREATE OR REPLACE FUNCTION total_unread(p_user text) RETURNS numeric
LANGUAGE sql STABLE
RETURN (
  SELECT coalesce(sum(unread_count(m, c.last_seq)), 0)
  FROM members m JOIN conversations c ON c.id = m.conversation_id
  WHERE m.user_id = p_user AND m.left_ev IS NULL
);

-- Tells a user's own devices how far they have read and what is left, where a call changed either. To be called under
-- the lock of the membership: the answers of two calls are announced in the order in which they came true.
CREATE OR REPLACE FUNCTION announce_own_read(p_conversation conversations, p_reader members) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  common jsonb := event_frame(clock_timestamp());
BEGIN
  INSERT INTO outbox (shard, kind, conversation_id, subject, event_id, epoch, audience, audience_payload)
  VALUES (p_conversation.shard, 'event', p_conversation.id, p_reader.user_id, (common->>'eventId')::uuid,
    common->>'epoch', 'subject',
    common || jsonb_build_object('type', 'read', 'conversationId', p_conversation.id,
      'userId', p_reader.user_id, 'lastReadSeq', p_reader.last_read_seq,
      'lastSeq', p_conversation.last_seq,
      'unreadFromSeq', p_reader.unread_from_seq,
      'unreadCount', unread_count(p_reader, p_conversation.last_seq)));
END $$;
