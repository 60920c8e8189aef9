"""推演文件的核对：the file that comes with the product is right, and every mistake is told with its place."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.simulation.fields import Group, Mistakes
from approvals.simulation.reading import read_plan
from approvals.simulation.staffing import check_posts
from portal.management.commands.simulate import CATALOGUE, FILES, INPUT
from services.catalogue import load, read_offices
from services.catalogue_files import read_overlay, read_yaml
from services.definition import OnTimeout

OVERLAY = read_overlay(CATALOGUE / "overlay")
ITEMS = {rules.code: rules for name in FILES for rules in load(read_yaml(CATALOGUE / name), OVERLAY)[0]}
OFFICES = {office.key: office.name for office in read_offices(OVERLAY)[0]}
CONTENT = read_yaml(INPUT)


def mistakes(**changes: Any) -> list[tuple[str, str]]:
    """改坏几处以后的错"""
    plan, _, found = read_plan({**copy.deepcopy(CONTENT), **changes}, ITEMS, OFFICES)
    assert (plan is None) == bool(found)
    return found


def test_the_file_that_comes_with_it_is_twelve_thousand_for_thirty_thousand() -> None:
    plan, law, found = read_plan(CONTENT, ITEMS, OFFICES)

    assert found == []
    assert plan is not None
    assert (plan.yearly, plan.people) == (12_000, 30_000)
    assert "假设" in plan.about
    assert "假设" in Path(INPUT).read_text(encoding="utf-8").splitlines()[0]
    assert law.items["SJ-002"].timeout.mode == OnTimeout.RECORD
    assert law.items["MZ-001"].intake_timeout.mode == OnTimeout.ACCEPT
    assert law.items["ZR-001"].stage("joint-water").timeout.mode == OnTimeout.ESCALATE
    real = {code for code, rules in ITEMS.items() if rules.online and not rules.fictional}
    assert {entry.code for entry in plan.arrivals} == real


ROW = {"title": "新岗", "office": "water", "duty": "review"}
BAD = [
    ({"people": "很多"}, "people", "应为 1 到 10000000 的数，现在是“很多”。"),
    ({"from": "2025-02-30"}, "from", "应为 2025-01-31 这样的日期，现在是“2025-02-30”。"),
    ({"hours": {"opens": "17:00", "closes": "09:00"}}, "hours", "关门要在开门之后。"),
    ({"hours": {"opens": 540, "closes": "17:00"}}, "hours › opens", "应为 \"09:00\" 这样带引号的钟点，现在是“540”。"),
    ({"villages": "柳湾村"}, "villages", "应为一列文字。"),
    ({"arrivals": {}}, "arrivals", "一个事项也没有写。"),
    ({"arrivals": {"XX-1": 3}}, "arrivals › XX-1", "目录里没有这个事项。"),
    ({"arrivals": {"ZH-001": 3}}, "arrivals › ZH-001", "这个事项只有办事指南，不在这里受理。"),
    ({"arrivals": {"MZ-001": -3}}, "arrivals › MZ-001", "应为 0 到 1000000 的数，现在是“-3”。"),
    ({"arrivals": {"MZ-001": True}}, "arrivals › MZ-001", "应为 0 到 1000000 的数，现在是“True”。"),
    ({"arrivals": {"MZ-001": {"yearly": 3, "months": {13: 2}}}}, "arrivals › MZ-001 › months › 13", "月份应为 1 到 12。"),
    (
        {"arrivals": {"MZ-001": {"yearly": 3, "months": dict.fromkeys(range(1, 13), 0)}}},
        "arrivals › MZ-001 › months",
        "十二个月不能都是 0。",
    ),
    ({"applicants": {"online": 3}}, "applicants › online", "应为 0 到 1 的数，现在是“3”。"),
    ({"applicants": {"onlin": 0.3}}, "applicants › onlin", "不认识这个字段，请核对写法。"),
    ({"minutes": ["三"]}, "minutes", "应为一组“字段: 值”。"),
    ({"absence": {"block": 2.5}}, "absence › block", "应为整数，现在是“2.5”。"),
    ({"posts": {"title": "窗口"}}, "posts", "应为一列，每项以“- ”开头。"),
    ({"posts": [*CONTENT["posts"], {**ROW, "office": "moon"}]}, "posts 第35项 › office", "没有站所“moon”。"),
    ({"posts": [*CONTENT["posts"], {**ROW, "duty": "king"}]}, "posts 第35项 › duty", "没有职责“king”。"),
    ({"posts": [*CONTENT["posts"], {**ROW, "village": "外村"}]}, "posts 第35项 › village", "没有这个村“外村”。"),
    ({"posts": [*CONTENT["posts"], {**ROW, "share": 0}]}, "posts 第35项 › share", "应为 0.01 到 1 的数，现在是“0”。"),
    ({"posts": [*CONTENT["posts"], {**ROW, "serves": ["moon"]}]}, "posts 第35项 › serves 第1项", "没有站所“moon”。"),
    ({"posts": [*CONTENT["posts"], {**ROW, "title": "镇长"}]}, "posts 第35项 › title", "岗位“镇长”写了两次。"),
    ({"posts": [*CONTENT["posts"], {**ROW, "deputy": "谁"}]}, "posts 第35项 › deputy", "没有岗位“谁”。"),
    ({"posts": [*CONTENT["posts"], {**ROW, "deputy": "新岗"}]}, "posts 第35项 › deputy", "不能自己代理自己。"),
    ({"posts": [*CONTENT["posts"], {"office": "water", "duty": "review"}]}, "posts 第35项 › title", "没有写。"),
    (
        {"posts": [post for post in CONTENT["posts"] if post["duty"] != "town_leader"]},
        "posts",
        "没有镇领导：没有人的站所、逾期的件都要由镇领导接。",
    ),
    (
        {"posts": [post for post in CONTENT["posts"] if post["duty"] != "window"], "arrivals": {"MZ-005": 1}},
        "posts 第1项 › deputy",
        "没有岗位“1号窗口”。",
    ),
    (
        {"silences": [{"office": "water", "from": "2025-03-04", "to": "2025-03-03"}]},
        "silences 第1项 › to",
        "结束日早于开始日。",
    ),
    ({"outages": [{"day": "2025-03-04", "from": "11:00", "to": "10:00"}]}, "outages 第1项 › to", "恢复要在停机之后。"),
    ({"weather": "晴"}, "weather", "不认识这个字段，请核对写法。"),
]


@pytest.mark.parametrize(("changes", "place", "sentence"), BAD)
def test_each_mistake_has_its_place(changes: dict[str, Any], place: str, sentence: str) -> None:
    assert (place, sentence) in mistakes(**changes)


def test_all_mistakes_are_told_at_once() -> None:
    found = mistakes(people=0, arrivals={"XX-1": 1}, outages=3)

    assert [place for place, _ in found] == ["people", "arrivals › XX-1", "outages", "arrivals"]


def test_an_unlawful_default_is_refused_in_the_laws_own_words() -> None:
    row = {"target": "item", "mode": "grant", "title": "示例办法", "article": "第一条", "published_on": "2024-06-03"}
    found = mistakes(modes=[{"item": "MZ-001", **row}])

    assert [place for place, _ in found] == ["modes 第1项"]
    assert "资金给付，不能视为准予" in found[0][1]


def test_what_is_no_group_is_said() -> None:
    assert read_plan([1, 2], ITEMS, OFFICES)[2] == [("最外层", "应为一组“字段: 值”。")]


def test_work_that_falls_to_nobody_is_a_mistake() -> None:
    posts = [{"title": "镇长", "office": "township-government", "duty": "town_leader"}]
    found = mistakes(posts=posts, arrivals={"MZ-002": 1})

    assert ("arrivals › MZ-002", "没有窗口岗位受理。") in found
    assert ("arrivals › MZ-002", "环节“确认”没有岗位办。") in found


def test_the_posts_of_the_file_leave_no_step_to_nobody() -> None:
    plan, law, _ = read_plan(CONTENT, ITEMS, OFFICES)
    found = Mistakes()
    assert plan is not None

    check_posts(plan, law.items, found)
    assert found.found == []
    left = tuple(replace(post, deputy="") for post in plan.posts[-8:])  # the leaders and the village agents
    check_posts(replace(plan, posts=left), law.items, found)

    assert ("arrivals › RS-001", "没有窗口岗位受理。") in found.found


def test_a_group_knows_what_nobody_asked_for() -> None:
    group = Group({"one": 1, "two": 2}, "某处", Mistakes())

    assert group.number("one", 0) == 1
    group.done()
    assert group.mistakes.found == [("某处 › two", "不认识这个字段，请核对写法。")]
