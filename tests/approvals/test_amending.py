"""补正时改填写的内容：the notice lists a field, the applicant changes just that, what stood there stays (A3)."""

import dataclasses

import pytest
from django.urls import reverse

from approvals import actions
from approvals.loading import fold_application, load_events
from approvals.models import CorrectionNotice
from portal.clock import portal_now
from portal.errors import InvalidInput, WrongState
from portal.keys import keys
from services.actions import EXPIRY_FIELD, form_values
from services.amending import amend, amendable, keep_as_typed
from services.definition import FormField
from services.models import AmendedField, Application, MaterialPoint
from tests.approvals.test_views_desk import page, signed_in
from tests.conftest import TestClock
from tests.factories import file_application
from tests.instants import at
from tests.world import World

WHY = "写的和发票对不上，照发票改"


@pytest.fixture
def machine(world: World, clock: TestClock) -> Application:
    """农机补贴，2026-11-23 收件"""
    clock(at("2026-11-23", "10:00"))
    return file_application(world, "NY-004")


def noticed(machine: Application, world: World, clock: TestClock, *fields: str) -> str:
    """要改这几格的告知书发出了; the address of the supply page."""
    clock(at("2026-11-23", "11:00"))
    actions.correct(application=machine, by=world.chen, points=[(key, WHY) for key in fields])
    clock(at("2026-11-24", "09:00"))
    return reverse("approvals:supply", args=[machine.number])


def values_of(machine: Application) -> dict[str, str]:
    """现在填的"""
    return form_values(Application.objects.get(pk=machine.pk))


def test_the_window_lists_a_field_on_the_page(machine: Application, world: World) -> None:
    client = signed_in(world.chen)
    address = reverse("approvals:act", args=[machine.number, "correct"])
    shown = client.get(address).content.decode()
    nothing = client.post(address, {"note": ""}).content.decode()
    vague = client.post(address, {"m-machine_price": "on", "w-machine_price": ""}).content.decode()
    client.post(address, {"m-machine_price": "on", "w-machine_price": WHY})

    assert "错误" not in shown  # nothing has been filled in yet
    assert "填写的内容，哪几格要改" in shown and "买价（元）" in shown
    assert "请勾出要补的材料、要改的内容" in nothing
    assert "请写清“买价（元）”哪里要补" in vague
    notice = CorrectionNotice.objects.get(case__application=machine)
    assert notice.points == [{"key": "machine_price", "name": "买价（元）", "why": WHY}]


def test_the_applicant_changes_just_what_is_listed(machine: Application, world: World, clock: TestClock) -> None:
    before = values_of(machine)
    address = noticed(machine, world, clock, "machine_price")
    client = signed_in(world.an)
    shown = client.get(address).content.decode()
    assert 'name="machine_price"' in shown and f'value="{before["machine_price"]}"' in shown
    assert 'name="machine_model"' not in shown

    sent = {"how-machine_price": "typed", "machine_price": "３８００", "machine_model": "偷偷改的"}
    assert client.post(address, sent).status_code == 302

    assert values_of(machine) == {**before, "machine_price": "3800"}
    state = fold_application(machine, portal_now())
    assert (state.state, state.complete) == ("submitted", True)
    supplied = [event.payload for event in load_events(machine) if event.kind == "supplied"]
    assert [payload["points"] for payload in supplied] == [["machine_price"]]
    assert "3800" not in str([event.payload for event in load_events(machine)])
    row = AmendedField.objects.get(application=machine)
    assert (row.key, keys().open_text(bytes(row.before_sealed)), row.by) == ("machine_price", before["machine_price"], world.an)
    assert before["machine_price"].encode() != bytes(row.before_sealed)
    assert "就在“补材料”里改那几格" in client.get(reverse("approvals:correction_notice", args=[machine.number])).content.decode()
    case = page(signed_in(world.chen), "case", machine.number)
    assert "3800" in case
    assert f"原来填的：{before['machine_price']}" in case


