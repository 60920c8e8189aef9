"""乡镇、村、站所"""

from django.db import models
from django.db.models import TextChoices


class Township(models.Model):
    """乡镇: one township served by this deployment; its page settings are data, not code."""

    slug = models.SlugField("网址代号", unique=True)
    name = models.CharField("名称", max_length=40)
    full_name = models.CharField("全称", max_length=80)
    host = models.CharField("域名", max_length=120, blank=True)
    is_default = models.BooleanField("默认乡镇", default=False)
    hotline = models.CharField("便民电话", max_length=40)
    complaint_phone = models.CharField("监督电话", max_length=40)
    address = models.CharField("地址", max_length=120, blank=True)
    review_organ = models.CharField("复议机关", max_length=80, blank=True)
    court = models.CharField("管辖的法院", max_length=80, blank=True)
    opens_at = models.TimeField("开门", default="09:00")
    closes_at = models.TimeField("关门", default="17:00")
    disclosures = models.JSONField("六个公开", default=list)
    strictness = models.JSONField("两个严格", default=list)
    card_shares = models.JSONField("预警比例", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "乡镇"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_township"
            ),
            models.UniqueConstraint(fields=["host"], condition=~models.Q(host=""), name="one_township_per_host"),
        ]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """村（社区）"""

    township = models.ForeignKey(Township, models.PROTECT, related_name="villages", verbose_name="乡镇")
    slug = models.SlugField("网址代号")
    name = models.CharField("名称", max_length=40)
    phone = models.CharField("代办点电话", max_length=40, blank=True)
    address = models.CharField("代办点地址", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "村"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["township", "slug"], name="village_slug_in_township")]

    def __str__(self) -> str:
        return self.name


class OfficeLevel(TextChoices):
    """站所层级"""

    TOWNSHIP = "township", "乡镇内设"
    BRANCH = "county-branch", "县局派出"
    COUNTY = "county", "县级部门"
    VILLAGE = "village", "村（居）委会"
    OUTSIDE = "outside", "镇外机构"


class Office(models.Model):
    """站所: an office that takes part in cases; `key` is what catalogue stages refer to."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="offices", verbose_name="乡镇")
    key = models.SlugField("代号")
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=14, choices=OfficeLevel.choices, default=OfficeLevel.TOWNSHIP)
    functions = models.TextField("职责", blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "站所"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["township", "key"], name="office_key_in_township")]

    def __str__(self) -> str:
        return self.name
