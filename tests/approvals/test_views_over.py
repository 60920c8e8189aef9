"""办完了的、撤回的、逾期的页面：what is over says so, keeps its days and its reason, and counts nothing after."""

import pytest
from django.urls import reverse

from approvals import actions
from services.actions import set_point
from services.models import Application, HowSupplied
from tests.approvals.test_views_progress import page
from tests.approvals.test_views_progress import stall as stall
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.portal.pages import signed_in
from tests.world import World


@pytest.fixture
def late(world: World, clock: TestClock) -> Application:
    """2026-11-02（周一）的摊贩备案，承诺到5日24:00；9日（周一）10:00才决定，过了2个工作日"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "SJ-002")
    actions.accept(application=application, by=world.wang)
    clock(at("2026-11-09", "10:00"))
    actions.decide(application=application, by=world.shi, outcome="approve")
    return application


def test_a_finished_late_case_keeps_its_days_and_owes_its_reason(
    late: Application, world: World, clock: TestClock
) -> None:
    text = page(signed_in(world.an), "progress", late.number)

    assert "本来最晚哪天" in text and "2026年11月5日（星期四）" in text
    assert reverse("approvals:why", args=[late.number, "promised"]) in text
    assert "办理单位最晚2026年11月10日（星期二）公开" in text
    steps = text[text.index("一步一步") : text.index("本来最晚哪天")]
    assert steps.index("受理了") < steps.index("超期：过了承诺的日子") < steps.index("结果：")
    assert "#crossed" in steps and "（到期了）" in steps

    clock(at("2026-11-11", "09:00"))
    assert "该在2026年11月10日（星期二）前公开，还没有公开" in page(signed_in(world.an), "progress", late.number)
    actions.publish_reason(application=late, by=world.zhen, text="经办人病了，没有及时交接。")
    assert "经办人病了" in page(signed_in(world.an), "progress", late.number)


def test_an_open_late_case_says_where_it_went_late(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "SJ-002")
    actions.accept(application=application, by=world.wang)
    before = page(signed_in(world.an), "progress", application.number)
    clock(at("2026-11-06", "09:00"))

    text = page(signed_in(world.an), "progress", application.number)

    assert "超期：过了承诺的日子" not in before
    assert text.index("受理了") < text.index("超期：过了承诺的日子") < text.index("现在在这")


def test_a_withdrawn_case_is_not_shown_as_done(stall: Application, world: World) -> None:
    client = signed_in(world.an)
    actions.withdraw(application=stall, by=world.an, reason="不摆摊了")

    text, mine = page(client, "progress", stall.number), page(client, "mine")

    assert "已撤回，这里不再办了" in text and "（到此为止）" in text
    for shown in (text, mine):
        assert "已办结" not in shown and "办完了，不在谁手里" not in shown and "结果：已撤回" not in shown
    assert "结束" in mine and '"办结"' not in mine


def test_why_stops_at_the_result_and_names_only_what_it_draws(late: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-12", "09:00"))

    text = page(signed_in(world.an), "why", late.number, "promised")

    assert "11月9日办结，过了2个工作日" in text
    assert "今天" not in text[text.index('<table class="month">') :]
    assert "自然日，一共" in text and "一共过了" not in text
    key = text[text.index('<ul class="key">') :]
    key = key[: key.index("</ul>")]
    assert "数过的工作日" in key and '<i class="gone promised"></i>承诺到期' in key
    for word in ("还没到", "承诺以外", "法定到期"):
        assert word not in key


def test_the_key_of_the_days_names_only_what_is_drawn(stall: Application, world: World, clock: TestClock) -> None:
    text = page(signed_in(world.an), "progress", stall.number)

    key = text[text.index('<ul class="key">') :]
    key = key[: key.index("</ul>")]
    assert "还没到的" in key and "承诺最后一天" in key
    for word in ("过完的", "法律最后一天", "承诺以外", "今天"):
        assert word not in key


def test_after_a_correction_every_page_counts_from_the_supply(stall: Application, world: World, clock: TestClock) -> None:
    key = stall.rules.materials[0].key
    actions.correct(application=stall, by=world.wang, points=[(key, "看不清，请重拍")])
    clock(at("2026-09-18", "10:00"))
    set_point(application=stall, material=key, how=HowSupplied.WINDOW)
    actions.supply(application=stall, by=world.an)
    clock(at("2026-09-21", "10:00"))
    actions.accept(application=stall, by=world.wang)

    client = signed_in(world.an)
    for text in (page(client, "why", stall.number, "promised"), page(client, "slip", stall.number)):
        assert "补齐材料当天不算" in text
        assert "收到申请当天不算" not in text
    assert "还是从补齐那天起算" in page(client, "progress", stall.number)


def test_an_overdue_case_has_a_cell_for_every_day_and_keeps_its_marks(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    house = file_application(world, "ZR-001")  # promised fifteen working days, twenty by law
    actions.accept(application=house, by=world.chen)
    clock(at("2026-12-15", "09:00"))

    text = page(signed_in(world.an), "progress", house.number)

    cells = text[text.index('<ol class="cells"') :]
    cells, key = cells[: cells.index("</ol>")], cells[cells.index('<ul class="key">') :]
    days = int(text[text.index("已超期") + 3 :].split("个")[0])
    assert days > 10 and cells.count('class="over') == days
    assert cells.count("gone promised") == 1 and cells.count("over legal") == 1
    key = key[: key.index("</ul>")]
    assert '<i class="gone promised"></i>承诺最后一天' in key and '<i class="over legal"></i>法律最后一天' in key
