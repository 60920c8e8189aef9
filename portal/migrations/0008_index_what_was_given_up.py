from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0007_publish_calendars_and_closings'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'dead')), fields=['township', 'id'], name='message_dead'),
        ),
    ]
