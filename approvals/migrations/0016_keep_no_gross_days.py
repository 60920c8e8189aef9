"""先前的用时是毛数，停表的、按自然日承诺的都说不准了：where it cannot be true it is left out, and the verdict is the clocks'."""

from django.db import migrations

# Counted in working days with every pause inside: right only where nothing paused and the promise is in working days too.
GROSS = """
    UPDATE approvals_publicresult r SET days_used = NULL
    WHERE r.promised LIKE '%自然日' OR r.outcome NOT IN ('approved', 'refused', 'recorded', 'completed', 'renewed')
       OR EXISTS (SELECT 1 FROM approvals_pausenotice n WHERE n.case_id = r.case_id)
       OR EXISTS (SELECT 1 FROM approvals_step s WHERE s.case_id = r.case_id AND s.kind = 'posting');
    UPDATE approvals_publicresult r SET extended_by = n.length, unit = n.unit
    FROM approvals_extensionnotice n WHERE n.case_id = r.case_id;
    UPDATE approvals_publicresult r SET late = true FROM approvals_case k WHERE k.id = r.case_id AND k.overdue AND NOT r.late;
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0015_count_days_by_the_clock")]

    operations = [migrations.RunSQL(GROSS, migrations.RunSQL.noop)]  # what was left out is not known any more
