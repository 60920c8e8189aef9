"""事项与办件的数据表"""

from collections.abc import Mapping
from functools import cached_property

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from portal.models import Office, Person, Post, Township, User, Village
from services.definition import ItemDefinition
from services.lifecycle import State
from services.taken import Taken

RULES_KEPT = 500
_rules: dict[str, ItemDefinition] = {}


class ServiceItem(models.Model):
    """事项: its published version is what the public sees; older versions serve running cases."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="items", verbose_name="乡镇")
    code = models.CharField("事项编码", max_length=20)
    current = models.OneToOneField(
        "ItemVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行版本"
    )
    withdrawn_at = models.DateTimeField("停办时间", null=True, blank=True)
    withdrawn_reason = models.CharField("为什么停办", max_length=300, blank=True, db_default="")
    unpublished_reason = models.CharField("未公布的原因", max_length=300, blank=True)
    # Copied from the current version for lists and search.
    name = models.CharField("名称", max_length=120)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="责任站所")
    audience = models.JSONField("服务对象", default=list)
    item_type = models.CharField("事项类型", max_length=20)
    promise = models.CharField("承诺", max_length=40, blank=True)
    summary = models.CharField("一句话", max_length=200, blank=True)
    popularity = models.PositiveIntegerField("热度", default=0)
    online = models.BooleanField("可网上申请", default=True)
    search = SearchVectorField("检索词", null=True)
    # Measured by approvals from what was decided in the last year; 工作日, empty while there are too few.
    taken_cases = models.PositiveIntegerField("最近一年办了几件", default=0)
    taken_median = models.PositiveSmallIntegerField("一半在几个工作日内", null=True, blank=True)
    taken_ninetieth = models.PositiveSmallIntegerField("九成在几个工作日内", null=True, blank=True)
    taken_on = models.DateField("哪天算的", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["township", "code"], name="item_code_in_township")]
        indexes = [GinIndex(fields=["search"], name="item_search")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def taken(self) -> Taken | None:
        """实际用了多久; None before anything was measured."""
        if self.taken_on is None:
            return None
        return Taken(self.taken_cases, self.taken_median, self.taken_ninetieth, self.taken_on)


class ItemVersion(models.Model):
    """事项版本: immutable; a running case keeps the one it was filed under."""

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="versions", verbose_name="事项")
    number = models.PositiveIntegerField("版本")
    definition = models.JSONField("内容")
    digest = models.CharField("内容散列", max_length=64)
    source_digest = models.CharField("来源散列", max_length=64)
    created_at = models.DateTimeField("产生时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="产生人")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "事项版本"
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="version_number_in_item")]

    def __str__(self) -> str:
        return f"{self.item_id} 第{self.number}版"

    @cached_property
    def rules(self) -> ItemDefinition:
        """这一版的内容, as a value: built once a process for each content, so lists may defer `definition`."""
        kept = _rules.get(self.digest)
        if kept is None:
            if len(_rules) >= RULES_KEPT:
                _rules.clear()
            kept = _rules[self.digest] = ItemDefinition.from_json(self.definition)
        return kept

    @cached_property
    def is_divided(self) -> bool:
        """有没有分渠道的期限、分情形的环节: asked at every look at an application's rules, so it is found out once."""
        return bool(self.rules.by_channel) or self.rules.has_situations

    def rules_for(self, channel: str, answers: Mapping[str, str]) -> ItemDefinition:
        """这一份申请依的内容: limits by channel, steps by the situation declared; both stand still once it is filed."""
        key = f"{self.digest}:{channel}:{sorted(answers.items())}"
        kept = _rules.get(key)
        if kept is None:
            kept = _rules[key] = self.rules.for_channel(channel).for_answers(answers)
        return kept


