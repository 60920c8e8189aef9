"""工作台按岗位找开着的环节"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0004_find_work_by_its_end'),
        ('portal', '0003_add_account_safety_fields'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='step',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['post', 'due_at', 'id'], name='step_open_of_post'),
        ),
    ]
