-- The second half of send_message, for variants that go wrong in the first: writes and announces under whatever
-- number the variant came by.
CREATE OR REPLACE FUNCTION write_message(
  p_conversation conversations, p_number bigint, p_sender text, p_client_id text, p_id uuid, p_content text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations := p_conversation;
  sender users;
  message messages;
  told jsonb;
  common jsonb;
BEGIN
  SELECT * INTO sender FROM users WHERE id = p_sender;
  INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, fingerprint, type, content,
    created_at, sent_ev, ev)
  VALUES (conversation.id, p_number, p_id, p_sender, p_client_id, '', 'text', p_content,
    clock_timestamp(), p_number, p_number)
  RETURNING * INTO message;

  conversation.ev := p_number;
  told := message_json(message, sender);
  common := event_frame(conversation, message.created_at);
  INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload, audience,
    audience_payload)
  VALUES (conversation.shard, 'event', conversation.id, p_number, (common->>'eventId')::uuid,
    common->>'epoch', common || jsonb_build_object('type', 'message', 'message', told), 'members',
    common || jsonb_build_object('type', 'new_message', 'seq', p_number, 'lastSeq', p_number,
      'messageId', p_id, 'clientId', p_client_id, 'senderId', p_sender, 'preview', left(p_content, 140)));

  RETURN jsonb_build_object('outcome', 'created', 'message', told, 'shard', conversation.shard);
END $$;
