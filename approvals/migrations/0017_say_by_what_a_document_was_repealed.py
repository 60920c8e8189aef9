"""失效文件写明凭什么、谁、何时登记的：rows of before keep them empty."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("approvals", "0016_keep_no_gross_days"),
    ]

    operations = [
        migrations.AddField(
            "repealeddocument", "source", models.CharField(blank=True, default="", max_length=300, verbose_name="凭什么登记"),
            preserve_default=False,
        ),
        migrations.AddField(
            "repealeddocument", "by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL, verbose_name="登记人",
            ),
        ),
        migrations.AddField("repealeddocument", "at", models.DateTimeField(null=True, verbose_name="登记时间")),
    ]  # fmt: skip
