from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0003_keep_how_long_cases_took")]

    operations = [
        migrations.CreateModel(
            name="LooseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(unique=True, verbose_name="内部名")),
                ("since", models.DateTimeField(verbose_name="从何时起")),
            ],
            options={"verbose_name": "没有归属的文件", "verbose_name_plural": "没有归属的文件"},
        ),
    ]
