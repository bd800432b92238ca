-- Ends whatever a user has open: their connections, in the order of their shard, and the sessions by which others see
-- them there. Under the lock of the user's row.
CREATE OR REPLACE FUNCTION end_sessions(p_user users) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  there presence_sessions;
BEGIN
  SELECT * INTO there FROM presence_sessions WHERE user_id = p_user.id FOR UPDATE;
  UPDATE presence_sessions SET sessions = '{}' WHERE user_id = p_user.id;
  -- Of somebody who was never seen there is nothing to tell.
  PERFORM announce_presence(p.user_id, 'offline', coalesce(there.beat_at, p.last_seen_at), 5000)
  FROM presence p WHERE p.user_id = p_user.id;
  INSERT INTO outbox (shard, kind, subject, event_id, epoch)
  VALUES (p_user.shard, 'disconnect', p_user.id, gen_random_uuid(), current_epoch());
END $$;

-- Signs a user out everywhere: tokens that were issued until now are not taken any more.
-- {"outcome": "signed_out", "shard": n} | {"outcome": "unknown_user"}
CREATE OR REPLACE FUNCTION sign_out(p_user text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  person users;
BEGIN
  UPDATE users SET signed_out_at = clock_timestamp() WHERE id = p_user RETURNING * INTO person;
  IF NOT FOUND THEN RETURN '{"outcome": "unknown_user"}'; END IF;
  PERFORM end_sessions(person);
  RETURN jsonb_build_object('outcome', 'signed_out', 'shard', person.shard);
END $$;
