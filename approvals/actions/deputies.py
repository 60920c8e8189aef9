"""职位代理：registering, taking back and reporting on a deputy's power (B4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce

from approvals.models import Case, Step
from approvals.permissions import leads
from portal import ledger
from portal.clock import Reading, read_clock
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.limits import day_of
from portal.locks import lock_township
from portal.models import Absence, Channel, Delegation, Event, Message, Post, User
from portal.numbers import grouped, new_number
from portal.outbox import post as post_messages
from portal.permissions import delegations_at, holdings_at, powers_of


@dataclass(frozen=True, slots=True)
class Handing:
    """怎样交: the deputy, from when to when, why, with which hand-over note, and how much of the post."""

    deputy: User
    starts_at: datetime
    ends_at: datetime
    reason: str
    handover: str = ""
    scope: Mapping[str, list[str]] = field(default_factory=dict)
    absence: Absence | None = None


def delegate(
    *,
    post: Post,
    deputy: User,
    by: User,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    handover: str = "",
    scope: Mapping[str, list[str]] | None = None,
) -> Delegation:
    """登记代理 – by the holder, the office head or a leader; the deputy has the post's power in between.

    No chain (the deputy may not hand it on, nor be away himself), never two deputies of one matter at once, and
    never back into the past: what has run out is borne by whoever held the power then. `scope` narrows it.
    """
    with transaction.atomic():
        clock = lock_township(post.township_id)
        starts_at = not_before(starts_at, clock.at)
        principal = _principal(post, starts_at)
        if by.pk != principal.pk and not leads(powers_of(by, clock.at, lock=True), post):
            raise NotAllowed("只能由本人、本所办的负责人或镇领导登记代理。")
        handing = Handing(deputy, starts_at, ends_at, reason.strip(), handover.strip(), _clean_scope(scope or {}))
        return hand_over(post, principal, handing, by=by, clock=clock)


def delegate_cases(
    *, numbers: Iterable[str], deputy: User, by: User, ends_at: datetime, reason: str, handover: str = ""
) -> list[Delegation]:
    """移交选中的件 – from now on, the open steps and receipts at one's own posts, one delegation a post.

    All of them or none: InvalidInput naming those that are at no post of one's own.
    """
    wanted = set(numbers)
    with transaction.atomic():
        if by.township_id is None:
            raise NotAllowed("只能移交自己岗位上的件。")
        clock = lock_township(by.township_id)
        posts = [power.post for power in powers_of(by, clock.at, lock=True) if power.is_own]
        found = [(post, sorted(_open_at(post, wanted))) for post in posts]
        _check_own(wanted, {number for _, mine in found for number in mine})
        common = (deputy, clock.at, ends_at, reason.strip(), handover.strip())
        return [hand_over(post, by, Handing(*common, {"cases": mine}), by=by, clock=clock) for post, mine in found if mine]


def _check_own(wanted: set[str], own: set[str]) -> None:
    """选的都在自己岗位上，一件也不悄悄漏掉"""
    if not wanted:
        raise InvalidInput("请选出要移交的件，它们要在您自己的岗位上。")
    if others := sorted(wanted - own):
        names = "、".join(grouped(number) for number in others)
        raise InvalidInput(f"{names}现在不在您自己的岗位上，不能由您移交。请去掉再交；这次一件也没有移交。")


def _open_at(post: Post, numbers: set[str]) -> set[str]:
    """其中现在落在这个岗位上的"""
    steps = Step.objects.filter(post=post, status="open", case__application__number__in=numbers)
    waiting = Case.objects.filter(window=post, accepted_at=None, closed_at=None, application__number__in=numbers)
    found = set(steps.values_list("case__application__number", flat=True))
    return found | set(waiting.values_list("application__number", flat=True))


def hand_over(post: Post, principal: User, handing: Handing, *, by: User, clock: Reading) -> Delegation:
    """交给代理人，inside the caller's transaction, after its lock; refusals as `delegate`."""
    if not any(power.post.pk == post.pk and power.is_own for power in powers_of(principal, clock.at)):
        raise NotAllowed("代来的岗位不能再转给别人代。")
    _check(post, principal, handing, clock.at)
    delegation = Delegation.objects.create(
        post=post,
        principal=principal,
        number="D" + new_number(),
        **{name: getattr(handing, name) for name in Handing.__slots__},
    )
    event = _record(delegation, "delegated", by, clock)
    notify(event, "delegated", [handing.deputy.pk], clock)
    return delegation


def notify(event: Event, kind: str, recipients: Iterable[int], clock: Reading) -> None:
    """站内告诉工作人员"""
    channels = [Channel.IN_SITE]
    rows = post_messages(event=event, kind=kind, recipients=recipients, number="", clock=clock, channels=channels)
    Message.objects.bulk_create(rows)


