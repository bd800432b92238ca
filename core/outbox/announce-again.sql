-- Announces once more what was announced because hearing was in doubt: a node of Centrifugo that lost its
-- engine for a moment may have been deaf to the first announcement as well. How many were due.
CREATE OR REPLACE FUNCTION announce_again() RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  due doubts[];
BEGIN
  WITH taken AS (
    DELETE FROM doubts WHERE lane IN (
      SELECT lane FROM doubts WHERE again_at <= clock_timestamp()
      ORDER BY again_at LIMIT 100 FOR UPDATE SKIP LOCKED)
    RETURNING doubts
  ) SELECT array_agg(doubts) INTO due FROM taken;
  IF due IS NULL THEN RETURN 0; END IF;

  PERFORM announce_resync(
    (SELECT coalesce(jsonb_object_agg(d.lane, d.from_seq), '{}') FROM unnest(due) d WHERE NOT d.is_user),
    ARRAY(SELECT d.lane FROM unnest(due) d WHERE d.is_user));
  RETURN cardinality(due);
END $$;

-- Remembers to do so. `p_conversations` and `p_users` as in announce_resync.
CREATE OR REPLACE FUNCTION remember_doubt(p_conversations jsonb, p_users text[]) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO doubts AS d (lane, is_user, from_seq, again_at)
  SELECT lane, is_user, from_seq, clock_timestamp() + interval '5 seconds' FROM (
    SELECT key AS lane, false AS is_user, value::bigint AS from_seq FROM jsonb_each_text(p_conversations)
    UNION ALL SELECT u, true, NULL FROM unnest(p_users) u
  ) n
  ORDER BY lane
  ON CONFLICT (lane) DO UPDATE
  SET from_seq = least(d.from_seq, EXCLUDED.from_seq), again_at = EXCLUDED.again_at;
END;
