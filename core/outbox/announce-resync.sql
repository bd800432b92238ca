-- Tells whoever may have missed something to look again: the present state under a new number, never
-- the old row. Conversations are locked in the order of their ids, as everywhere.
--
--   p_conversations  {conversationId: the seq to read again from, null for the last message}
--   p_users          users whose presence may not have been heard by their contacts
CREATE OR REPLACE FUNCTION announce_resync(p_conversations jsonb, p_users text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  person users;
  common jsonb;
BEGIN
  FOR conversation IN
    SELECT * FROM conversations
    WHERE id IN (SELECT key::uuid FROM jsonb_each(p_conversations))
    ORDER BY id FOR UPDATE
  LOOP
    UPDATE conversations SET ev = ev + 1 WHERE id = conversation.id RETURNING * INTO conversation;
    common := event_frame(conversation, clock_timestamp()) || jsonb_build_object(
      'type', 'resync',
      'fromSeq', coalesce((p_conversations->>(conversation.id::text))::bigint, conversation.last_seq));
    INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload, audience,
      audience_payload)
    VALUES (conversation.shard, 'event', conversation.id, conversation.ev,
      (common->>'eventId')::uuid, common->>'epoch', common, 'members', common);
  END LOOP;

  FOR person IN SELECT * FROM users WHERE id = ANY (p_users) ORDER BY id LOOP
    common := event_frame(clock_timestamp())
      || jsonb_build_object('type', 'presence_resync', 'userId', person.id);
    INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
    VALUES (person.shard, 'event', person.id, (common->>'eventId')::uuid, common->>'epoch', 'contacts',
      common);
  END LOOP;
END $$;
