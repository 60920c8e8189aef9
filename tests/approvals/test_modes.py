"""开通和交账的重复：what is sent a second time is written once."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.models import ModeSwitch, RepealedDocument
from portal.clock import portal_now
from portal.errors import InvalidInput, WrongState
from portal.models import Event, User
from services.definition import Citation, OnTimeout
from tests.conftest import TestClock
from tests.factories import at
from tests.world import World

RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
OTHER = Citation("示例省食品摊贩备案办法（虚构）", "第九条", "2026-01-05")


def signed_in(user: User) -> Client:
    """登录了的浏览器"""
    client = Client()
    client.force_login(user)
    return client


def test_switching_on_the_same_again_makes_no_version(world: World) -> None:
    item = world.item("SJ-002")
    first = actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=RULE, by=world.pi)

    again = actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=RULE, by=world.pi)

    assert again.pk == first.pk
    assert ModeSwitch.objects.filter(item=item).count() == 1
    other = actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=OTHER, by=world.pi)
    assert other.number == first.number + 1


def test_reporting_the_same_again_writes_no_second_event(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "09:00"))
    now = portal_now()
    row = actions.delegate(
        post=world.post("chen"), deputy=world.wang, by=world.chen, starts_at=now, ends_at=now + timedelta(days=2), reason="公出"
    )
    reports = Event.objects.filter(stream=f"delegation:{row.number}", kind="delegation_reported")

    actions.report_back(delegation=row, by=world.wang, text="收了三件，都已受理")
    actions.report_back(delegation=row, by=world.wang, text=" 收了三件，都已受理 ")
    assert reports.count() == 1
    actions.report_back(delegation=row, by=world.wang, text="收了四件，都已受理")
    assert reports.count() == 2


def test_switching_off_makes_a_version_that_escalates_and_takes_a_reason(world: World) -> None:
    item = world.item("SJ-002")
    actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=RULE, by=world.pi)
    client, url = signed_in(world.pi), reverse("approvals:switch_mode_off", args=["SJ-002", "item"])
    assert url in client.get(reverse("approvals:modes")).content.decode()

    assert "请写一句为什么。" in client.post(url, {"reason": ""}).content.decode()
    assert client.post(url, {"reason": "县里收回了文件"}).status_code == 302

    item.refresh_from_db()
    assert item.current is not None
    assert item.current.rules.timeout.mode == OnTimeout.ESCALATE
    assert item.current.rules.timeout.proposed == OnTimeout.RECORD
    shown = client.get(reverse("approvals:modes")).content.decode()
    assert url not in shown
    assert "停用：县里收回了文件" in shown
    assert client.post(url, {"reason": "再停一次"}).status_code == 409


def test_what_the_law_gives_cannot_be_switched_off(world: World) -> None:
    item = next(
        i for i in world.township.items.select_related("current") if i.current and i.current.rules.licence
        and i.current.rules.intake_timeout.mode == OnTimeout.ACCEPT
    )  # fmt: skip
    with pytest.raises(WrongState):
        actions.switch_off(item=item, target="intake", reason="不想要", by=world.pi)


def test_a_cited_document_is_repealed_on_its_page(world: World) -> None:
    actions.switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RULE, by=world.pi)
    client, url = signed_in(world.pi), reverse("approvals:repealed")
    sent = {"title": RULE.title, "last_day": "2030-12-31", "source": "示例县公告（虚构）"}

    assert "写成 2026-9-23 这样。" in client.get(url).content.decode()
    assert client.post(url, {**sent, "source": ""}).status_code == 200
    assert client.post(url, {**sent, "title": "没有人凭过的文件"}).status_code == 200
    assert not RepealedDocument.objects.exists()
    assert client.post(url, sent).status_code == 302

    row = RepealedDocument.objects.get(title=RULE.title)
    assert (row.last_day, row.source, row.by) == (date(2030, 12, 31), "示例县公告（虚构）", world.pi)
    assert "示例县公告（虚构）" in signed_in(world.du).get(url).content.decode()
    assert signed_in(world.du).post(url, sent).status_code == 404


def test_a_document_out_of_force_allows_nothing_any_more(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    actions.repeal(title=RULE.title, last_day=date(2026, 12, 31), source="示例县公告（虚构）", by=world.pi)
    item = world.item("SJ-002")
    actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=RULE, by=world.pi)  # in force for now
    actions.switch_off(item=world.item("SJ-002"), target="item", reason="依据要改了", by=world.pi)
    clock(at("2027-01-01", "10:00"))

    with pytest.raises(InvalidInput, match="已经登记失效"):
        actions.switch_on(item=item, target="item", mode=OnTimeout.RECORD, citation=RULE, by=world.pi)
