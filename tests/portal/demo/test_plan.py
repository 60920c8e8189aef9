"""演示的安排：deterministic, chronological, in working hours where an office acts."""

from datetime import UTC, datetime

import pytest

from portal.demo.names import identity_number, phone_number
from portal.demo.places import definitions
from portal.demo.plan import DAYS, FIRST, Story, make_plan
from portal.demo.shapes import SHAPES
from portal.limits import LEGAL_ZONE
from tests.calendars import NATIONAL

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # Monday 14:00 in Shanghai
APPLICANTS_OWN = {"draft", "file", "supply", "withdraw", "urge"}


def plan(size: int, now: datetime = NOW) -> list[Story]:
    real, shown, _ = definitions()
    return make_plan(size, now, NATIONAL, {one.code: one for one in (*real, *shown)}, {"qinghe": 60, "bailu": 14})


def test_plan_is_the_same_every_time() -> None:
    assert plan(300) == plan(300)


def test_plan_later_the_same_day_only_adds_moves() -> None:
    before = {story.number: story.moves for story in plan(300)}
    after = {story.number: story.moves for story in plan(300, datetime(2026, 11, 23, 15, 0, tzinfo=UTC))}

    assert all(after[number][: len(moves)] == moves for number, moves in before.items())


def test_moves_go_forward_and_stop_at_now() -> None:
    for story in plan(300):
        instants = [move.at for move in story.moves]
        assert instants == sorted(instants)
        assert instants[-1] < NOW
        assert (NOW - instants[0]).days <= DAYS + 1


def test_offices_act_on_working_days_in_opening_hours() -> None:
    acts = [move for story in plan(300) for move in story.moves if move.verb not in APPLICANTS_OWN]
    local = [move.at.astimezone(LEGAL_ZONE) for move in acts]

    assert [at for at in local if not NATIONAL.is_workday(at.date()) or not 9 <= at.hour < 17] == []


def test_every_shape_is_told_at_least_once() -> None:
    told = {shape for shape, *_ in FIRST}

    assert told | {"walk"} == set(SHAPES)


@pytest.mark.parametrize("place", [0, 1, 73, 190])
def test_identity_number_is_well_formed_and_nobodys(place: int) -> None:
    number = identity_number(place)
    weights = [2 ** (17 - position) % 11 for position in range(18)]

    assert number[:6] == "999999"
    assert number[14:17] == "000"
    assert sum(w * (10 if d == "X" else int(d)) for w, d in zip(weights, number, strict=True)) % 11 == 1


def test_phone_numbers_are_fictional() -> None:
    assert phone_number(1000) == "00005551000"
