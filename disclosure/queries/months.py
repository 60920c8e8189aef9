"""本月办得怎样：the figures of the board and the home page, all bounded by the month's index range."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from approvals.models import Case, ExtensionNotice, ResponsibilityRecord
from approvals.replay import DECIDED
from portal.limits import day_of, end_of_day
from portal.models import Township
from services.lifecycle import NOT_CLOSED, Manner

# Ends of the clocks that the applicant sees; ends inside the house stand in statistics only.
OUTWARD = ("intake", "promised", "statutory", "expiry")
WHOLE = ("promised", "statutory", "expiry")
DEFAULTS = ("accept", "record", "complete", "renew", "grant")


@dataclass(frozen=True, slots=True)
class MonthLedger:
    """一个月的账: cases closed – in time, after an extension, by default; cases past a limit, and what became of them; defaults.

    Two different sets: what was closed this month may have gone past its limit in an earlier one, and what went past
    its limit this month may still be open.
    """

    closed: int
    on_time: int
    extended: int
    by_default: int
    overdue: int
    overdue_closed: int
    overdue_open: int
    deemed: int

    @property
    def closed_late(self) -> int:
        """本月办结的里，逾期才办的"""
        return self.closed - self.on_time - self.extended - self.by_default


@dataclass(frozen=True, slots=True)
class OfficeSilence:
    """站所环节到期没有意见的件数: statistics only, no case is named."""

    office: str
    count: int


def month_range(at: datetime) -> tuple[datetime, datetime]:
    """at 所在的月: instants after the first are in the month, up to and including the second (24:00 of the last day)."""
    first = day_of(at).replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return _start_of(first), _start_of(following)


def _start_of(day: date) -> datetime:
    return end_of_day(day - timedelta(days=1))


def month_ledger(township: Township, at: datetime) -> MonthLedger:
    """本月办结、按时、超期、默认各几件; two aggregates."""
    start, end = month_range(at)
    closed = Case.objects.filter(township=township, effective_at__gt=start, effective_at__lte=min(end, at))
    deemed, lengthened = Q(manner=Manner.DEEMED), Exists(ExtensionNotice.objects.filter(case=OuterRef("pk")))
    counted = closed.filter(outcome__in=DECIDED).aggregate(
        all=Count("pk"),
        kept=Count("pk", filter=~deemed & Q(overdue=False) & ~Q(lengthened)),
        extended=Count("pk", filter=~deemed & Q(overdue=False) & Q(lengthened)),
        by_default=Count("pk", filter=deemed),
    )
    late, gone = Q(mode="escalate", clock__in=WHOLE), Q(case__outcome__in=NOT_CLOSED)
    ends = _ends(township, start, min(end, at)).aggregate(
        overdue=Count("case", filter=late, distinct=True),
        still=Count("case", filter=late & Q(case__outcome=""), distinct=True),
        gone=Count("case", filter=late & gone, distinct=True),
        deemed=Count("case", filter=Q(mode__in=DEFAULTS), distinct=True),
    )
    return MonthLedger(
        closed=counted["all"],
        on_time=counted["kept"],
        extended=counted["extended"],
        by_default=counted["by_default"],
        overdue=ends["overdue"],
        overdue_closed=ends["overdue"] - ends["still"] - ends["gone"],
        overdue_open=ends["still"],
        deemed=ends["deemed"],
    )


def office_silences(township: Township, at: datetime) -> list[OfficeSilence]:
    """本月各站所视为无异议的环节数"""
    start, end = month_range(at)
    rows = _ends(township, start, min(end, at)).filter(mode="consent").values("office__name")
    counted = rows.annotate(count=Count("pk")).order_by("-count", "office__name")
    return [OfficeSilence(row["office__name"] or "", row["count"]) for row in counted]


def _ends(township: Township, start: datetime, end: datetime) -> QuerySet[ResponsibilityRecord]:
    return ResponsibilityRecord.objects.filter(case__township=township, ended_at__gt=start, ended_at__lte=end)
