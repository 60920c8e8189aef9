"""终结：only on a ground the law knows, by the heads, before there is a result; told with its remedies."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals import actions
from approvals.lawful import lawful_acts
from approvals.loading import fold_application
from approvals.models import Case, Decision, PublicResult
from approvals.queries import cases
from approvals.settling import settle
from approvals.writing import perform
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, PortalError, WrongState
from portal.ledger import Entry
from portal.models import Message, User
from portal.permissions import powers_of
from services.models import Application
from services.remedies import remedies_told
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

WORDS = {"ground": "gone", "facts": "要备案的摊车10月着火烧毁", "legal_basis": "示例省食品摊贩条例第九条"}


@pytest.fixture
def stall(world: World, clock: TestClock) -> Application:
    """等着决定的摊贩备案"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "SJ-002")
    actions.accept(application=application, by=world.wang)
    return application


def test_a_case_ends_with_its_ground_and_remedies(stall: Application, world: World) -> None:
    actions.terminate(application=stall, by=world.zhen, **WORDS)

    decision = Decision.objects.get(case__application=stall)
    state = fold_application(stall, portal_now())
    stall.refresh_from_db()
    assert (stall.state, state.state, state.manner) == ("terminated", "terminated", "signed")
    assert decision.facts.endswith(WORDS["facts"])
    assert "已经不在了" in decision.facts
    assert decision.remedies == remedies_told(stall.rules, world.township)
    assert Case.objects.get(application=stall).closed_at is not None
    assert PublicResult.objects.get(number=stall.number).outcome == "terminated"
    assert Message.objects.filter(recipient=world.an, kind="terminated", channel="in_site").count() == 1
    with pytest.raises(WrongState, match="已经有结果（已终止）"):
        actions.terminate(application=stall, by=world.zhen, **WORDS)


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"ground": "tired"}, InvalidInput, "没有法定事由"),
        ({"facts": " "}, InvalidInput, "事实和理由"),
        ({"legal_basis": ""}, InvalidInput, "写明依据"),
        ({"ground": "died"}, WrongState, "还没有登记申请人去世"),
        ({"ground": "duplicate"}, WrongState, "还没有登记重复件"),
    ],
)
def test_without_its_reason_nothing_ends(
    stall: Application, world: World, changes: dict[str, str], refusal: type[PortalError], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        actions.terminate(application=stall, by=world.zhen, **{**WORDS, **changes})

    stall.refresh_from_db()
    assert stall.state == "accepted"


def test_a_registered_death_ends_the_case_of_one_person(stall: Application, world: World) -> None:
    perform(stall.pk, lambda work: work.record(Entry("died", {}, actor=world.zhou)), settle)

    actions.terminate(application=stall, by=world.zhen, **{**WORDS, "ground": "died"})

    assert fold_application(stall, portal_now()).state == "terminated"


def test_only_the_heads_may(stall: Application, world: World) -> None:
    for by in (world.wang, world.shi, world.jianhead, world.an, world.chenb):
        with pytest.raises(NotAllowed, match="负责人或镇领导"):
            actions.terminate(application=stall, by=by, **WORDS)


def judged(application: Application, user: User) -> set[str]:
    """某人能办的"""
    folded = cases.fold_one(cases.filed_applications().get(pk=application.pk), portal_now())
    acts, _ = lawful_acts(folded.state, folded.application.rules, powers_of(user, folded.at), number=application.number)
    return {act.act for act in acts}


def test_the_page_keeps_what_was_typed(stall: Application, world: World) -> None:
    leader, applicant = Client(), Client()
    leader.force_login(world.zhen)
    applicant.force_login(world.an)
    url = reverse("approvals:act", args=[stall.number, "terminate"])
    assert "terminate" in judged(stall, world.zhen)
    assert "terminate" not in judged(stall, world.wang)

    wrong: Any = leader.post(url, {"facts": "写了的字在这里"})
    done = leader.post(url, WORDS)

    assert wrong.status_code == 400
    assert "请选一个终结的事由" in wrong.content.decode()
    assert "写了的字在这里" in wrong.content.decode()
    assert done.status_code == 302
    assert WORDS["facts"] in applicant.get(reverse("approvals:progress", args=[stall.number])).content.decode()
    assert "terminate" not in judged(stall, world.zhen)
