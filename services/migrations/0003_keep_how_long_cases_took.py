from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0002_let_an_applicant_end_a_mandate")]

    operations = [
        migrations.AddField("serviceitem", "taken_cases", models.PositiveIntegerField("最近一年办了几件", default=0)),
        migrations.AddField(
            "serviceitem", "taken_median", models.PositiveSmallIntegerField("一半在几个工作日内", null=True, blank=True)
        ),
        migrations.AddField(
            "serviceitem", "taken_ninetieth", models.PositiveSmallIntegerField("九成在几个工作日内", null=True, blank=True)
        ),
        migrations.AddField("serviceitem", "taken_on", models.DateField("哪天算的", null=True, blank=True)),
    ]
