-- Small functions that the others share.

-- The order of a conversation or user among the outbox rows of one shard. Asked once, at creation, and
-- stored: the hash is not promised to be the same in another major version of Postgres.
CREATE OR REPLACE FUNCTION shard_of(p_key text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashtextextended(p_key, 0) & 7)::smallint;

-- ISO 8601 in UTC with milliseconds, as JavaScript writes it.
CREATE OR REPLACE FUNCTION iso(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- Delivery epoch. After a restore or a failover that lost commits `ev` runs backwards, and whatever
-- compares it with what was heard before would take news for repeats. System identifier and timeline
-- change by themselves (a dump restored elsewhere, a promotion); the generation is raised by hand.
CREATE OR REPLACE FUNCTION current_epoch() RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT c.system_identifier || '.'
    || ltrim(left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), '0') || '.' || d.generation
  FROM pg_control_system() c, delivery_epoch d
);

CREATE OR REPLACE FUNCTION profile_json(p_user users) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN json_build_object(
  'id', p_user.id, 'name', p_user.name, 'username', p_user.username, 'image', p_user.image
);