class Application(models.Model):
    """办件: one application; `state` is the one state column, written by services.actions.advance only."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="applications", verbose_name="乡镇")
    number = models.CharField("编号", max_length=9, unique=True)
    query_code_sealed = models.BinaryField("查询码（加密）")
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="applications", verbose_name="事项")
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="applications", verbose_name="事项版本")
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="applications", verbose_name="申请人")
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="applications", verbose_name="提交账号")
    consent = models.CharField("委托", max_length=200, blank=True)
    consent_ended_at = models.DateTimeField("委托收回时间", null=True, blank=True)
    applicant_masked = models.CharField("申请人（脱敏）", max_length=60)
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, verbose_name="村")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.DRAFT)
    form_sealed = models.BinaryField("填写内容（加密）", default=b"")
    answers = models.JSONField("情形", default=dict)
    pages_done = models.JSONField("填好的部分", default=list)
    channel = models.CharField("渠道", max_length=12, default="online")
    agent = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="代办员")
    first_responsible = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="第一责任人")
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="前一件")
    expires_on = models.DateField("原许可到期日", null=True, blank=True)
    created_at = models.DateTimeField("开始填写")
    updated_at = models.DateTimeField("最后保存")
    filed_at = models.DateTimeField("提交时间", null=True)
    received_on = models.DateField("收件日", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "办件"
        indexes = [
            models.Index(fields=["filed_by", "-id"], name="application_of_user"),
            models.Index(fields=["applicant", "-id"], name="application_of_person"),
            models.Index(fields=["township", "-filed_at", "-id"], name="application_by_day"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def rules(self) -> ItemDefinition:
        """所依版本的内容, with the limits of the channel it came by and the steps of its situation"""
        version = self.version
        return version.rules_for(self.channel, self.answers) if version.is_divided else version.rules


class HowSupplied(models.TextChoices):
    """材料怎样交的"""

    FILE = "file", "上传"
    WINDOW = "window", "窗口收原件"
    SHARING = "sharing", "共享免交"
    COMMITMENT = "commitment", "告知承诺"
    DEFERRED = "deferred", "容缺后补"
    CANNOT = "cannot", "书面说明交不了"
    TYPED = "typed", "改了填写的内容"  # of a form field that a correction notice lists


class MaterialPoint(models.Model):
    """一样材料的情况: how it is supplied in this application; files hang on it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="points", verbose_name="办件")
    key = models.CharField("材料", max_length=40)
    how = models.CharField("怎样交的", max_length=12, choices=HowSupplied.choices)
    statement = models.CharField("说明", max_length=300, blank=True)
    listed = models.BooleanField("补正所列", default=False)
    supplied_at = models.DateTimeField("交来时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "材料情况"
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_point_per_material")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.key}"


class AmendedField(models.Model):
    """改过的一格: what stood there before a correction, sealed; the form itself has the new value."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="amended", verbose_name="办件")
    key = models.CharField("哪一格", max_length=40)
    before_sealed = models.BinaryField("原来填的（加密）")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁改的")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "改过的填写内容"

    def __str__(self) -> str:
        return f"{self.application_id} {self.key}"


class Attachment(models.Model):
    """附件: re-encoded, sealed on disk under an internal name, served only through a permission check."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments", verbose_name="办件")
    material = models.CharField("材料", max_length=40)
    token = models.UUIDField("内部名", unique=True)
    kind = models.CharField("格式", max_length=4)
    size = models.PositiveIntegerField("字节")
    pages = models.PositiveSmallIntegerField("页数", default=1)
    digest = models.CharField("内容散列", max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    removed_at = models.DateTimeField("删去时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes = [models.Index(fields=["application", "material"], condition=Q(removed_at=None), name="attachment_live")]

    def __str__(self) -> str:
        return str(self.token)


class LooseFile(models.Model):
    """没有归属的文件: on disk, or about to be, while no attachment speaks for it – not yet, or no longer."""

    token = models.UUIDField("内部名", unique=True)
    since = models.DateTimeField("从何时起")

    class Meta:
        verbose_name = verbose_name_plural = "没有归属的文件"

    def __str__(self) -> str:
        return str(self.token)


class AccessRecord(models.Model):
    """谁看过我的信息 (D3): every reading of a villager's data by staff, with post and reason."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="accesses", verbose_name="办件")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    what = models.CharField("看了什么", max_length=40)
    reason = models.CharField("为什么", max_length=120)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "查看记录"
        indexes = [models.Index(fields=["application", "-id"], name="access_by_application")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.what}"
