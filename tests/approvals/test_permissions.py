"""审批的权限：the predicate and its list twin agree, and other townships see nothing."""

import pytest

from approvals.permissions import visible_to
from portal.clock import portal_now
from services.permissions import is_applicant
from tests.factories import file_application, make_draft
from tests.world import World

SEES_HOUSE = {"an": True, "bao": False, "chen": True, "zhou": True, "fang": False, "zhen": True, "du": True, "chenb": False}


@pytest.mark.parametrize(("who", "sees"), SEES_HOUSE.items())
def test_who_sees_a_filed_case(world: World, who: str, sees: bool) -> None:
    house = file_application(world, "ZR-001")

    assert visible_to(getattr(world, who), portal_now()).filter(pk=house.pk).exists() is sees


@pytest.mark.parametrize("who", [name for name in SEES_HOUSE if name != "an"])
def test_nobody_else_sees_a_draft(world: World, who: str) -> None:
    draft = make_draft(world, "SJ-002")

    assert not visible_to(getattr(world, who), portal_now()).filter(pk=draft.pk).exists()
    assert not is_applicant(getattr(world, who), draft)
    assert visible_to(world.an, portal_now()).filter(pk=draft.pk).exists()
