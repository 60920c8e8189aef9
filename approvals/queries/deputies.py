"""代岗的读：posts that may be handed over, people who may stand in, and the register."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from approvals.permissions import leads
from portal.models import Delegation, Duty, Post, User
from portal.permissions import holdings_at, powers_of


@dataclass(frozen=True, slots=True)
class Choices:
    """登记代理时可选的"""

    posts: list[Post]
    people: list[tuple[User, str]]


def choices_for(user: User, at: datetime) -> Choices:
    """可选的岗位和人: one's own posts, as office head those of the office, as leader all of the township."""
    powers = powers_of(user, at)
    own = {power.post.pk for power in powers if power.delegation is None}
    offices = {power.post.office_id for power in powers if power.post.duty == Duty.OFFICE_HEAD}
    towns = {power.post.township_id for power in powers if power.post.duty == Duty.TOWN_LEADER}
    in_office = Q(office__in=offices) & ~Q(duty=Duty.TOWN_LEADER)
    wanted = Q(pk__in=own) | in_office | Q(township__in=towns)
    posts = list(Post.objects.filter(wanted).select_related("office").order_by("office__order", "order", "id"))
    holdings = holdings_at(at).filter(post__township=user.township_id, user__is_active=True)
    people: dict[int, tuple[User, str]] = {}
    for holding in holdings.select_related("user__person", "post").order_by("post__order", "id"):
        people.setdefault(holding.user_id, (holding.user, holding.post.title))
    return Choices(posts, list(people.values()))


@dataclass(frozen=True, slots=True)
class Registered:
    """登记册的一行"""

    delegation: Delegation
    state: str
    may_revoke: bool
    may_report: bool


def delegations_seen(user: User, at: datetime, most: int) -> list[Registered]:
    """本镇的代理，近的在前"""
    rows = Delegation.objects.filter(post__township=user.township_id)
    related = rows.select_related("post__office", "principal__person", "deputy__person")
    powers = powers_of(user, at)
    return [_registered(row, user, at, leads(powers, row.post)) for row in related.order_by("-starts_at", "-pk")[:most]]


def _registered(row: Delegation, user: User, at: datetime, arranges: bool) -> Registered:
    over = row.revoked_at is not None or row.ends_at <= at
    state = "已收回" if row.revoked_at else "已到期" if over else "还没开始" if row.starts_at > at else "代岗中"
    return Registered(
        delegation=row,
        state=state,
        may_revoke=not over and (arranges or row.principal_id == user.pk),
        may_report=row.deputy_id == user.pk and row.starts_at <= at,
    )
