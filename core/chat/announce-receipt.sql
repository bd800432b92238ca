-- How far messages have reached a member: whoever has read them has them, whatever a device of theirs has reported.
CREATE OR REPLACE FUNCTION delivered_seq(p_member members) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(p_member.last_delivered_seq, p_member.last_read_seq);

-- Tells the others of a conversation how far somebody has come, in its channel and, in a direct one, in the other's own.
-- Not numbered: a number would be given out under the lock of the conversation, for which senders would then wait with
-- every reader. To be called under the lock of the membership, so that pointers are announced in the order in which they
-- grew.
--
--   p_what  {"type": "read", "lastReadSeq"} or {"type": "delivered", "lastDeliveredSeq"}
CREATE OR REPLACE FUNCTION announce_receipt(p_conversation conversations, p_user text, p_what jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  told jsonb := event_frame(clock_timestamp())
    || jsonb_build_object('conversationId', p_conversation.id, 'userId', p_user) || p_what;
  is_direct boolean := p_conversation.kind = 'direct';
BEGIN
  INSERT INTO outbox (shard, kind, conversation_id, subject, event_id, epoch, payload, audience,
    audience_payload)
  VALUES (p_conversation.shard, 'receipt', p_conversation.id, p_user, (told->>'eventId')::uuid,
    told->>'epoch', told, CASE WHEN is_direct THEN 'members' END, CASE WHEN is_direct THEN told END);
END $$;

-- Whether so few are in a conversation that each of them is told of the others' receipts.
CREATE OR REPLACE FUNCTION tells_receipts(p_conversation conversations) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_conversation.member_count <= 100;
