import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HOW = [
    ("file", "上传"),
    ("window", "窗口收原件"),
    ("sharing", "共享免交"),
    ("commitment", "告知承诺"),
    ("deferred", "容缺后补"),
    ("cannot", "书面说明交不了"),
    ("typed", "改了填写的内容"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0004_keep_account_of_files_without_a_row"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="materialpoint",
            name="how",
            field=models.CharField(choices=HOW, max_length=12, verbose_name="怎样交的"),
        ),
        migrations.CreateModel(
            name="AmendedField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, verbose_name="哪一格")),
                ("before_sealed", models.BinaryField(verbose_name="原来填的（加密）")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="amended", to="services.application", verbose_name="办件"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁改的",
                    ),
                ),
            ],
            options={"verbose_name": "改过的填写内容", "verbose_name_plural": "改过的填写内容"},
        ),
    ]
