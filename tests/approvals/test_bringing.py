"""说好带到窗口的材料：what is only to be brought is not here, until a window has it in hand (engine section 5)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.checking import differences
from approvals.loading import fold_application
from portal.clock import portal_now
from services import actions as drafts
from services.definition import Material, OnTimeout, Required
from services.models import Application, HowSupplied
from tests.approvals.deeds import RECORD_RULE
from tests.approvals.folding import Row, filed, state_at
from tests.conftest import TestClock
from tests.factories import make_draft
from tests.instants import at
from tests.rules import days, definition, mode
from tests.world import World

FORM = Material("form", "备案表", Required.ALWAYS, source="窗口提供/网上填报")
CARD = Material("card", "身份证", Required.ALWAYS)
PHOTO = Material("photo", "照片", Required.WHEN, when={"food": "是"})
EXTRA = Material("extra", "示意图", Required.OPTIONAL)
ACCEPT: Row = ("accepted", at("2026-11-24", "11:00"), {})
CORRECT: Row = ("corrected", at("2026-11-24", "11:00"), {"points": ["photo"]})


def brought(*keys: str, clock: str = "15:00", **data: Any) -> Row:
    """窗口收到了"""
    return ("supplied", at("2026-11-24", clock), {"points": list(keys), "complete": True, **data})


@pytest.mark.parametrize("silence", [OnTimeout.RECORD, OnTimeout.COMPLETE])
@pytest.mark.parametrize(
    ("bring", "rows", "fires"),
    [
        ([], [], True),
        (["card"], [], False),
        (["photo"], [], False),
        (["form"], [], True),  # filled in here: only its signature is checked after
        (["extra"], [], True),  # nobody has to hand it in
        (["extra", "form", "card"], [], False),
        (["card"], [ACCEPT], True),  # the window says by its own act that it has everything
        (["card"], [brought("card")], True),
        (["card", "photo"], [brought("card")], False),
        (["card", "photo"], [brought("card"), brought("photo", clock="16:00")], True),
        (["card"], [brought("card", lacking=True)], False),
        (["card"], [CORRECT, brought("photo")], False),  # the notice was about something else
        (["card"], [CORRECT, brought("photo"), brought("card", clock="16:00")], True),
    ],
)
def test_silence_gives_nothing_while_a_paper_is_only_to_be_brought(
    silence: OnTimeout, bring: list[str], rows: list[Row], fires: bool
) -> None:
    outcome = {OnTimeout.RECORD: "recorded", OnTimeout.COMPLETE: "completed"}[silence]
    changes: dict[str, Any] = {"timeout": mode(silence), "positive": outcome, "promised": days(8), "statutory": None}
    rules = definition(materials=(FORM, CARD, PHOTO, EXTRA), **changes)

    state = state_at(rules, at("2026-12-10"), filed("2026-11-23", to_bring=bring), *rows)

    assert state.outcome == (outcome if fires else "")
    blocked = [effect.blocked_by for effect in state.effects if effect.key == "promised#1:escalate"]
    blocked += [effect.blocked_by for effect in state.effects if effect.key == "promised#2:escalate"]
    assert blocked == ([] if fires else ["必要材料没有交齐"])


def test_an_acceptance_by_silence_acknowledges_no_paper() -> None:
    changes: dict[str, Any] = {"timeout": mode(OnTimeout.RECORD), "positive": "recorded", "promised": days(8), "statutory": None}
    rules = definition(materials=(FORM, CARD), intake=days(2), **changes)

    state = state_at(rules, at("2026-12-10"), filed("2026-11-23", to_bring=["card"]))

    assert (state.acceptance_deemed, state.to_bring, state.gathered, state.outcome) == (True, ("card",), False, "")


def to_bring(world: World, clock: TestClock) -> tuple[Application, str]:
    """安示例网上交的食品摊贩备案，一样说好带到窗口"""
    clock(at("2026-11-23", "10:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    draft = make_draft(world, "SJ-002")
    key = next(material.key for material in draft.rules.needed(draft.answers) if not material.filled_here)
    drafts.set_point(application=draft, material=key, how=HowSupplied.WINDOW)
    stall = actions.file(application=draft, by=world.an, key="bring")
    clock(at("2026-11-24", "10:00"))
    return stall, key


def outcome(application: Application) -> str:
    """那天以后是什么结果"""
    return fold_application(application, portal_now()).outcome


def test_what_is_never_brought_is_escalated_and_not_recorded(world: World, clock: TestClock) -> None:
    stall, _ = to_bring(world, clock)
    clock(at("2026-12-20"))

    assert outcome(stall) == ""
    effects = fold_application(stall, portal_now()).effects
    assert [effect.blocked_by for effect in effects if effect.key == "promised#1:escalate"] == ["必要材料没有交齐"]


def test_the_window_registers_what_was_brought(world: World, clock: TestClock, client: Client) -> None:
    stall, key = to_bring(world, clock)
    client.force_login(world.wang)
    address = reverse("approvals:supply", args=[stall.number])
    name = next(material.name for material in stall.rules.materials if material.key == key)

    assert "登记带来的材料" in client.get(reverse("approvals:case", args=[stall.number])).content.decode()
    assert name in client.get(address).content.decode()
    assert client.post(address, {f"how-{key}": "window"}).status_code == 302
    assert fold_application(stall, portal_now()).to_bring == ()
    assert "登记带来的材料" not in client.get(reverse("approvals:case", args=[stall.number])).content.decode()
    clock(at("2026-12-20"))
    assert outcome(stall) == "recorded"
    assert [problem for _, problems in differences() for problem in problems] == []


def test_the_applicant_may_send_a_picture_instead_and_cannot_say_it_was_brought(
    world: World, clock: TestClock, client: Client
) -> None:
    stall, key = to_bring(world, clock)
    client.force_login(world.an)
    address = reverse("approvals:supply", args=[stall.number])

    progress = client.get(reverse("approvals:progress", args=[stall.number])).content.decode()
    assert "补材料" in progress and "没收到以前，到期不会自动办成。" in progress
    refused = client.post(address, {f"how-{key}": "window"})
    assert (refused.status_code, fold_application(stall, portal_now()).to_bring) == (400, (key,))
    drafts.set_point(application=stall, material=key, how=HowSupplied.FILE)
    actions.supply(application=stall, by=world.an)
    assert fold_application(stall, portal_now()).to_bring == ()


def test_who_accepts_is_told_that_this_says_the_papers_are_here(world: World, clock: TestClock, client: Client) -> None:
    stall, key = to_bring(world, clock)
    client.force_login(world.wang)
    name = next(material.name for material in stall.rules.materials if material.key == key)

    page = client.get(reverse("approvals:act", args=[stall.number, "accept"])).content.decode()
    assert f"申请人说好带来的有：{name}。受理就是说窗口都收到了" in page
    notice = client.get(reverse("approvals:act", args=[stall.number, "correct"])).content.decode()
    assert notice.count(f"{name}（说好带来，还没登记收到）") == 1
    actions.accept(application=stall, by=world.wang)
    clock(at("2026-12-20"))
    assert outcome(stall) == "recorded"
