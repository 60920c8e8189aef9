"""门户用词：the closed lists that tables and pages share."""

from django.db.models import TextChoices


class Duty(TextChoices):
    """岗位职责 (engine section 10)"""

    WINDOW = "window", "窗口受理"
    AGENT = "agent", "代办"
    REVIEW = "review", "审核"
    APPROVE = "approve", "审批"
    OFFICE_HEAD = "office_head", "所办负责人"
    TOWN_LEADER = "town_leader", "镇领导"
    SUPERVISE = "supervise", "督查"
    DRAFT = "draft", "公开拟稿"
    DISCLOSURE_REVIEW = "disclosure_review", "公开审核"
    PUBLISH = "publish", "公开发布"
    ITEM_APPROVE = "item_approve", "事项审批"
    CALENDAR = "calendar", "日历与解冻"
    VILLAGE_AGENT = "village_agent", "村级代办"


class Channel(TextChoices):
    """通知渠道"""

    IN_SITE = "in_site", "站内消息"
    EMAIL = "email", "电子邮件"
    SMS = "sms", "短信"


class MessageState(TextChoices):
    """通知状态"""

    WAITING = "waiting", "待发"
    SENT = "sent", "已发"
    DEAD = "dead", "发送失败"
