"""时限巡查：settles every case whose next look has come – in batches, once each, past any case that cannot be settled.

Nothing legal depends on it: the fold already says what has happened (engine sections 1 and 9). The sweep
only writes it down, so it may run late, twice at once, or be killed half-way.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from approvals.models import Case, SweepFailure
from approvals.settling import settle
from approvals.writing import Work, open_works
from portal.clock import portal_now
from portal.freezing import is_frozen
from portal.locks import DEPLOYMENT_LOCK, TOWNSHIP_LOCK
from portal.queries import beat

log = logging.getLogger(__name__)
BATCH = 500
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
# A batch is committed after this long, so that no row stays locked past the lock timeout of a person's act.
BATCH_SECONDS = 3.0


class StillDue(RuntimeError):
    """结算完了还是到期: the fold and the row disagree; the case must not be swept for ever."""


def sweep() -> int:
    """巡查一遍: how many cases were settled; failures are recorded and put off, never in the way of the others."""
    if is_frozen():
        beat("sweep", frozen=True)
        return 0
    settled = 0
    while True:
        looked, done = _sweep_batch()
        settled += done
        if not looked:
            break
    beat("sweep", settled=settled)
    return settled


def _sweep_batch() -> tuple[int, int]:
    """一批: (how many were looked at, how many were settled)."""
    due, done, wrong = _attempt(None)
    return len(due), done if wrong is None else _halve(due, wrong)


def _attempt(only: list[int] | None) -> tuple[list[int], int, Exception | None]:
    """一批，一个事务: what was taken, how many were settled, and what went wrong with one of them."""
    due: list[int] = []
    done = 0
    try:
        with transaction.atomic():
            _lock_shared()
            now = portal_now()
            due = _take_due(now, only)
            done = _settle_batch(due, now) if due else 0
    except Exception as error:  # whatever it is, it must not keep the other cases from being settled
        return due, 0, error
    return due, done, None


def _settle_batch(due: list[int], now: datetime) -> int:
    """结算一批: each case on its own in memory, then the rows of all of them a table at a time."""
    until = time.monotonic() + BATCH_SECONDS
    settled: list[Work] = []
    for work in open_works(due):
        if time.monotonic() > until:
            break  # the rest is still due and comes with the next batch
        _settle_one(work, now)
        settled.append(work)
    settled[0].flush()
    _resolve([work.opened.pk for work in settled if work.opened.failures], now)
    return len(settled)


def _settle_one(work: Work, now: datetime) -> None:
    settle(work)
    case = work.opened
    if case.next_look_at is not None and case.next_look_at <= now:
        raise StillDue(f"next look of case {case.pk} did not move")


def _resolve(cases: list[int], now: datetime) -> None:
    """以前没结算成、现在成了的"""
    if cases:
        Case.objects.filter(pk__in=cases).update(failures=0)
        SweepFailure.objects.filter(case__in=cases, resolved_at=None).update(resolved_at=now)


def _halve(due: list[int], wrong: Exception) -> int:
    """对半分，直到坏的那一件单独站着"""
    if not due:
        raise wrong
    if len(due) == 1:
        _put_off(due[0], wrong)
        return 0
    settled = 0
    for part in (due[: len(due) // 2], due[len(due) // 2 :]):
        taken, done, again = _attempt(part)
        settled += done if again is None else _halve(taken, again)
    return settled


def _lock_shared() -> None:
    """先共享锁再行锁: the order every act takes them in, so that two of them never wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [DEPLOYMENT_LOCK])
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, id::int) FROM (SELECT id FROM portal_township ORDER BY id) AS t",
            [TOWNSHIP_LOCK],
        )


def _take_due(now: datetime, only: list[int] | None) -> list[int]:
    """到了时候的办件, earliest first; rows that somebody else holds are theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id FROM approvals_case c JOIN services_application a ON a.id = c.application_id"
            " WHERE c.next_look_at <= %(now)s AND (%(only)s::bigint[] IS NULL OR a.id = ANY(%(only)s::bigint[]))"
            " ORDER BY c.next_look_at LIMIT %(most)s FOR UPDATE OF a, c SKIP LOCKED",
            {"now": now, "only": only, "most": BATCH},
        )
        return [row[0] for row in cursor.fetchall()]


def _put_off(application_id: int, error: Exception) -> None:
    """记下这一件，过 1、5、30 分钟再试"""
    with transaction.atomic():
        now = portal_now()
        case = Case.objects.get(application_id=application_id)
        log.error("sweep could not settle case %s: %s", case.pk, type(error).__name__, exc_info=error)
        wait = BACK_OFF[min(case.failures, len(BACK_OFF) - 1)]
        SweepFailure.objects.create(case=case, at=now, error=f"{type(error).__name__}: {error}"[:300])
        Case.objects.filter(pk=case.pk).update(failures=F("failures") + 1, next_look_at=now + wait)


def open_failures() -> int:
    """还没解决的巡查失败"""
    return SweepFailure.objects.filter(resolved_at=None).count()
