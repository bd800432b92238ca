-- Closes dead letters without telling anybody. {"letters": n}
CREATE OR REPLACE FUNCTION dismiss_letters(p_deed jsonb, p_letters jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  letters jsonb := lock_open_letters(p_letters);
  outcome jsonb := jsonb_build_object('letters', coalesce(jsonb_array_length(letters), 0));
BEGIN
  IF letters IS NOT NULL THEN
    PERFORM close_letters(letters, record_deed(p_deed, 'dismiss', outcome));
  END IF;
  RETURN outcome;
END $$;
