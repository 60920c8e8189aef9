"""缺放假安排的报警：in the log at every look, and to those who can mend it once a week while it lasts (engine section 2)."""

import logging
from datetime import timedelta

from django.db import transaction

from portal import ledger, outbox
from portal.calendars import missing_year
from portal.clock import Reading, read_clock
from portal.ledger import Entry
from portal.limits import day_of
from portal.locks import lock_township
from portal.models import Channel, Duty, Event, Message, Township
from portal.roster import current_roster

TOLD = (Duty.CALENDAR, Duty.SUPERVISE)
KIND = "calendar_missing"
WEEK = timedelta(days=7)
logger = logging.getLogger("approvals.calendars")


def watch_calendar() -> None:
    """从11月1日起，明年的放假安排没有就报警 – safe at any time and in several workers at once; a week is seven local days."""
    clock = read_clock()
    missing = missing_year(day_of(clock.at))
    if missing is None:
        return
    logger.error("no holiday notice for %s has been published: dates resting on it are provisional", missing)
    for township in Township.objects.order_by("pk"):
        if not _told_lately(township, missing, clock):
            _tell(township, missing)


def _stream(township: Township, year: int) -> str:
    return f"missing:{township.pk}:{year}"


def _last(township: Township, year: int) -> Event | None:
    return Event.objects.filter(stream=_stream(township, year)).order_by("-sequence").first()


def _told_lately(township: Township, year: int, clock: Reading) -> bool:
    last = _last(township, year)
    return last is not None and day_of(clock.at) < day_of(last.recorded_at) + WEEK


def _tell(township: Township, year: int) -> None:
    """告诉日历岗和督查岗: the second look is under the township's lock, so that two workers tell once."""
    with transaction.atomic():
        clock = lock_township(township.pk)
        if _told_lately(township, year, clock):
            return
        roster = current_roster()
        seats = [post for duty in TOLD for post in roster.with_duty(township.pk, duty)]
        found = [roster.responsible(seat, clock.at, township.pk)[1] for seat in seats]
        last, entry = _last(township, year), Entry(KIND, {"year": year})
        (event,) = ledger.append(
            township=township, stream=_stream(township, year), entries=[entry], after=last, clock=clock
        )
        rows = outbox.post(
            event=event,
            kind=KIND,
            recipients=[user for user in found if user is not None],
            number="",
            clock=clock,
            channels=[Channel.IN_SITE],
            not_before=outbox.next_daytime(clock.at),
        )
        Message.objects.bulk_create(rows)
