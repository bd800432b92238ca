-- Those of these dead letters that are open, locked. Whoever wants the same ones at once waits here, and
-- finds them closed. Null when none is.
CREATE OR REPLACE FUNCTION lock_open_letters(p_letters jsonb) RETURNS jsonb
LANGUAGE sql
BEGIN ATOMIC
  SELECT jsonb_agg(outbox_id) FROM (
    SELECT outbox_id FROM dead_letters
    WHERE outbox_id IN (SELECT value::bigint FROM jsonb_array_elements_text(p_letters))
      AND closed_by IS NULL
    ORDER BY outbox_id FOR UPDATE
  ) open;
END;

CREATE OR REPLACE FUNCTION close_letters(p_letters jsonb, p_action bigint) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  UPDATE dead_letters SET closed_by = p_action
  WHERE outbox_id IN (SELECT value::bigint FROM jsonb_array_elements_text(p_letters));
END;
