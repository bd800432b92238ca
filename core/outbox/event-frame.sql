-- What every durable event carries. Call it under the lock that ordered the event, after its number
-- was given out: the clock is read by the caller after the wait.
CREATE OR REPLACE FUNCTION event_frame(p_at timestamptz) RETURNS jsonb
LANGUAGE sql VOLATILE
RETURN jsonb_build_object(
  'v', 1, 'eventId', gen_random_uuid(), 'at', iso(p_at), 'epoch', current_epoch()
);

-- The same for an event of a conversation, which is numbered there.
CREATE OR REPLACE FUNCTION event_frame(p_conversation conversations, p_at timestamptz) RETURNS jsonb
LANGUAGE sql VOLATILE
RETURN event_frame(p_at)
  || jsonb_build_object('conversationId', p_conversation.id, 'ev', p_conversation.ev);
