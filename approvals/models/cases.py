"""案件和它的文书：the tables of a running case."""

from django.db import models
from django.db.models import Q

from portal.limits import Unit
from portal.models import Event, Office, Post, Township, User, Village
from services.lifecycle import Linked, Manner, State
from services.models import Application, ServiceItem


class Case(models.Model):
    """案件: the projection of one application's ledger; lists and the sweep's index read it, the fold decides."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="case", verbose_name="办件")
    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name="乡镇")
    window = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="受理窗口")
    outcome = models.CharField("结果", max_length=20, blank=True, choices=State.choices)
    manner = models.CharField("方式", max_length=10, blank=True, choices=Manner.choices)
    effective_at = models.DateTimeField("生效", null=True)
    counts_from = models.DateField("起算", null=True)
    accepted_at = models.DateTimeField("受理", null=True)
    # derived by approvals.fold; only for finding rows
    promised_due_at = models.DateTimeField("承诺到期", null=True)
    statutory_due_at = models.DateTimeField("法定到期", null=True)
    due_at = models.DateTimeField("先到期", null=True)
    intake_due_at = models.DateTimeField("窗口最晚答复", null=True)
    intake_soon_on = models.DateField("窗口答复临期", null=True)
    delivery_due_at = models.DateTimeField("最晚送达", null=True)
    provisional = models.BooleanField("暂定", default=False)
    paused = models.BooleanField("中止", default=False)
    overdue = models.BooleanField("逾期", default=False)
    reason_due_on = models.DateField("公开理由期限", null=True)
    reason_published = models.BooleanField("已公开理由", default=False)
    next_look_at = models.DateTimeField("下次要看", null=True)
    failures = models.PositiveSmallIntegerField("结算失败次数", default=0)
    closed_at = models.DateTimeField("办结", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "案件"
        indexes = [
            models.Index(
                fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="case_to_look_at"
            ),
            models.Index(
                fields=["township", "due_at", "id"], condition=Q(closed_at=None), name="case_open_by_due"
            ),
            models.Index(
                fields=["window", "intake_due_at", "id"],
                condition=Q(accepted_at=None, closed_at=None),
                name="case_intake",
            ),
            models.Index(
                fields=["window", "intake_soon_on"],
                condition=Q(accepted_at=None, closed_at=None),
                name="case_intake_soon",
            ),
            models.Index(
                fields=["township", "delivery_due_at", "id"],
                condition=Q(delivery_due_at__isnull=False),
                name="case_to_deliver",
            ),
            models.Index(
                fields=["township", "effective_at"], condition=Q(effective_at__isnull=False), name="case_by_effect"
            ),
        ]

    def __str__(self) -> str:
        return str(self.application_id)


class Step(models.Model):
    """环节: one step of a case; limit, mode and citation are copied from the version when it opens."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name="案件")
    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name="乡镇")
    key = models.CharField("代号", max_length=40)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("种类", max_length=10)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="站所")
    duty = models.CharField("职责", max_length=20)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    length = models.PositiveSmallIntegerField("期限", null=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    mode = models.CharField("超时", max_length=10)
    citation = models.CharField("依据", max_length=200, blank=True)
    opened_at = models.DateTimeField("开始")
    opened_on = models.DateField("起算日")
    status = models.CharField("状态", max_length=12, default="open")
    outcome = models.CharField("结果", max_length=12, blank=True)
    ended_at = models.DateTimeField("结束", null=True)
    late = models.BooleanField("逾期", default=False)
    objection = models.BooleanField("有异议", default=False)
    # Derived by approvals.fold, only for finding rows: the end, and the day from which it is 临期.
    due_at = models.DateTimeField("到期", null=True)
    soon_on = models.DateField("临期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "环节"
        constraints = [
            models.UniqueConstraint(fields=["case", "key", "round"], name="one_step_per_round"),
            models.CheckConstraint(
                condition=Q(mode="escalate") | ~Q(citation=""), name="step_mode_has_citation"
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "duty", "due_at", "id"], condition=Q(status="open"), name="step_open_work"
            ),
            models.Index(fields=["post", "due_at", "id"], condition=Q(status="open"), name="step_open_of_post"),
            models.Index(fields=["office", "duty", "soon_on"], condition=Q(status="open"), name="step_open_soon"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class Opinion(models.Model):
    """环节意见: what an office said; a late one is attached and must be seen by the decider."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="opinions", verbose_name="环节")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    outcome = models.CharField("意见", max_length=12)
    text = models.TextField("内容")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="岗位")
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="代谁")
    second_signer = models.CharField("第二人", max_length=60, blank=True)
    at = models.DateTimeField("时间")
    late = models.BooleanField("逾期", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "环节意见"

    def __str__(self) -> str:
        return f"{self.step_id} {self.outcome}"


class Decision(models.Model):
    """办结决定: one final outcome per application, signed or deemed."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="decision", verbose_name="案件")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    outcome = models.CharField("结果", max_length=20, choices=State.choices)
    manner = models.CharField("方式", max_length=10, choices=Manner.choices)
    effective_at = models.DateTimeField("生效")
    recorded_at = models.DateTimeField("记录")
    counts_from = models.DateField("起算", null=True)
    facts = models.TextField("事实和理由", blank=True)
    legal_basis = models.TextField("依据", blank=True)
    remedies = models.JSONField("救济途径", default=list)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="代谁")
    document_number = models.CharField("文号", max_length=60, blank=True)
    late = models.BooleanField("逾期", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "办结决定"
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="refused") | (~Q(facts="") & ~Q(legal_basis="") & ~Q(remedies=[])),
                name="refusal_states_reasons_and_remedies",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class CorrectionNotice(models.Model):
    """一次性告知书: what is missing, told once, in full, in writing; frozen when sent."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="corrections", verbose_name="案件")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    points = models.JSONField("要补的")  # [{"key", "name", "why"}]
    note_sealed = models.BinaryField("说明（加密）", default=b"")
    answer_by = models.DateField("请在此前补来")
    served_on = models.DateField("送达", null=True)  # the applicant's term runs from here
    served_to = models.CharField("谁收下的", max_length=60, blank=True, db_default="")
    sent_at = models.DateTimeField("发出")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="告知人")
    override = models.CharField("例外理由", max_length=200, null=True, blank=True)
    note = ""  # the opened words, for a page that may show them

    class Meta:
        verbose_name = verbose_name_plural = "一次性告知书"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(override=None), name="one_correction_notice")
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class PauseNotice(models.Model):
    """中止通知: the written notice without which no clock stops."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pause_notices", verbose_name="案件")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    reason = models.CharField("事由", max_length=40)
    text = models.TextField("告知内容")
    basis = models.CharField("依据", max_length=200)
    starts_on = models.DateField("起")
    until = models.DateField("预计到")
    ended_on = models.DateField("恢复", null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="签发人")
    second_signer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="第二签发人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "中止通知"

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"


class ExtensionNotice(models.Model):
    """延长通知: once per application, by the head, before the end."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="extension_notice", verbose_name="案件")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    length = models.PositiveSmallIntegerField("延长")
    unit = models.CharField("单位", max_length=10)
    reason = models.TextField("理由")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="批准人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "延长通知"

    def __str__(self) -> str:
        return str(self.case_id)


class ResponsibilityRecord(models.Model):
    """责任记录 (B8): the person and post on whom the time ran out."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="responsibilities", verbose_name="案件")
    key = models.CharField("效果", max_length=80)
    clock = models.CharField("时钟", max_length=60)
    mode = models.CharField("后果", max_length=12)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="责任人")
    previous_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="九成以后的前任")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name="站所")
    ended_at = models.DateTimeField("到期")
    recorded_at = models.DateTimeField("记录")

    class Meta:
        verbose_name = verbose_name_plural = "责任记录"
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="one_responsibility_per_end")]
        indexes = [models.Index(fields=["-ended_at", "-id"], name="responsibility_by_day")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class Card(models.Model):
    """预警牌 (B11): one per clock and rung, borne by whoever held the power at that instant."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="cards", verbose_name="案件")
    key = models.CharField("时钟和级别", max_length=80)
    rung = models.CharField("级别", max_length=8)  # remind | yellow | red
    clock = models.CharField("时钟", max_length=60)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    at = models.DateTimeField("时刻")

    class Meta:
        verbose_name = verbose_name_plural = "预警牌"
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="one_card_per_rung")]
        indexes = [
            models.Index(fields=["user", "-at"], name="card_of_user"),
            models.Index(fields=["-at"], name="card_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class Certificate(models.Model):
    """默认证明: issued when a default ends the case; its number is derived from the application's."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="certificates", verbose_name="案件")
    number = models.CharField("编号", max_length=14, unique=True)
    mode = models.CharField("方式", max_length=12)
    citation = models.CharField("依据", max_length=300)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name="决定机关")
    effective_at = models.DateTimeField("生效")
    issued_at = models.DateTimeField("出具")
    revoked_at = models.DateTimeField("失效", null=True)
    revoked_for = models.CharField("为什么失效", max_length=400, blank=True, db_default="")

    class Meta:
        verbose_name = verbose_name_plural = "默认证明"

    def __str__(self) -> str:
        return self.number


