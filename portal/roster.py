"""在岗名册：townships, offices, posts and who holds them when, kept in the process until the database has counted a change.

The count is made by triggers, so nobody who writes a post, a holding or a delegation can forget it. A number
is never used twice, not even after a rollback. Whoever writes reads the count under its township's lock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.db import connection

from portal import rows
from portal.limits import day_of
from portal.models import Absence, Delegation, Duty, Office, Post, PostHolding, Township, Village
from portal.privacy import shown_name
from portal.revisions import revision

REVISION = "roster"
Thing = TypeVar("Thing")
Key = TypeVar("Key")
# Posts that handle cases; drafting, publishing, catalogue and calendar need two people and fall to nobody.
FALLING = frozenset({Duty.WINDOW, Duty.AGENT, Duty.VILLAGE_AGENT, Duty.REVIEW, Duty.APPROVE})
HEADS = frozenset({Duty.OFFICE_HEAD, Duty.TOWN_LEADER})


class Matter(NamedTuple):
    """一件事里的一步: what a deputy's scope is measured against; empty sides are in no narrowed scope."""

    item: str = ""
    kind: str = ""
    number: str = ""


WHOLE = Matter()


def reaches(scope: Mapping[str, list[str]], matter: Matter) -> bool:
    """代理的范围盖不盖得住: a list that is not there leaves its side open."""
    sides = {"items": matter.item, "kinds": matter.kind, "cases": matter.number}
    return all(side in scope[name] for name, side in sides.items() if name in scope)


class Held(NamedTuple):
    """一段任职"""

    id: int
    post_id: int
    user_id: int
    starts_on: date
    ends_on: date | None

    def covers(self, day: date) -> bool:
        """那天在任"""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Stood(NamedTuple):
    """一段代理"""

    id: int
    post_id: int
    principal_id: int
    deputy_id: int
    starts_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    scope: Mapping[str, list[str]]

    def covers(self, at: datetime) -> bool:
        """那一刻没有期满也没有收回"""
        return self.starts_at <= at < self.ends_at and (self.revoked_at is None or at < self.revoked_at)


class Out(NamedTuple):
    """一次不在岗"""

    user_id: int
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None

    def covers(self, at: datetime) -> bool:
        """那一刻不在，还没有回来"""
        return self.starts_at <= at < (self.ended_at or self.ends_at)


@dataclass(frozen=True)
class Roster:
    """一份名册: rows shared by the whole process; nobody changes them."""

    townships: dict[int, Township]
    offices: dict[tuple[int, str], Office]
    posts: dict[int, Post]
    posts_in: dict[int, tuple[Post, ...]]
    posts_with: dict[tuple[int, str], tuple[Post, ...]]
    held: dict[int, tuple[Held, ...]]
    held_by: dict[int, tuple[Held, ...]]
    stood: dict[int, tuple[Stood, ...]]
    stood_by: dict[int, tuple[Stood, ...]]
    out: dict[int, tuple[Out, ...]]
    names: dict[int, str]

    def holder(self, post: Post | None, at: datetime, matter: Matter = WHOLE) -> int | None:
        """某岗位那一刻的责任人（账号号）: the deputy whose scope reaches, else its holder; None if neither is in."""
        if post is None:
            return None
        deputy = self.deputy(post, at, matter)
        if deputy is not None:
            return deputy
        user = self.titular(post, at)
        return None if user is None or self.is_out(user, at) else user

    def deputy(self, post: Post, at: datetime, matter: Matter = WHOLE) -> int | None:
        """代某岗位办这件事的人: the one whose scope reaches it."""
        stood = self.stood.get(post.pk, ())
        return next((one.deputy_id for one in stood if reaches(one.scope, matter) and self.is_in_force(one, at)), None)

    def titular(self, post: Post, at: datetime) -> int | None:
        """某岗位那天谁任职, in or out."""
        day = day_of(at)
        return next((held.user_id for held in self.held.get(post.pk, ()) if held.covers(day)), None)

    def is_out(self, user: int, at: datetime) -> bool:
        """某人那一刻不在岗"""
        return any(out.covers(at) for out in self.out.get(user, ()))

    def is_in_force(self, stood: Stood, at: datetime) -> bool:
        """代理有效: no longer than the principal holds the post, and while the deputy has a post in the township and is in."""
        if not stood.covers(at) or self.is_out(stood.deputy_id, at):
            return False
        day, township = day_of(at), self.posts[stood.post_id].township_id
        principal = any(
            held.user_id == stood.principal_id and held.covers(day) for held in self.held.get(stood.post_id, ())
        )
        return principal and any(
            held.covers(day) and self.posts[held.post_id].township_id == township
            for held in self.held_by.get(stood.deputy_id, ())
        )

    def duties_of(self, user: int, at: datetime) -> set[str]:
        """某人那一刻的职责: of his own posts and of those he stands in for."""
        day = day_of(at)
        own = [held.post_id for held in self.held_by.get(user, ()) if held.covers(day)]
        stood = [one.post_id for one in self.stood_by.get(user, ()) if self.is_in_force(one, at)]
        return {self.posts[post].duty for post in (*own, *stood)}

    def responsible(
        self,
        post: Post | None,
        at: datetime,
        township_id: int,
        matter: Matter = WHOLE,
        barred: frozenset[int] = frozenset(),
    ) -> tuple[Post | None, int | None]:
        """时间到的那一刻权力在谁手里: post holder or deputy, then the office head, then the township head (engine 6).

        Whoever is barred (回避, account ids) is passed over. Nobody in the whole township: the county's, marked by a
        post without a user.
        """
        user = self.holder(post, at, matter)
        if user is not None and user not in barred:
            return post, user
        heads = self.with_duty(township_id, Duty.OFFICE_HEAD, office_id=post.office_id)[:1] if post is not None else []
        for seat in [*heads, *self.with_duty(township_id, Duty.TOWN_LEADER)]:
            user = self.holder(seat, at, matter)
            if user is not None and user not in barred:
                return seat, user
        return post, None

    def fallen_to(self, posts: Iterable[Post], at: datetime) -> list[tuple[Post, Post]]:
        """没有人在的岗位，落到这些岗位手里的, each with the post it fell to.

        An office's posts fall to its head; where no head is in, to the first leader who is.
        """
        mine = {post.pk for post in posts if post.duty in HEADS}
        townships = {post.township_id for post in posts if post.pk in mine}
        empty = [
            post
            for township in townships
            for post in self.posts_in.get(township, ())
            if post.duty in FALLING | HEADS and self.holder(post, at) is None
        ]
        fallen = []
        for post in empty:
            seat, _user = self.responsible(post, at, post.township_id)
            if seat is not None and seat.pk in mine:
                fallen.append((post, seat))
        return fallen

    def with_duty(self, township_id: int, duty: str, *, office_id: int | None = None) -> list[Post]:
        """一个乡镇有这项职责的岗位, of one office where it is named, in their order."""
        return [
            post
            for post in self.posts_with.get((township_id, duty), ())
            if office_id is None or post.office_id == office_id
        ]


