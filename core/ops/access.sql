-- Bans a user, lets them in again, or signs them out everywhere. What is so already is recorded and changes nothing.
--
--   p_action  'ban' | 'unban' | 'sign-out'
--
-- {"users": whether there is such a user, "changed": 0 | 1, "shard": where something waits now, or null}
CREATE OR REPLACE FUNCTION change_access(p_deed jsonb, p_user text, p_action text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  person users;
  outcome jsonb;
  is_there boolean;
  changed boolean;
BEGIN
  SELECT * INTO person FROM users WHERE id = p_user FOR NO KEY UPDATE;
  is_there := FOUND;
  changed := is_there AND CASE p_action
    WHEN 'ban' THEN person.banned_at IS NULL
    WHEN 'unban' THEN person.banned_at IS NOT NULL
    ELSE true END;
  IF changed AND p_action = 'sign-out' THEN PERFORM sign_out(p_user);
  ELSIF changed THEN
    UPDATE users SET banned_at = CASE p_action WHEN 'ban' THEN clock_timestamp() END WHERE id = p_user;
    IF p_action = 'ban' THEN PERFORM end_sessions(person); END IF;
  END IF;
  outcome := jsonb_build_object('users', is_there::integer, 'changed', changed::integer);
  PERFORM record_deed(p_deed, p_action, outcome);
  RETURN outcome
    || jsonb_build_object('shard', CASE WHEN changed AND p_action <> 'unban' THEN person.shard END);
END $$;
