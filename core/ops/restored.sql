-- Begins a new delivery epoch. {"before": epoch, "now": epoch}
--
-- The generation becomes the time, so that a backup that is restored twice does not begin the same epoch twice.
CREATE OR REPLACE FUNCTION begin_epoch(p_deed jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  before text := current_epoch();
BEGIN
  UPDATE delivery_epoch
  SET generation = greatest(generation + 1, extract(epoch FROM clock_timestamp())::bigint);
  PERFORM record_deed(p_deed, 'restored', jsonb_build_object('epoch', current_epoch()));
  RETURN jsonb_build_object('before', before, 'now', current_epoch());
END $$;
