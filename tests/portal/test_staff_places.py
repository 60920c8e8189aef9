"""工作栏目：each member of staff is led to what his posts open, and to nothing that would refuse him."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.clock import portal_now
from portal.models import Delegation, User
from portal.roster import current_roster
from portal.staff_places import staff_nav
from tests.conftest import TestClock
from tests.factories import at
from tests.world import World

ALL = ["首页", "工作台", "代岗"]


def signed_in(user: User) -> Client:
    """登录了的浏览器"""
    client = Client()
    client.force_login(user)
    return client


def bar(text: str) -> list[tuple[str, str]]:
    """页头的工作栏目: address and label."""
    inside = text.split('class="bar"')[1].split("</nav>")[0]
    return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', inside)


@pytest.mark.parametrize(
    ("who", "more"),
    [
        ("chen", []), ("deng", []), ("shehead", ["镇情"]), ("zhen", ["镇情", "督查", "工作日历"]),
        ("du", ["镇情", "督查", "超时默认", "发件箱"]), ("gao", ["公开"]), ("gong", ["公开"]), ("bu", ["公开"]),
        ("pi", ["超时默认"]),
    ],
)  # fmt: skip
def test_the_navigation_has_what_opens_for_whom(world: World, who: str, more: list[str]) -> None:
    client = signed_in(world.users[who])

    found = bar(client.get("/staff/").content.decode())

    taking_in = ["收新件"] if who == "chen" else []
    assert [label for _address, label in found] == [*ALL[:2], *taking_in, *ALL[2:], *more]
    assert {address: client.get(address).status_code for address, _label in found} == {address: 200 for address, _ in found}


@pytest.mark.parametrize(("who", "takes_in"), [("chen", True), ("zhou", True), ("deng", False)])
def test_whoever_takes_applications_in_finds_the_door_on_the_workbench(world: World, who: str, takes_in: bool) -> None:
    text = signed_in(world.users[who]).get("/desk/").content.decode()

    assert ('<a class="button" href="/items/">收新件</a>' in text) == takes_in
    assert ("有人来办事" in text) == takes_in  # there is nothing in hand yet


def test_a_deputy_is_led_where_his_principal_may_go(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    spell = {"starts_at": at("2026-11-23", "08:00"), "ends_at": at("2026-11-24", "18:00"), "reason": "培训"}
    Delegation.objects.create(
        post=world.post("gao"), principal=world.gao, deputy=world.wang, number="示例授〔2026〕3号", **spell
    )

    assert "公开" in [place["label"] for place in staff_nav(world.wang)]
    assert signed_in(world.wang).get("/publish/").status_code == 200
    clock(at("2026-11-24", "18:00"))
    assert "公开" not in [place["label"] for place in staff_nav(world.wang)]


def test_the_navigation_asks_the_database_nothing_more(world: World) -> None:
    now = portal_now()
    current_roster()
    with CaptureQueriesContext(connection) as captured:
        staff_nav(world.chen, now)
    assert [query["sql"] for query in captured.captured_queries if "portal_revision" not in query["sql"]] == []
    assert staff_nav(world.an) == []


def test_a_place_that_refuses_staff_says_so_in_their_own_frame(world: World) -> None:
    answer = signed_in(world.chen).get("/publish/")

    text = answer.content.decode()
    assert answer.status_code == 403
    assert "这一页不归您的岗位" in text and "公开拟稿、审核、发布岗的人才能进这一页。" in text
    assert [label for _address, label in bar(text)] == [*ALL[:2], "收新件", *ALL[2:]]
    assert "先登录" not in text
    villager = signed_in(world.an).get("/publish/").content.decode()
    assert "这一页您现在看不了" in villager and "工作栏目" not in villager
