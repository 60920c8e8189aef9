"""谁能看、谁能动一件办件"""

import pytest

from portal.clock import portal_now
from services.actions import start_draft
from services.permissions import (
    filing_duty,
    is_applicant,
    may_edit_draft,
    own_applications,
    sees_whole_township,
)
from tests.factories import file_application
from tests.world import World


@pytest.mark.parametrize(
    ("who", "channel"), [("chen", "window"), ("zhou", "agent"), ("deng", None), ("zhen", None), ("an", None), ("chenb", None)]
)
def test_only_windows_and_agents_of_here_file_for_others(world: World, who: str, channel: str | None) -> None:
    assert filing_duty(world.users[who], world.township.pk, portal_now()) == channel


def test_draft_is_for_whoever_fills_it_in(world: World) -> None:
    draft = start_draft(item=world.item("SJ-002"), by=world.chen, applicant=world.an.person, consent="口头委托")

    assert may_edit_draft(world.chen, draft)
    assert not may_edit_draft(world.an, draft)
    assert is_applicant(world.an, draft) and not is_applicant(world.bao, draft)


def test_predicate_and_list_agree(world: World) -> None:
    filed = file_application(world, "SJ-002")

    for user in world.users.values():
        assert is_applicant(user, filed) == own_applications(user).filter(pk=filed.pk).exists()


def test_oversight_sees_the_whole_township(world: World) -> None:
    assert [sees_whole_township(user, portal_now()) for user in (world.du, world.zhen, world.deng, world.an)] == [
        True, True, False, False,
    ]  # fmt: skip
