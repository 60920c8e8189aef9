"""结果以后的表：what stands beside an outcome and never undoes it."""

from django.db import models
from django.db.models import Q

from approvals.models.cases import Case
from portal.models import Event, Post, User
from services.lifecycle import Linked

ROADS_BACK = (Linked.CORRECTED.value, Linked.REVOKED.value)


class LinkedAct(models.Model):
    """附后的行为: 更正、撤销、放弃 – shown beside the outcome; result, certificate and responsibility keep their rows."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="linked_acts", verbose_name="案件")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    kind = models.CharField("种类", max_length=12, choices=Linked.choices)
    reason = models.TextField("事实和理由")
    legal_basis = models.CharField("依据", max_length=300, blank=True)
    result = models.TextField("更正以后的结果", blank=True)
    remedies = models.JSONField("救济途径", default=list)
    document_number = models.CharField("文号", max_length=60, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="代谁")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "附后的行为"
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="one_linked_act_of_a_kind"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind__in=ROADS_BACK), name="one_road_back"),
            models.CheckConstraint(
                condition=Q(kind=Linked.RENOUNCED) | (~Q(legal_basis="") & ~Q(remedies=[])),
                name="road_back_has_basis_and_remedies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class HowDelivered(models.TextChoices):
    """怎样送达的"""

    HANDED = "handed", "当面交给本人，已签收"
    AGENT = "agent", "代办员、村代办点送到家，已签收"
    MAIL = "mail", "邮寄，已签收"
    LEFT = "left", "留置送达，有见证人"
    NOTICE = "notice", "公告送达，公告期满"
    ONLINE = "online", "申请人在网上点了收到"


class Delivery(models.Model):
    """送达: how and when the result reached the applicant; the instant is the registration's own."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="delivery", verbose_name="案件")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    how = models.CharField("怎样送达", max_length=10, choices=HowDelivered.choices)
    receipt = models.CharField("凭据", max_length=80, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="代谁")
    at = models.DateTimeField("时间")
    late = models.BooleanField("逾期", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        constraints = [
            models.CheckConstraint(condition=Q(how="online") | ~Q(receipt=""), name="delivery_has_its_receipt")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.how}"
