"""推演的读：limits that ran out in silence while a default was only proposed, and what it would have done.

Candidates are the responsibility records of ends without effect, so each page costs the same whatever the
register holds: two statements and two folds for each of its rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from approvals.loading import facts_of, load_calendars, stream_of
from approvals.models import ResponsibilityRecord
from approvals.queries.lines import load_lines
from approvals.shadow import Foreseen, clock_of, foresee, is_in_force
from portal.paging import slice_by_day
from portal.roster import current_roster
from services.definition import OnTimeout
from services.models import ServiceItem
from services.modes import mode_of

DAYS = 365
LOOKED = 100  # the newest of them give the figures


@dataclass(frozen=True, slots=True)
class Line:
    """一个期限的一行"""

    number: str
    office: str
    post: str
    foreseen: Foreseen


def ran_out(item: ServiceItem, target: str, mode: OnTimeout, at: datetime) -> QuerySet[ResponsibilityRecord]:
    """近一年没有人答复就到了头的期限, of cases whose own version knows the step and had not this mode in force."""
    versions = [
        version.pk
        for version in item.versions.defer("definition")
        if mode_of(version.rules, target) is not None and not is_in_force(version.rules, target, mode)
    ]
    rows = ResponsibilityRecord.objects.filter(
        case__application__item=item,
        case__application__version__in=versions,
        clock=clock_of(target, mode),
        mode=OnTimeout.ESCALATE,
        ended_at__gt=at - timedelta(days=DAYS),
        ended_at__lte=at,
    )
    return rows.select_related("office", "post", "case__application__version").defer(
        "case__application__form_sealed", "case__application__version__definition"
    )


def page(
    rows: QuerySet[ResponsibilityRecord], target: str, mode: OnTimeout, at: datetime, *, after: str
) -> tuple[list[Line], str]:
    """推演一页，到头晚的在前, and the mark of the next. InvalidInput for a mark nobody gave out."""
    found = slice_by_day(rows, "ended_at", after=after)
    return _lines(found.rows, target, mode, at), found.next


def newest(rows: QuerySet[ResponsibilityRecord], target: str, mode: OnTimeout, at: datetime) -> list[Foreseen]:
    """最近一百个期限的推演, from which the figures are counted."""
    return [line.foreseen for line in _lines(rows.order_by("-ended_at", "-pk")[:LOOKED], target, mode, at)]


def _lines(rows: Iterable[ResponsibilityRecord], target: str, mode: OnTimeout, at: datetime) -> list[Line]:
    records = list(rows)
    events = load_lines([stream_of(record.case.application) for record in records])
    townships, lines = current_roster().townships, []
    township_ids = {record.case.township_id for record in records}
    known = {key: load_calendars(townships[key]) for key in township_ids}
    for record in records:
        application = record.case.application
        facts, calendars = facts_of(events[stream_of(application)]), known[record.case.township_id]
        foreseen = foresee(facts, application.rules, calendars, at, target=target, mode=mode, key=record.key)
        office, post = record.office, record.post
        lines.append(Line(application.number, office.name if office else "", post.title if post else "", foreseen))
    return lines


def silent_ends(items: Sequence[ServiceItem], at: datetime) -> dict[tuple[int, str], int]:
    """近一年各事项各时钟没有人答复就到了头的次数; one statement."""
    rows = ResponsibilityRecord.objects.filter(
        case__application__item__in=items, mode=OnTimeout.ESCALATE, ended_at__gt=at - timedelta(days=DAYS), ended_at__lte=at
    )
    counted = rows.values_list("case__application__item_id", "clock").annotate(times=Count("pk"))
    return {(item, clock): times for item, clock, times in counted.order_by()}
