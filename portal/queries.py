"""门户的读：townships, duty desks, messages, freshness."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func, QuerySet

from portal.clock import portal_now
from portal.models import Channel, Duty, Heartbeat, Message, Post, PostHolding, Township, User
from portal.permissions import holdings_at, seated_at, whole_deputies_at

LATE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Freshness:
    """时限巡查的新鲜程度"""

    sweep_at: datetime | None
    late: bool


def beat(name: str, **detail: Any) -> None:
    """记一次心跳"""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": portal_now(), "detail": detail})


def freshness(now: datetime) -> Freshness:
    """上次巡查是什么时候; late after five minutes."""
    at = Heartbeat.objects.filter(name="sweep").values_list("at", flat=True).first()
    return Freshness(at, at is None or now - at > LATE_AFTER)


def townships() -> QuerySet[Township]:
    """本部署的乡镇"""
    return Township.objects.order_by("-is_default", "id")


@dataclass(frozen=True, slots=True)
class DutyDesk:
    """今天谁在岗的一行"""

    place: str
    person: str
    standing_in_for: str
    phone: str


def duty_desks(township: Township, at: datetime) -> list[DutyDesk]:
    """今天的窗口和村代办点谁在岗, with the deputy named; three queries whatever the number of desks."""
    desks = [Duty.WINDOW, Duty.VILLAGE_AGENT]
    posts = list(Post.objects.filter(township=township, duty__in=desks).select_related("village"))
    held = {h.post_id: h for h in seated_at(at).filter(post__in=posts).select_related("user__person")}
    stood = {d.post_id: d.deputy for d in whole_deputies_at(at).filter(post__in=posts).select_related("deputy__person")}
    rows = []
    for post in posts:
        holder, deputy = held.get(post.pk), stood.get(post.pk)
        person = deputy or (holder.user if holder and not holder.is_out else None)
        rows.append(
            DutyDesk(
                place=post.title if post.village is None else f"{post.village.name}代办点",
                person=person.display_name if person else "",
                standing_in_for=holder.user.display_name if deputy and holder else "",
                phone=post.phone,
            )
        )
    return rows


def inbox(user: User) -> QuerySet[Message]:
    """某人的站内消息, newest first; what waits for the morning is not there yet."""
    now = Func(function="portal_now", output_field=DateTimeField())
    return Message.objects.filter(recipient=user, channel=Channel.IN_SITE, next_attempt_at__lte=now).order_by("-id")


def inbox_page(user: User, *, before: int | None, size: int) -> tuple[list[Message], int | None]:
    """一页站内消息: keyset by id, and the id after which the next page starts (None on the last)."""
    rows = inbox(user) if before is None else inbox(user).filter(pk__lt=before)
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


UNREAD = (
    "SELECT count(*) FROM (SELECT 1 FROM portal_message"
    " WHERE recipient_id = %s AND channel = %s AND read_at IS NULL LIMIT 100) AS m"
)


def unread_count(user: User) -> int:
    """未读消息数, capped at 100 so that the count stays cheap."""
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, [user.pk, Channel.IN_SITE])
        return int(cursor.fetchone()[0])


def posts_of(user: User, at: datetime) -> list[PostHolding]:
    """某人现在任的岗位"""
    return list(holdings_at(at).filter(user=user).select_related("post__office"))
