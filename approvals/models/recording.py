"""登记下来的事的表：a death with its proof, and applications that belong together."""

from django.db import models
from django.db.models import F, Q

from approvals.models.cases import Case
from portal.models import Event, Person, Post, User
from services.models import Application, Attachment


class DeathRecord(models.Model):
    """去世登记: by two people, with proof; a household's matter passes to the member named here."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="death", verbose_name="案件")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    deceased = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="去世的申请人")
    died_on = models.DateField("去世日期")
    proof_sealed = models.BinaryField("证明（加密）")
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name="证明的扫描件")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="岗位")
    second_signer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="第二人")
    successor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="接着办的人")
    relation = models.CharField("与去世的人的关系", max_length=20, blank=True)
    passed_at = models.DateTimeField("转给家里人的时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "去世登记"
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("second_signer")), name="death_takes_two_people"),
            models.CheckConstraint(condition=Q(successor=None) | ~Q(relation=""), name="successor_has_relation"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class RecusalRecord(models.Model):
    """回避: who stepped aside from a step because the applicant is near to them, and to which post it went."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals", verbose_name="案件")
    step = models.CharField("环节", max_length=40)  # "intake" for the window
    round = models.PositiveSmallIntegerField("轮次", default=1)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="回避的人")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="原来的岗位")
    to_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="转给的岗位")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", verbose_name="事件")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "回避"
        constraints = [models.UniqueConstraint(fields=["case", "step", "round", "user"], name="one_recusal_per_step")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class RelativeRecord(models.Model):
    """近亲属登记: an application, of an item that says so, by somebody near to one who works here (own register)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="relatives", verbose_name="办件")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="工作人员")
    relation = models.CharField("关系", max_length=20)
    basis = models.CharField("依据", max_length=200)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", verbose_name="事件")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "近亲属登记"
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="one_record_per_relative")]
        indexes = [models.Index(fields=["-at", "-id"], name="relative_by_day")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.user_id}"


class LinkKind(models.TextChoices):
    """两件怎样连着"""

    DUPLICATE = "duplicate", "重复"
    SAME_CAUSE = "same_cause", "同一原因"


class ApplicationLink(models.Model):
    """连着的两件: the later one and the earlier one it belongs to; shown to whoever decides."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="links", verbose_name="后一件")
    other = models.ForeignKey(Application, models.PROTECT, related_name="links_back", verbose_name="前一件")
    kind = models.CharField("种类", max_length=12, choices=LinkKind.choices)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", verbose_name="事件")

    class Meta:
        verbose_name = verbose_name_plural = "连着的件"
        constraints = [
            models.UniqueConstraint(fields=["application", "other", "kind"], name="one_link_of_a_kind"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(kind=LinkKind.DUPLICATE), name="duplicate_of_one"
            ),
            models.CheckConstraint(condition=~Q(application=F("other")), name="link_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind} {self.other_id}"
