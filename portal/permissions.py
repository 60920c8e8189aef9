"""岗位与权力：who holds which duty at an instant, directly or as a registered deputy (B4).

Power is read from the rows at the instant of the act, never from the session; a deputy's power
ends the moment it is taken back, and it cannot be passed on (no chain of deputies). Where nobody is
at a post it goes up at once: to the office head, then to the township head (engine section 6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.limits import day_of
from portal.models import Absence, Delegation, Office, Person, Post, PostHolding, Relation, User
from portal.revisions import is_looking, revision
from portal.roster import REVISION, WHOLE, Matter, Roster, current_roster, reaches, roster_of


@dataclass(frozen=True, slots=True)
class Power:
    """一份权力: the post it comes from, and on whose behalf it is used (None for one's own post).

    `fallen`: nobody is at the post, so that its power is with the head or the leader, at the post `seat`.
    """

    post: Post
    on_behalf_of: User | None = None
    delegation: Delegation | None = None
    fallen: bool = False
    seat: Post | None = None

    @property
    def is_own(self) -> bool:
        """是不是自己的岗位"""
        return self.delegation is None and not self.fallen

    @property
    def scope(self) -> Mapping[str, list[str]]:
        """代理的范围; empty for everything."""
        return self.delegation.scope if self.delegation else {}

    def signing(self) -> "Power":
        """以什么岗位签: at an empty post there is nobody to stand for, so the head or leader signs as such."""
        return Power(self.seat) if self.seat is not None and self.on_behalf_of is None else self

    def covers(self, matter: Matter) -> bool:
        """管不管得到这一步"""
        return reaches(self.scope, matter)


def holdings_at(at: datetime) -> QuerySet[PostHolding]:
    """某一刻在任的任职"""
    day = day_of(at)
    return PostHolding.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


def absences_at(at: datetime) -> QuerySet[Absence]:
    """某一刻不在岗的人"""
    return Absence.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), starts_at__lte=at, ends_at__gt=at)


def seated_at(at: datetime) -> QuerySet[Any]:
    """某一刻在任的任职, each with `is_out`: whether its holder is away."""
    return holdings_at(at).annotate(is_out=Exists(absences_at(at).filter(user=OuterRef("user"))))


def present_at(at: datetime) -> QuerySet[PostHolding]:
    """某一刻在任也在岗的任职"""
    return holdings_at(at).exclude(user__in=absences_at(at).values("user_id"))


def delegations_at(at: datetime) -> QuerySet[Delegation]:
    """某一刻有效的代理: no longer than the principal holds the post, and while the deputy has a post here and is in."""
    holdings = holdings_at(at)
    return Delegation.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=at),
        ~Exists(absences_at(at).filter(user=OuterRef("deputy"))),
        Exists(holdings.filter(post=OuterRef("post"), user=OuterRef("principal"))),
        Exists(holdings.filter(post__township=OuterRef("post__township"), user=OuterRef("deputy"))),
        starts_at__lte=at,
        ends_at__gt=at,
    )


def whole_deputies_at(at: datetime) -> QuerySet[Delegation]:
    """某一刻代整个岗位的代理: where only some matters are handed over, the holder still sits there."""
    return delegations_at(at).filter(scope={})


POWER = "SELECT (SELECT number FROM portal_revision WHERE name = %s), (SELECT is_active FROM portal_user WHERE id = %s)"


def powers_of(user: User, at: datetime, *, lock: bool = False) -> list[Power]:
    """某人此刻的全部权力: own posts, posts held as deputy, then posts nobody is at. `lock` takes FOR SHARE on the rows used."""
    if lock:
        lock_powers(user, day_of(at))
    if is_looking() and not lock:  # a page: its account was read for it, and it keeps to one state of the roster
        number, is_active = revision(REVISION), user.is_active
    else:
        with connection.cursor() as cursor:
            cursor.execute(POWER, [REVISION, user.pk])
            number, is_active = cursor.fetchone()
    return powers_in(roster_of(number), user.pk, at) if is_active else []


def powers_in(roster: Roster, user: int, at: datetime) -> list[Power]:
    """名册上某人（账号号）那一刻的全部权力"""
    day = day_of(at)
    own = [Power(roster.posts[held.post_id]) for held in roster.held_by.get(user, ()) if held.covers(day)]
    stood = {s.id: s for s in roster.stood_by.get(user, ()) if roster.is_in_force(s, at)}
    rows = Delegation.objects.filter(pk__in=stood).select_related("principal__person").order_by("pk") if stood else ()
    held = own + [Power(roster.posts[row.post_id], row.principal, row) for row in rows]
    return held + _fallen(roster, [power.post for power in held if not power.scope], at)


def _fallen(roster: Roster, posts: list[Post], at: datetime) -> list[Power]:
    """没有人在、落到手里的岗位, each on behalf of its holder who is out."""
    fallen = roster.fallen_to(posts, at)
    out = {post.pk: roster.titular(post, at) for post, _seat in fallen}
    people = User.objects.select_related("person").in_bulk({user for user in out.values() if user}) if fallen else {}
    return [Power(post, people.get(out[post.pk] or 0), fallen=True, seat=seat) for post, seat in fallen]


def lock_powers(user: User, day: date) -> None:
    """锁住所用的任职和代理 FOR SHARE, so that taking one back waits for the act that uses it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH held AS (SELECT id FROM portal_postholding WHERE user_id = %(user)s FOR SHARE),
                 stood AS (SELECT id FROM portal_delegation WHERE deputy_id = %(user)s
                           AND starts_at < %(day)s::date + 2 AND ends_at > %(day)s::date - 2 FOR SHARE)
            SELECT (SELECT count(*) FROM held), (SELECT count(*) FROM stood)
            """,
            {"user": user.pk, "day": day},
        )


def find_power(
    powers: list[Power], *, office: Office | int | None, duties: set[str], matter: Matter = WHOLE
) -> Power | None:
    """其中够用的一份: duty fits, the deputy's scope reaches, and, where an office is named, the post belongs to it."""
    office_id = office.pk if isinstance(office, Office) else office
    for power in powers:
        fits = power.post.duty in duties and power.covers(matter)
        if fits and (office_id is None or power.post.office_id == office_id):
            return power
    return None


def has_duty(user: User, duty: str, at: datetime) -> bool:
    """某人此刻有没有某项职责"""
    return any(power.post.duty == duty for power in powers_of(user, at))


def holder_of(post: Post, at: datetime, matter: Matter = WHOLE) -> User | None:
    """某岗位此刻的责任人: the registered deputy whose scope reaches, else its holder; None if neither is in."""
    user = current_roster().holder(post, at, matter)
    return User.objects.get(pk=user) if user is not None else None


def responsible_at(
    post: Post | None, at: datetime, *, township_id: int, matter: Matter = WHOLE
) -> tuple[Post | None, User | None]:
    """时间到的那一刻权力在谁手里: post holder or deputy, then the office head, then the township head (engine 6)."""
    seat, user = current_roster().responsible(post, at, township_id, matter)
    return seat, User.objects.get(pk=user) if user is not None else None


def must_recuse(user: User, applicant: Person) -> bool:
    """回避: own case, declared relatives, or the same identity, phone or household (T29)."""
    own = user.person
    if own.pk == applicant.pk:
        return True
    same = any(
        mine and mine == theirs
        for mine, theirs in (
            (own.id_hash, applicant.id_hash),
            (own.phone_hash, applicant.phone_hash),
            (own.household_hash, applicant.household_hash),
        )
    )
    pair = Q(person=own, relative=applicant) | Q(person=applicant, relative=own)
    return same or Relation.objects.filter(pair, ended_at=None).exists()
