-- How far each of the others has read, and up to where messages have reached them: what their receipts came to. Null in a
-- conversation where nobody is told of receipts.
CREATE OR REPLACE FUNCTION receipts_of_others(p_conversation uuid, p_user text) RETURNS json
LANGUAGE sql STABLE
RETURN (
  SELECT coalesce(json_agg(json_build_object('userId', m.user_id, 'lastReadSeq', m.last_read_seq,
    'lastDeliveredSeq', delivered_seq(m)) ORDER BY m.user_id) FILTER (WHERE m.user_id <> p_user), '[]')
  FROM members m JOIN conversations c ON c.id = m.conversation_id
  WHERE c.id = p_conversation AND tells_receipts(c) AND m.left_ev IS NULL
  HAVING count(*) > 0
);
