"""岗位、任职、代理一有变化就记一个数，进程里的名册照它更新 (portal.roster)."""

from django.db import migrations

TABLES = ("portal_township", "portal_village", "portal_office", "portal_post", "portal_postholding", "portal_delegation")

COUNT = """
CREATE SEQUENCE portal_revision_count;
CREATE FUNCTION portal_count_roster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_revision (name, number) VALUES ('roster', nextval('portal_revision_count'))
    ON CONFLICT (name) DO UPDATE SET number = excluded.number;
    RETURN NULL;
END $$;
INSERT INTO portal_revision (name, number) VALUES ('roster', nextval('portal_revision_count'));
"""

REMOVE = """
DELETE FROM portal_revision WHERE name = 'roster';
DROP FUNCTION portal_count_roster();
DROP SEQUENCE portal_revision_count;
"""


def trigger_on(table: str) -> migrations.RunSQL:
    """一张表的触发器: once a statement, whatever it changed."""
    return migrations.RunSQL(
        f"CREATE TRIGGER roster_changes AFTER INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION portal_count_roster()",
        f"DROP TRIGGER roster_changes ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_add_account_safety_fields")]

    operations = [migrations.RunSQL(COUNT, REMOVE), *(trigger_on(table) for table in TABLES)]
