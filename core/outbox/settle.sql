-- Which message an announcement was about, for those who must look again; null for one about no message.
-- A resync that was in doubt itself keeps where it began.
CREATE OR REPLACE FUNCTION seq_of(p_payload text) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN p_payload IS JSON THEN coalesce(
  -- What became of a message names it also where the message itself is not told.
  p_payload::jsonb #>> '{message,seq}', p_payload::jsonb ->> 'seq', p_payload::jsonb ->> 'fromSeq'
)::bigint END;

CREATE OR REPLACE FUNCTION type_of(p_payload text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN p_payload IS JSON THEN p_payload::jsonb ->> 'type' END;

-- Writes down what Centrifugo said about a page of one shard. By exact ids, so it is right even if the
-- shard was lost meanwhile and another worker settled some of them.
--
--   p_page  {"worker", "holder": the names of the process and of this drain,
--     "rows": [{"id", "offset"?, "epoch"?, "superseded"?, "code"?, "reason"?, "users"?}],
--     "doubtedThrough": rows up to this id were sent in this drain before, without a clear answer,
--     "leftInDoubtThrough": rows up to this id that stay will be in doubt once they are acknowledged,
--     "deaf": whether Centrifugo's engine failed a moment ago,
--     "failure": {"reason", "held"} when rows had to stay,
--     "through": what the page has shown up to this id is settled, "seen": when it was read,
--     "last": whether this drain ends here}
--
-- A receipt that was sent leaves no trace: it has no number, is in no history, and the next one says all that it said.
-- Nothing follows one that may not have been heard.
--
-- Any other row leaves the outbox for `deliveries`; with a `reason` for `dead_letters`; with a `reason` and `users`
-- for both, because only they could not be reached. `superseded` was acknowledged behind its successor:
-- Centrifugo dropped it, and nobody heard it.
--
-- Where hearing is in doubt a resync follows in the same transaction: for the conversation of each dead
-- letter, of each superseded row, and of each row that had been sent before without a clear answer (the
-- engine may have stored it and told no subscriber, and then swallows the repeat). Behind a failure of its
-- engine Centrifugo takes events with a clean answer that a node without its connection to it never hears
-- of: the conversations of such rows are announced later, when all nodes are back (announce-again.sql).
-- {"announced": whether a resync was written and waits now, "holds": whether this session is still the one
-- that took the shard}
CREATE OR REPLACE FUNCTION settle(p_shard smallint, p_page jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  home shards;
  by_worker text := p_page->>'worker';
  failure jsonb := nullif(p_page->'failure', 'null');
  settled boolean := p_page->'rows' <> '[]';
  through bigint := (p_page->>'through')::bigint;
  doubted_through bigint;
  left_in_doubt_through bigint;
  gate_is_open boolean;
  moves boolean;
  is_deaf boolean := (p_page->>'deaf')::boolean;
  unheard jsonb;
  announced boolean := false;
BEGIN
  -- Whoever lost the shard and settles late waits its turn, else it would go by what no longer holds.
  SELECT * INTO STRICT home FROM shards WHERE shard = p_shard FOR NO KEY UPDATE;
  doubted_through := greatest(home.ambiguous_through, (p_page->>'doubtedThrough')::bigint);
  left_in_doubt_through := greatest(doubted_through, (p_page->>'leftInDoubtThrough')::bigint);
  -- That a row may be unheard must survive a crash; a settle that is lost only repeats a publication.
  IF left_in_doubt_through IS NOT DISTINCT FROM home.ambiguous_through THEN
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;

  IF settled THEN
    WITH said AS (
      SELECT * FROM jsonb_to_recordset(p_page->'rows') s (
        id bigint, "offset" bigint, epoch text, superseded boolean, code integer, reason text, users jsonb)
    ), gone AS (
      DELETE FROM outbox o USING said s WHERE o.shard = p_shard AND o.id = s.id
      RETURNING o.*, s."offset" AS stream_offset, s.epoch AS stream_epoch,
        coalesce(s.superseded, false) AS superseded, s.code, s.reason, s.users
    ), delivered AS (
      INSERT INTO deliveries (event_id, shard, conversation_id, ev, subject, stream_offset,
        stream_epoch, superseded, attempts, worker, committed_at)
      SELECT event_id, shard, conversation_id, ev, subject, stream_offset, stream_epoch, superseded,
        home.failures + 1, by_worker, created_at
      FROM gone WHERE kind <> 'receipt' AND (reason IS NULL OR users IS NOT NULL) ORDER BY id
    ), buried AS (
      INSERT INTO dead_letters (outbox_id, shard, kind, conversation_id, ev, subject, event_id, epoch,
        payload, audience, audience_payload, traceparent, created_at, code, reason, users, attempts)
      SELECT id, shard, kind, conversation_id, ev, subject, event_id, epoch, payload, audience,
        audience_payload, traceparent, created_at, code, reason, users, home.failures + 1
      FROM gone WHERE reason IS NOT NULL
    ), unsure AS (
      INSERT INTO doubts AS d (lane, is_user, from_seq, again_at)
      -- Some rows of a conversation name a subject, others do not: its lane is one all the same.
      SELECT lane, is_user, min(seq_of(payload)), clock_timestamp() + interval '5 seconds'
      FROM gone, LATERAL (
        SELECT coalesce(conversation_id::text, subject) AS lane, conversation_id IS NULL AS is_user) l
      WHERE is_deaf AND reason IS NULL AND kind = 'event'
      GROUP BY lane, is_user ORDER BY lane
      ON CONFLICT (lane) DO UPDATE
      SET from_seq = least(d.from_seq, EXCLUDED.from_seq), again_at = EXCLUDED.again_at
    ), doubtful AS (
      SELECT conversation_id, subject, payload FROM gone
      WHERE kind <> 'receipt' AND (superseded OR (reason IS NULL AND id <= doubted_through)
        -- A resync that is bad itself begets no other, else they would go on for ever.
        OR (reason IS NOT NULL AND users IS NULL AND kind = 'event'
          AND coalesce(type_of(coalesce(payload, audience_payload)), '')
            NOT IN ('resync', 'presence_resync')))
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
      -- A node that is only coming back is deaf to this announcement too, so there will be another. Before
      -- the conversations are locked, as announce_again does it.
      PERFORM remember_doubt(
        unheard->'conversations', ARRAY(SELECT jsonb_array_elements_text(unheard->'users')));
      PERFORM announce_resync(
        unheard->'conversations', ARRAY(SELECT jsonb_array_elements_text(unheard->'users')));
      announced := true;
    END IF;
  END IF;

  -- Whatever the page says, the floor stays below what is there to be seen.
  IF through IS NOT NULL THEN
    through := least(through, (
      SELECT min(id) - 1 FROM outbox WHERE shard = p_shard AND id > home.floor));
  END IF;
  -- The gate of the floor: whoever was writing when `floor_next` was noted had a transaction older than the
  -- one that noted it (not than the `xmax` of a snapshot, which counts only those that have ended), so a
  -- page read after all of those ended has shown whatever lies at or below it.
  gate_is_open := coalesce((p_page->>'seen')::xid8 >= home.floor_gate AND through IS NOT NULL, false);
  moves := gate_is_open OR (home.floor_next IS NULL AND through IS NOT NULL);
  UPDATE shards SET
    holder = CASE WHEN (p_page->>'last')::boolean THEN nullif(holder, p_page->>'holder') ELSE holder END,
    worker = by_worker,
    progressed_at = CASE WHEN settled THEN clock_timestamp() ELSE progressed_at END,
    failures = CASE WHEN settled THEN 0 ELSE failures END + CASE WHEN failure IS NULL THEN 0 ELSE 1 END,
    last_error = failure->>'reason',
    held = CASE WHEN (failure->>'held')::boolean THEN failure->>'reason' END,
    ambiguous_through = CASE WHEN EXISTS (
      SELECT FROM outbox WHERE shard = p_shard AND id > home.floor AND id <= left_in_doubt_through
    ) THEN left_in_doubt_through END,
    floor = CASE WHEN gate_is_open THEN greatest(floor, least(floor_next, through)) ELSE floor END,
    floor_next = CASE WHEN moves THEN through ELSE floor_next END,
    floor_gate = CASE WHEN moves THEN pg_current_xact_id() ELSE floor_gate END
  WHERE shard = p_shard;
  RETURN jsonb_build_object('announced', announced,
    'holds', coalesce(current_setting('rov.holder', true) = p_page->>'holder', false));
END $$;
