"""不在岗：planned and sudden absence; what no deputy covers goes up at once, and those it falls to are told (B4)."""

from datetime import datetime

from django.db import transaction

from approvals.actions.deputies import Handing, hand_over, is_away, not_before, notify
from approvals.permissions import leads
from portal import ledger
from portal.clock import Reading
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import Entry
from portal.locks import lock_township
from portal.models import Absence, Delegation, Event, Post, User
from portal.numbers import new_number
from portal.permissions import delegations_at, holdings_at, powers_of, responsible_at
from portal.roster import FALLING, HEADS


def register_absence(
    *,
    user: User,
    by: User,
    ends_at: datetime,
    reason: str,
    starts_at: datetime | None = None,
    deputy: User | None = None,
    handover: str = "",
) -> Absence:
    """登记不在岗 – planned (`starts_at`), or sudden from this instant (None): by oneself, the office head or a leader.

    With a deputy, every post is handed over in the same transaction; without one its power goes up at once. A
    planned absence is refused while one stands in for another (WrongState); a sudden one ends that power.
    """
    with transaction.atomic():
        clock = lock_township(_township_of(user))
        start = clock.at if starts_at is None else not_before(starts_at, clock.at)
        posts = _posts_of(user, start)
        _check(user, by, posts, start, ends_at, reason, clock.at)
        if starts_at is not None and _stands_in(user, start, ends_at):
            raise WrongState("这段时间登记了替别人代岗，AB岗不能同时不在。请先换人代，再登记不在岗。")
        absence = Absence.objects.create(
            user=user,
            township_id=_township_of(user),
            sudden=starts_at is None,
            starts_at=start,
            ends_at=ends_at,
            reason=reason.strip(),
            registered_by=by,
            number="A" + new_number(),
        )
        event = _record(absence, "absent", by, clock)
        if deputy is not None:
            handing = Handing(deputy, start, ends_at, reason.strip(), handover.strip(), absence=absence)
            for post in _uncovered(posts, start, ends_at):
                hand_over(post, user, handing, by=by, clock=clock)
        _tell(absence, event, posts, by, clock)
        return absence


def end_absence(*, absence: Absence, by: User) -> None:
    """回来了 – ends the absence and the delegations made for it at this instant; what was done stands."""
    with transaction.atomic():
        clock = lock_township(absence.township_id)
        locked = Absence.objects.select_for_update().select_related("user").get(pk=absence.pk)
        _require_say(locked.user, by, _posts_of(locked.user, clock.at), clock.at)
        if locked.ended_at is not None or locked.ends_at <= clock.at:
            raise WrongState("这次不在岗已经结束。")
        locked.ended_at = clock.at
        locked.save(update_fields=["ended_at"])
        Delegation.objects.filter(absence=locked, revoked_at=None, ends_at__gt=clock.at).update(revoked_at=clock.at)
        _record(locked, "back", by, clock)


def _township_of(user: User) -> int:
    if user.township_id is None:
        raise InvalidInput("不在岗登记的是本镇的工作人员。")
    return user.township_id


def _posts_of(user: User, at: datetime) -> list[Post]:
    return [holding.post for holding in holdings_at(at).filter(user=user).select_related("post__office")]


def _require_say(user: User, by: User, posts: list[Post], at: datetime) -> None:
    powers = powers_of(by, at, lock=True)
    if by.pk != user.pk and not any(leads(powers, post) for post in posts):
        raise NotAllowed("只能由本人、本所办的负责人或镇领导登记不在岗。")


def _check(
    user: User, by: User, posts: list[Post], start: datetime, ends_at: datetime, reason: str, now: datetime
) -> None:
    if not posts:
        raise InvalidInput("这个人那时没有岗位，不用登记。")
    _require_say(user, by, posts, now)
    if ends_at <= start:
        raise InvalidInput("结束时间要在开始时间之后，并且还没有过去。")
    if len(reason.strip()) < 2:
        raise InvalidInput("请写明为什么不在岗。")
    if is_away(user, start, ends_at):
        raise WrongState("这段时间已经登记过不在岗。")


def _stands_in(user: User, start: datetime, ends_at: datetime) -> bool:
    rows = Delegation.objects.filter(deputy=user, revoked_at=None, starts_at__lt=ends_at, ends_at__gt=start)
    return rows.exists()


def _uncovered(posts: list[Post], start: datetime, ends_at: datetime) -> list[Post]:
    """还没有代理人的岗位"""
    rows = Delegation.objects.filter(post__in=posts, revoked_at=None, starts_at__lt=ends_at, ends_at__gt=start)
    covered = set(rows.values_list("post_id", flat=True))
    return [post for post in posts if post.pk not in covered]


def _tell(absence: Absence, event: Event, posts: list[Post], by: User, clock: Reading) -> None:
    """告诉本人，and whoever the posts fall to – the absent person's own and those he stood in for."""
    if by.pk != absence.user_id:
        notify(event, "absent", [absence.user_id], clock)
    handled = FALLING | HEADS
    stood = Delegation.objects.filter(deputy=absence.user, revoked_at=None, starts_at__lte=clock.at, ends_at__gt=clock.at)
    left = [*posts, *(row.post for row in stood.select_related("post"))]
    covered = set(delegations_at(absence.starts_at).filter(post__in=left, scope={}).values_list("post_id", flat=True))
    fallen = [post for post in left if post.duty in handled and post.pk not in covered]
    found = [responsible_at(post, absence.starts_at, township_id=absence.township_id)[1] for post in fallen]
    notify(event, "power_fell", [user.pk for user in found if user is not None], clock)


def _record(absence: Absence, kind: str, by: User, clock: Reading) -> Event:
    stream = f"absence:{absence.number}"
    last = Event.objects.filter(stream=stream).order_by("-sequence").first()
    payload = {"user": absence.user_id, "from": absence.starts_at.isoformat(), "to": absence.ends_at.isoformat()}
    (event,) = ledger.append(
        township=absence.township_id, stream=stream, entries=[Entry(kind, payload, actor=by)], after=last, clock=clock
    )
    return event
