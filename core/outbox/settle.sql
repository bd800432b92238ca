-- Which message an announcement was about, for those who must look again; null for one about no message.
-- A resync that was in doubt itself keeps where it began.
CREATE OR REPLACE FUNCTION seq_of(p_payload text) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN coalesce(
  p_payload::jsonb #>> '{message,seq}', p_payload::jsonb ->> 'fromSeq')::bigint;

-- Writes down what Centrifugo said about a page of one shard. By exact ids, so it is right even if the
-- lock was lost meanwhile and another worker settled some of them.
--
--   p_acks  [{"id", "offset"?, "epoch"?}]   acknowledged: leave the outbox for `deliveries`
--   p_dead  [{"id", "code"?, "reason"}]     rows that are themselves bad: leave it for `dead_letters`
--   p_doubted_through                       rows up to this id were sent twice in this drain
--
-- Where hearing is in doubt a resync follows in the same transaction: for the conversation of each dead
-- letter, for each conversation of which a row had been sent before without a clear answer (the engine
-- may have stored it and told no subscriber, and then swallows the repeat), and for each of which a row
-- was acknowledged with an offset that a later one does not exceed: Centrifugo answers a version that it
-- drops with the top of the channel, so that row came behind its successor and was heard by nobody.
CREATE OR REPLACE FUNCTION settle(
  p_shard smallint, p_worker text, p_acks jsonb, p_dead jsonb, p_doubted_through bigint
)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  home shards;
  doubted_through bigint;
  unheard jsonb;
BEGIN
  SELECT * INTO STRICT home FROM shards WHERE shard = p_shard;
  doubted_through := greatest(home.ambiguous_through, p_doubted_through);

  WITH ack AS (
    SELECT * FROM jsonb_to_recordset(p_acks) a (id bigint, "offset" bigint, epoch text)
  ), fault AS (
    SELECT * FROM jsonb_to_recordset(p_dead) d (id bigint, code integer, reason text)
  ), acked AS (
    DELETE FROM outbox o USING ack a WHERE o.id = a.id
    RETURNING o.*, a."offset" AS stream_offset, a.epoch AS stream_epoch
  ), failed AS (
    DELETE FROM outbox o USING fault d WHERE o.id = d.id
    RETURNING o.*, d.code, d.reason
  ), overtaken AS (
    SELECT conversation_id, subject, payload FROM (
      SELECT conversation_id, subject, payload, stream_offset,
        min(stream_offset) OVER (
          PARTITION BY conversation_id, stream_epoch ORDER BY id DESC
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS least_behind
      FROM acked WHERE stream_offset IS NOT NULL) a
    WHERE stream_offset >= least_behind
  ), delivered AS (
    INSERT INTO deliveries (event_id, shard, conversation_id, ev, subject, stream_offset,
      stream_epoch, attempts, worker, committed_at)
    SELECT event_id, shard, conversation_id, ev, subject, stream_offset, stream_epoch,
      home.failures + 1, p_worker, created_at
    FROM acked ORDER BY id
  ), buried AS (
    INSERT INTO dead_letters (outbox_id, shard, kind, conversation_id, ev, subject, event_id, epoch,
      payload, audience, audience_payload, traceparent, created_at, code, reason, attempts)
    SELECT id, shard, kind, conversation_id, ev, subject, event_id, epoch, payload, audience,
      audience_payload, traceparent, created_at, code, reason, home.failures + 1
    FROM failed
  ), doubtful AS (
    SELECT conversation_id, subject, payload FROM acked WHERE id <= doubted_through
    UNION ALL
    SELECT conversation_id, subject, payload FROM overtaken
    UNION ALL
    -- A resync that is bad itself begets no other, else they would go on for ever.
    SELECT conversation_id, subject, payload FROM failed
    WHERE kind = 'event'
      AND coalesce(payload, audience_payload)::jsonb->>'type' NOT IN ('resync', 'presence_resync')
  )
  SELECT jsonb_build_object(
    'conversations', (
      SELECT coalesce(jsonb_object_agg(conversation_id, from_seq), '{}') FROM (
        SELECT conversation_id, min(seq_of(payload)) AS from_seq FROM doubtful
        WHERE conversation_id IS NOT NULL GROUP BY conversation_id) c),
    'users', (
      SELECT coalesce(jsonb_agg(DISTINCT subject), '[]') FROM doubtful WHERE conversation_id IS NULL))
  INTO unheard;

  IF unheard <> '{"conversations": {}, "users": []}' THEN
    -- It gives out numbers, and a number that was heard must not be given out again after a crash.
    PERFORM set_config('synchronous_commit', 'on', true);
    PERFORM announce_resync(
      unheard->'conversations', ARRAY(SELECT jsonb_array_elements_text(unheard->'users')));
  END IF;

  UPDATE shards SET
    failures = 0, last_error = NULL, held = NULL, worker = p_worker, progressed_at = clock_timestamp(),
    ambiguous_through = CASE WHEN EXISTS (
      SELECT FROM outbox WHERE shard = p_shard AND id <= doubted_through
    ) THEN doubted_through END
  WHERE shard = p_shard;
END $$;