def not_before(starts_at: datetime, now: datetime) -> datetime:
    """不追溯: earlier today means now; an earlier day is refused."""
    if day_of(starts_at) < day_of(now):
        raise InvalidInput("不能往前补登：从前到期的，算当时在岗的人的。请从今天写起。")
    return max(starts_at, now)


def _clean_scope(scope: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: sorted(set(scope[name])) for name in ("items", "kinds", "cases") if scope.get(name)}


def _principal(post: Post, at: datetime) -> User:
    holding = holdings_at(at).filter(post=post).select_related("user__person").first()
    if holding is None:
        raise WrongState("这个岗位现在没有人任职，不能登记代理。")
    return holding.user


def _check(post: Post, principal: User, handing: Handing, now: datetime) -> None:
    deputy, starts_at, ends_at = handing.deputy, handing.starts_at, handing.ends_at
    if deputy.pk == principal.pk:
        raise InvalidInput("不能代理自己。")
    if not deputy.is_staff_member or not holdings_at(starts_at).filter(user=deputy, post__township=post.township_id).exists():
        raise InvalidInput("代理人要是本镇在任的工作人员。")
    if ends_at <= starts_at or ends_at <= now:
        raise InvalidInput("结束时间要在开始时间之后，并且还没有过去。")
    if len(handing.reason) < 2:
        raise InvalidInput("请写明为什么要代理。")
    overlapping = Delegation.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at, revoked_at=None)
    if any(_meets(row.scope, handing.scope) for row in overlapping.filter(post=post)):
        raise WrongState("这段时间这个岗位的这些事已经登记了代理人。")
    if overlapping.filter(principal=deputy, scope={}).exists() or is_away(deputy, starts_at, ends_at):
        raise WrongState("代理人自己这段时间也不在岗，AB岗不能同时不在。")
    if not handing.scope and overlapping.filter(deputy=principal).exists():
        raise WrongState("被代理人这段时间正代理别人，请先收回那份代理。")


def _meets(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> bool:
    """两份代理的范围有没有重叠: on every side that both narrow there must be something in common."""
    return all(set(one[name]) & set(other[name]) for name in ("items", "kinds", "cases") if name in one and name in other)


def is_away(user: User, starts_at: datetime, ends_at: datetime) -> bool:
    """某人这段时间登记了不在岗"""
    end = Coalesce("ended_at", "ends_at")
    return Absence.objects.annotate(end=end).filter(user=user, starts_at__lt=ends_at, end__gt=starts_at).exists()


def revoke_delegation(*, delegation: Delegation, by: User) -> None:
    """收回代理 – takes effect at once; acts already done stand."""
    with transaction.atomic():
        clock = lock_township(delegation.post.township_id)
        locked = Delegation.objects.select_for_update().select_related("post").get(pk=delegation.pk)
        if by.pk != locked.principal_id and not leads(powers_of(by, clock.at), locked.post):
            raise NotAllowed("只能由被代理人、本所办的负责人或镇领导收回代理。")
        if locked.revoked_at is not None or locked.ends_at <= clock.at:
            raise WrongState("这份代理已经结束。")
        locked.revoked_at = clock.at
        locked.save(update_fields=["revoked_at"])
        _record(locked, "delegation_revoked", by, clock)


def report_back(*, delegation: Delegation, by: User, text: str) -> None:
    """交账 – the deputy reports what was done."""
    with transaction.atomic():
        clock = read_clock()
        locked = Delegation.objects.select_for_update().select_related("post").get(pk=delegation.pk)
        if by.pk != locked.deputy_id:
            raise NotAllowed("由代理人交账。")
        if len(text.strip()) < 4:
            raise InvalidInput("请写明代理期间办了什么、还有什么没办完。")
        if locked.report == text.strip():
            return  # sent a second time: the same answer
        locked.report, locked.reported_at = text.strip(), clock.at
        locked.save(update_fields=["report", "reported_at"])
        _record(locked, "delegation_reported", by, clock)


def _record(delegation: Delegation, kind: str, by: User, clock: Reading) -> Event:
    stream = f"delegation:{delegation.number}"
    last = Event.objects.filter(stream=stream).order_by("-sequence").first()
    span = {"from": delegation.starts_at.isoformat(), "to": delegation.ends_at.isoformat()}
    payload: dict[str, Any] = {"post": delegation.post_id, **span}
    if delegation.scope:
        payload["scope"] = delegation.scope
    entries = [Entry(kind, payload, actor=by, post=delegation.post, on_behalf_of=delegation.principal)]
    (event,) = ledger.append(
        township=delegation.post.township_id, stream=stream, entries=entries, after=last, clock=clock
    )
    return event


def current_deputy(post: Post, at: datetime) -> User | None:
    """某岗位此刻的代理人"""
    row = delegations_at(at).filter(post=post).select_related("deputy__person").first()
    return row.deputy if row else None


