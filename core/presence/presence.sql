-- The sessions that are still good for something.
CREATE OR REPLACE FUNCTION live_sessions(p_sessions jsonb, p_at timestamptz) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (
  SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(p_sessions)
  WHERE (value->>'until')::numeric > extract(epoch FROM p_at) * 1000
);

-- Writes a user's status with its announcement, if it is another one than before. To be called under
-- the lock of the user's row in presence_sessions: the shard's number if something changed, else null.
CREATE OR REPLACE FUNCTION announce_presence(p_user text, p_status text, p_last_seen timestamptz)
RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  state presence;
  home smallint;
  common jsonb;
BEGIN
  INSERT INTO presence AS p (user_id, status, last_seen_at, version)
  VALUES (p_user, p_status, p_last_seen, 1)
  ON CONFLICT (user_id) DO UPDATE
    SET status = EXCLUDED.status, last_seen_at = EXCLUDED.last_seen_at, version = p.version + 1
    WHERE p.status <> EXCLUDED.status
  RETURNING * INTO state;
  IF NOT FOUND THEN RETURN NULL; END IF;

  SELECT shard INTO STRICT home FROM users WHERE id = p_user;
  common := event_frame(clock_timestamp());
  INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
  VALUES (home, 'event', p_user, (common->>'eventId')::uuid, common->>'epoch', 'contacts',
    common || jsonb_build_object('type', 'presence', 'userId', p_user, 'status', state.status,
      'lastSeenAt', iso(state.last_seen_at), 'version', state.version));
  RETURN home;
END $$;

-- A heartbeat of one session. A clean end is a heartbeat whose lease is the grace.
-- {"status": …, "shard": n | null}
CREATE OR REPLACE FUNCTION touch_presence(p_user text, p_session text, p_state text, p_lease_ms integer)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  kept jsonb;
  now_there text;
  at timestamptz;
BEGIN
  INSERT INTO presence_sessions (user_id) VALUES (p_user) ON CONFLICT DO NOTHING;
  SELECT sessions INTO kept FROM presence_sessions WHERE user_id = p_user FOR UPDATE;
  at := clock_timestamp();
  kept := live_sessions(kept, at) || jsonb_build_object(p_session, jsonb_build_object(
    'state', p_state, 'until', floor(extract(epoch FROM at) * 1000) + p_lease_ms));
  UPDATE presence_sessions SET sessions = kept, beat_at = at WHERE user_id = p_user;

  SELECT CASE WHEN bool_or(value->>'state' = 'active') THEN 'online' ELSE 'away' END
  INTO now_there FROM jsonb_each(kept);
  RETURN jsonb_build_object(
    'status', now_there, 'shard', announce_presence(p_user, now_there, at));
END $$;

-- The same for a session that says goodbye: it counts for the grace, so that a reload does not flicker.
-- A session that is unknown stays unknown.
CREATE OR REPLACE FUNCTION end_presence(p_user text, p_session text, p_grace_ms integer) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  UPDATE presence_sessions SET sessions = jsonb_set(sessions, ARRAY[p_session, 'until'],
    to_jsonb(floor(extract(epoch FROM clock_timestamp()) * 1000) + p_grace_ms))
  WHERE user_id = p_user AND sessions ? p_session;
END;

-- Who is said to be there although no session is good any more: [{"userId", "lapsedMs"}].
-- A user without a row of sessions (the table is empty after a crash of Postgres) gets one fresh lease.
CREATE OR REPLACE FUNCTION lapsed_presence(p_lease_ms integer, p_limit integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := clock_timestamp();
  at_ms numeric := floor(extract(epoch FROM at) * 1000);
BEGIN
  INSERT INTO presence_sessions (user_id, sessions, beat_at)
  SELECT p.user_id, jsonb_build_object('lost', jsonb_build_object(
    'state', CASE p.status WHEN 'online' THEN 'active' ELSE 'idle' END, 'until', at_ms + p_lease_ms)),
    coalesce(p.last_seen_at, at)
  FROM presence p
  WHERE p.status <> 'offline' AND NOT EXISTS (
    SELECT FROM presence_sessions s WHERE s.user_id = p.user_id)
  ON CONFLICT DO NOTHING;

  RETURN coalesce((
    SELECT jsonb_agg(jsonb_build_object('userId', user_id, 'lapsedMs', at_ms - ended))
    FROM (
      SELECT p.user_id, coalesce((
          SELECT max((value->>'until')::numeric) FROM jsonb_each(s.sessions)),
          extract(epoch FROM s.beat_at) * 1000) AS ended
      FROM presence p JOIN presence_sessions s USING (user_id)
      WHERE p.status <> 'offline'
    ) there
    WHERE ended <= at_ms
    -- Those whom Centrifugo still sees come up in every round; they must not crowd out the others.
    ORDER BY random()
    LIMIT p_limit), '[]');
END $$;

-- The sweep's word on one user, unless a session came back meanwhile: the shard's number if the status
-- changed, else null. `last_seen_at` is the last heartbeat, not the sweep.
CREATE OR REPLACE FUNCTION lapse_presence(p_user text, p_status text) RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
  there presence_sessions;
BEGIN
  SELECT * INTO there FROM presence_sessions WHERE user_id = p_user FOR UPDATE;
  IF NOT FOUND OR live_sessions(there.sessions, clock_timestamp()) <> '{}' THEN RETURN NULL; END IF;
  RETURN announce_presence(p_user, p_status, there.beat_at);
END $$;

-- A user's presence as others see it. Who is there was last seen at the last heartbeat.
CREATE OR REPLACE FUNCTION presence_json(p_user text) RETURNS json
LANGUAGE sql STABLE
RETURN (
  SELECT json_build_object('userId', p_user, 'status', coalesce(p.status, 'offline'),
    'lastSeenAt', iso(CASE WHEN p.status = 'offline' THEN p.last_seen_at
      ELSE coalesce(s.beat_at, p.last_seen_at) END),
    'version', coalesce(p.version, 0))
  FROM (SELECT) one
  LEFT JOIN presence p ON p.user_id = p_user
  LEFT JOIN presence_sessions s ON s.user_id = p_user
);
