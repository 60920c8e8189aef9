"""默认方式的开通和依据失效的表"""

from django.db import models

from portal.models import User
from services.models import ServiceItem


class RepealedDocument(models.Model):
    """失效文件: a citation no longer in force on the due day turns its default into 逾期督办."""

    title = models.CharField("文件", max_length=200, unique=True)
    last_day = models.DateField("最后有效日")
    source = models.CharField("凭什么登记", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "失效文件"

    def __str__(self) -> str:
        return self.title


class ModeSwitch(models.Model):
    """默认方式的开通: who switched a mode on, for which version, by which document."""

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="mode_switches", verbose_name="事项")
    version = models.PositiveIntegerField("产生的版本")
    target = models.CharField("对象", max_length=40)  # "item", "intake" or a stage key
    mode = models.CharField("方式", max_length=10)
    citation = models.JSONField("依据")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="批准人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "默认方式的开通"

    def __str__(self) -> str:
        return f"{self.item_id} {self.mode}"
