"""冻结着的时候：no default, no sweep, a banner; after the release each end is that of the first working day."""

from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions, sweeping
from approvals.actions.modes import switch_on
from approvals.checking import differences
from approvals.loading import fold_application, load_events
from approvals.models import Case, Certificate, Decision
from approvals.settling import settle_application
from portal import freezing
from portal.clock import portal_now
from portal.models import Heartbeat, Post, PostHolding, User
from services.definition import Citation, OnTimeout
from services.models import Application
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
CHECKED = "对过昨天的收件登记，缺的三件已经补录"


@pytest.fixture
def second(world: World) -> User:
    """第二个日历与解冻岗的人"""
    seat = world.post("li")
    other = Post.objects.create(township=world.township, office=seat.office, duty=seat.duty, title="日历岗二", serves=[])
    PostHolding.objects.create(post=other, user=world.gong, starts_on=date(2026, 1, 1))
    return world.gong


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-11-23（周一）交齐，承诺3个工作日，到26日24:00；25日18:00的备份，27日恢复"""
    clock(at("2026-11-23", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    application = file_application(world, "SJ-002")
    Heartbeat.objects.create(name="sweep", at=at("2026-11-25", "18:00"))
    clock(at("2026-11-27", "09:00"))
    freezing.freeze(reason="恢复了25日的备份")
    return application


def release(world: World, second: User, clock: TestClock, when: datetime) -> None:
    """两个人解冻"""
    clock(when)
    actions.release(by=world.li, checked=CHECKED)
    actions.release(by=second, checked=CHECKED)


def test_a_frozen_system_deems_nothing_and_its_sweep_writes_nothing(stall: Application) -> None:
    before = len(load_events(stall))

    assert sweeping.sweep() == 0
    settle_application(stall.pk)

    state = fold_application(stall, portal_now())
    promised = state.clock("promised")
    assert promised is not None
    assert (state.state, promised.due_on) == ("submitted", None)
    assert len(load_events(stall)) == before
    assert Heartbeat.objects.get(name="sweep").detail == {"frozen": True}


def test_an_end_inside_the_freeze_moves_to_the_first_working_day_after_the_release(
    stall: Application, world: World, second: User, clock: TestClock
) -> None:
    release(world, second, clock, at("2026-11-28", "15:00"))  # a Saturday

    assert sweeping.sweep() == 1
    case = Case.objects.get(application=stall)
    assert case.promised_due_at == at("2026-12-01", "00:00")  # 24:00 of Monday the 30th
    clock(at("2026-11-30", "23:59:50"))
    assert fold_application(stall, portal_now()).state == "submitted"
    clock(at("2026-12-01", "00:00"))
    assert sweeping.sweep() == 1

    decision = Decision.objects.get(case=case)
    assert (decision.outcome, decision.effective_at) == ("recorded", at("2026-12-01", "00:00"))
    assert [problems for number, problems in differences() if number == stall.number] in ([], [[]])


def test_people_go_on_working_and_their_acts_stand(
    stall: Application, world: World, second: User, clock: TestClock
) -> None:
    actions.correct(application=stall, by=world.wang, points=[(stall.rules.materials[0].key, "看不清，请重拍")])

    release(world, second, clock, at("2026-11-27", "15:00"))
    sweeping.sweep()

    assert fold_application(stall, portal_now()).state == "correcting"
    assert not Certificate.objects.filter(case__application=stall).exists()


def test_one_signature_releases_nothing(stall: Application, world: World, clock: TestClock) -> None:
    actions.release(by=world.li, checked=CHECKED)
    clock(at("2026-12-10", "09:00"))

    assert sweeping.sweep() == 0
    assert fold_application(stall, portal_now()).state == "submitted"


def test_the_page_and_the_banner(stall: Application, world: World, second: User) -> None:
    first, other, villager = Client(), Client(), Client()
    first.force_login(world.li)
    other.force_login(second)
    url = reverse("approvals:freeze")
    banner = villager.get("/").content.decode()
    assert "系统刚从备份恢复，正在核对：2026年" in banner
    assert "解冻" not in banner  # for staff alone
    assert "恢复了25日的备份" in first.get(url).content.decode()

    assert "请写明核对了什么" in first.post(url, {"checked": ""}).content.decode()
    assert first.post(url, {"checked": CHECKED}).status_code == 302
    again = first.post(url, {"checked": CHECKED})
    assert again.status_code == 403
    assert "您已经签过了" in again.content.decode()
    assert CHECKED in other.get(url).content.decode()
    assert other.post(url, {"checked": CHECKED}).status_code == 302

    assert "系统没有冻结" in first.get(url).content.decode()
    assert "系统刚从备份恢复" not in villager.get("/").content.decode()
