"""工作日历版本、停机事实、修订号"""

from django.db import models

from portal.models.people import User


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

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第{self.number}版"


class Outage(models.Model):
    """停机事实: a gap of the web's own heartbeat that covers the ends of one day (engine section 5)."""

    day = models.DateField("日期", unique=True)
    minutes = models.PositiveIntegerField("分钟")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "停机"

    def __str__(self) -> str:
        return str(self.day)


class Revision(models.Model):
    """修订号: one row per name; a process reloads its calendars or its page cache when the number has moved."""

    name = models.CharField("名称", max_length=40, unique=True)
    number = models.PositiveBigIntegerField("号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "修订号"

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
