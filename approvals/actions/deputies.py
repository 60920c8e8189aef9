"""职位代理：registering, taking back and reporting on a deputy's power (B4)."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from approvals.permissions import leads
from approvals.writing import DEPLOYMENT_LOCK, TOWNSHIP_LOCK
from portal import ledger
from portal.clock import Reading, read_clock
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.models import Channel, Delegation, Event, Message, Post, User
from portal.numbers import new_number
from portal.outbox import post as post_messages
from portal.permissions import delegations_at, holdings_at, powers_of


def delegate(
    *, post: Post, deputy: User, by: User, starts_at: datetime, ends_at: datetime, reason: str, handover: str = ""
) -> Delegation:
    """登记代理 – by the holder, the office head or a leader; the deputy has the post's power in between.

    No chain (the deputy may not hand it on, nor be away himself), never two deputies of one post at once.
    """
    with transaction.atomic():
        clock = _lock_township(post.township_id)
        principal = _principal(post, starts_at)
        if by.pk != principal.pk and not leads(powers_of(by, clock.at, lock=True), post):
            raise NotAllowed("只能由本人、本所办的负责人或镇领导登记代理。")
        if not any(power.post.pk == post.pk and power.delegation is None for power in powers_of(principal, clock.at)):
            raise NotAllowed("代来的岗位不能再转给别人代。")
        _check(post, principal, deputy, starts_at, ends_at, reason, clock.at)
        delegation = Delegation.objects.create(
            post=post,
            principal=principal,
            deputy=deputy,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason.strip(),
            handover=handover.strip(),
            number="D" + new_number(),
        )
        event = _record(delegation, "delegated", by, clock)
        messages = post_messages(
            event=event, kind="delegated", recipients=[deputy.pk], number="", clock=clock, channels=[Channel.IN_SITE]
        )
        Message.objects.bulk_create(messages)
        return delegation


def _principal(post: Post, at: datetime) -> User:
    holding = holdings_at(at).filter(post=post).select_related("user__person").first()
    if holding is None:
        raise WrongState("这个岗位现在没有人任职，不能登记代理。")
    return holding.user


def _check(
    post: Post, principal: User, deputy: User, starts_at: datetime, ends_at: datetime, reason: str, now: datetime
) -> None:
    if deputy.pk == principal.pk:
        raise InvalidInput("不能代理自己。")
    if not deputy.is_staff_member or not holdings_at(starts_at).filter(user=deputy, post__township=post.township_id).exists():
        raise InvalidInput("代理人要是本镇在任的工作人员。")
    if ends_at <= starts_at or ends_at <= now:
        raise InvalidInput("结束时间要在开始时间之后，并且还没有过去。")
    if len(reason.strip()) < 2:
        raise InvalidInput("请写明为什么要代理。")
    overlapping = Delegation.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at, revoked_at=None)
    if overlapping.filter(post=post).exists():
        raise WrongState("这段时间这个岗位已经登记了代理人。")
    if overlapping.filter(principal=deputy).exists():
        raise WrongState("代理人自己这段时间也不在岗，AB岗不能同时不在。")
    if overlapping.filter(Q(deputy=principal)).exists():
        raise WrongState("被代理人这段时间正代理别人，请先收回那份代理。")


def revoke_delegation(*, delegation: Delegation, by: User) -> None:
    """收回代理 – takes effect at once; acts already done stand."""
    with transaction.atomic():
        clock = _lock_township(delegation.post.township_id)
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
        locked.report, locked.reported_at = text.strip(), clock.at
        locked.save(update_fields=["report", "reported_at"])
        _record(locked, "delegation_reported", by, clock)


def _record(delegation: Delegation, kind: str, by: User, clock: Reading) -> Event:
    stream = f"delegation:{delegation.number}"
    last = Event.objects.filter(stream=stream).order_by("-sequence").first()
    payload = {"post": delegation.post_id, "from": delegation.starts_at.isoformat(), "to": delegation.ends_at.isoformat()}
    entries = [Entry(kind, payload, actor=by, post=delegation.post, on_behalf_of=delegation.principal)]
    (event,) = ledger.append(
        township=delegation.post.township_id, stream=stream, entries=entries, after=last, clock=clock
    )
    return event


def _lock_township(township_id: int) -> Reading:
    """代理变更独占乡镇锁, so that no act under way uses a power that is being taken back (engine section 8)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [DEPLOYMENT_LOCK])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TOWNSHIP_LOCK, township_id])
    return read_clock()


def current_deputy(post: Post, at: datetime) -> User | None:
    """某岗位此刻的代理人"""
    row = delegations_at(at).filter(post=post).select_related("deputy__person").first()
    return row.deputy if row else None


