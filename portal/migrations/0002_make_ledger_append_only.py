"""台账只增不改，时间出自数据库的钟 (engine section 7)."""

from django.conf import settings
from django.db import migrations

LEDGER = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON portal_event
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON portal_event
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION portal_refuse_late_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF portal_now() >= NEW.valid_before THEN
        RAISE EXCEPTION 'the limit of this act ended before it was committed' USING ERRCODE = 'PT409';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_commits_in_time AFTER INSERT ON portal_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.valid_before IS NOT NULL)
    EXECUTE FUNCTION portal_refuse_late_commit();

DO $$
DECLARE grantee_name text;
BEGIN
    FOR grantee_name IN SELECT DISTINCT grantee FROM information_schema.role_table_grants
        WHERE table_name = 'portal_event' AND grantee NOT IN (current_user, 'postgres')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON portal_event FROM %I', grantee_name);
    END LOOP;
END $$;
"""

REMOVE_LEDGER = """
DROP TRIGGER event_commits_in_time ON portal_event;
DROP TRIGGER event_no_truncate ON portal_event;
DROP TRIGGER event_append_only ON portal_event;
DROP FUNCTION portal_refuse_late_commit();
DROP FUNCTION portal_refuse_change();
"""

REAL_CLOCK = """
CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';
CREATE FUNCTION portal_clock_is_shifted() RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT false';
"""

# Only on demo and test databases: a shift that the owner alone can set, seen by every open connection.
SHIFTABLE_CLOCK = """
CREATE TABLE portal_clock_shift (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), shift interval NOT NULL);
INSERT INTO portal_clock_shift (shift) VALUES ('0');
DO $$
DECLARE grantee_name text;
BEGIN
    FOR grantee_name IN SELECT DISTINCT grantee FROM information_schema.role_table_grants
        WHERE table_name = 'portal_clock_shift' AND grantee NOT IN (current_user, 'postgres')
    LOOP
        EXECUTE format('REVOKE ALL ON portal_clock_shift FROM %I', grantee_name);
    END LOOP;
END $$;
CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public
    AS 'SELECT clock_timestamp() + shift FROM portal_clock_shift';
CREATE FUNCTION portal_clock_is_shifted() RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public AS 'SELECT shift <> interval ''0'' FROM portal_clock_shift';
"""

REMOVE_CLOCK = """
DROP FUNCTION portal_clock_is_shifted();
DROP FUNCTION portal_now();
DROP TABLE IF EXISTS portal_clock_shift;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_create_portal_tables")]

    operations = [
        migrations.RunSQL(REAL_CLOCK if settings.PRODUCTION else SHIFTABLE_CLOCK, REMOVE_CLOCK),
        migrations.RunSQL(LEDGER, REMOVE_LEDGER),
    ]
