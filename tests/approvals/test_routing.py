"""派到哪个岗位：the first fitting seat, the office's head, the township's leader, or nobody."""

from dataclasses import replace

import pytest

from approvals.routing import Seat, agent_for, seat_for, window_for
from portal.models.vocabulary import Duty
from services.definition import Stage
from tests.rules import stage

LAND_WINDOW = Seat(1, "centre", Duty.WINDOW, serves=("land",))
WINDOW = Seat(2, "centre", Duty.WINDOW, serves=("civil",))
AGENT = Seat(3, "centre", Duty.AGENT)
VILLAGE = Seat(4, "village", Duty.VILLAGE_AGENT, village=7)
REVIEWER = Seat(5, "land", Duty.REVIEW)
HEAD = Seat(6, "land", Duty.OFFICE_HEAD)
LEADER = Seat(7, "town", Duty.TOWN_LEADER)
ALL = [LAND_WINDOW, WINDOW, AGENT, VILLAGE, REVIEWER, HEAD, LEADER]


@pytest.mark.parametrize(
    ("office", "seats", "found"),
    [
        ("civil", ALL, WINDOW),
        ("land", ALL, LAND_WINDOW),
        ("forest", ALL, LAND_WINDOW),
        ("land", [AGENT], None),
    ],
)
def test_the_window_that_serves_the_office_else_the_first(
    office: str, seats: list[Seat], found: Seat | None
) -> None:
    assert window_for(seats, office) == found


@pytest.mark.parametrize(
    ("village", "seats", "found"),
    [(7, ALL, VILLAGE), (8, ALL, AGENT), (None, ALL, AGENT), (7, [VILLAGE], VILLAGE), (8, [VILLAGE], None)],
)
def test_the_villages_own_agent_else_the_centres(
    village: int | None, seats: list[Seat], found: Seat | None
) -> None:
    assert agent_for(seats, village) == found


def step(duty: Duty, office: str = "land", *, external: bool = False) -> Stage:
    """一个环节"""
    return replace(stage("own", 1), duty=duty, office=office, external=external)


@pytest.mark.parametrize(
    ("wanted", "seats", "found"),
    [
        (step(Duty.REVIEW), ALL, REVIEWER),
        (step(Duty.REVIEW), [HEAD, LEADER], HEAD),  # nobody reviews: the head of the office
        (step(Duty.REVIEW, "forest"), ALL, LEADER),  # an office without posts: the township's leader
        (step(Duty.TOWN_LEADER), ALL, LEADER),
        (step(Duty.WINDOW), ALL, LAND_WINDOW),
        (step(Duty.VILLAGE_AGENT), ALL, VILLAGE),
        (step(Duty.REVIEW, external=True), ALL, VILLAGE),  # the county acts; the agent writes it down
        (step(Duty.REVIEW), [AGENT], None),
    ],
)
def test_a_step_goes_to_its_office_then_upwards(wanted: Stage, seats: list[Seat], found: Seat | None) -> None:
    assert seat_for(wanted, seats, office="land", village=7) == found
