from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0010_end_relations'),
    ]

    operations = [
        migrations.AddField(
            model_name='township',
            name='review_organ',
            field=models.CharField(blank=True, max_length=80, verbose_name='复议机关'),
        ),
        migrations.AddField(
            model_name='township',
            name='court',
            field=models.CharField(blank=True, max_length=80, verbose_name='管辖的法院'),
        ),
    ]
