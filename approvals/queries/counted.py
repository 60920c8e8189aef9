"""领导页的每个数数的是哪些件：one condition for the figure and for its list, so that they cannot come apart.

Lists are keyset pages along the index by which their figure is counted; no COUNT, whatever the number of cases.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from approvals.models import Card, Case, ExtensionNotice, ResponsibilityRecord
from portal.limits import LEGAL_ZONE, day_of, end_of_day
from portal.paging import NO_DAY, make_mark, read_mark, slice_by_day
from services.lifecycle import Manner, State

PAGE = 25
OF_CASE = "application__item__office"
DAYS = 30
MONTHS = 12
DECIDED = (State.APPROVED, State.REFUSED, State.RECORDED, State.COMPLETED, State.RENEWED)
_SIGNED = Q(manner=Manner.SIGNED)
# 办结的, each in one of four; `lengthened` comes with `closed_cases`.
CLOSED = {
    "kept": _SIGNED & Q(overdue=False, lengthened=False),
    "late": _SIGNED & Q(overdue=True),
    "extended": _SIGNED & Q(overdue=False, lengthened=True),
    "deemed": Q(manner=Manner.DEEMED),
}
RUNNING = {"paused": Q(paused=True), "provisional": Q(provisional=True), "overdue": Q(overdue=True)}
CARDS = {"reminders": Q(rung="remind"), "yellow": Q(rung="yellow"), "red": Q(rung="red")}
SILENT = {"acceptances": Q(mode="accept"), "consents": Q(mode="consent")}
NAMES = {
    "closed": "办结的", "kept": "按时办结的", "extended": "延长过的", "late": "逾期才办结的", "deemed": "到期默认的",
    "open": "正在办的", "paused": "中止的", "provisional": "日子暂定的", "overdue": "整件超期的",
    "yellow": "发过黄牌的", "red": "发过红牌的", "reminders": "提醒过的", "acceptances": "视为受理的", "consents": "视为无异议的",
}  # fmt: skip
GROUPS = (
    ("closed", *CLOSED),
    ("open", *RUNNING),
    tuple(CARDS),
    tuple(SILENT),
)


@dataclass(frozen=True, slots=True)
class Span:
    """一段时间: after the first instant, up to and including the second."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """一个月办结的账"""

    first: date
    closed: int = 0
    kept: int = 0
    late: int = 0
    extended: int = 0
    deemed: int = 0

    @property
    def rate(self) -> float | None:
        """按时办结率，百分数; None where nothing was closed."""
        return self.kept * 100 / self.closed if self.closed else None


def last_days(at: datetime) -> Span:
    """近三十天"""
    return Span(at - timedelta(days=DAYS), at)


def month_span(first: date, at: datetime) -> Span:
    """一个月: a result of 24:00 of its last day is still its own."""
    following = (first + timedelta(days=32)).replace(day=1)
    return Span(_start_of(first), min(_start_of(following), at))


def _start_of(day: date) -> datetime:
    return end_of_day(day - timedelta(days=1))


def last_months(at: datetime) -> list[date]:
    """近十二个月各自的头一天，早的在前"""
    firsts = [day_of(at).replace(day=1)]
    for _ in range(MONTHS - 1):
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return firsts[::-1]


def closed_cases(township_id: int, span: Span) -> QuerySet[Case]:
    """这段时间办结的, along the index by the instant of effect; with `lengthened`."""
    lengthened = Exists(ExtensionNotice.objects.filter(case=OuterRef("pk")))
    rows = Case.objects.filter(township=township_id, effective_at__gt=span.since, effective_at__lte=span.until)
    return rows.filter(outcome__in=DECIDED).alias(lengthened=lengthened)


def running_cases(township_id: int) -> QuerySet[Case]:
    """正在办的"""
    return Case.objects.filter(township=township_id, closed_at=None, effective_at=None)


def cards(township_id: int, span: Span) -> QuerySet[Card]:
    """这段时间发的牌"""
    return Card.objects.filter(at__gt=span.since, at__lte=span.until, case__township=township_id)


def silences(township_id: int, span: Span) -> QuerySet[ResponsibilityRecord]:
    """这段时间到期没有答复的"""
    rows = ResponsibilityRecord.objects.filter(ended_at__gt=span.since, ended_at__lte=span.until)
    return rows.filter(case__township=township_id)


def counts(conditions: dict[str, Q]) -> dict[str, Count]:
    """每个条件一个数"""
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def months(township_id: int, at: datetime) -> list[Month]:
    """近十二个月每月的账，早的在前; one statement along one index, however many cases there are."""
    firsts = last_months(at)
    rows = closed_cases(township_id, Span(_start_of(firsts[0]), at))
    # A default takes effect at 24:00, which is 00:00 of the next day: it belongs to the day that has just ended.
    month = TruncMonth(F("effective_at") - timedelta(microseconds=1), tzinfo=LEGAL_ZONE)
    grouped = rows.annotate(month=month).order_by().values("month").annotate(closed=Count("pk"), **counts(CLOSED))
    found = {day_of(started): tuple(numbers) for started, *numbers in grouped.values_list("month", "closed", *CLOSED)}
    return [Month(first, *found.get(first, ())) for first in firsts]


@dataclass(frozen=True, slots=True)
class CountedRow:
    """数进去的一件: with the instant at which it was counted, or at which it ends."""

    case: Case
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CountedPage:
    """一页, and the mark from which the next goes on"""

    rows: list[CountedRow]
    next: str


def counted_page(of: str, township_id: int, span: Span, after: str = "") -> CountedPage:
    """一个数里的件: what is closed newest first, what runs in the order of its end. InvalidInput for a mark nobody gave out."""
    if of in GROUPS[1]:
        return _soonest(running_cases(township_id).filter(RUNNING.get(of, Q())), after)
    if of in GROUPS[0]:
        return _newest(closed_cases(township_id, span).filter(CLOSED.get(of, Q())), "effective_at", after)
    if of in CARDS:
        return _newest(cards(township_id, span).filter(CARDS[of]), "at", after)
    return _newest(silences(township_id, span).filter(SILENT[of]), "ended_at", after)


def _newest(rows: QuerySet[Any], column: str, after: str) -> CountedPage:
    whole = rows.model is Case
    page = slice_by_day(rows.select_related(OF_CASE if whole else f"case__{OF_CASE}"), column, after=after, size=PAGE)
    return CountedPage([CountedRow(row if whole else row.case, getattr(row, column)) for row in page.rows], page.next)


def _soonest(rows: QuerySet[Case], after: str) -> CountedPage:
    """先到期的在前，没有日子的在后"""
    if after:
        at, pk = read_mark(after)
        undated = Q(due_at=None)
        rows = rows.filter(
            undated & Q(pk__gt=pk) if at == NO_DAY else Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk) | undated
        )
    found = list(rows.select_related(OF_CASE).order_by(F("due_at").asc(nulls_last=True), "pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return CountedPage(
        [CountedRow(case, case.due_at) for case in found[:PAGE]], make_mark(last.due_at or NO_DAY, last.pk) if last else ""
    )
