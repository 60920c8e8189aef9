"""临期的那一天由推算写下：pauses and extensions move it, so no list can work it out from the length alone."""

from django.conf import settings
from django.db import migrations, models

# What is open is looked at once more, so that settling fills in the day.
LOOK_AGAIN = "UPDATE approvals_case SET next_look_at = portal_now() WHERE closed_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0012_declare_receipts"),
        ("portal", "0009_count_changes_of_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("case", "intake_soon_on", models.DateField(null=True, verbose_name="窗口答复临期")),
        migrations.AddField("step", "soon_on", models.DateField(null=True, verbose_name="临期")),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=models.Q(("accepted_at", None), ("closed_at", None)),
                fields=["window", "intake_soon_on"],
                name="case_intake_soon",
            ),
        ),
        migrations.AddIndex(
            "step",
            models.Index(
                condition=models.Q(("status", "open")), fields=["office", "duty", "soon_on"], name="step_open_soon"
            ),
        ),
        migrations.RunSQL(LOOK_AGAIN, migrations.RunSQL.noop),
    ]
