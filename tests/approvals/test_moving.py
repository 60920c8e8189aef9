"""改期的推算：which limits differ between two foldings of one case."""

from datetime import UTC, date, datetime

from approvals.facts import Calendars, Publication
from approvals.moving import Move, first_difference, moves_between, with_publication, without_publication
from portal.calendar_data import calendar_of, national_calendar, seed_notices
from portal.workdays import WorkCalendar
from services.definition import StageKind
from tests.approvals.folding import filed, state_at
from tests.factories import at
from tests.rules import days, definition, stage

OLD = Publication(datetime(2025, 11, 4, tzinfo=UTC), national_calendar(2026), 1)
LONGER = WorkCalendar(
    national_calendar(2026).days_off | {date(2026, 11, 24), date(2026, 11, 25)},
    national_calendar(2026).shifted_workdays,
    date(2026, 12, 24),
)
NEW = Publication(at("2026-11-23", "15:00"), LONGER, 2)
KNOWN = Calendars((OLD, NEW))
RULES = definition(stages=(stage("look", 1, limit=days(1)), stage("decide", 2, StageKind.DECIDE, days(3))))


def test_each_open_limit_that_differs_is_named_with_both_days() -> None:
    rows = [filed("2026-11-23"), ("accepted", at("2026-11-23", "11:00"))]
    before = state_at(RULES, NEW.at, *rows, calendars=without_publication(KNOWN, NEW))
    after = state_at(RULES, NEW.at, *rows, calendars=with_publication(KNOWN, NEW))

    assert moves_between(before, after) == [
        Move("promised", 1, "承诺", "", date(2026, 12, 14), date(2026, 12, 16)),
        Move("statutory", 1, "法定", "", date(2026, 12, 21), date(2026, 12, 23)),
        Move("look", 1, "环节look", "look", date(2026, 11, 24), date(2026, 11, 26)),
    ]


def test_a_limit_that_has_ended_is_not_among_them() -> None:
    rows = [filed("2026-11-02")]  # intake ended on Monday the 9th, the promise on Monday the 23rd at 24:00
    before = state_at(RULES, NEW.at, *rows, calendars=without_publication(KNOWN, NEW))
    after = state_at(RULES, NEW.at, *rows, calendars=with_publication(KNOWN, NEW))

    assert {move.clock for move in moves_between(before, after)} == {"statutory"}


def test_the_first_day_on_which_two_calendars_differ() -> None:
    span = [date(2020, 1, day) for day in range(1, 32)]
    numbers = [notice.number for notice in seed_notices()]
    at_first = calendar_of(seed_notices()[: numbers.index("国办发明电〔2020〕1号")])

    assert first_difference(at_first, national_calendar(2020), span) == date(2020, 1, 31)
    assert first_difference(at_first, national_calendar(2020), span[:-1]) is None
