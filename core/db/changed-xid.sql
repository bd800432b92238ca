-- Which transaction changed a row last: a sync asks for whatever its cursor, the oldest transaction that was not over
-- when it was answered before, has not seen for certain. A trigger, because a verb that forgot it would be missed in silence.
CREATE OR REPLACE FUNCTION set_changed_xid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xid := pg_current_xact_id();
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER conversations_changed BEFORE UPDATE ON conversations
FOR EACH ROW EXECUTE FUNCTION set_changed_xid();
CREATE OR REPLACE TRIGGER members_changed BEFORE UPDATE ON members
FOR EACH ROW EXECUTE FUNCTION set_changed_xid();
-- Of somebody invisible nothing moves that others may see, and so nothing here.
CREATE OR REPLACE TRIGGER presence_changed BEFORE UPDATE ON presence
FOR EACH ROW WHEN (NEW.version IS DISTINCT FROM OLD.version) EXECUTE FUNCTION set_changed_xid();