_kept: dict[str, tuple[int, Roster]] = {}


def current_roster() -> Roster:
    """现在的名册; one small statement while nothing has changed."""
    return roster_of(revision(REVISION))


def roster_of(number: int | None) -> Roster:
    """这个号的名册, for a caller who has just read the number with something else."""
    kept = _kept.get(REVISION)
    if kept is None or number is None or kept[0] != number:
        kept = _kept[REVISION] = (number or 0, _load())
    return kept[1]


def forget_roster() -> None:
    """丢掉进程里的名册"""
    _kept.clear()


def _load() -> Roster:
    townships = {row.pk: row for row in rows.select(Township, "ORDER BY id", [])}
    villages = {row.pk: row for row in rows.select(Village, "ORDER BY id", [])}
    offices = {row.pk: row for row in rows.select(Office, 'ORDER BY "order", id', [])}
    posts = {row.pk: row for row in rows.select(Post, 'ORDER BY "order", id', [])}
    for office in offices.values():
        office.township = townships[office.township_id]
    for post in posts.values():
        post.township, post.office = townships[post.township_id], offices[post.office_id]
        post.village = villages[post.village_id] if post.village_id else None
    held = [
        Held(row.pk, row.post_id, row.user_id, row.starts_on, row.ends_on) for row in rows.select(PostHolding, "ORDER BY id", [])
    ]
    stood = [
        Stood(row.pk, row.post_id, row.principal_id, row.deputy_id, row.starts_at, row.ends_at, row.revoked_at, row.scope)
        for row in rows.select(Delegation, "ORDER BY id", [])
    ]
    out = [Out(row.user_id, row.starts_at, row.ends_at, row.ended_at) for row in rows.select(Absence, "ORDER BY id", [])]
    return Roster(
        townships=townships,
        offices={(office.township_id, office.key): office for office in offices.values()},
        posts=posts,
        posts_in=_by((post.township_id, post) for post in posts.values()),
        posts_with=_by(((post.township_id, post.duty), post) for post in posts.values()),
        held=_by((one.post_id, one) for one in held),
        held_by=_by((one.user_id, one) for one in held),
        stood=_by((one.post_id, one) for one in stood),
        stood_by=_by((one.deputy_id, one) for one in stood),
        out=_by((one.user_id, one) for one in out),
        names=_names(),
    )


NAMES = """
    SELECT u.id, u.is_staff_member, p.name FROM portal_user u JOIN portal_person p ON p.id = u.person_id
    WHERE u.id IN (SELECT user_id FROM portal_postholding UNION SELECT deputy_id FROM portal_delegation)
"""


def _names() -> dict[int, str]:
    """在岗的人页面上的称呼"""
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return {user: shown_name(name, staff=staff) for user, staff, name in cursor.fetchall()}


def _by(pairs: Iterable[tuple[Key, Thing]]) -> dict[Key, tuple[Thing, ...]]:
    found: dict[Key, list[Thing]] = {}
    for key, thing in pairs:
        found.setdefault(key, []).append(thing)
    return {key: tuple(things) for key, things in found.items()}
