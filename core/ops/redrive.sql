-- What a redrive of these dead letters comes to, as things are now. Nothing of the old rows is said again:
--
-- - Whatever a conversation has not heard is told by one resync, from the lowest message concerned.
-- - Whoever a letter was meant for alone and who is no member any more is told by no resync. They are told
--   so, or, by an `unsubscribe` that did not come through, made to stop listening.
-- - An `unsubscribe` of somebody who is back would silence a member: nothing is done for it.
-- - A receipt is told by nothing: the next one says all that it said.
-- - Presence is told by a presence_resync to the user's contacts.
-- - What a channel should have forgotten is removed now. A `disconnect` is said again of who is banned: who signed out may
--   have signed in since, and would be thrown out.
--
-- {"conversations": [{"conversationId", "shard", "letters", "members", "ev", "fromSeq", "unsubscribe": [userId…],
--    "removed": [userId…], "rejoined": [userId…]}],      ev and fromSeq of the resync, null where there is none
--  "people": [{"userId", "shard", "letters", "contacts"}]}
CREATE OR REPLACE FUNCTION redrive_plan(p_letters jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH letter AS (
    SELECT conversation_id, subject, kind, payload,
      kind = 'unsubscribe' OR coalesce(audience = 'subject', false) AS personal,
      EXISTS (
        SELECT FROM members m WHERE m.conversation_id = d.conversation_id AND m.user_id = d.subject
          AND m.left_ev IS NULL) AS present
    FROM dead_letters d
    WHERE outbox_id IN (SELECT value::bigint FROM jsonb_array_elements_text(p_letters))
      AND closed_by IS NULL
  ), of_conversation AS (
    SELECT conversation_id, count(*) AS letters,
      bool_or(kind = 'event' AND (present OR NOT personal)) AS resync,
      min(seq_of(payload)) AS from_seq,
      jsonb_agg(DISTINCT subject) FILTER (WHERE kind = 'unsubscribe' AND NOT present) AS unsubscribe,
      jsonb_agg(DISTINCT subject) FILTER (WHERE kind = 'event' AND personal AND NOT present) AS removed,
      jsonb_agg(DISTINCT subject) FILTER (WHERE kind = 'unsubscribe' AND present) AS rejoined
    FROM letter WHERE conversation_id IS NOT NULL GROUP BY conversation_id
  ), of_person AS (
    SELECT subject, count(*) AS letters FROM letter WHERE conversation_id IS NULL GROUP BY subject
  )
  SELECT jsonb_build_object(
    'conversations', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
          'conversationId', c.id, 'shard', c.shard, 'letters', o.letters, 'members', c.member_count,
          'ev', CASE WHEN o.resync THEN c.ev + 1 END,
          'fromSeq', CASE WHEN o.resync THEN coalesce(o.from_seq, c.last_seq) END,
          'unsubscribe', coalesce(o.unsubscribe, '[]'), 'removed', coalesce(o.removed, '[]'),
          'rejoined', coalesce(o.rejoined, '[]'))
        ORDER BY c.id), '[]')
      FROM of_conversation o JOIN conversations c ON c.id = o.conversation_id),
    'people', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
          'userId', u.id, 'shard', u.shard, 'letters', p.letters,
          'contacts', (
            SELECT count(*) FROM contacts k JOIN presence s ON s.user_id = k.user_id
            WHERE k.contact_id = u.id AND hears_of_contacts(s.status, s.chosen)))
        ORDER BY u.id), '[]')
      FROM of_person p JOIN users u ON u.id = p.subject));
$$;

-- Does what the plan says and closes the letters, in one transaction: {"letters": n, "plan": …}.
CREATE OR REPLACE FUNCTION redrive_letters(p_deed jsonb, p_letters jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  letters jsonb;
  plan jsonb;
BEGIN
  -- Senders wait for what is locked here already, while this waits for the next lock.
  PERFORM set_config('lock_timeout', '300ms', true);
  letters := lock_open_letters(p_letters);
  IF letters IS NULL THEN RETURN jsonb_build_object('letters', 0, 'plan', redrive_plan('[]')); END IF;

  -- Who is a member is only sure behind the lock under which members come and go.
  PERFORM FROM conversations WHERE id IN (
    SELECT conversation_id FROM dead_letters
    WHERE outbox_id IN (SELECT value::bigint FROM jsonb_array_elements_text(letters)))
  ORDER BY id FOR UPDATE;
  plan := redrive_plan(letters);

  INSERT INTO outbox (shard, kind, conversation_id, event_id, epoch)
  SELECT shard, 'history_remove', id, gen_random_uuid(), current_epoch() FROM conversations
  WHERE id IN (SELECT conversation_id FROM dead_letters WHERE kind = 'history_remove'
    AND outbox_id IN (SELECT value::bigint FROM jsonb_array_elements_text(letters)))
  ORDER BY id;
  INSERT INTO outbox (shard, kind, subject, event_id, epoch)
  SELECT shard, 'disconnect', id, gen_random_uuid(), current_epoch() FROM users
  WHERE banned_at IS NOT NULL AND id IN (SELECT subject FROM dead_letters WHERE kind = 'disconnect'
    AND outbox_id IN (SELECT value::bigint FROM jsonb_array_elements_text(letters)))
  ORDER BY id;
  -- In the conversation's order, but none of its numbered events.
  INSERT INTO outbox (shard, kind, conversation_id, subject, event_id, epoch, audience, audience_payload)
  SELECT c.shard, t.kind, c.id, t.subject, (t.frame->>'eventId')::uuid, t.frame->>'epoch', t.audience,
    CASE WHEN t.audience IS NOT NULL THEN t.frame || jsonb_build_object(
      'type', 'conversation_removed', 'lastSeq', (
        SELECT coalesce(max(left_seq), 0) FROM members
        WHERE conversation_id = c.id AND user_id = t.subject)) END
  FROM jsonb_to_recordset(plan->'conversations') p ("conversationId" uuid, unsubscribe jsonb, removed jsonb)
  JOIN conversations c ON c.id = p."conversationId"
  CROSS JOIN LATERAL (
    SELECT 1 AS ord, 'unsubscribe' AS kind, s AS subject, NULL AS audience,
      event_frame(c, clock_timestamp()) AS frame
    FROM jsonb_array_elements_text(p.unsubscribe) s
    UNION ALL
    SELECT 2, 'event', s, 'subject', event_frame(c, clock_timestamp())
    FROM jsonb_array_elements_text(p.removed) s
  ) t
  ORDER BY c.id, t.ord, t.subject;

  PERFORM announce_resync(
    (SELECT coalesce(jsonb_object_agg(p->>'conversationId', p->'fromSeq'), '{}')
     FROM jsonb_array_elements(plan->'conversations') p WHERE p->>'ev' IS NOT NULL),
    ARRAY(SELECT p->>'userId' FROM jsonb_array_elements(plan->'people') p));

  PERFORM close_letters(letters, record_deed(p_deed, 'redrive', jsonb_build_object(
    'letters', jsonb_array_length(letters),
    'conversations', jsonb_array_length(plan->'conversations'),
    'people', jsonb_array_length(plan->'people'))));
  RETURN jsonb_build_object('letters', jsonb_array_length(letters), 'plan', plan);
END $$;
