"""到期的办件：filed by the demo's own people so long ago that a limit has just ended and nobody has written it down.

Everything before the end has been written, as sweeps would have done it; what is due is the end alone.
Two of four end the case (收讫即备案, with certificate and public result), one is deemed accepted and opens
its first steps, one is an office's silence with a red card.
"""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from approvals import actions
from approvals.models import Case
from approvals.settling import settle_application
from portal.calendars import current_calendar
from portal.clock import portal_now
from portal.demo import actors, forms
from portal.limits import LEGAL_ZONE, TimeLimit, Unit, day_of, due_on, end_of_day
from portal.models import User
from services.definition import ItemDefinition, Limit
from services.models import Application, ServiceItem

FILED_AT = time(10, 20)
FARTHEST = 120  # days back that a limit may have begun
Ending = Callable[[ItemDefinition], Limit]
SetClock = Callable[[datetime], None]
# item, the limit that is to end, and whether the window has accepted it before
KINDS: tuple[tuple[str, Ending, bool], ...] = (
    ("SJ-002", lambda rules: rules.promised, False),
    ("ZR-001", lambda rules: rules.intake, False),
    ("SJ-002", lambda rules: rules.promised, True),
    ("LY-001", lambda rules: rules.promised, True),
)


def make_originals(set_clock: SetClock, villager: User) -> list[int]:
    """四件刚刚到期的原件（办件号）, in the order of KINDS; the clock is left at now."""
    now = portal_now()
    try:
        return [_make(set_clock, villager, now, *kind).pk for kind in KINDS]
    finally:
        set_clock(now)


def _make(set_clock: SetClock, villager: User, now: datetime, code: str, ending: Ending, accepted: bool) -> Application:
    item = ServiceItem.objects.select_related("current").get(township__slug="qinghe", code=code)
    assert item.current is not None  # the demo publishes all of these
    started, ends = _day_zero(ending(item.current.rules), now)
    chance = random.Random(7)
    set_clock(datetime.combine(started, FILED_AT, LEGAL_ZONE))
    draft = forms.start(item, villager, None, chance)
    forms.fill(draft, chance, soon=False)
    filed = actions.file(application=draft, by=villager, key=f"due-{draft.number}")
    if accepted:
        actions.accept(application=filed, by=actors.window_of(filed, portal_now()))
    _live_until(set_clock, filed, ends - timedelta(minutes=1))
    return filed


def _live_until(set_clock: SetClock, filed: Application, last: datetime) -> None:
    """到那一刻为止的提醒、黄牌都照时写下"""
    while True:
        look = Case.objects.get(application=filed).next_look_at
        if look is None or look > last:
            return
        set_clock(look + timedelta(seconds=1))
        settle_application(filed.pk)


def _day_zero(limit: Limit, now: datetime) -> tuple[date, datetime]:
    """起算日和到期的一刻: the latest working day whose limit has ended by now."""
    calendar = current_calendar()
    for back in range(FARTHEST):
        day = day_of(now) - timedelta(days=back)
        due = due_on(TimeLimit(day, limit.length, Unit(limit.unit.value)), calendar)
        if due is not None and calendar.is_workday(day) and end_of_day(due) <= now:
            return day, end_of_day(due)
    raise LookupError(f"没有哪一天起算、{limit.length}个{limit.unit}正好到期")
