"""推演的机会：arrivals keep to the rates, the months and the opening hours; fates are the case's own."""

from collections import Counter
from dataclasses import replace
from datetime import date, time

from approvals.simulation.chance import arrivals, luck
from approvals.simulation.plan import Applicants, Arrivals, Plan
from portal.calendar_data import national_calendar
from portal.limits import LEGAL_ZONE, day_of
from tests.approvals.simulation.town import plan

CALENDAR = national_calendar(2026)
YEAR = plan(("S", 4000), first_day=date(2025, 1, 1))


def came(given: Plan, seed: str = "甲", days: int = 365) -> list[date]:
    """到来的日子"""
    return [day_of(entry.at) for entry in arrivals(given, seed, days, CALENDAR)]


def test_a_year_brings_about_the_yearly_number() -> None:
    assert abs(len(came(YEAR)) - 4000) < 200  # three standard deviations


def test_windows_see_people_in_opening_hours_of_working_days_only() -> None:
    found = arrivals(YEAR, "甲", 365, CALENDAR)
    clocks = [entry.at.astimezone(LEGAL_ZONE).time() for entry in found]

    assert all(CALENDAR.is_workday(day_of(entry.at)) for entry in found)
    assert time(9) <= min(clocks) <= max(clocks) < time(17)


def test_online_filings_come_on_any_day() -> None:
    found = came(replace(YEAR, applicants=Applicants(online=1.0)))

    assert 0.25 < sum(day.weekday() >= 5 for day in found) / len(found) < 0.32


def test_months_share_the_year_out_and_do_not_lengthen_it() -> None:
    entry = Arrivals("S", 4000, {3: 4.0, 4: 0.0})
    found = came(replace(YEAR, arrivals=(entry,), applicants=Applicants(online=1.0)))
    months = Counter(day.month for day in found)

    assert abs(len(found) - 4000) < 200
    assert months[4] == 0
    assert 3 < months[3] / months[5] < 5


def test_one_items_cases_are_the_same_whatever_else_comes() -> None:
    alone = arrivals(YEAR, "甲", 60, CALENDAR)
    beside = arrivals(plan(("R", 900), ("S", 4000), first_day=YEAR.first_day), "甲", 60, CALENDAR)

    assert alone == [entry for entry in beside if entry.code == "S"]
    assert came(YEAR, "甲", 60) != came(YEAR, "乙", 60)


def test_changing_one_share_leaves_the_other_draws_alone() -> None:
    stricter = replace(YEAR, applicants=Applicants(refused=1.0))
    fates = [entry.fate for entry in arrivals(YEAR, "甲", 60, CALENDAR)]
    others = [entry.fate for entry in arrivals(stricter, "甲", 60, CALENDAR)]

    assert [replace(fate, refused=True) for fate in fates] == others
    assert luck("甲", 1, "b").random() == luck("甲", 1, "b").random()
