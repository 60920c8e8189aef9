"""承诺过了、法定还在走：the case is 超期 wherever it is shown, by the same number of days, until there is a result."""

from collections.abc import Callable

import pytest
from django.test import Client

from approvals import actions
from approvals.loading import fold_application
from approvals.models import Case
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.models import User
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

PAST = "已超期2个工作日"


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """宅基地申请：承诺2026年11月23日（星期一）到，法定到30日；现在是25日"""
    clock(at("2026-11-02", "09:00"))
    found = file_application(world, "ZR-001")
    actions.accept(application=found, by=world.chen)
    clock(at("2026-11-25", "10:00"))
    settle_application(found.pk)
    return found


def text_of(who: User, path: str) -> str:
    """一页上的字"""
    client = Client()
    client.force_login(who)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_what_is_shown_is_the_limit_that_has_passed_and_what_comes_next_is_the_other(house: Application) -> None:
    state = fold_application(house, portal_now())

    assert (state.case_clock and state.case_clock.key, state.shown_clock and state.shown_clock.key) == ("statutory", "promised")
    row = Case.objects.get(application=house)
    assert row.due_at == row.promised_due_at == at("2026-11-24", "00:00")
    assert row.statutory_due_at == at("2026-12-01", "00:00")


def test_before_the_promise_has_passed_and_after_both_have_it_is_the_promise(house: Application, clock: TestClock) -> None:
    for day in ("2026-11-23", "2026-12-02"):
        shown = fold_application(house, at(day, "23:59")).shown_clock
        assert shown is not None and shown.key == "promised"


PAGES: list[tuple[str, Callable[[World, str], tuple[User, str]], str]] = [
    ("进度", lambda world, number: (world.an, f"/progress/{number}/"), f'<p class="giant">{PAST}'),
    ("办件页", lambda world, number: (world.zhen, f"/desk/{number}/"), f"<b>整件 {PAST}</b>"),
    ("我的事", lambda world, _number: (world.an, "/mine/"), PAST),
    ("镇情", lambda world, _number: (world.zhen, "/leader/"), '<span class="nowrap">2个工作日</span>'),
    ("超期的件", lambda world, _number: (world.zhen, "/leader/cases/overdue/"), "11月23日"),
    ("大厅屏", lambda world, _number: (world.zhen, "/board/hall/"), "<td>11月23日</td>"),
]


@pytest.mark.parametrize(("name", "of", "words"), PAGES, ids=[name for name, _of, _words in PAGES])
def test_every_page_says_it(
    house: Application, world: World, name: str, of: Callable[[World, str], tuple[User, str]], words: str
) -> None:
    who, path = of(world, house.number)

    assert words in text_of(who, path)
