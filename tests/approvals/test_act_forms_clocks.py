"""中止、恢复、延长的表单：only to whom it belongs, of which step, and who signs beside."""

import re
from datetime import date

import pytest

from approvals import actions
from approvals.loading import fold_application
from approvals.models import PauseNotice, Step
from portal.models import Duty, Post, PostHolding
from services.models import Application
from tests.approvals.test_views_desk import page, post, signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import PASSWORD, World


@pytest.fixture
def joint(world: World, clock: TestClock) -> Application:
    """会签中的宅基地申请，四个站所同时在办; the head of the building office heads the land office as well"""
    clock(at("2026-09-16", "10:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    words = {"outcome": "agree", "text": "符合要求", "second_signer": "另一人"}
    actions.give_opinion(application=application, step="site-visit", by=world.fang, **words)
    land = world.post("sun").office
    head = Post.objects.create(township=world.township, office=land, duty=Duty.OFFICE_HEAD, title="自然资源所所长", serves=[])
    PostHolding.objects.create(post=head, user=world.jianhead, starts_on=date(2026, 1, 1))
    return application


def radios(text: str) -> list[str]:
    """页面上让选的环节"""
    return re.findall(r'type="radio" name="step" value="([^"]+)"', text)


def test_a_pause_is_offered_for_ones_own_steps_and_asks_where_none_is_named(joint: Application, world: World) -> None:
    desk, reason = signed_in(world.jianhead), joint.rules.pause_reasons[0]
    fields = {"reason": reason.key, "until": "2026-10-12", "notice": "需要到现场再量一次，五天"}
    names = {step.key: step.name for step in Step.objects.filter(case__application=joint, status="open")}
    own = ["joint-construction", "joint-land"]
    shown = page(desk, "case", joint.number)
    assert [key for key in names if f"/pause/?step={key}" in shown] == own
    assert [name for name in names.values() if f"中止计时（{name}）" in shown] == [names[key] for key in own]
    assert radios(page(desk, "act", joint.number, "pause")) == own
    assert radios(page(signed_in(world.deng), "act", joint.number, "pause")) == []  # he has one step, so nothing to choose
    assert "中止计时" not in page(signed_in(world.chen), "case", joint.number)  # the window carries none of them

    refused = post(desk, joint, "pause", **fields)
    halted = "joint-construction"
    done = post(desk, joint, "pause", **fields, step=halted)

    assert (refused.status_code, done.status_code) == (400, 302)
    assert "请选停哪个环节，别的环节照走。" in refused.content.decode()
    ends = dict(Step.objects.filter(case__application=joint, status="open").values_list("key", "due_at"))
    assert [key for key, due in ends.items() if due is None] == [halted]
    beside = max(due for due in ends.values() if due is not None)
    red = {effect.clock for effect in fold_application(joint, beside).effects if effect.kind == "red"}
    assert red == set(names) - {halted}


def test_several_pauses_run_beside_each_other_and_each_is_resumed_by_itself(joint: Application, world: World) -> None:
    desk, reason = signed_in(world.jianhead), joint.rules.pause_reasons[0]
    fields = {"reason": reason.key, "until": "2026-10-12", "notice": "需要到现场再量一次，五天"}
    own = ["joint-construction", "joint-land"]
    for key in own:
        assert post(desk, joint, "pause", **fields, step=key).status_code == 302
    shown = page(desk, "case", joint.number)
    assert [key for key in own if f"/resume/?step={key}" in shown] == own
    assert "/pause/?step=" not in shown
    assert radios(page(desk, "act", joint.number, "resume")) == own

    refused = post(desk, joint, "resume")
    done = post(desk, joint, "resume", step="joint-land")

    assert (refused.status_code, done.status_code) == (400, 302)
    assert "请选恢复哪个环节。" in refused.content.decode()
    paused = Step.objects.filter(case__application=joint, status="open", due_at=None)
    assert list(paused.values_list("key", flat=True)) == ["joint-construction"]
    notices = PauseNotice.objects.filter(case__application=joint).order_by("pk").values_list("ended_on", flat=True)
    assert list(notices) == [None, date(2026, 9, 16)]
    assert post(desk, joint, "resume").status_code == 302  # one is left: nothing to choose


def test_the_second_signer_is_asked_for_where_one_of_the_steps_nears_its_end(
    joint: Application, world: World, clock: TestClock
) -> None:
    desk, reason = signed_in(world.jianhead), joint.rules.pause_reasons[0]
    assert "second_name" not in page(desk, "act", joint.number, "pause")
    clock(at("2026-09-22", "10:00"))  # the last of the five days of each, the fifth of fifteen of the case
    fields = {"reason": reason.key, "until": "2026-10-12", "notice": "需要到现场再量一次，五天", "step": "joint-land"}
    assert "second_name" in page(desk, "act", joint.number, "pause", query="?step=joint-land")

    alone = post(desk, joint, "pause", **fields)
    signed = post(desk, joint, "pause", **fields, second_name="nonghead", second_password=PASSWORD)

    assert (alone.status_code, signed.status_code) == (400, 302)
    assert "期限已过九成，要第二人签字。" in alone.content.decode()
    assert PauseNotice.objects.get(case__application=joint).second_signer == world.nonghead


def test_a_reason_says_how_many_days_are_left_of_it(joint: Application, world: World, clock: TestClock) -> None:
    desk, reason = signed_in(world.deng), joint.rules.pause_reasons[0]
    fields = {"reason": reason.key, "notice": "需要到现场再量一次，五天"}
    assert f"最长{reason.max_days}个自然日" in page(desk, "act", joint.number, "pause")
    assert post(desk, joint, "pause", **fields, until="2026-10-06").status_code == 302
    clock(at("2026-10-08", "10:00"))

    again = page(desk, "act", joint.number, "pause")
    beyond = post(desk, joint, "pause", **fields, until="2026-11-18")

    assert f"前后最长{reason.max_days}个自然日，还能停40个" in again
    assert beyond.status_code == 400
    assert "已经用了20个，最多还能停40个。" in beyond.content.decode()


def test_an_extension_is_offered_to_the_head_of_the_items_own_office_only(joint: Application, world: World) -> None:
    fields = {"length": "5", "reason": "案情复杂，要再核实"}
    offered = ["延长一次" in page(signed_in(user), "case", joint.number) for user in (world.nonghead, world.jianhead, world.zhen)]
    assert offered == [True, False, True]

    other = post(signed_in(world.jianhead), joint, "extend", **fields)
    own = post(signed_in(world.nonghead), joint, "extend", **fields)

    assert (other.status_code, own.status_code) == (403, 302)
    assert "批准延长要由农业农村办公室的负责人或镇领导办理。" in other.content.decode()
