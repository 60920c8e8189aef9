"""结果以后：correction inside the window, revocation after it, renunciation – beside the outcome, which stays."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.afterwards import correction_ends_at
from approvals.lawful import lawful_acts
from approvals.loading import fold_application, load_events
from approvals.models import Certificate, Decision, LinkedAct, PublicResult, ResponsibilityRecord
from approvals.queries import cases
from approvals.settling import settle_application
from disclosure.queries.results import results, results_page
from portal import ledger
from portal.clock import portal_now
from portal.errors import DeadlinePassed, InvalidInput, NotAllowed, PortalError, WrongState
from portal.keys import keys
from portal.models import Message, Relation, User
from portal.permissions import powers_of
from services.definition import Citation, OnTimeout
from services.models import Application
from services.remedies import remedies_told
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
WORDS = {"reason": "摊位在学校门口五十米以内，不符合条件", "legal_basis": "示例省食品摊贩条例第八条"}
RESULT = {"result": "不予备案", **WORDS}


@pytest.fixture
def recorded(world: World, clock: TestClock) -> Application:
    """收讫即备案了的摊贩：2026-11-26 24:00 生效，更正期10个工作日到 2026-12-10 24:00"""
    clock(at("2026-11-23", "09:00"))
    switch_on(
        item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi
    )
    application = file_application(world, "SJ-002")
    clock(at("2026-11-30", "10:00"))
    settle_application(application.pk)
    return application


def kept(application: Application) -> list[Any]:
    """结果、责任：must be the same rows before and after."""
    decision = Decision.objects.values().get(case__application=application)
    return [
        decision,
        *ResponsibilityRecord.objects.filter(case__application=application).order_by("pk").values(),
    ]


def test_a_correction_inside_the_window_stands_beside_the_default(
    recorded: Application, world: World, clock: TestClock
) -> None:
    before = kept(recorded)
    clock(at("2026-12-10", "23:59:50"))

    actions.rectify(application=recorded, by=world.zhen, **RESULT)

    act = LinkedAct.objects.get(case__application=recorded)
    state = fold_application(recorded, portal_now())
    result = PublicResult.objects.get(number=recorded.number)
    certificate = Certificate.objects.get(case__application=recorded)
    assert kept(recorded) == before
    assert (state.state, state.manner, state.effective_at) == (
        "recorded",
        "deemed",
        at("2026-11-27", "00:00"),
    )
    assert state.linked == ("rectified",)
    assert (act.kind, act.result, act.by, act.remedies) == (
        "rectified",
        "不予备案",
        world.zhen,
        remedies_told(recorded.rules, world.township),
    )
    assert (result.outcome, result.linked, result.linked_at) == ("recorded", "rectified", act.at)
    assert (certificate.revoked_at, certificate.revoked_for) == (act.at, f"更正：{WORDS['legal_basis']}")
    assert act.event.valid_before == at("2026-12-11", "00:00")
    assert ledger.verify(load_events(recorded)) is None


def test_a_correction_after_the_window_is_too_late_and_a_revocation_before_it_too_early(
    recorded: Application, world: World, clock: TestClock
) -> None:
    with pytest.raises(WrongState, match="还在更正期内"):
        actions.revoke(application=recorded, by=world.zhen, **WORDS)
    clock(at("2026-12-11", "00:00"))
    with pytest.raises(DeadlinePassed, match="更正期（10个工作日）已经过了，只能依法撤销"):
        actions.rectify(application=recorded, by=world.zhen, **RESULT)

    actions.revoke(application=recorded, by=world.zhen, **WORDS)

    assert LinkedAct.objects.get(case__application=recorded).kind == "revoked"
    assert Message.objects.filter(recipient=world.an, kind="revoked", channel="in_site").count() == 1
    told = set(Message.objects.filter(kind="outcome_linked").values_list("recipient__login", flat=True))
    blamed = ResponsibilityRecord.objects.get(case__application=recorded, mode="record").user
    assert blamed is not None
    assert {world.du.login, blamed.login} <= told
    with pytest.raises(WrongState, match="已经撤销了"):
        actions.revoke(application=recorded, by=world.zhen, **WORDS)
    with pytest.raises(WrongState, match="已经撤销了，没有可以放弃的"):
        actions.renounce(application=recorded, by=world.an, reason="不要了")


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"reason": " "}, InvalidInput, "事实和理由"),
        ({"legal_basis": "法"}, InvalidInput, "写明依据"),
        ({"result": ""}, InvalidInput, "更正成什么"),
    ],
)
def test_a_correction_needs_its_words(
    recorded: Application, world: World, changes: dict[str, str], refusal: type[PortalError], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        actions.rectify(application=recorded, by=world.zhen, **{**RESULT, **changes})

    assert not LinkedAct.objects.exists()
    assert Certificate.objects.get(case__application=recorded).revoked_at is None


def test_only_the_own_head_or_a_leader_may(recorded: Application, world: World) -> None:
    for by in (world.wang, world.shehead, world.shi, world.pi, world.an, world.chenb):
        with pytest.raises(NotAllowed, match="食品"):
            actions.rectify(application=recorded, by=by, **RESULT)
    Relation.objects.create(person=world.zhen.person, relative=world.an.person, kind="叔侄")
    with pytest.raises(NotAllowed, match="回避"):
        actions.rectify(application=recorded, by=world.zhen, **RESULT)


def test_a_signed_outcome_is_revoked_at_any_time_and_never_corrected(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    stall = file_application(world, "SJ-002")
    with pytest.raises(WrongState, match="没有准予、备案、办结的结果"):
        actions.revoke(application=stall, by=world.zhen, **WORDS)
    actions.accept(application=stall, by=world.wang)
    actions.decide(application=stall, by=world.shi, outcome="approve")

    with pytest.raises(WrongState, match="书面决定"):
        actions.rectify(application=stall, by=world.zhen, **RESULT)
    actions.revoke(application=stall, by=world.zhen, **WORDS)

    assert fold_application(stall, portal_now()).linked == ("revoked",)
    assert Decision.objects.get(case__application=stall).outcome == "recorded"


def test_the_applicant_alone_gives_a_result_up(recorded: Application, world: World) -> None:
    with pytest.raises(DeadlinePassed, match="收讫即备案"):
        actions.withdraw(application=recorded, by=world.an, reason="不摆摊了")
    with pytest.raises(NotAllowed, match="本人"):
        actions.renounce(application=recorded, by=world.bao, reason="不摆摊了")
    with pytest.raises(InvalidInput, match="为什么放弃"):
        actions.renounce(application=recorded, by=world.an, reason="")

    actions.renounce(application=recorded, by=world.an, reason="不摆摊了")

    assert LinkedAct.objects.get(case__application=recorded).kind == "renounced"
    assert Certificate.objects.get(case__application=recorded).revoked_for == "申请人放弃"


def judged(application: Application, user: User) -> tuple[set[str], dict[str, str]]:
    """某人能办的和不能办的"""
    folded = cases.fold_one(cases.filed_applications().get(pk=application.pk), portal_now())
    acts, barred = lawful_acts(
        folded.state, folded.application.rules, powers_of(user, folded.at), number=application.number
    )
    return {act.act for act in acts}, {bar.label: bar.reason for bar in barred}


def test_what_is_offered_is_what_is_allowed(recorded: Application, world: World, clock: TestClock) -> None:
    acts, barred = judged(recorded, world.zhen)
    assert "rectify" in acts
    assert "还在更正期内" in barred["撤销"]
    assert not {"rectify", "revoke"} & judged(recorded, world.wang)[0]
    assert "更正默认结果" not in judged(recorded, world.wang)[1]

    clock(at("2026-12-11", "00:00"))

    acts, barred = judged(recorded, world.zhen)
    assert "revoke" in acts
    assert "已经过了" in barred["更正默认结果"]


def test_the_window_counts_working_days_of_the_version(recorded: Application) -> None:
    state = fold_application(recorded, portal_now())

    assert correction_ends_at(state, recorded.rules) == at("2026-12-11", "00:00")


def test_pages_board_and_interface_say_so(recorded: Application, world: World, clock: TestClock) -> None:
    leader, applicant = Client(), Client()
    leader.force_login(world.zhen)
    applicant.force_login(world.an)
    number = recorded.number
    wrong = leader.post(
        reverse("approvals:act", args=[number, "rectify"]), {"result": "不予备案", "reason": "写了的字"}
    )
    assert wrong.status_code == 400
    assert "写了的字" in wrong.content.decode()
    shown = leader.get(reverse("approvals:act", args=[number, "rectify"])).content.decode()
    assert "更正期到2026年12月10日" in shown

    done = leader.post(reverse("approvals:act", args=[number, "rectify"]), RESULT)

    assert done.status_code == 302, done.content.decode()
    page = applicant.get(reverse("approvals:progress", args=[number])).content.decode()
    assert "收讫即备案（已更正）" in page
    assert "结果更正了" in page
    assert WORDS["reason"] in page
    assert "放弃结果" not in page
    checked = Client().get(reverse("approvals:verify", args=[f"{number}-1"])).content.decode()
    assert "起不再有效" in checked
    assert WORDS["legal_basis"] in checked
    assert WORDS["reason"] not in checked
    rows, _ = results_page(results(world.township))
    assert [(row.outcome, "更正" in row.later) for row in rows if row.number == number] == [
        ("收讫即备案", True)
    ]
    code = keys().open_text(bytes(recorded.query_code_sealed))
    answer = Client().get(f"/api/v1/progress/{number}/", {"code": code}).json()
    assert [act["kind"] for act in answer["linked_acts"]] == ["rectified"]
    assert answer["outcome"] == "recorded"


def test_giving_up_has_its_page(recorded: Application, world: World) -> None:
    applicant = Client()
    applicant.force_login(world.an)
    url = reverse("approvals:renounce", args=[recorded.number])
    assert "放弃结果" in applicant.get(reverse("approvals:progress", args=[recorded.number])).content.decode()

    assert "请写一句为什么放弃" in applicant.post(url, {"reason": ""}).content.decode()
    assert applicant.post(url, {"reason": "不摆摊了"}).status_code == 302

    again = applicant.post(url, {"reason": "不摆摊了"})
    assert again.status_code == 409
    assert "没有可以放弃的" in again.content.decode()
