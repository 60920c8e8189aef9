"""停办的事项：no new filings, the guide says why, running cases end as they would have (engine 6)."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.loading import fold_application
from approvals.views.items import ClosingForm
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Event
from services import actions as drafts
from services.models import ServiceItem
from tests.conftest import TestClock
from tests.factories import file_application, make_draft
from tests.instants import at
from tests.world import World

WHY = "县里统一收走了，请到县政务中心办（示例文件第3号）。"


@pytest.fixture
def item(world: World, clock: TestClock) -> ServiceItem:
    clock(at("2026-11-23", "10:00"))
    return world.item("SJ-002")


def test_only_the_approver_of_items_closes_one_and_says_why(item: ServiceItem, world: World) -> None:
    with pytest.raises(NotAllowed, match="事项审批岗"):
        actions.withdraw_item(item=item, reason=WHY, by=world.zhen)
    with pytest.raises(InvalidInput, match="为什么停办"):
        actions.withdraw_item(item=item, reason="停", by=world.pi)
    with pytest.raises(WrongState, match="没有停办"):
        actions.restore_item(item=item, by=world.pi)
    actions.withdraw_item(item=item, reason=WHY, by=world.pi)
    with pytest.raises(WrongState, match="已经停办"):
        actions.withdraw_item(item=item, reason=WHY, by=world.pi)
    actions.restore_item(item=item, by=world.pi)

    kinds = Event.objects.filter(stream=f"item:{item.pk}").order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["item_withdrawn", "item_restored"]
    assert Event.objects.get(stream=f"item:{item.pk}", sequence=1).payload["reason"] == WHY


def test_nothing_new_is_filed_and_what_runs_goes_on(item: ServiceItem, world: World, client: Client) -> None:
    running, draft = file_application(world, "SJ-002"), make_draft(world, "SJ-002")
    actions.withdraw_item(item=item, reason=WHY, by=world.pi)
    client.force_login(world.an)

    with pytest.raises(WrongState, match="不收新申请"):
        drafts.start_draft(item=world.item("SJ-002"), by=world.an)
    with pytest.raises(WrongState, match="已经停办.*您填的都还在"):
        actions.file(application=draft, by=world.an, key="closed")
    for page in ("tasks", "check"):  # a draft that is open learns it before it is sent
        told = client.get(reverse(f"services:{page}", args=[draft.number])).content.decode()
        assert WHY in told and "都对，提交申请" not in told
    answer = client.post(reverse("approvals:file", args=[draft.number]), {"key": "again"}, follow=True)
    assert WHY in answer.content.decode()
    actions.accept(application=running, by=world.wang)
    assert fold_application(running, portal_now()).state == "accepted"
    guide = client.get(reverse("services:guide", args=["SJ-002"])).content.decode()
    assert WHY in guide and "开始申请" not in guide
    assert "食品摊贩备案" not in client.get(reverse("services:catalogue")).content.decode()

    actions.restore_item(item=item, by=world.pi)
    assert actions.file(application=draft, by=world.an, key="closed").filed_at is not None


def test_the_page_closes_and_reopens(item: ServiceItem, world: World, client: Client) -> None:
    client.force_login(world.pi)
    address = reverse("approvals:closing")

    wrong = client.post(address, {"item": str(item.pk), "reason": "停"})
    assert wrong.status_code == 400 and "停</textarea>" in wrong.content.decode()
    assert client.post(address, {"item": str(item.pk), "reason": WHY}).status_code == 302
    assert WHY in client.get(address).content.decode()
    assert client.post(address, {"restore": str(item.pk)}).status_code == 302
    assert "没有停办" in client.post(address, {"restore": str(item.pk)}, follow=True).content.decode()
    item.refresh_from_db()
    assert (item.withdrawn_at, item.withdrawn_reason) == (None, "")
    assert not ClosingForm({}).is_valid()
