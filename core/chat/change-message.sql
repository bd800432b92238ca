-- What edit_message, delete_message and react share.

-- A message for somebody who may read it: as a member now, and not from before they came. No row otherwise.
CREATE OR REPLACE FUNCTION readable_message(p_conversation uuid, p_message uuid, p_reader text)
RETURNS SETOF messages LANGUAGE sql STABLE AS $$
  SELECT g.* FROM messages g JOIN members m ON m.conversation_id = g.conversation_id
  WHERE g.conversation_id = p_conversation AND g.id = p_message
    AND m.user_id = p_reader AND m.left_ev IS NULL AND g.seq >= m.joined_seq
$$;

-- Announces a message that was changed, under the lock and the number that it was changed by, last of all.
--
--   p_event   type and fields of the event, for the conversation's channel
--   p_listed  what the list of conversations is told beside; null where nothing in it changed
CREATE OR REPLACE FUNCTION announce_change(
  p_conversation conversations, p_message messages, p_event jsonb, p_listed jsonb, p_traceparent text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  common jsonb := event_frame(p_conversation, clock_timestamp());
  told jsonb;
BEGIN
  SELECT message_for_all(p_message, u) INTO told FROM users u WHERE id = p_message.sender_id;
  IF p_listed IS NOT NULL THEN
    p_listed := common
      || jsonb_build_object('type', 'conversation_updated', 'lastSeq', p_conversation.last_seq)
      || p_listed;
    IF p_message.seq = p_conversation.last_seq AND told IS NOT NULL THEN
      p_listed := p_listed || jsonb_build_object('lastMessage', last_message_json(p_message));
    END IF;
  END IF;

  INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload, audience,
    audience_payload, traceparent)
  VALUES (p_conversation.shard, 'event', p_conversation.id, p_conversation.ev,
    (common->>'eventId')::uuid, common->>'epoch',
    common || p_event || jsonb_build_object('messageId', p_message.id, 'seq', p_message.seq)
      || CASE WHEN told IS NULL THEN '{}' ELSE jsonb_build_object('message', told) END,
    CASE WHEN p_listed IS NOT NULL THEN 'members' END, p_listed, p_traceparent);
END $$;
