-- Marks a conversation as unread from a message on, for the user's own eyes: the read pointer, which others see, stays.
-- Null takes the mark back. Only the user's own devices hear of it, and only of a mark that is another one than before.
--
-- The mark stands where unread begins: not before the first message that the user may read, and not behind one that is
-- unread anyway.
--
-- {"outcome": "marked", "shard": n | null}
-- {"outcome": "not_found" | "nothing_from_there"}
CREATE OR REPLACE FUNCTION mark_unread(p_conversation uuid, p_user text, p_from bigint)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  reader members;
  mark bigint;
BEGIN
  SELECT * INTO reader FROM members
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN '{"outcome": "not_found"}'; END IF;
  SELECT * INTO conversation FROM conversations WHERE id = p_conversation;

  IF greatest(p_from, reader.joined_seq) > conversation.last_seq AND p_from IS NOT NULL THEN
    RETURN '{"outcome": "nothing_from_there"}';
  END IF;
  mark := CASE WHEN p_from IS NOT NULL
    THEN greatest(least(p_from, reader.last_read_seq + 1), reader.joined_seq) END;
  IF mark IS NOT DISTINCT FROM reader.unread_from_seq THEN
    RETURN '{"outcome": "marked", "shard": null}';
  END IF;

  UPDATE members SET unread_from_seq = mark
  WHERE conversation_id = p_conversation AND user_id = p_user AND left_ev IS NULL
  RETURNING * INTO reader;
  PERFORM announce_own_read(conversation, reader);
  RETURN jsonb_build_object('outcome', 'marked', 'shard', conversation.shard);
END $$;
