-- Stops the delivery of shards, or lets it go on: {"shards": n, "changed": n}.
CREATE OR REPLACE FUNCTION pause_shards(p_deed jsonb, p_shards jsonb, p_paused boolean) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  outcome jsonb;
BEGIN
  -- Whoever takes or settles a shard has its row for a moment, and comes first.
  PERFORM set_config('lock_timeout', '10s', true);
  PERFORM FROM shards WHERE shard IN (SELECT value::smallint FROM jsonb_array_elements_text(p_shards))
  ORDER BY shard FOR UPDATE;
  WITH changed AS (
    UPDATE shards SET paused = p_paused
    WHERE shard IN (SELECT value::smallint FROM jsonb_array_elements_text(p_shards))
      AND paused <> p_paused
    RETURNING shard
  )
  SELECT jsonb_build_object('shards', jsonb_array_length(p_shards), 'changed', count(*))
  INTO outcome FROM changed;
  PERFORM record_deed(p_deed, CASE WHEN p_paused THEN 'pause' ELSE 'resume' END, outcome);
  RETURN outcome;
END $$;
