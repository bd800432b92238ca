-- A conversation as one of its members sees it in their list: the same in the list, in a sync and by itself.
CREATE OR REPLACE FUNCTION conversation_json(p_conversation conversations, p_member members, p_epoch text)
RETURNS json LANGUAGE sql STABLE
RETURN json_build_object(
  'id', p_conversation.id,
  'kind', p_conversation.kind,
  'title', p_conversation.title,
  'image', p_conversation.image,
  'lastSeq', p_conversation.last_seq,
  'ev', p_conversation.ev,
  'epoch', p_epoch,
  'unreadCount', unread_count(p_member, p_conversation.last_seq),
  'lastReadSeq', p_member.last_read_seq,
  'unreadFromSeq', p_member.unread_from_seq,
  'role', p_member.role,
  'memberCount', p_conversation.member_count,
  'members', (
    SELECT coalesce(json_agg(profile_json(u) ORDER BY f.joined_at, u.id), '[]')
    FROM (SELECT user_id, joined_at FROM members o
      WHERE o.conversation_id = p_conversation.id AND o.left_ev IS NULL
      ORDER BY joined_at, user_id LIMIT 10) f
    JOIN users u ON u.id = f.user_id),
  'lastMessage', (
    SELECT last_message_json(g) FROM messages g
    WHERE g.conversation_id = p_conversation.id AND g.seq = p_conversation.last_seq
      AND g.seq >= p_member.joined_seq),
  'createdAt', iso(p_conversation.created_at)
);
