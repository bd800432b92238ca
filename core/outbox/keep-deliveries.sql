-- Partitions of `deliveries` by UTC day: deliveries_20260131 and so on.
CREATE OR REPLACE FUNCTION keep_deliveries(p_days_ahead integer, p_keep_days integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
  day date;
  old text;
BEGIN
  FOR day IN SELECT today + n FROM generate_series(0, p_days_ahead) n LOOP
    IF to_regclass('deliveries_' || to_char(day, 'YYYYMMDD')) IS NULL THEN
      EXECUTE format(
        'CREATE TABLE %I PARTITION OF deliveries FOR VALUES FROM (%L) TO (%L)',
        'deliveries_' || to_char(day, 'YYYYMMDD'),
        day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END IF;
  END LOOP;

  FOR old IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'deliveries'::regclass AND c.relname ~ '^deliveries_\d{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - p_keep_days
  LOOP
    EXECUTE format('DROP TABLE %I', old);
  END LOOP;
END $$;
