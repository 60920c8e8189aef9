from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0002_make_ledger_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="previous_phone_sealed",
            field=models.BinaryField(blank=True, default=b"", verbose_name="换号前的电话（加密）"),
        ),
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False, verbose_name="下次登录要改密码"),
        ),
    ]
