"""推演的一年：nothing is lost, the same seed is the same year, more people do not make it worse, silence shows."""

import dataclasses
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from approvals.facts import Publication
from approvals.fold import fold
from approvals.simulation.plan import Absence, Applicants, Minutes, Offices, Silence, WebOutage
from approvals.simulation.township import FORGOTTEN
from approvals.simulation.year import simulate
from portal.calendar_data import national_calendar
from portal.limits import LEGAL_ZONE, day_ended, day_of
from portal.workdays import WorkCalendar
from services.definition import Extension, StageKind
from services.lifecycle import State
from tests.approvals.simulation.town import (
    FIRST,
    LEADER,
    OTHER,
    PUBLISHED,
    REVIEWER,
    WINDOW,
    filing,
    joint,
    law,
    plan,
    run,
    slow,
)
from tests.rules import days, definition, stage

ROUGH = {
    "applicants": Applicants(0.4, 0.3, 0.3, 4, 0.1, 0.1, 0.1, 0.5),
    "offices": Offices(0.15, 0.3, 0.5, 8, 0.8, 0.8, 0.3),
    "absence": Absence(60, 4, 40),
    "silences": (Silence("office", date(2025, 3, 12), date(2025, 3, 21)),),
    "outages": (WebOutage(date(2025, 3, 18), time(10), time(12)),),
}
POSTED = definition(
    code="P",
    stages=(
        stage("visit", 1, limit=days(3), signers=2),
        stage("post", 2, StageKind.POSTING, days(3), counts=False, pauses=("promised",)),
        stage("county", 3, limit=days(4), external=True),
        stage("decide", 4, StageKind.DECIDE, days(3)),
        stage("hand", 5, StageKind.DELIVER, days(2)),
    ),
)
ROUGH_TOWN = (plan(("J", 300), ("R", 300), ("S", 300), ("P", 300), **ROUGH), law(joint(), filing(), slow(), POSTED))


@pytest.mark.parametrize("seed", ["甲", "乙", "丙"])
def test_no_case_is_lost(seed: str) -> None:
    past, report = run(*ROUGH_TOWN, 60, seed)
    opened = sum(case.is_open for case in past.cases)

    assert report.filed == sum(report.endings.values()) == report.closed + opened
    assert report.filed > 100
    assert sum(report.standing.values()) == opened > 0
    assert report.unexplained == []


def test_the_rough_year_has_everything_in_it() -> None:
    past, report = run(*ROUGH_TOWN, 120)
    kinds = Counter(fact.kind for case in past.cases for fact in case.facts)

    assert {"corrected", "supplied", "rejected", "paused", "resumed", "objected", "found", "withdrawn"} <= set(kinds)
    assert all(count > 0 for name, count in report.courses.items() if name != "extended")
    assert min(report.defaults[kind] for kind in ("accept", "consent", "record")) > 0


def test_the_record_read_again_says_the_same() -> None:
    """What the year saw step by step is what the whole ledger says at its end, outages and all."""
    past, _ = run(*ROUGH_TOWN, 60)

    for case in past.cases:
        assert [fact.at for fact in case.facts] == sorted(fact.at for fact in case.facts)
        again = fold(case.facts, case.rules, past.calendars, past.at)
        legal = [(s.state, s.outcome, s.manner, s.effective_at) for s in (case.state, again)]
        assert legal[0] == legal[1]


def test_same_seed_same_year() -> None:
    first, second, other = (run(*ROUGH_TOWN, 45, seed)[1] for seed in ("甲", "甲", "乙"))

    assert dataclasses.asdict(first) == dataclasses.asdict(second)
    assert first != other


@pytest.mark.parametrize("seed", ["甲", "乙", "丙"])
def test_more_people_do_not_make_it_worse(seed: str) -> None:
    rules = law(slow())
    staff = [(replace(WINDOW, people=n), replace(REVIEWER, people=n), LEADER) for n in (1, 2, 8)]
    towns = [plan(("S", 6000), posts=posts, minutes=Minutes(decide=60)) for posts in staff]
    found = [run(town, rules, 30, seed) for town in towns]
    came = [[(case.arrival.name, case.arrival.at, case.arrival.fate) for case in past.cases] for past, _ in found]
    rates = [report.on_time for _, report in found]

    assert came[0] == came[1] == came[2]
    assert rates[0] <= rates[1] <= rates[2]
    assert rates[0] < 0.5
    assert rates[2] == 1.0


def test_silence_of_one_office_is_its_own() -> None:
    town, rules = plan(("J", 600)), law(joint())
    silent = replace(town, silences=(Silence("other", date(2025, 3, 10), date(2025, 3, 28)),))

    loud = {office.name: office.defaults for office in run(town, rules)[1].offices}
    quiet = {office.name: office.defaults for office in run(silent, rules)[1].offices}

    assert not any(loud.values())
    assert quiet.pop("乙办")["consent"] > 10
    assert not any(quiet.values())


def test_nobody_stands_in_for_a_silent_office_but_the_leader_once_it_is_overdue() -> None:
    silent = (Silence("office", FIRST, date(2025, 12, 31)),)
    past, report = run(plan(("S", 200), silences=silent), law(slow()), 40)
    decided = [case for case in past.cases if case.state.state == State.APPROVED]

    assert report.posts[1].nobody == len(past.workdays)
    assert decided
    assert all(case.state.step("decide").late for case in decided)


