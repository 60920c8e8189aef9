"""日历桌的读：what a notice would move and whom it touches, and what published ones have moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.facts import Publication
from approvals.fold import fold
from approvals.loading import facts_of, load_calendars
from approvals.models import Case, Step
from approvals.moving import Move, first_difference, moves_between, with_publication
from approvals.queries.cases import Folded, filed_applications, fold_many, standing
from portal.calendar_data import HolidayNotice, calendar_of
from portal.calendars import current_calendar, notice_of
from portal.limits import day_of, end_of_day
from portal.models import CalendarVersion
from portal.workdays import WorkCalendar
from services.models import Application

CHUNK = 100
LOOK_AHEAD = 800  # days in which two calendars are compared


@dataclass(frozen=True, slots=True)
class Touched:
    """会改期的一件: its limits, and who will be told."""

    number: str
    name: str
    applicant: str
    moves: list[Move]
    told: str


def coming_calendar(notice: HolidayNotice) -> WorkCalendar:
    """公布了这份通知以后的日历"""
    rows = CalendarVersion.objects.filter(published_at__isnull=False).order_by("published_at", "number")
    return calendar_of([*(notice_of(row) for row in rows), notice])


def touched_by(notice: HolidayNotice, at: datetime) -> list[Touched]:
    """这份通知此刻公布会改哪些在办件的期限, ordered by what ends first; whole, however many there are."""
    coming = Publication(at, coming_calendar(notice), 0)
    found: list[Touched] = []
    for folded in _may_move(coming.calendar, at):
        known = load_calendars(folded.application.township)
        after = fold(facts_of(folded.events), folded.application.rules, with_publication(known, coming), at)
        moves = moves_between(folded.state, after)
        if moves:
            found.append(_touched(folded, moves))
    return found


def _touched(folded: Folded, moves: list[Move]) -> Touched:
    people = standing(folded)
    desks = [hand.desk for hand in people.hands if hand.desk is not None]
    if not desks and people.window is not None:
        desks = [people.window]
    names = dict.fromkeys(desk.words for desk in desks)
    application = folded.application
    told = "、".join(["申请人", *names])
    return Touched(application.number, application.rules.name, application.applicant_masked, moves, told)


def _may_move(coming: WorkCalendar, at: datetime) -> Iterable[Folded]:
    """可能改期的在办件, folded; cases whose every limit ends before the calendars differ are left out."""
    today = day_of(at)
    differs = first_difference(current_calendar(), coming, [today + timedelta(days=n) for n in range(LOOK_AHEAD)])
    if differs is None:
        return
    rows = list(open_after(filed_applications(), end_of_day(differs - timedelta(days=1))).order_by("case__due_at", "pk"))
    for start in range(0, len(rows), CHUNK):
        yield from fold_many(rows[start : start + CHUNK], at)


def open_after(rows: QuerySet[Application], instant: datetime) -> QuerySet[Application]:
    """还有期限在某一刻以后到的在办件; paused limits have no end and are looked at too."""
    late = Q(due_at__gte=instant) | Q(due_at=None)
    steps = Step.objects.filter(late, case=OuterRef("pk"), status="open")
    names = ("promised_due_at", "statutory_due_at", "due_at", "intake_due_at")
    wanted = Q(Exists(steps)) | Q(paused=True) | Q(due_at=None)
    for name in names:
        wanted |= Q(**{f"{name}__gte": instant})
    cases = Case.objects.filter(wanted, closed_at=None)
    return rows.filter(case__in=cases)
