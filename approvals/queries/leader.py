"""领导看的数：exact figures of thirty days and of what is open now, each from an index."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from approvals.models import Case, Step, SweepFailure
from approvals.queries import counted, oversight
from approvals.queries.desk import SOON_INTAKE, SOON_STEP, light_values
from portal.models import Delegation, Post
from portal.permissions import delegations_at, holdings_at, present_at, whole_deputies_at

MOST = 30

_LOAD = f"""
SELECT post_id, count(*) FILTER (WHERE light = 0), count(*) FILTER (WHERE light = 1), count(*) FILTER (WHERE light = 2),
       count(*) FILTER (WHERE light = 3)
FROM (
    SELECT s.post_id, CASE WHEN s.due_at IS NULL THEN 3 WHEN s.due_at <= %(now)s THEN 2 WHEN {SOON_STEP} THEN 1 ELSE 0 END
    FROM approvals_step s WHERE s.status = 'open' AND s.township_id = %(township)s
    UNION ALL
    SELECT k.window_id, CASE WHEN k.intake_due_at IS NULL THEN 3 WHEN k.intake_due_at <= %(now)s THEN 2
                             WHEN {SOON_INTAKE} THEN 1 ELSE 0 END
    FROM approvals_case k WHERE k.accepted_at IS NULL AND k.closed_at IS NULL AND k.township_id = %(township)s
) AS work (post_id, light) WHERE post_id IS NOT NULL GROUP BY post_id
"""  # noqa: S608 - only constants are pasted in


@dataclass(frozen=True, slots=True)
class Figures:
    """五个数"""

    closed: int
    kept: int
    late: int
    extended: int
    deemed: int
    open: int
    paused: int
    provisional: int
    overdue: int
    reasons_missing: int
    reasons_late: int
    reminders: int
    yellow: int
    red: int
    acceptances: int
    consents: int

    @property
    def rate(self) -> str:
        """按时办结率; 延长的、默认的、逾期的都不算按时."""
        return f"{self.kept * 100 / self.closed:.1f}%" if self.closed else "—"


def figures(township_id: int, at: datetime) -> Figures:
    """近三十天的数和现在的数"""
    span = counted.last_days(at)
    ended = counted.closed_cases(township_id, span).aggregate(closed=Count("pk"), **counted.counts(counted.CLOSED))
    running = counted.running_cases(township_id).aggregate(open=Count("pk"), **counted.counts(counted.RUNNING))
    given = counted.cards(township_id, span).aggregate(**counted.counts(counted.CARDS))
    silent = counted.silences(township_id, span).aggregate(**counted.counts(counted.SILENT))
    missing, reasons_late = oversight.count_owed(township_id, at)
    return Figures(**ended, **running, **given, **silent, reasons_missing=missing, reasons_late=reasons_late)


@dataclass(frozen=True, slots=True)
class Load:
    """一个岗手里的件"""

    post: Post
    person: str
    fine: int
    soon: int
    over: int
    paused: int

    @property
    def total(self) -> int:
        """一共几件"""
        return self.fine + self.soon + self.over + self.paused


def loads(township_id: int, at: datetime) -> list[Load]:
    """每个岗手里有多少件，多的在前"""
    values = {"township": township_id, **light_values(at)}
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, values)
        counted = {row[0]: row[1:] for row in cursor.fetchall()}
    people = {h.post_id: h.user.display_name for h in _holding(township_id, at)}
    people |= {d.post_id: f"{d.deputy.display_name}（代）" for d in covers(township_id, at)}
    posts = Post.objects.filter(pk__in=counted)
    rows = [Load(post, people.get(post.pk, ""), *counted[post.pk]) for post in posts]
    return sorted(rows, key=lambda row: -row.total)


def _holding(township_id: int, at: datetime) -> QuerySet[Any]:
    return holdings_at(at).filter(post__township=township_id).select_related("user__person")


def covers(township_id: int, at: datetime) -> list[Delegation]:
    """今天谁不在、谁顶"""
    rows = delegations_at(at).filter(post__township=township_id)
    return list(rows.select_related("post__office", "principal__person", "deputy__person").order_by("ends_at"))


def empty_posts(township_id: int, at: datetime) -> list[Post]:
    """没有人在、也没有人代的岗位, whose work falls to the office head."""
    held = present_at(at).filter(post__township=township_id).values("post_id")
    stood = whole_deputies_at(at).filter(post__township=township_id).values("post_id")
    rows = Post.objects.filter(township=township_id).exclude(pk__in=held).exclude(pk__in=stood)
    return list(rows.select_related("office"))


def overdue_cases(township_id: int) -> list[Case]:
    """逾期还没办好的，公开理由先到期的在前"""
    rows = Case.objects.filter(township=township_id, closed_at=None, effective_at=None, overdue=True)
    related = rows.select_related("application__item", "window").order_by("reason_published", "reason_due_on", "pk")
    return list(related[:MOST])


def open_steps_of(cases: list[Case]) -> dict[int, list[Step]]:
    """这些件现在在哪一步"""
    found: dict[int, list[Step]] = {}
    for step in Step.objects.filter(case__in=cases, status="open").select_related("office", "post"):
        found.setdefault(step.case_id, []).append(step)
    return found


def sweep_failures(township_id: int) -> list[SweepFailure]:
    """巡查没能结算的"""
    rows = SweepFailure.objects.filter(resolved_at=None, case__township=township_id)
    return list(rows.select_related("case__application").order_by("-pk")[:MOST])
