"""重新申请、转送：a new, linked case; the day of receipt, the papers and the query code go with what is sent on."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.loading import fold_application, load_events
from approvals.models import Case, Decision
from approvals.queries.links import links_of
from portal import ledger
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, PortalError, WrongState
from portal.keys import keys
from portal.models import Message, Township
from services.actions import form_values
from services.files import open_attachment
from services.lifecycle import State
from services.models import Application, Attachment, MaterialPoint, ServiceItem
from tests.conftest import TestClock
from tests.factories import at, file_application, make_draft
from tests.permission_stage import _file
from tests.world import World

WORDS = {"facts": "申请人的户口在白鹭乡，这件事归白鹭乡办", "legal_basis": "社会救助暂行办法第十一条"}


@pytest.fixture
def asked(world: World, clock: TestClock) -> Application:
    """2026-11-23（周一）收件，白鹭乡也办的事，带一个附件"""
    clock(at("2026-11-23", "10:00"))
    draft = make_draft(world, shared_code(world.other))
    _file(draft, world.an)
    return actions.file(application=draft, by=world.an, key="k")


def shared_code(other: Township) -> str:
    """两个乡镇都在网上办的一件事"""
    items = ServiceItem.objects.filter(township=other).select_related("current").order_by("code")
    return next(item.code for item in items if item.current is not None and item.current.rules.online)


def clerk_of(application: Application, world: World) -> Any:
    """受理窗口的人"""
    window = Case.objects.select_related("window").get(application=application).window
    assert window is not None
    return window.holdings.get().user


def test_what_is_sent_on_keeps_its_day_of_receipt(asked: Application, world: World, clock: TestClock) -> None:
    clock(at("2026-11-25", "15:00"))

    arrived = actions.forward(application=asked, by=clerk_of(asked, world), to=world.other, **WORDS)

    asked.refresh_from_db()
    arrived.refresh_from_db()
    state = fold_application(arrived, portal_now())
    promised = state.clock("promised")
    assert promised is not None
    assert (asked.state, arrived.state) == ("forwarded", "submitted")
    assert (arrived.previous, arrived.township, arrived.received_on) == (asked, world.other, date(2026, 11, 23))
    assert promised.limit.started_on == date(2026, 11, 23)
    assert form_values(arrived) == form_values(asked)
    keys_of = [set(MaterialPoint.objects.filter(application=a).values_list("key", "how")) for a in (asked, arrived)]
    assert keys_of[0] == keys_of[1]
    first, copy = (Attachment.objects.get(application=a) for a in (asked, arrived))
    assert first.token != copy.token
    assert open_attachment(first) == open_attachment(copy)
    assert "转送：示例县白鹭乡人民政府" in Decision.objects.get(case__application=asked).facts
    kinds = [event.kind for event in load_events(arrived)]
    assert kinds == ["filed"]
    assert [ledger.verify(load_events(a)) for a in (asked, arrived)] == [None, None]
    told = Message.objects.filter(recipient=world.an, channel="in_site").values_list("kind", "subject_number")
    assert {("forwarded", asked.number), ("filed", arrived.number)} <= set(told)


def test_what_has_been_silent_for_too_long_is_accepted_where_it_arrives(
    asked: Application, world: World, clock: TestClock
) -> None:
    rules = asked.rules
    if rules.intake_timeout.mode == "accept":
        pytest.fail("the item would be accepted before it could be sent on: choose another")
    clock(at("2026-12-07", "15:00"))  # past the intake limit, which has no default here

    arrived = actions.forward(application=asked, by=clerk_of(asked, world), to=world.other, **WORDS)

    intake = fold_application(arrived, portal_now()).clock("intake")
    assert intake is not None
    assert intake.is_overdue
    assert intake.due_at is not None
    assert intake.due_at < at("2026-12-07", "15:00")


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"facts": ""}, InvalidInput, "事实和理由"),
        ({"legal_basis": ""}, InvalidInput, "依据"),
    ],
)
def test_sending_on_needs_its_words(
    asked: Application, world: World, changes: dict[str, str], refusal: type[PortalError], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        actions.forward(application=asked, by=clerk_of(asked, world), to=world.other, **{**WORDS, **changes})

    assert not Application.objects.filter(previous=asked).exists()


def test_where_nobody_handles_it_the_applicant_is_told_whom_to_ask(world: World, clock: TestClock) -> None:
    clock(at("2026-11-23", "10:00"))
    stall = file_application(world, "SJ-002")
    with pytest.raises(InvalidInput, match="白鹭乡没有开办这件事"):
        actions.forward(application=stall, by=world.wang, to=world.other, **WORDS)
    with pytest.raises(InvalidInput, match="这就是本镇"):
        actions.forward(application=stall, by=world.wang, to=world.township, **WORDS)
    with pytest.raises(NotAllowed):
        actions.forward(application=stall, by=world.chenb, to=world.other, **WORDS)

    stall.refresh_from_db()
    assert stall.state == "submitted"


def test_a_wrong_township_seen_after_the_notice_is_still_sent_on(asked: Application, world: World, clock: TestClock) -> None:
    clerk = clerk_of(asked, world)
    key = asked.rules.materials[0].key
    actions.correct(application=asked, by=clerk, points=[(key, "看不清，请重拍")])
    window = Client()
    window.force_login(clerk)
    shown = window.get(reverse("approvals:act", args=[asked.number, "reject"])).content.decode()
    assert "还没补来，不是不予受理的理由" in shown

    arrived = actions.forward(application=asked, by=clerk, to=world.other, **WORDS)

    asked.refresh_from_db()
    arrived.refresh_from_db()
    state = fold_application(asked, portal_now())
    assert (asked.state, state.state, arrived.received_on) == ("forwarded", "forwarded", asked.received_on)
    assert [clock.key for clock in state.clocks if clock.is_open] == []


@pytest.mark.parametrize("outcome", [State.NOT_OURS, State.NOT_REQUIRED, State.NOT_ACCEPTED, State.FORWARDED])
def test_while_material_is_awaited_the_window_may_say_that_it_is_not_needed(
    asked: Application, world: World, outcome: State
) -> None:
    clerk = clerk_of(asked, world)
    actions.correct(application=asked, by=clerk, points=[(asked.rules.materials[0].key, "看不清，请重拍")])

    actions.reject(application=asked, by=clerk, outcome=outcome, where="县局一楼，0000-555 0300", **WORDS)

    asked.refresh_from_db()
    assert (asked.state, Decision.objects.get(case__application=asked).outcome) == (outcome, outcome)
    with pytest.raises(WrongState):
        actions.supply(application=asked, by=world.an)


def test_the_page_sends_on_and_both_sides_say_so(asked: Application, world: World) -> None:
    window, applicant, stranger = Client(), Client(), Client()
    window.force_login(clerk_of(asked, world))
    applicant.force_login(world.an)
    url = reverse("approvals:act", args=[asked.number, "reject"])
    assert "示例县白鹭乡人民政府" in window.get(url).content.decode()

    done = window.post(url, {"outcome": "forwarded", "to": "bailu", **WORDS})

    assert done.status_code == 302, done.content.decode()
    arrived = Application.objects.get(previous=asked)
    old = applicant.get(reverse("approvals:progress", args=[asked.number])).content.decode()
    new = applicant.get(reverse("approvals:progress", args=[arrived.number])).content.decode()
    assert "已经转到那里接着办" in old
    assert "转来的原件，收件的日子不变" in new
    assert [link.township for link in links_of(asked)] == ["白鹭乡"]
    code = keys().open_text(bytes(asked.query_code_sealed))
    found = stranger.post(reverse("approvals:progress_lookup"), {"number": arrived.number, "code": code})
    assert found.status_code == 302


@pytest.fixture
def withdrawn(world: World, clock: TestClock) -> Application:
    """撤回了的摊贩备案"""
    clock(at("2026-11-23", "10:00"))
    stall = file_application(world, "SJ-002")
    actions.withdraw(application=stall, by=world.an, reason="先不办了")
    return stall


def test_asking_again_makes_a_new_linked_case(withdrawn: Application, world: World) -> None:
    draft = actions.reopen(application=withdrawn, by=world.an)

    assert (draft.state, draft.previous, draft.item) == ("draft", withdrawn, withdrawn.item)
    assert draft.number != withdrawn.number
    assert form_values(draft) == form_values(withdrawn)
    assert draft.answers == withdrawn.answers
    assert draft.pages_done == []
    assert actions.reopen(application=withdrawn, by=world.an) == draft
    assert [link.words for link in links_of(draft)] == ["这一件是重新申请，前一件"]
    assert links_of(withdrawn) == []  # nothing follows before it has been filed
    assert fold_application(withdrawn, portal_now()).state == "withdrawn"


def test_who_may_not_ask_again_and_when(withdrawn: Application, world: World) -> None:
    with pytest.raises(NotAllowed, match="本人"):
        actions.reopen(application=withdrawn, by=world.bao)
    running = file_application(world, "SJ-002")
    with pytest.raises(WrongState, match="还在办"):
        actions.reopen(application=running, by=world.an)
    actions.accept(application=running, by=world.wang)
    actions.decide(application=running, by=world.shi, outcome="approve")
    with pytest.raises(WrongState, match="结果还有效"):
        actions.reopen(application=running, by=world.an)
    actions.renounce(application=running, by=world.an, reason="不摆摊了")

    assert actions.reopen(application=running, by=world.an).previous == running


def test_what_was_sent_on_is_not_asked_again_here(asked: Application, world: World) -> None:
    actions.forward(application=asked, by=clerk_of(asked, world), to=world.other, **WORDS)

    with pytest.raises(WrongState, match="已经转送"):
        actions.reopen(application=asked, by=world.an)


def test_the_page_offers_it(withdrawn: Application, world: World) -> None:
    applicant = Client()
    applicant.force_login(world.an)
    progress = reverse("approvals:progress", args=[withdrawn.number])
    assert "重新申请" in applicant.get(progress).content.decode()

    done = applicant.post(reverse("approvals:reopen", args=[withdrawn.number]))

    draft = Application.objects.get(previous=withdrawn)
    assert done.status_code == 302
    assert done["Location"] == reverse("services:tasks", args=[draft.number])
