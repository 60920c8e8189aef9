"""有效期到了要提醒：results given before are looked at once more, so that settling fills in the day of their reminder."""

from django.db import migrations

LOOK_AGAIN = """
    UPDATE approvals_case k SET next_look_at = portal_now()
    FROM services_application a JOIN services_itemversion v ON v.id = a.version_id
    WHERE a.id = k.application_id AND k.next_look_at IS NULL
      AND k.outcome IN ('approved', 'recorded', 'completed', 'renewed') AND (v.definition ->> 'validity_months')::int > 0
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0017_say_by_what_a_document_was_repealed")]

    operations = [migrations.RunSQL(LOOK_AGAIN, migrations.RunSQL.noop)]
