-- Takes a shard for this session, if nobody has it and something waits there.
--
--   p_holder   the name of this drain, in `shards` until it has settled its last page
--   p_doubted  whether the last drain of this process here ended in the middle of a page
--   p_rows     the most rows of a page
--
-- 'taken' | 'empty' | 'busy' | 'paused'. Only a taken shard must be released.
--
-- Another name found there belongs to a drain that died, or was stopped, with a page under way. What it had
-- sent may be stored and unheard, and nobody wrote that down: its page is in doubt. It began where the next
-- one begins and had at most as many rows; twice as many are doubted because rows with lower ids may have
-- been committed since. Where something had to stay, it may have passed over that and lie anywhere behind:
-- whatever waits is in doubt then.
CREATE OR REPLACE FUNCTION take_shard(
  p_lock integer, p_shard smallint, p_holder text, p_doubted boolean, p_rows integer
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  home shards;
BEGIN
  IF NOT pg_try_advisory_lock(p_lock, p_shard) THEN RETURN 'busy'; END IF;
  SELECT * INTO STRICT home FROM shards WHERE shard = p_shard;
  IF home.paused OR NOT EXISTS (SELECT FROM outbox WHERE shard = p_shard AND id > home.floor) THEN
    PERFORM pg_advisory_unlock(p_lock, p_shard);
    RETURN CASE WHEN home.paused THEN 'paused' ELSE 'empty' END;
  END IF;

  -- A session that says nothing for so long has lost its drain: Postgres ends it, and the lock with it.
  PERFORM set_config('idle_session_timeout', '4s', false);
  -- Gone with the session: who goes on with another one learns of it (settle.sql).
  PERFORM set_config('rov.holder', p_holder, false);
  IF home.holder IS NULL AND NOT p_doubted THEN
    -- Lost in a crash of Postgres it is missed by nobody: this session ends with it, and p_doubted says so.
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE shards SET holder = p_holder WHERE shard = p_shard;
  ELSE
    UPDATE shards SET holder = p_holder, ambiguous_through = greatest(ambiguous_through, (
      SELECT max(id) FROM (
        SELECT id FROM outbox WHERE shard = p_shard AND id > home.floor ORDER BY id
        LIMIT CASE WHEN home.failures = 0 THEN 2 * p_rows END) o))
    WHERE shard = p_shard;
  END IF;
  RETURN 'taken';
END $$;

-- Call it when the last page is settled: in a later statement, else another drain could read what this one
-- has deleted and not yet committed.
CREATE OR REPLACE FUNCTION release_shard(p_lock integer, p_shard smallint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RESET idle_session_timeout;
  PERFORM set_config('rov.holder', '', false), pg_advisory_unlock(p_lock, p_shard);
END $$;
