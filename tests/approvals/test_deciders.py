"""谁作的决定：what came from the county is never told as a decision of the township, on no page and no paper."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals.pages.deciders import came_from_above, elsewhere
from services.definition import StageKind
from services.lifecycle import Manner, State
from tests.approvals.papers.stories import from_county, refused
from tests.conftest import TestClock
from tests.rules import definition, stage
from tests.world import World

COUNTY = definition(stages=(stage("d", 1, StageKind.DECIDE, external=True),), decision_authority="县级残联")
WINDOW = definition(stages=(stage("d", 1, StageKind.DECIDE),), decided_elsewhere=True)
TOWN = definition(stages=(stage("r", 1, external=True), stage("d", 2, StageKind.DECIDE)))


@pytest.mark.parametrize(
    ("rules", "outcome", "manner", "above"),
    [
        (COUNTY, State.APPROVED, Manner.SIGNED, True),
        (COUNTY, State.REFUSED, Manner.SIGNED, True),
        (COUNTY, State.NOT_ACCEPTED, Manner.SIGNED, False),  # the window's own answer
        (COUNTY, State.TERMINATED, Manner.SIGNED, False),
        (COUNTY, State.COMPLETED, Manner.DEEMED, False),  # nobody decided
        (WINDOW, State.COMPLETED, Manner.SIGNED, True),  # entered at the window for the county's agency
        (TOWN, State.APPROVED, Manner.SIGNED, False),  # an opinion from outside is no decision
    ],
)
def test_whose_decision_it_is(rules, outcome, manner, above) -> None:
    assert came_from_above(rules, outcome, manner) is above


def test_the_organ_is_named_where_there_is_a_result() -> None:
    class Row:
        outcome, manner = State.APPROVED, Manner.SIGNED

    assert (elsewhere(COUNTY, Row()), elsewhere(COUNTY, None), elsewhere(TOWN, Row())) == ("县级残联", "", "")


def seen(world: World, route: str, number: str) -> str:
    """申请人看的一页"""
    client = Client()
    client.force_login(world.an)
    return client.get(reverse(f"approvals:{route}", args=[number])).content.decode()


def test_a_result_from_the_county_names_the_county(world: World, clock: TestClock) -> None:
    machine = from_county(world, clock)

    page, paper = (seen(world, route, machine.number) for route in ("progress", "decision_paper"))

    assert "<dt>谁决定的</dt><dd>县级农业农村、财政部门</dd>" in page and "<dt>谁登记的</dt>" in page
    assert "结果告知" in paper and "办理决定书" not in paper
    assert '<th scope="row">决定机关</th><td>县级农业农村、财政部门</td>' in paper and "登记人" in paper
    assert f"{world.township.full_name}便民服务中心业务专用章" in paper
    assert "向哪里提，打便民电话" in page and "向哪里提，打便民电话" in paper


def test_the_township_s_own_answer_is_its_decision(world: World, clock: TestClock) -> None:
    stall = refused(world, clock)

    page, paper = (seen(world, route, stall.number) for route in ("progress", "decision_paper"))

    assert "<dt>谁登记的</dt>" not in page and "办理决定书" in paper
    assert f'"{world.township.full_name}业务专用章' in paper
