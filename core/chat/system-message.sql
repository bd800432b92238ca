-- 'Ben', 'Ben and Cleo', 'Ben, Cleo and 3 others': for sentences. Names are taken as they are.
CREATE OR REPLACE FUNCTION names_of(p_users text[]) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  names text[] := ARRAY(
    SELECT u.name FROM unnest(p_users) WITH ORDINALITY n (id, place) JOIN users u ON u.id = n.id
    WHERE n.place <= 3 ORDER BY n.place);
BEGIN
  IF cardinality(p_users) > 3 THEN names[3] := cardinality(p_users) - 2 || ' others'; END IF;
  RETURN CASE WHEN cardinality(names) = 1 THEN names[1] ELSE
    array_to_string(trim_array(names, 1), ', ') || ' and ' || names[cardinality(names)] END;
END $$;

-- Puts what somebody did to a conversation among its messages, with a number of its own: for those who are in it
-- behind the deed. Under the lock of the conversation.
--
--   p_metadata  what was done, for clients that say it in their own words
--   p_content   the same in English
CREATE OR REPLACE FUNCTION write_system_message(
  p_conversation uuid, p_actor text, p_metadata jsonb, p_content text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  conversation conversations;
  actor users;
  message messages;
  at timestamptz := clock_timestamp();
BEGIN
  SELECT * INTO STRICT actor FROM users WHERE id = p_actor;
  UPDATE conversations SET last_seq = last_seq + 1, ev = ev + 1, last_active_at = at
  WHERE id = p_conversation RETURNING * INTO conversation;
  INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, fingerprint, type, content,
    metadata, created_at, sent_ev, ev)
  VALUES (p_conversation, conversation.last_seq, uuidv7(), p_actor, gen_random_uuid(),
    sha256(convert_to(p_metadata::text, 'UTF8')), 'system', p_content, p_metadata, at,
    conversation.ev, conversation.ev)
  RETURNING * INTO message;
  PERFORM tell_message(conversation, message, actor, NULL);
END $$;
