-- What people think of a message: each emoji with how many and the first who chose it, in the order in which they came.
-- The same for everybody, as an event has to be.
CREATE OR REPLACE FUNCTION reactions_json(p_message uuid) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
  SELECT coalesce(jsonb_agg(
    jsonb_build_object('emoji', emoji, 'count', count, 'userIds', to_jsonb(user_ids[1:20]))
    ORDER BY since, emoji), '[]')
  FROM (
    SELECT emoji, count(*) AS count, min(created_at) AS since,
      array_agg(user_id ORDER BY created_at, user_id) AS user_ids
    FROM reactions WHERE message_id = p_message GROUP BY emoji) each
);

-- A message as the contract has it: the same in a page, in the answer of a send and in an event.
CREATE OR REPLACE FUNCTION message_json(p_message messages, p_sender users) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN jsonb_build_object(
  'id', p_message.id,
  'conversationId', p_message.conversation_id,
  'seq', p_message.seq,
  'ev', p_message.ev,
  'senderId', p_message.sender_id,
  'clientId', p_message.client_id,
  'content', p_message.content,
  'type', p_message.type,
  'replyToId', p_message.reply_to_id,
  'revision', p_message.revision,
  'createdAt', iso(p_message.created_at),
  'editedAt', iso(p_message.edited_at),
  'deletedAt', iso(p_message.deleted_at),
  'reactions', CASE
    -- Nothing happened to it since it was sent.
    WHEN p_message.ev = p_message.sent_ev THEN '[]'
    ELSE reactions_json(p_message.id)
  END,
  'sender', profile_json(p_sender)
) || CASE
  WHEN p_message.metadata IS NULL THEN '{}'
  ELSE jsonb_build_object('metadata', p_message.metadata)
END;

-- The same for an event that everybody in the conversation hears; null where one of them came after the message and
-- may not read it. Whoever may asks for what changed.
CREATE OR REPLACE FUNCTION message_for_all(p_message messages, p_sender users) RETURNS jsonb
LANGUAGE sql STABLE
RETURN CASE
  WHEN NOT EXISTS (
    SELECT FROM members WHERE conversation_id = p_message.conversation_id AND left_ev IS NULL
      AND joined_seq > p_message.seq)
  THEN message_json(p_message, p_sender)
END;

-- A message as one of its readers asks for it: with what they chose for it themselves.
CREATE OR REPLACE FUNCTION message_for(p_message messages, p_sender users, p_reader text) RETURNS jsonb
LANGUAGE sql STABLE
RETURN CASE
  WHEN p_message.ev = p_message.sent_ev THEN message_json(p_message, p_sender)
  ELSE message_json(p_message, p_sender) || jsonb_build_object('reactions', (
    SELECT coalesce(jsonb_agg(
      r.value || jsonb_build_object('mine', EXISTS (
        SELECT FROM reactions
        WHERE message_id = p_message.id AND emoji = r.value->>'emoji' AND user_id = p_reader))
      ORDER BY r.ordinality), '[]')
    FROM jsonb_array_elements(reactions_json(p_message.id)) WITH ORDINALITY r))
END;

-- A message as the list of conversations shows the last one.
CREATE OR REPLACE FUNCTION last_message_json(p_message messages) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN jsonb_build_object(
  'id', p_message.id,
  'seq', p_message.seq,
  'senderId', p_message.sender_id,
  'preview', left(p_message.content, 140),
  'type', p_message.type,
  'deletedAt', iso(p_message.deleted_at),
  'createdAt', iso(p_message.created_at)
);
