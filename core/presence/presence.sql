-- From before users could choose what others see, and without parameters for the quiet: processes of that
-- time go on with the new ones and their defaults, else they would show who is invisible.
DROP FUNCTION IF EXISTS touch_presence(text, text, text, integer);
DROP FUNCTION IF EXISTS lapse_presence(text, text);
DROP FUNCTION IF EXISTS announce_presence(text, text, timestamptz);

-- The sessions that are still good for something.
CREATE OR REPLACE FUNCTION live_sessions(p_sessions jsonb, p_at timestamptz) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (
  SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(p_sessions)
  WHERE (value->>'until')::numeric > extract(epoch FROM p_at) * 1000
);

-- What somebody's sessions say together; null where none is live.
CREATE OR REPLACE FUNCTION status_of_sessions(p_live jsonb) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN (
  SELECT CASE WHEN bool_or(value->>'state' = 'active') THEN 'online' WHEN count(*) > 0 THEN 'away' END
  FROM jsonb_each(p_live)
);

-- What others see of it.
CREATE OR REPLACE FUNCTION shown_status(p_status text, p_chosen text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE
  WHEN p_chosen = 'invisible' THEN 'offline'
  WHEN p_chosen = 'away' AND p_status = 'online' THEN 'away'
  ELSE p_status
END;

-- Whether somebody is told of others: who is invisible may well be there.
CREATE OR REPLACE FUNCTION hears_of_contacts(p_status text, p_chosen text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN p_status <> 'offline' OR p_chosen = 'invisible';

-- Tells the contacts of a user what its row says now. To be called under the lock of that row.
CREATE OR REPLACE FUNCTION tell_presence(p_state presence) RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
  home smallint;
  common jsonb := event_frame(clock_timestamp());
BEGIN
  UPDATE presence SET announced_at = clock_timestamp(), announce_at = NULL
  WHERE user_id = p_state.user_id;
  SELECT shard INTO STRICT home FROM users WHERE id = p_state.user_id;
  INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
  VALUES (home, 'event', p_state.user_id, (common->>'eventId')::uuid, common->>'epoch', 'contacts',
    common || jsonb_build_object('type', 'presence', 'userId', p_state.user_id, 'status', p_state.status,
      'lastSeenAt', iso(p_state.last_seen_at), 'version', p_state.version));
  RETURN home;
END $$;

-- Writes a user's status with its announcement, if others see another one than before. To be called when
-- nobody else can be about to write an older one: the shard's number if something is to be delivered, else
-- null. A change that comes sooner than p_quiet_ms after an announcement is announced at the end of that
-- time, as the last one then, and even if it is what was announced before: somebody may have asked in between.
CREATE OR REPLACE FUNCTION announce_presence(
  p_user text, p_status text, p_last_seen timestamptz, p_quiet_ms integer
) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  state presence;
  quiet_until timestamptz;
BEGIN
  INSERT INTO presence AS p (user_id, status, last_seen_at, version)
  VALUES (p_user, p_status, p_last_seen, 1)
  ON CONFLICT (user_id) DO UPDATE
    SET status = shown_status(EXCLUDED.status, p.chosen), last_seen_at = EXCLUDED.last_seen_at,
      version = p.version + 1
    WHERE p.status <> shown_status(EXCLUDED.status, p.chosen)
  RETURNING * INTO state;
  IF NOT FOUND THEN RETURN NULL; END IF;

  -- A clock that was set back makes nobody silent for long.
  quiet_until := least(state.announced_at, clock_timestamp()) + p_quiet_ms * interval '1 millisecond';
  IF state.announced_at IS NULL OR quiet_until <= clock_timestamp() THEN RETURN tell_presence(state); END IF;
  UPDATE presence SET announce_at = quiet_until WHERE user_id = p_user;
  RETURN NULL;
END $$;

-- Announces what had to wait, those first who have waited longest: the numbers of the shards to ring for.
CREATE OR REPLACE FUNCTION announce_waiting_presence(p_limit integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  state presence;
  shards_told smallint[] := '{}';
BEGIN
  FOR state IN
    SELECT * FROM presence WHERE announce_at <= clock_timestamp()
    ORDER BY announce_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  LOOP
    shards_told := shards_told || tell_presence(state);
  END LOOP;
  RETURN to_jsonb(ARRAY(SELECT DISTINCT unnest(shards_told)));
END $$;

-- {"status": what others see, "chosen": …, "shard": n | null}
CREATE OR REPLACE FUNCTION presence_answer(p_user text, p_shard smallint) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (
  SELECT jsonb_build_object('status', status, 'chosen', chosen, 'shard', p_shard)
  FROM presence WHERE user_id = p_user
);

-- A heartbeat of one session. A clean end is a heartbeat whose lease is the grace. Answers as presence_answer.
CREATE OR REPLACE FUNCTION touch_presence(
  p_user text, p_session text, p_state text, p_lease_ms integer, p_quiet_ms integer DEFAULT 5000
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  kept jsonb;
  at timestamptz;
  told smallint;
BEGIN
  INSERT INTO presence_sessions (user_id) VALUES (p_user) ON CONFLICT DO NOTHING;
  SELECT sessions INTO kept FROM presence_sessions WHERE user_id = p_user FOR UPDATE;
  at := clock_timestamp();
  kept := live_sessions(kept, at) || jsonb_build_object(p_session, jsonb_build_object(
    'state', p_state, 'until', floor(extract(epoch FROM at) * 1000) + p_lease_ms));
  UPDATE presence_sessions SET sessions = kept, beat_at = at WHERE user_id = p_user;
  told := announce_presence(p_user, status_of_sessions(kept), at, p_quiet_ms);
  RETURN presence_answer(p_user, told);
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

-- What a user wants others to see, until they choose again: 'auto' | 'away' | 'invisible'. Answers as
-- presence_answer. Of somebody without a live session the sweep has the word, so the status stays unless
-- the choice covers it. The lock of the presence row is enough: a heartbeat or a sweep that is not to be seen
-- yet still has its own announcement before it, and makes that under the new choice.
CREATE OR REPLACE FUNCTION choose_presence(p_user text, p_chosen text, p_quiet_ms integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  state presence;
  there presence_sessions;
  now_there text;
  told smallint;
BEGIN
  INSERT INTO presence (user_id, status, chosen) VALUES (p_user, 'offline', p_chosen)
  ON CONFLICT (user_id) DO UPDATE SET chosen = EXCLUDED.chosen
  RETURNING * INTO state;
  SELECT * INTO there FROM presence_sessions WHERE user_id = p_user;
  now_there := status_of_sessions(live_sessions(there.sessions, clock_timestamp()));
  told := announce_presence(p_user, coalesce(now_there, state.status),
    coalesce(there.beat_at, state.last_seen_at), p_quiet_ms);
  RETURN presence_answer(p_user, told);
END $$;

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
CREATE OR REPLACE FUNCTION lapse_presence(
  p_user text, p_status text, p_quiet_ms integer DEFAULT 5000
) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  there presence_sessions;
BEGIN
  SELECT * INTO there FROM presence_sessions WHERE user_id = p_user FOR UPDATE;
  IF NOT FOUND OR live_sessions(there.sessions, clock_timestamp()) <> '{}' THEN RETURN NULL; END IF;
  RETURN announce_presence(p_user, p_status, there.beat_at, p_quiet_ms);
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
