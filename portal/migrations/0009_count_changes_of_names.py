"""名册里也记着在岗人的名字，名字一变也记一个数 (portal.roster)."""

from django.db import migrations


def trigger_on(table: str, *columns: str) -> migrations.RunSQL:
    """一张表的触发器: only for a row in which one of these columns really changes – a sign-in must not count."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return migrations.RunSQL(
        f"CREATE TRIGGER roster_changes AFTER UPDATE ON {table}"
        f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION portal_count_roster()",
        f"DROP TRIGGER roster_changes ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("portal", "0008_index_what_was_given_up")]

    operations = [trigger_on("portal_person", "name"), trigger_on("portal_user", "person_id", "is_staff_member")]
