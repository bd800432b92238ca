-- Partitions of `deliveries` by UTC day: deliveries_20260131 and so on.
CREATE OR REPLACE FUNCTION keep_deliveries(p_days_ahead integer, p_keep_days integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
  day date;
  opens timestamptz;
  closes timestamptz;
  old text;
BEGIN
  FOR day IN SELECT today + n FROM generate_series(0, p_days_ahead) n LOOP
    IF to_regclass('deliveries_' || to_char(day, 'YYYYMMDD')) IS NULL THEN
      opens := day::timestamp AT TIME ZONE 'UTC';
      closes := (day + 1)::timestamp AT TIME ZONE 'UTC';
      -- A machine that slept past its last partition wrote into the default one, which then refuses a
      -- partition for those rows: they move over first.
      LOCK TABLE deliveries_default IN ACCESS EXCLUSIVE MODE;
      EXECUTE format('CREATE TABLE %I (LIKE deliveries INCLUDING ALL)',
        'deliveries_' || to_char(day, 'YYYYMMDD'));
      EXECUTE format(
        'WITH strays AS (
           DELETE FROM deliveries_default WHERE acknowledged_at >= $1 AND acknowledged_at < $2 RETURNING *
         ) INSERT INTO %I SELECT * FROM strays', 'deliveries_' || to_char(day, 'YYYYMMDD'))
        USING opens, closes;
      EXECUTE format('ALTER TABLE deliveries ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        'deliveries_' || to_char(day, 'YYYYMMDD'), opens, closes);
    END IF;
  END LOOP;

  FOR old IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'deliveries'::regclass AND c.relname ~ '^deliveries_\d{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - p_keep_days
  LOOP
    EXECUTE format('DROP TABLE %I', old);
  END LOOP;
  DELETE FROM deliveries_default
  WHERE acknowledged_at < (today - p_keep_days)::timestamp AT TIME ZONE 'UTC';
END $$;
