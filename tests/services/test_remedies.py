"""救济途径：organ and court by name, and the review that must come first only where nobody answered."""

from dataclasses import dataclass

import pytest

from services.remedies import IF_NO_ANSWER, if_no_answer, remedies_told
from tests.rules import definition
from tests.world import catalogue


@dataclass
class Town:
    """一个乡镇的两个地方"""

    review_organ: str = "示例县人民政府"
    court: str = "示例县人民法院"
    hotline: str = ""


LINES = (f"60日内申请行政复议{IF_NO_ANSWER}", "6个月内提起行政诉讼", "向上一级机关投诉")


def test_each_way_has_its_address() -> None:
    told = remedies_told(definition(remedies=LINES), Town())

    assert told == ["60日内向示例县人民政府申请行政复议", "6个月内向示例县人民法院提起行政诉讼", "向上一级机关投诉"]


@pytest.mark.parametrize(("town", "elsewhere"), [(Town("", ""), False), (Town(), True)])
def test_no_address_is_made_up(town: Town, elsewhere: bool) -> None:
    told = remedies_told(definition(remedies=LINES, decided_elsewhere=elsewhere), town)

    assert told == ["60日内申请行政复议", "6个月内提起行政诉讼", "向上一级机关投诉"]


def test_of_what_another_level_decides_it_is_said_where_to_ask_but_the_township_s_own_answer_has_its_addresses() -> None:
    rules = definition(remedies=LINES[:2], decided_elsewhere=True, decision_authority="县级残联")
    town = Town(hotline="0000-555 0100")

    assert remedies_told(rules, town) == [
        "60日内申请行政复议", "6个月内提起行政诉讼", "向哪里提，打便民电话0000-555 0100问（决定机关：县级残联）",
    ]  # fmt: skip
    assert remedies_told(rules, town, own=True) == [
        "60日内向示例县人民政府申请行政复议", "6个月内向示例县人民法院提起行政诉讼",
    ]  # fmt: skip
    assert remedies_told(definition(remedies=(), decided_elsewhere=True), town) == []


def test_review_comes_first_where_nobody_answered() -> None:
    words = if_no_answer(definition(remedies=LINES), Town())

    assert words == "到期没人答复的，60日内可以向示例县人民政府申请行政复议；要先复议，才能起诉（行政复议法第二十三条）。"
    assert if_no_answer(definition(remedies=LINES[1:]), Town()) == ""


def test_no_item_says_of_a_result_what_holds_of_silence() -> None:
    for rules in catalogue()[0]:
        assert not [line for line in remedies_told(rules, Town()) if "不予答复" in line], rules.code
