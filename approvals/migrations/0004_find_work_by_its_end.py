"""工作台按先到期的排：the window's own end, and cards by day."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0003_name_the_previous_holder'),
        ('portal', '0003_add_account_safety_fields'),
        ('services', '0001_create_service_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='case_intake',
        ),
        migrations.AddField(
            model_name='case',
            name='intake_due_at',
            field=models.DateTimeField(null=True, verbose_name='窗口最晚答复'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(fields=['-at'], name='card_by_day'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('accepted_at', None), ('closed_at', None)), fields=['window', 'intake_due_at', 'id'], name='case_intake'),
        ),
    ]
