"""先前发出的一次性告知书都算当天送到：until now every notice's term ran from the day it was sent."""

from django.db import migrations

SERVED = """
    UPDATE approvals_correctionnotice SET served_on = (sent_at AT TIME ZONE 'Asia/Shanghai')::date WHERE served_on IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0007_record_deaths_links_and_delivery")]

    operations = [migrations.RunSQL(SERVED, migrations.RunSQL.noop)]
