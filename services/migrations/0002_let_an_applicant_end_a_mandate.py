from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0001_create_service_tables")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="consent_ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="委托收回时间"),
        ),
    ]
