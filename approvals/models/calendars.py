"""改期的表：what a new calendar did to running limits – the old and the new last day, both kept."""

from django.db import models

from approvals.models.cases import Case
from portal.models import CalendarVersion, Event


class LimitMove(models.Model):
    """期限的改动: one limit of one case that a published notice moved; None stands for a limit that was paused."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="moves", verbose_name="案件")
    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="moves", verbose_name="日历版本")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", verbose_name="事件")
    clock = models.CharField("时钟", max_length=60)
    round = models.PositiveSmallIntegerField("轮次")
    label = models.CharField("叫法", max_length=60)
    before = models.DateField("原来", null=True)
    after = models.DateField("现在", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "期限的改动"
        constraints = [
            models.UniqueConstraint(fields=["case", "version", "clock", "round"], name="one_move_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock}"
