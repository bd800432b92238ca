-- A message as the contract has it: the same in a page, in the answer of a send and in an event.
CREATE OR REPLACE FUNCTION message_json(p_message messages, p_sender users) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN jsonb_build_object(
  'id', p_message.id,
  'conversationId', p_message.conversation_id,
  'seq', p_message.seq,
  'senderId', p_message.sender_id,
  'clientId', p_message.client_id,
  'content', p_message.content,
  'type', p_message.type,
  'replyToId', p_message.reply_to_id,
  'revision', p_message.revision,
  'createdAt', iso(p_message.created_at),
  'sender', profile_json(p_sender)
) || CASE
  WHEN p_message.metadata IS NULL THEN '{}'
  ELSE jsonb_build_object('metadata', p_message.metadata)
END;
