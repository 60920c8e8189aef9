"""工作日历版本、停机事实、冻结、修订号"""

from django.db import models
from django.db.models import F, Q

from portal.models.people import User
from portal.models.places import Township


class CalendarVersion(models.Model):
    """工作日历的一个版本: the State Council's notice as imported and published by two people."""

    number = models.PositiveIntegerField("版本", unique=True)
    year = models.PositiveSmallIntegerField("年度")
    document = models.CharField("文号", max_length=80)
    document_on = models.DateField("发文日期", null=True)
    days_off = models.JSONField("放假", default=dict)  # holiday name -> spans
    shifted_workdays = models.JSONField("调休上班", default=dict)
    published_through = models.DateField("公布到")
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="导入人")
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="公布人")
    published_at = models.DateTimeField("公布时间", null=True)
    # What it moved is written down after the publication, case by case (approvals.moving).
    noted_through = models.PositiveBigIntegerField("记到哪一件", default=0, db_default=0)
    noted_at = models.DateTimeField("记完时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第{self.number}版"


class LocalClosing(models.Model):
    """当地提早关门: by local notice an office closes early on a day; the day counts, its closing hour changes."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="closings", verbose_name="乡镇")
    day = models.DateField("哪天")
    closes_at = models.TimeField("几点关门")
    document = models.CharField("凭哪份通知", max_length=120)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    registered_at = models.DateTimeField("登记时间")
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="公布人")
    published_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "当地提早关门"
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["township", "day"], name="one_closing_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.closes_at}"


class Outage(models.Model):
    """停机事实: a gap of the web's own heartbeat that covers the ends of one day (engine section 5)."""

    day = models.DateField("日期", unique=True)
    minutes = models.PositiveIntegerField("分钟")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "停机"

    def __str__(self) -> str:
        return str(self.day)


class Freeze(models.Model):
    """恢复后的冻结: from the last sign of life of the restored data until two people have released it."""

    begun_at = models.DateTimeField("从何时起")
    found_at = models.DateTimeField("发现时间")
    reason = models.CharField("为什么", max_length=300)
    lost = models.PositiveBigIntegerField("最多少了几条记录", null=True)
    first_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="第一人")
    first_at = models.DateTimeField("第一人签", null=True)
    first_checked = models.TextField("第一人核对了什么", blank=True)
    second_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="第二人")
    released_at = models.DateTimeField("解冻", null=True)
    second_checked = models.TextField("第二人核对了什么", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复后的冻结"
        constraints = [
            models.UniqueConstraint(fields=["released_at"], nulls_distinct=False, name="one_freeze_at_a_time"),
            models.CheckConstraint(
                condition=Q(released_at=None)
                | (Q(first_by__isnull=False) & Q(second_by__isnull=False) & ~Q(first_by=F("second_by"))),
                name="freeze_released_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begun_at} – {self.released_at or ''}"


class Revision(models.Model):
    """修订号: one row per name; a process reloads its calendars or its page cache when the number has moved."""

    name = models.CharField("名称", max_length=40, unique=True)
    number = models.PositiveBigIntegerField("号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "修订号"

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