def test_nothing_arrives() -> None:
    past, report = run(plan(("S", 0)), law(slow()))

    assert (report.filed, report.closed, report.on_time, past.folds) == (0, 0, None, 0)
    assert report.posts[0].mean == 0.0
    assert report.unexplained == []


def test_a_case_that_nobody_can_take_is_found() -> None:
    """No seat for the office, no leader: after its limits have ended nobody would ever look at it again."""
    alone = plan(("S", 100), posts=(WINDOW, OTHER))
    _, report = run(alone, law(slow()), 60)

    assert report.unexplained
    assert all(line.startswith("S/") for line in report.unexplained)


def test_outage_moves_the_end_of_a_default() -> None:
    quiet = {"silences": (Silence("office", FIRST, date(2025, 12, 31)), Silence("service-centre", FIRST, date(2025, 12, 31)))}
    wednesday = date(2025, 3, 12)
    down = (WebOutage(wednesday, time(9, 30), time(11)),)

    def days_of_default(**more: object) -> Counter[date]:
        past, _ = run(plan(("R", 2000), **quiet, **more), law(filing()), 20)
        effects = [effect for case in past.cases for effect in case.state.effects if effect.kind == "record"]
        return Counter(day_ended(effect.at) for effect in effects)

    plain, moved = days_of_default(), days_of_default(outages=down)

    assert plain[wednesday] > 0
    assert wednesday not in moved
    assert moved[date(2025, 3, 13)] == plain[wednesday] + plain[date(2025, 3, 13)]


def test_nobody_files_or_works_while_the_web_is_down() -> None:
    down = (WebOutage(date(2025, 3, 5), time(9), time(17)),)
    past, _ = run(plan(("S", 5000), outages=down, applicants=Applicants(online=0.5)), law(slow()), 10)
    start, end = (datetime(2025, 3, 5, hour, tzinfo=LEGAL_ZONE) for hour in (9, 17))
    inside = [fact for case in past.cases for fact in case.facts if start <= fact.at < end]

    assert inside == []


def test_a_new_notice_is_known_only_from_its_day() -> None:
    noon = datetime(2025, 3, 12, 4, tzinfo=UTC)
    old = national_calendar(2025)
    newer = WorkCalendar(
        old.days_off | {date(2025, 3, 14)}, old.shifted_workdays, date(2026, 12, 24), dict(old.notices)
    )
    past = simulate(
        plan(("S", 3000)), law(slow()), [*PUBLISHED, Publication(noon, newer, 2)], days=20, seed="甲"
    )
    before = next(case for case in past.cases if day_of(case.arrival.at) == date(2025, 3, 4))
    across = next(case for case in past.cases if day_of(case.arrival.at) == date(2025, 3, 11))

    assert past.notices == (date(2025, 3, 12),)
    assert before.state.clock("promised").due_on == date(2025, 3, 10)
    assert date(2025, 3, 14) not in past.workdays
    assert not any(day_of(f.at) == date(2025, 3, 14) for c in past.cases for f in c.facts if f.kind == "accepted")
    assert len(past.calendars.versions) == 2
    assert day_of(across.arrival.at) < past.notices[0]


def test_no_calendar_yet_is_said() -> None:
    with pytest.raises(ValueError, match="没有公布过工作日历"):
        simulate(plan(("S", 1), first_day=date(2024, 1, 1)), law(slow()), PUBLISHED, days=5, seed="甲")
    with pytest.raises(ValueError, match="至少推演一天"):
        simulate(plan(("S", 1)), law(slow()), PUBLISHED, days=0, seed="甲")


def test_what_is_forgotten_comes_back_when_its_limit_has_ended() -> None:
    past, report = run(plan(("S", 400), offices=Offices(forgotten=1.0)), law(slow()), 25)
    accepted = [case for case in past.cases if case.state.accepted_at is not None]

    assert accepted
    assert all(any(clock.is_overdue for clock in case.state.clocks) for case in accepted)
    assert any(task.parked == FORGOTTEN for case in past.cases for task in case.tasks.values())
    assert report.endings["kept"] == 0


def test_an_extension_is_asked_for_near_the_end_and_is_not_a_kept_promise() -> None:
    rules = slow(extension=Extension(True, 10), intake=days(1), statutory=days(6), promised=days(6))
    posts = (replace(WINDOW, people=8), REVIEWER, LEADER)
    busy = plan(("S", 4000), posts=posts, offices=Offices(extended=1.0), minutes=Minutes(decide=60))
    _, report = run(busy, law(rules), 40)

    assert report.courses["extended"] > 0
    assert report.endings["extended"] > 0


def test_absent_holders_are_stood_in_for() -> None:
    posts = (WINDOW, replace(REVIEWER, deputy="乙办审核岗"), OTHER, replace(LEADER, people=9))
    _, report = run(plan(("S", 2000), absence=Absence(planned=120, block=5), posts=posts), law(slow()), 90)

    assert report.posts[1].stood_in > 5
    assert report.posts[1].nobody == 0
