import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COUNT = (
    "CREATE TRIGGER roster_changes AFTER INSERT OR UPDATE OR DELETE ON portal_absence"
    " FOR EACH STATEMENT EXECUTE FUNCTION portal_count_roster()"
)


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0005_add_freezes'),
    ]

    operations = [
        migrations.AddField(
            model_name='delegation',
            name='scope',
            field=models.JSONField(blank=True, default=dict, verbose_name='范围'),
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sudden', models.BooleanField(verbose_name='临时不在')),
                ('starts_at', models.DateTimeField(verbose_name='起')),
                ('ends_at', models.DateTimeField(verbose_name='止')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='提前回来')),
                ('reason', models.CharField(max_length=200, verbose_name='事由')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='登记号')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.township', verbose_name='乡镇')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='谁')),
            ],
            options={
                'verbose_name': '不在岗',
                'verbose_name_plural': '不在岗',
            },
        ),
        migrations.AddField(
            model_name='delegation',
            name='absence',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='portal.absence', verbose_name='随哪次不在岗'),
        ),
        migrations.AddIndex(
            model_name='absence',
            index=models.Index(fields=['user', 'ends_at'], name='absence_of_user'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='absence_ends_after_start'),
        ),
        migrations.RunSQL(COUNT, 'DROP TRIGGER roster_changes ON portal_absence'),
    ]
