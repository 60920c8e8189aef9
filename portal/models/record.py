"""记录、通知、幂等键、心跳"""

from django.db import models
from django.db.models import Q

from portal.models.people import Post, User
from portal.models.places import Township
from portal.models.vocabulary import Channel, MessageState


class Event(models.Model):
    """台账: append-only; triggers refuse UPDATE, DELETE and TRUNCATE. Payloads hold no personal data."""

    township = models.ForeignKey(Township, models.PROTECT, verbose_name="乡镇")
    stream = models.CharField("流", max_length=60)
    sequence = models.PositiveIntegerField("序号")
    kind = models.CharField("事件", max_length=40)
    payload = models.JSONField("内容", default=dict)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="行为人")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="代谁")
    recorded_at = models.DateTimeField("记录时间")
    valid_before = models.DateTimeField("须在此前提交", null=True)
    simulated = models.BooleanField("演示时钟", default=False)
    previous = models.BinaryField("前一条的散列", max_length=32)
    hash = models.BinaryField("散列", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "台账"
        constraints = [models.UniqueConstraint(fields=["stream", "sequence"], name="one_event_per_sequence")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.sequence} {self.kind}"


class Message(models.Model):
    """通知（发件箱）: one row per event, recipient and channel; its text is made when it is read or sent."""

    township = models.ForeignKey(Township, models.PROTECT, verbose_name="乡镇")
    event = models.ForeignKey(Event, models.PROTECT, verbose_name="事件")
    recipient = models.ForeignKey(User, models.PROTECT, related_name="portal_messages", verbose_name="收件人")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    kind = models.CharField("种类", max_length=40)
    subject_number = models.CharField("办件编号", max_length=12, blank=True)
    state = models.CharField("状态", max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    created_at = models.DateTimeField("产生时间")
    next_attempt_at = models.DateTimeField("下次发送")
    sent_at = models.DateTimeField("送出时间", null=True)
    read_at = models.DateTimeField("阅读时间", null=True)
    error = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel", "kind"], name="one_message_per_event_channel")
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="message_waiting"),
            models.Index(fields=["township", "id"], condition=Q(state="dead"), name="message_dead"),
            models.Index(fields=["recipient", "-id"], condition=Q(channel="in_site"), name="message_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id} by {self.channel}"


class IdempotencyKey(models.Model):
    """幂等键: same key and body, same answer; same key and another body, refused."""

    user = models.ForeignKey(User, models.PROTECT, verbose_name="提交人")
    key = models.CharField("键", max_length=64)
    body_hash = models.CharField("内容散列", max_length=64)
    answer = models.JSONField("答复", default=dict)
    created_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "幂等键"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """心跳: when each background worker last finished a pass."""

    name = models.CharField("名称", max_length=40, unique=True)
    at = models.DateTimeField("时间")
    detail = models.JSONField("情况", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return self.name


class SignInAttempt(models.Model):
    """登录失败计数: by keyed hash of what was typed, and of the address; never in clear."""

    subject_hash = models.CharField("对象散列", max_length=64, unique=True)
    failures = models.PositiveIntegerField("失败次数", default=0)
    window_start = models.DateTimeField("计数起点")
    locked_until = models.DateTimeField("锁定到", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录失败"

    def __str__(self) -> str:
        return f"{self.failures} failures"
