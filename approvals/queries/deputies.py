"""代岗的读：posts that may be handed over, people who may stand in, and the register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from approvals.permissions import leads
from approvals.queries.desk import DELIVERY, Work, WorkRow
from portal.models import Absence, Delegation, Duty, Post, User
from portal.numbers import grouped
from portal.permissions import Power, holdings_at, powers_of, responsible_at
from portal.roster import FALLING, HEADS
from services.definition import StageKind
from services.models import ServiceItem
from services.queries import samples_last

NOBODY = "镇上没有人在岗，报县里"
KINDS = {
    StageKind.INTAKE.value: "收件、受理、补正",
    StageKind.REVIEW.value: "审核、会签",
    StageKind.POSTING.value: "公示",
    StageKind.DECIDE.value: "决定",
    StageKind.DELIVER.value: "送达",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """登记代理时可选的"""

    posts: list[Post]
    people: list[tuple[User, str]]
    near: frozenset[int] = frozenset()  # of one's own offices


def choices_for(user: User, at: datetime) -> Choices:
    """可选的岗位和人: one's own posts, as office head those of the office, as leader all of the township."""
    powers = powers_of(user, at)
    own = {power.post.pk for power in powers if power.is_own}
    offices = {power.post.office_id for power in powers if power.post.duty == Duty.OFFICE_HEAD}
    towns = {power.post.township_id for power in powers if power.post.duty == Duty.TOWN_LEADER}
    in_office = Q(office__in=offices) & ~Q(duty=Duty.TOWN_LEADER)
    wanted = Q(pk__in=own) | in_office | Q(township__in=towns)
    posts = list(Post.objects.filter(wanted).select_related("office").order_by("office__order", "order", "id"))
    seated = holdings_at(at).filter(post__township=user.township_id, user__is_active=True)
    holdings = list(seated.select_related("user__person", "post").order_by("post__order", "id"))
    people: dict[int, tuple[User, str]] = {}
    for holding in holdings:
        people.setdefault(holding.user_id, (holding.user, holding.post.title))
    mine = {power.post.office_id for power in powers if power.is_own}
    near = frozenset(holding.user_id for holding in holdings if holding.post.office_id in mine)
    return Choices(posts, list(people.values()), near)


def led_people(user: User, at: datetime) -> list[tuple[User, str]]:
    """可以替谁登记不在岗: oneself, and the people at the posts that are this person's to arrange."""
    powers = powers_of(user, at)
    rows = holdings_at(at).filter(post__township=user.township_id, user__is_active=True)
    people: dict[int, tuple[User, str]] = {}
    for holding in rows.select_related("user__person", "post").order_by("post__order", "id"):
        if holding.user_id == user.pk or leads(powers, holding.post):
            people.setdefault(holding.user_id, (holding.user, holding.post.title))
    return sorted(people.values(), key=lambda row: row[0].pk != user.pk)


@dataclass(frozen=True, slots=True)
class Away:
    """不在岗登记的一行, with what is done about it: deputies, or to whom the power has fallen."""

    absence: Absence
    state: str
    deputies: list[Delegation]
    falls_to: list[str]
    may_end: bool


def absences_seen(user: User, at: datetime, most: int) -> list[Away]:
    """本镇的不在岗登记，近的在前"""
    powers = powers_of(user, at)
    rows = Absence.objects.filter(township=user.township_id).select_related("user__person").order_by("-starts_at", "-pk")
    related = Prefetch("delegations", Delegation.objects.select_related("deputy__person", "post__office"))
    return [_away(row, user, powers, at) for row in rows.prefetch_related(related)[:most]]


def _away(row: Absence, user: User, powers: list[Power], at: datetime) -> Away:
    over = row.ended_at is not None or row.ends_at <= at
    posts = [] if over else [h.post for h in holdings_at(max(at, row.starts_at)).filter(user=row.user).select_related("post")]
    stood = [delegation for delegation in row.delegations.all() if delegation.revoked_at is None]
    state = "回来了" if row.ended_at else "期满" if over else "还没开始" if row.starts_at > at else "不在岗"
    covered = {delegation.post_id for delegation in stood}
    left = [post for post in posts if post.duty in FALLING | HEADS and post.pk not in covered]
    found = [responsible_at(post, max(at, row.starts_at), township_id=row.township_id) for post in left]
    names = dict.fromkeys(f"{post.title} {who.display_name}" if who and post else NOBODY for post, who in found)
    arranges = row.user_id == user.pk or any(leads(powers, post) for post in posts)
    return Away(absence=row, state=state, deputies=stood, falls_to=list(names), may_end=not over and arranges)


def own_work(user: User, at: datetime, most: int = 4) -> list[WorkRow]:
    """自己岗位上的件，用来移交: what ends first on top, at most four pages; what a colleague has is his to give."""
    work = Work(user, [power for power in powers_of(user, at) if power.is_own], at, shared=False)
    rows: list[WorkRow] = []
    mark = ""
    for _ in range(most):
        page = work.page(after=mark)
        rows += [row for row in page.rows if row.kind != DELIVERY]  # a result that is only to be brought is nobody's step
        mark = page.next
        if not mark:
            break
    return rows


def items_of(township_id: int | None) -> list[tuple[str, str]]:
    """可以单独交出去的事项"""
    rows = ServiceItem.objects.filter(township=township_id, current__isnull=False, withdrawn_at=None)
    return [(code, f"{code} {name}") for code, name in samples_last(rows).values_list("code", "name")]


@dataclass(frozen=True, slots=True)
class Registered:
    """登记册的一行"""

    delegation: Delegation
    state: str
    scope: str
    owes_report: bool
    may_revoke: bool
    may_report: bool


def delegations_seen(user: User, at: datetime, most: int) -> list[Registered]:
    """本镇的代理，近的在前"""
    rows = Delegation.objects.filter(post__township=user.township_id)
    related = rows.select_related("post__office", "principal__person", "deputy__person")
    powers = powers_of(user, at)
    return [_registered(row, user, at, leads(powers, row.post)) for row in related.order_by("-starts_at", "-pk")[:most]]


def scope_text(scope: Mapping[str, list[str]]) -> str:
    """代理的范围，用话说"""
    if not scope:
        return "整个岗位"
    kinds = [KINDS.get(kind, kind) for kind in scope.get("kinds", [])]
    cases = [grouped(number) for number in scope.get("cases", [])]
    parts = [("事项", scope.get("items", [])), ("环节", kinds), ("办件", cases)]
    return "；".join(f"只代{name}：{'、'.join(names)}" for name, names in parts if names)


def _registered(row: Delegation, user: User, at: datetime, arranges: bool) -> Registered:
    over = row.revoked_at is not None or row.ends_at <= at
    state = "已收回" if row.revoked_at else "已到期" if over else "还没开始" if row.starts_at > at else "代岗中"
    return Registered(
        delegation=row,
        state=state,
        scope=scope_text(row.scope),
        owes_report=over and not row.report and row.starts_at <= (row.revoked_at or at),
        may_revoke=not over and (arranges or row.principal_id == user.pk),
        may_report=row.deputy_id == user.pk and row.starts_at <= at,
    )
