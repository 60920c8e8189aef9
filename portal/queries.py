"""门户的读：townships, duty desks, messages, freshness."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func, QuerySet

from portal.calendars import current_calendar, missing_year
from portal.clock import portal_now
from portal.limits import day_of
from portal.models import (
    Channel,
    Duty,
    Heartbeat,
    Message,
    MessageState,
    Post,
    PostHolding,
    Township,
    User,
)
from portal.pagewords import cn_date
from portal.permissions import holdings_at, seated_at, whole_deputies_at

LATE_AFTER = timedelta(minutes=5)
HOUR, DAY = 60, 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class Outbox:
    """发件箱的情形: what is due and unsent, since when the oldest waits, what was given up; when it was last emptied."""

    waiting: int
    oldest: datetime | None
    dead: int
    delivered_at: datetime | None
    late: bool

    def minutes(self, now: datetime) -> int:
        """最早一条等了几分钟"""
        return int((now - self.oldest).total_seconds() // 60) if self.oldest else 0

    def waited(self, now: datetime) -> str:
        """最早一条等了多久"""
        minutes = self.minutes(now)
        if minutes < 2 * HOUR:
            return f"{minutes}分钟"
        return f"{minutes // HOUR}小时" if minutes < 2 * DAY else f"{minutes // DAY}天"


@dataclass(frozen=True, slots=True)
class Freshness:
    """时限巡查和发件箱的新鲜程度"""

    at: datetime
    sweep_at: datetime | None
    late: bool
    outbox: Outbox
    frozen: bool
    warnings: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """巡查和发件箱都没有晚"""
        return not (self.late or self.outbox.late)

    @property
    def words(self) -> str:
        """发件箱用一句话说"""
        outbox = self.outbox
        parts = [f"还没发的{outbox.waiting}条，最早的等了{outbox.waited(self.at)}"] if outbox.waiting else ["都发了"]
        parts += [f"没发成的{outbox.dead}条"] if outbox.dead else []
        return "，".join([*parts, "发得晚了"] if outbox.late else parts)


def beat(name: str, **detail: Any) -> None:
    """记一次心跳"""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": portal_now(), "detail": detail})


# Worked out for every page that is not kept: one statement, of rows that the partial indexes hold.
FRESHNESS = """
SELECT (SELECT at FROM portal_heartbeat WHERE name = 'sweep'), (SELECT at FROM portal_heartbeat WHERE name = 'deliver'),
       EXISTS (SELECT FROM portal_freeze WHERE released_at IS NULL),
       (SELECT count(*) FROM portal_message
        WHERE state = 'dead' AND (%(township)s::bigint IS NULL OR township_id = %(township)s::bigint)),
       count(*), min(created_at), min(next_attempt_at) FILTER (WHERE attempts = 0)
FROM portal_message WHERE state = 'waiting' AND (attempts > 0 OR next_attempt_at <= %(now)s)
     AND (%(township)s::bigint IS NULL OR township_id = %(township)s::bigint)
"""


def freshness(now: datetime, township: Township | None = None) -> Freshness:
    """上次巡查、上次发送是什么时候，发件箱怎样: late when nothing was swept or sent for five minutes, or a message not
    yet tried has waited longer. The outbox of one township where it is given.

    What a carrier refuses backs off and is given up in an hour: that is the carrier's trouble, and shown. What only
    warns: next year's calendar is missing.
    """
    with connection.cursor() as cursor:
        cursor.execute(FRESHNESS, {"now": now, "township": township.pk if township else None})
        sweep, delivered, frozen, dead, waiting, oldest, untried = cursor.fetchone()
    stuck = untried is not None and now - untried > LATE_AFTER and not frozen  # nothing is sent while frozen
    box = Outbox(waiting, oldest, dead, delivered, late=_is_old(delivered, now) or stuck)
    missing = missing_year(day_of(now))
    warnings = (f"{missing}年的放假安排还没有公布，那一年的日期都是暂定的",) if missing else ()
    return Freshness(now, sweep, _is_old(sweep, now), box, frozen, warnings)


def _is_old(beat_at: datetime | None, now: datetime) -> bool:
    return beat_at is None or now - beat_at > LATE_AFTER


def unsent(township: Township, *, most: int = 50) -> list[Message]:
    """没发成的和还没发的，没发成的在前"""
    rows = Message.objects.filter(township=township).select_related("recipient__person").order_by("pk")
    dead = list(rows.filter(state=MessageState.DEAD)[:most])
    return dead + list(rows.filter(state=MessageState.WAITING)[: most - len(dead)])


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


def rest_words(at: datetime) -> str:
    """今天休息的话; empty on a 工作日, when the windows are open."""
    today, calendar = day_of(at), current_calendar()
    if calendar.is_workday(today):
        return ""
    return f"今天休息，窗口不开门。下一个上班的日子：{cn_date(calendar.next_workday(today))}8:30。"


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


def posts_of(user: User, at: datetime) -> list[PostHolding]:
    """某人现在任的岗位"""
    return list(holdings_at(at).filter(user=user).select_related("post__office"))