def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(machine: Application, world: World, clock: TestClock) -> None:
    before = values_of(machine)
    address = noticed(machine, world, clock, "machine_price", "machine_model")
    sent = {"how-machine_price": "typed", "machine_price": "三千八", "how-machine_model": "typed", "machine_model": "新型号"}
    client = signed_in(world.an)

    refused = client.post(address, sent)

    text = refused.content.decode()
    assert refused.status_code == 400
    assert "「买价（元）」只写1、2、3这样的数字" in text and 'value="三千八"' in text and 'value="新型号"' in text
    assert values_of(machine) == {**before, "machine_model": "新型号"}
    assert client.post(address, {**sent, "machine_price": "3800"}).status_code == 302
    assert fold_application(machine, portal_now()).state == "submitted"


def test_the_same_again_is_no_change_but_a_reason_is_an_answer(machine: Application, world: World, clock: TestClock) -> None:
    before = values_of(machine)
    address = noticed(machine, world, clock, "machine_price")
    client = signed_in(world.an)
    same = client.post(address, {"how-machine_price": "typed", "machine_price": before["machine_price"]})
    silent = client.post(address, {"how-machine_price": "cannot", "statement-machine_price": " "})
    assert "和原来填的一样" in same.content.decode() and "请写一句为什么" in silent.content.decode()

    reason = {"how-machine_price": "cannot", "statement-machine_price": "发票写的是定金"}
    assert client.post(address, reason).status_code == 302

    point = MaterialPoint.objects.get(application=machine, key="machine_price")
    assert (point.how, point.statement) == ("cannot", "发票写的是定金")
    assert values_of(machine) == before
    assert fold_application(machine, portal_now()).state == "submitted"


def test_the_window_changes_it_for_her_and_does_not_see_what_stood_there(
    machine: Application, world: World, clock: TestClock
) -> None:
    before = values_of(machine)
    address = noticed(machine, world, clock, "machine_place")
    client = signed_in(world.chen)

    assert before["machine_place"] not in client.get(address).content.decode()
    client.post(address, {"how-machine_place": "typed", "machine_place": "村东头库房"})

    assert values_of(machine)["machine_place"] == "村东头库房"
    assert AmendedField.objects.get(application=machine).by == world.chen


def test_names_and_phones_stay_covered_before_and_after(machine: Application, world: World, clock: TestClock) -> None:
    before = values_of(machine)
    address = noticed(machine, world, clock, "phone")
    signed_in(world.an).post(address, {"how-phone": "typed", "phone": "00005550008"})

    case = page(signed_in(world.chen), "case", machine.number)

    assert values_of(machine)["phone"] == "00005550008"
    assert "补正时改过" in case
    assert "00005550008" not in case and before["phone"] not in case


def test_only_fields_that_apply_and_move_no_limit_can_be_asked_for(machine: Application, world: World) -> None:
    listed, idle = {field.key for field in amendable(machine)}, [field.key for field in machine.rules.fields if field.when]
    for wrong in ("nothing", idle[0]):
        with pytest.raises(InvalidInput):
            actions.correct(application=machine, by=world.chen, points=[(wrong, WHY)])
        with pytest.raises(InvalidInput):
            amend(application=machine, values={wrong: "x"}, by=world.an)
        with pytest.raises(InvalidInput):
            keep_as_typed(application=machine, key=wrong, statement=WHY)
    assert listed == {field.key for field in machine.rules.fields} - set(idle)
    expiry = FormField(EXPIRY_FIELD, "原许可证有效期至", "date", "基本情况")
    machine.version.__dict__["rules"] = dataclasses.replace(machine.rules, fields=(*machine.rules.fields, expiry))
    assert {field.key for field in amendable(machine)} == listed


def test_a_case_with_a_result_is_not_changed_any_more(machine: Application, world: World) -> None:
    actions.withdraw(application=machine, by=world.an, reason="不办了")

    with pytest.raises(WrongState):
        amend(application=machine, values={"machine_price": "1"}, by=world.an)
    assert not AmendedField.objects.exists()
