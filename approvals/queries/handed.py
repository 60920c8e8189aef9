"""自己的岗位此刻谁在管：whether one is registered as away, and who has one's posts or single cases meanwhile.

All of it from the roster at this instant, so that nothing is said any longer once one is back or the deputy's time is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.models import Post
from portal.permissions import Power
from portal.roster import FALLING, HEADS, Matter, Roster, Stood, reaches


@dataclass(frozen=True, slots=True)
class Kept:
    """一个岗位有人管着: by a deputy until then, or fallen to a head or leader (no end); nobody: the county's."""

    post: str
    person: str
    seat: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """自己岗位上交出去的: away until when, whole posts, and by post the deputies of a part."""

    out_until: datetime | None
    posts: list[Kept]
    parts: dict[int, list[tuple[Stood, str]]]

    def deputy_of(self, post: int | None, matter: Matter) -> str:
        """这一件现在由谁代着; empty if nobody."""
        parts = self.parts.get(post, ()) if post is not None else ()
        return next((name for stood, name in parts if reaches(stood.scope, matter)), "")


def handed_over(user: int, powers: Sequence[Power], roster: Roster, at: datetime) -> Handed:
    """某人（账号号）自己的岗位此刻谁在管; no statement."""
    outs = [out for out in roster.out.get(user, ()) if out.covers(at)]
    found: list[Kept] = []
    parts: dict[int, list[tuple[Stood, str]]] = {}
    for post in (power.post for power in powers if power.is_own):
        stood = [one for one in roster.stood.get(post.pk, ()) if one.principal_id == user and roster.is_in_force(one, at)]
        whole = next((one for one in stood if not one.scope), None)
        if stood:
            parts[post.pk] = [(one, roster.names[one.deputy_id]) for one in stood]
        if whole is not None:
            found.append(Kept(post.title, roster.names[whole.deputy_id], until=whole.ends_at))
        elif outs and post.duty in FALLING | HEADS:
            found.append(_fallen(post, roster, at))
    return Handed(max((out.ends_at for out in outs), default=None), found, parts)


def _fallen(post: Post, roster: Roster, at: datetime) -> Kept:
    seat, user = roster.responsible(post, at, post.township_id)
    if seat is None or user is None:
        return Kept(post.title, "")
    return Kept(post.title, roster.names[user], seat.title)
