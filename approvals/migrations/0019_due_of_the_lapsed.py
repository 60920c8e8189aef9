"""承诺过了的件，按承诺的那天排：`due_at` of a running case is the end of the limit that has passed, as every page shows it."""

from django.db import migrations

PASSED = (
    "UPDATE approvals_case SET due_at = promised_due_at"
    " WHERE closed_at IS NULL AND outcome = '' AND promised_due_at < due_at AND promised_due_at <= now()"
)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0018_remind_of_terms_that_end")]

    operations = [migrations.RunSQL(PASSED, migrations.RunSQL.noop)]