class OverdueReason(models.Model):
    """逾期理由: public, from the office head (优化营商环境条例 36)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="overdue_reason", verbose_name="案件")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="事件")
    text = models.TextField("理由")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "逾期理由"

    def __str__(self) -> str:
        return str(self.case_id)


class PublicResult(models.Model):
    """公示结果: masked, written with the outcome; the board reads it."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="public_result", verbose_name="案件")
    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name="乡镇")
    village = models.ForeignKey(Village, models.PROTECT, null=True, related_name="+", verbose_name="村")
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="+", verbose_name="事项")
    number = models.CharField("编号", max_length=9)
    item_name = models.CharField("事项名称", max_length=120)
    applicant_masked = models.CharField("申请人", max_length=60)
    outcome = models.CharField("结果", max_length=20, choices=State.choices)
    manner = models.CharField("方式", max_length=10, choices=Manner.choices)
    effective_at = models.DateTimeField("生效")
    # as the promise counts them, in its own unit; None where nothing was decided
    days_used = models.PositiveSmallIntegerField("用时", null=True)
    days_paused = models.PositiveSmallIntegerField("另有几天中止", default=0, db_default=0)
    extended_by = models.PositiveSmallIntegerField("依法延长", default=0, db_default=0)
    unit = models.CharField("单位", max_length=10, choices=[(u.value, u.label) for u in Unit], db_default="workday")
    promised = models.CharField("承诺", max_length=30, blank=True)
    late = models.BooleanField("逾期", default=False)
    linked = models.CharField("后来", max_length=12, choices=Linked.choices, blank=True, db_default="")
    linked_at = models.DateTimeField("后来的时间", null=True)
    created_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "公示结果"
        indexes = [
            models.Index(fields=["township", "-effective_at", "-id"], name="result_by_day"),
            models.Index(fields=["village", "-effective_at", "-id"], name="result_by_village"),
            models.Index(fields=["item", "-effective_at", "-id"], name="result_by_item"),
        ]

    def __str__(self) -> str:
        return self.number


class SweepFailure(models.Model):
    """巡查失败: a case the sweep could not settle; recorded, backed off, shown to the supervisor."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name="案件")
    at = models.DateTimeField("时间")
    error = models.CharField("错误", max_length=300)
    resolved_at = models.DateTimeField("解决", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "巡查失败"

    def __str__(self) -> str:
        return f"{self.case_id} {self.at}"
