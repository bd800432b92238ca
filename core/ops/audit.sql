-- From when on every delivery is kept: older days are dropped (core/outbox/keep-deliveries.sql).
CREATE OR REPLACE FUNCTION deliveries_kept_since() RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT min(to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC')
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'deliveries'::regclass AND c.relname ~ '^deliveries_\d{8}$'
$$;

-- Recounts the committed events of some conversations: each number from the first one committed since then
-- to the present one must be known to the outbox, to the deliveries or to the dead letters, and no event
-- may have been settled twice. Neither locks rows nor waits for writers.
--
-- One statement, and so one snapshot, counts all of it: rows move from one table to the next meanwhile.
--
-- {"since",                              from when on it judges
--  "events", "messages", "closed",       how many were judged; how many of the events died and were closed
--  "found": {"lost" | "duplicated" | "outOfOrder" | "unannounced" | "waiting" | "dead":
--    {"count", "examples": [{"conversationId", "number"}…]}}}
--
-- A number is that of an event; of `unannounced`, that of a message which no event follows.
CREATE OR REPLACE FUNCTION audit_conversations(
  p_conversations jsonb, p_since timestamptz, p_examples integer
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz;
  answer jsonb;
BEGIN
  -- While this is held no day of deliveries can be dropped between asking for the oldest and counting.
  LOCK TABLE deliveries IN ACCESS SHARE MODE;
  since := greatest(p_since, deliveries_kept_since());

  WITH asked AS MATERIALIZED (
    SELECT id, ev AS last_ev, created_at FROM conversations
    WHERE id IN (SELECT value::uuid FROM jsonb_array_elements_text(p_conversations))
  ), place AS (
    SELECT a.id, o.ev, o.event_id, o.created_at AS at, 'waiting' AS state, NULL::bigint AS stream_offset,
      NULL AS stream_epoch
    FROM asked a JOIN outbox o ON o.conversation_id = a.id
    UNION ALL
    -- An hour more, in case the clock was set back between the commit and its acknowledgement.
    SELECT a.id, d.ev, d.event_id, d.committed_at, 'delivered',
      CASE WHEN NOT d.superseded THEN d.stream_offset END, d.stream_epoch
    FROM asked a JOIN deliveries d ON d.conversation_id = a.id
      AND d.acknowledged_at >= since - interval '1 hour'
    UNION ALL
    -- One that missed only some users of its audience was delivered to the others.
    SELECT a.id, l.ev, l.event_id, l.created_at, CASE
        WHEN l.users IS NOT NULL THEN 'in part' WHEN l.closed_by IS NULL THEN 'dead' ELSE 'closed' END,
      NULL, NULL
    FROM asked a JOIN dead_letters l ON l.conversation_id = a.id
  ), event AS MATERIALIZED (
    SELECT id, ev, event_id, min(at) AS at, count(*) FILTER (WHERE state <> 'in part') AS times,
      bool_or(state = 'waiting') AS waiting, bool_or(state = 'dead') AS dead,
      bool_or(state = 'closed') AS closed, min(stream_offset) AS stream_offset,
      min(stream_epoch) AS stream_epoch
    FROM place WHERE ev IS NOT NULL GROUP BY id, ev, event_id
  ), first_known AS (
    SELECT id, min(ev) AS ev FROM event WHERE at >= since GROUP BY id
  ), span AS MATERIALIZED (
    SELECT a.id, a.last_ev, CASE WHEN a.created_at >= since THEN 0 ELSE coalesce(
      (SELECT d.ev + 1 FROM deliveries d
       WHERE d.conversation_id = a.id AND d.ev IS NOT NULL AND d.committed_at < since
       ORDER BY d.ev DESC LIMIT 1),
      -- Nothing older is kept. Of the first event that is, a part may have gone with the old ones.
      f.ev + 1) END AS first_ev
    FROM asked a LEFT JOIN first_known f USING (id)
  ), move AS (
    -- How many events add_members and remove_member write under one number; all others write one. What else comes of
    -- them (a removal of the history, the message about it) has no number or one of its own.
    SELECT a.id, m.joined_ev AS ev, 2 AS events
    FROM asked a JOIN members m ON m.conversation_id = a.id AND m.joined_ev > 0
    UNION ALL
    SELECT a.id, m.left_ev, 3 FROM asked a JOIN members m ON m.conversation_id = a.id AND m.left_ev > 0
  ), counted AS (
    SELECT id, ev, count(*) AS events, bool_or(times > 1) AS twice, bool_or(waiting) AS waiting,
      bool_or(dead) AS dead, bool_or(closed) AS closed
    FROM event GROUP BY id, ev
  ), judged AS MATERIALIZED (
    SELECT s.id, n.ev, coalesce(c.events, 0) < coalesce(m.events, 1) AS lost, c.twice, c.waiting, c.dead,
      c.closed
    FROM span s CROSS JOIN LATERAL generate_series(s.first_ev, s.last_ev) n (ev)
    LEFT JOIN counted c ON c.id = s.id AND c.ev = n.ev
    LEFT JOIN move m ON m.id = s.id AND m.ev = n.ev
  ), placed AS (
    SELECT e.id, e.ev, e.stream_offset <= lag(e.stream_offset) OVER (
      PARTITION BY e.id, e.stream_epoch ORDER BY e.ev) AS misplaced
    FROM event e WHERE e.stream_offset IS NOT NULL
  ), spoken AS MATERIALIZED (
    SELECT a.id, m.seq, m.created_at AS at, m.sent_ev,
      -- Those from before it was kept by which event each was sent come first.
      m.sent_ev IS NULL AND bool_or(m.sent_ev IS NOT NULL) OVER (PARTITION BY a.id ORDER BY m.seq) AS unnumbered
    FROM asked a JOIN messages m ON m.conversation_id = a.id AND m.seq > coalesce(
      (SELECT seq FROM messages older
       WHERE older.conversation_id = a.id AND older.created_at < since
       ORDER BY seq DESC LIMIT 1), 0)
  ), spoken_and_told AS (
    -- Both clocks were read under the same lock, the event's last: each message is followed by its event
    -- before the next message comes. What becomes of a message later is an event as well, and must not be taken for the
    -- one by which it was sent.
    SELECT id, seq, unnumbered, lead(seq IS NULL) OVER (
      PARTITION BY id ORDER BY at, seq IS NULL) AS told
    FROM (
      SELECT id, seq, at, unnumbered FROM spoken
      UNION ALL
      SELECT id, NULL, at, false FROM event e
      WHERE ev > 0 AND NOT EXISTS (SELECT FROM move m WHERE m.id = e.id AND m.ev = e.ev)
    ) moments
  ), numbered AS (
    -- Sorted, not joined: of what the lists before hold the planner knows nothing, and would compare each with each.
    SELECT id, seq, bool_or(seq IS NULL) OVER (PARTITION BY id, ev) AS known
    FROM (
      SELECT id, seq, sent_ev AS ev FROM spoken WHERE sent_ev IS NOT NULL
      UNION ALL
      SELECT id, NULL, ev FROM counted
    ) numbers
  ), finding AS (
    SELECT 'lost' AS what, id, ev AS number FROM judged WHERE lost
    UNION ALL SELECT 'duplicated', id, ev FROM judged WHERE twice
    UNION ALL
    SELECT 'outOfOrder', p.id, p.ev FROM placed p JOIN span s USING (id)
    WHERE p.misplaced AND p.ev >= s.first_ev
    UNION ALL
    SELECT 'unannounced', id, seq FROM (
      SELECT id, seq FROM spoken_and_told WHERE seq IS NOT NULL AND (told IS NOT TRUE OR unnumbered)
      UNION
      SELECT id, seq FROM numbered WHERE seq IS NOT NULL AND NOT known
    ) silent
    UNION ALL SELECT 'waiting', id, ev FROM judged WHERE waiting
    UNION ALL SELECT 'dead', id, ev FROM judged WHERE dead
  ), ranked AS (
    SELECT what, id, number, row_number() OVER (PARTITION BY what ORDER BY id, number) AS rank FROM finding
  ), summed AS (
    SELECT what, count(*) AS count, jsonb_agg(
      jsonb_build_object('conversationId', id, 'number', number) ORDER BY rank)
      FILTER (WHERE rank <= p_examples) AS examples
    FROM ranked GROUP BY what
  )
  SELECT jsonb_build_object(
    'since', since,
    'events', (SELECT count(*) FROM judged),
    'messages', (SELECT count(*) FROM spoken),
    'closed', (SELECT count(*) FROM judged WHERE closed),
    'found', (
      SELECT coalesce(jsonb_object_agg(
        what, jsonb_build_object('count', count, 'examples', examples)), '{}') FROM summed))
  INTO answer;
  RETURN answer;
END $$;
