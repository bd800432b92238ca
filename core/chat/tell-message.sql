-- Tells everybody in a conversation of a message that was just written there, and gives it as the contract has it.
-- Under the lock of the conversation, whose row is the one that the message's numbers were taken from.
CREATE OR REPLACE FUNCTION tell_message(
  p_conversation conversations, p_message messages, p_sender users, p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  told jsonb := message_json(p_message, p_sender);
  common jsonb := event_frame(p_conversation, p_message.created_at);
BEGIN
  INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload, audience,
    audience_payload, traceparent)
  VALUES (p_conversation.shard, 'event', p_conversation.id, p_conversation.ev,
    (common->>'eventId')::uuid, common->>'epoch',
    common || jsonb_build_object('type', 'message', 'message', told),
    'members',
    common || jsonb_build_object('type', 'new_message', 'seq', p_message.seq,
      'lastSeq', p_message.seq, 'messageId', p_message.id, 'clientId', p_message.client_id,
      'senderId', p_message.sender_id, 'messageType', p_message.type,
      'preview', left(p_message.content, 140)),
    p_traceparent);
  RETURN told;
END $$;
