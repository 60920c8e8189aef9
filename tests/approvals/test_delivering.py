"""送达：the clock of ten working days after the result, its receipt, and nothing shown as 办结 before it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals import actions
from approvals.lawful import Lawful, lawful_acts
from approvals.loading import fold_application
from approvals.models import Card, Case, Delivery, ResponsibilityRecord, Step
from approvals.queries import cases
from approvals.queries.deputies import own_work
from approvals.queries.desk import Work, make_mark
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.keys import keys
from portal.models import Message, User
from portal.pagewords import cn_end
from portal.permissions import powers_of
from services import actions as drafts
from services.definition import Stage, StageKind
from services.models import Application, HowSupplied
from tests.case_rows import make_version
from tests.conftest import TestClock
from tests.factories import at, file_application, make_draft
from tests.portal.pages import signed_in
from tests.world import World

SIGNED_FOR = {"how": "handed", "receipt": "签收簿第3页"}


@pytest.fixture
def decided(world: World, clock: TestClock) -> Application:
    """2026-11-02（周一）准予备案的摊贩：10个工作日里送达，到16日24:00"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "SJ-002")
    actions.accept(application=application, by=world.wang)
    actions.decide(application=application, by=world.shi, outcome="approve")
    return application


def test_the_term_runs_from_the_decision(decided: Application) -> None:
    state = fold_application(decided, portal_now())
    delivery = state.clock("delivery")

    assert delivery is not None
    assert (delivery.due_at, state.awaits_delivery) == (at("2026-11-17", "00:00"), True)
    assert Case.objects.get(application=decided).delivery_due_at == at("2026-11-17", "00:00")


def test_a_delivery_is_registered_with_its_receipt(decided: Application, world: World) -> None:
    actions.deliver(application=decided, by=world.wang, **SIGNED_FOR)

    row = Delivery.objects.get(case__application=decided)
    assert (row.how, row.receipt, row.by, row.late) == ("handed", "签收簿第3页", world.wang, False)
    assert not fold_application(decided, portal_now()).awaits_delivery
    assert Case.objects.get(application=decided).delivery_due_at is None
    assert Message.objects.filter(recipient=world.an, kind="delivered", channel="in_site").count() == 1
    with pytest.raises(WrongState, match="已经送达过"):
        actions.deliver(application=decided, by=world.wang, **SIGNED_FOR)


@pytest.fixture
def certified(world: World, clock: TestClock) -> Application:
    """2026-11-02（周一）准予补证的：发证就是送达，归窗口"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "WJ-005")
    actions.accept(application=application, by=world.wang)
    actions.decide(application=application, by=world.shehead, outcome="approve")
    return application


def desk_of(user: User) -> str:
    """某人的工作台"""
    client = Client()
    client.force_login(user)
    return client.get(reverse("approvals:workbench")).content.decode()


@pytest.mark.parametrize("by", ["window", "applicant"])
def test_a_delivery_closes_the_step_that_is_the_delivery(certified: Application, world: World, clock: TestClock, by: str) -> None:
    deliver_url = f"{reverse('approvals:act', args=[certified.number, 'deliver'])}?step=certificate"
    assert deliver_url in desk_of(world.wang)
    assert "opinion/?step=certificate" not in desk_of(world.wang)
    assert "登记送达（补证）" in [act.label for act in acts_of(certified, world.wang)]
    clock(at("2026-11-03", "17:00"))

    if by == "window":
        actions.deliver(application=certified, by=world.wang, **SIGNED_FOR)
    else:
        actions.confirm_delivery(application=certified, by=world.an)

    step, ended = Step.objects.get(case__application=certified, key="certificate"), Delivery.objects.get().at
    assert (step.status, step.ended_at, step.late) == ("done", ended, False)
    assert Case.objects.get(application=certified).closed_at == ended
    assert certified.number not in desk_of(world.wang)
    clock(at("2026-12-01", "09:00"))
    settle_application(certified.pk)
    assert not Card.objects.filter(case__application=certified, at__gt=ended).exists()
    assert not ResponsibilityRecord.objects.filter(case__application=certified).exists()


def test_an_opinion_does_not_stand_for_a_delivery(certified: Application, world: World) -> None:
    client = Client()
    client.force_login(world.wang)
    page = reverse("approvals:act", args=[certified.number, "opinion"])

    with pytest.raises(WrongState, match="「补证」就是送达，不填意见：请到「登记送达」"):
        actions.give_opinion(application=certified, step="certificate", by=world.wang, outcome="done", text="已经办好")

    led = client.get(page, {"step": "certificate"})
    assert (led.status_code, led["Location"]) == (302, reverse("approvals:act", args=[certified.number, "deliver"]))
    assert Step.objects.get(case__application=certified, key="certificate").status == "open"


def test_what_else_follows_a_decision_is_not_the_delivery(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    urgent = file_application(world, "MZ-005")
    actions.accept(application=urgent, by=world.wang)
    actions.decide(application=urgent, by=world.zhen, outcome="approve")

    actions.deliver(application=urgent, by=world.wang, **SIGNED_FOR)

    left = Step.objects.get(case__application=urgent, key="paperwork")
    page = desk_of(world.she)
    assert left.status == "open"
    assert f"{reverse('approvals:act', args=[urgent.number, 'opinion'])}?step=paperwork" in page
    assert "登记办好" in page
    assert "登记办好（补齐审核审批手续）" in [act.label for act in acts_of(urgent, world.she)]
    actions.give_opinion(application=urgent, step="paperwork", by=world.she, outcome="done", text="手续补齐，已归档")
    told = Message.objects.filter(recipient=world.an, channel="in_site", kind__in=("delivered", "step_done"))
    assert list(told.order_by("pk").values_list("kind", flat=True)) == ["delivered", "step_done"]


def test_who_has_the_step_delivers_though_he_has_no_window(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    draft = make_draft(world, "SJ-002")
    told = Stage("notice", "告知", StageKind.DELIVER, 9, "social-affairs", "review", hands_over=True)
    draft.version = make_version(draft.item, replace(draft.rules, stages=(*draft.rules.stages, told)), 900)
    draft.save(update_fields=["version"])
    stall = actions.file(application=draft, by=world.an, key="0" * 32)
    actions.accept(application=stall, by=world.wang)
    actions.decide(application=stall, by=world.shi, outcome="approve")

    with pytest.raises(NotAllowed, match="登记送达"):
        actions.deliver(application=stall, by=world.shui, **SIGNED_FOR)
    assert "登记送达（告知）" in [act.label for act in acts_of(stall, world.she)]
    actions.deliver(application=stall, by=world.she, **SIGNED_FOR)

    assert Delivery.objects.get(case__application=stall).post == world.post("she")


def test_what_is_not_delivered_in_time_has_its_cards_and_its_late_delivery(
    decided: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-17", "00:00"))
    settle_application(decided.pk)

    actions.deliver(application=decided, by=world.wang, **SIGNED_FOR)

    cards = Card.objects.filter(case__application=decided, clock="delivery").order_by("at").values_list("rung", flat=True)
    assert list(cards) == ["remind", "yellow", "red"]
    blamed = ResponsibilityRecord.objects.get(case__application=decided, clock="delivery")
    assert (blamed.mode, blamed.user) == ("escalate", world.wang)
    assert Delivery.objects.get(case__application=decided).late
    assert fold_application(decided, portal_now()).reason_due_on is None  # what is late is the post, not the decision


def test_without_receipt_result_or_duty_nothing_is_delivered(decided: Application, world: World) -> None:
    with pytest.raises(InvalidInput, match="没有凭据不能算送达"):
        actions.deliver(application=decided, by=world.wang, how="mail", receipt=" ")
    for how in ("online", "pigeon"):
        with pytest.raises(InvalidInput, match="怎样送达"):
            actions.deliver(application=decided, by=world.wang, how=how, receipt="签收簿第3页")
    with pytest.raises(NotAllowed, match="登记送达"):
        actions.deliver(application=decided, by=world.shui, **SIGNED_FOR)
    with pytest.raises(WrongState, match="没有等着送达"):
        actions.deliver(application=file_application(world, "SJ-002"), by=world.wang, **SIGNED_FOR)

    assert not Delivery.objects.exists()


def test_the_applicant_alone_says_that_it_has_come(decided: Application, world: World) -> None:
    with pytest.raises(NotAllowed, match="本人"):
        actions.confirm_delivery(application=decided, by=world.bao)

    actions.confirm_delivery(application=decided, by=world.an)

    assert Delivery.objects.get(case__application=decided).how == "online"


def test_a_revoked_result_is_not_delivered_any_more(decided: Application, world: World) -> None:
    words = {"reason": "摊位在学校门口五十米以内，不符合条件", "legal_basis": "示例省食品摊贩条例第八条"}
    actions.revoke(application=decided, by=world.zhen, **words)

    assert not fold_application(decided, portal_now()).awaits_delivery
    with pytest.raises(WrongState, match="没有等着送达"):
        actions.deliver(application=decided, by=world.wang, **SIGNED_FOR)


def acts_of(application: Application, user: User) -> list[Lawful]:
    """某人能办的"""
    folded = cases.fold_one(cases.filed_applications().get(pk=application.pk), portal_now())
    powers = powers_of(user, folded.at)
    return lawful_acts(folded.state, folded.application.rules, powers, number=application.number)[0]


def judged(application: Application, user: User) -> tuple[set[str], dict[str, str]]:
    """某人能办的和不能办的"""
    folded = cases.fold_one(cases.filed_applications().get(pk=application.pk), portal_now())
    powers = powers_of(user, folded.at)
    acts, barred = lawful_acts(folded.state, folded.application.rules, powers, number=application.number)
    return {act.act for act in acts}, {bar.label: bar.reason for bar in barred}


def test_pages_list_and_interface(decided: Application, world: World) -> None:
    window, applicant = Client(), Client()
    window.force_login(world.wang)
    applicant.force_login(world.an)
    progress = reverse("approvals:progress", args=[decided.number])
    code = keys().open_text(bytes(decided.query_code_sealed))
    assert "有结果，待送达" in applicant.get(progress).content.decode()
    assert "有结果，待送达" in applicant.get(reverse("approvals:mine")).content.decode()
    assert decided.number in window.get(reverse("approvals:deliveries")).content.decode()
    assert "deliver" in judged(decided, world.wang)[0]

    missing = window.post(reverse("approvals:act", args=[decided.number, "deliver"]), {"how": "mail"})
    done = applicant.post(reverse("approvals:received", args=[decided.number]))

    assert "请写送达的凭据" in missing.content.decode()
    assert done.status_code == 302
    shown = applicant.get(progress).content.decode()
    assert "有结果，待送达" not in shown
    assert "结果送到了" in shown
    assert decided.number not in window.get(reverse("approvals:deliveries")).content.decode()
    assert judged(decided, world.wang)[1]["登记送达"] == "已经送达，或不用再送"
    answer = Client().get(f"/api/v1/progress/{decided.number}/", {"code": code}).json()
    assert answer["delivered_at"] is not None
    assert portal_now() - Delivery.objects.get(case__application=decided).at < timedelta(minutes=1)


def undelivered(world: World, clock: TestClock, *more: Stage) -> Application:
    """周示例代办的低保申请，2026-11-23镇里作了决定，结果还没送到"""
    clock(at("2026-11-02", "09:00"))
    draft = make_draft(world, "SJ-002", by=world.zhou)
    version = make_version(draft.item, replace(draft.rules, stages=(*draft.rules.stages, *more)), 900) if more else draft.version
    told = {"consent": "口头委托，念给本人听过", "version": version}
    Application.objects.filter(pk=draft.pk).update(applicant=world.an.person, **told)
    draft.refresh_from_db()
    for material in draft.rules.needed(draft.answers, by_agent=True):
        drafts.set_point(application=draft, material=material.key, how=HowSupplied.WINDOW)
    stall = actions.file(application=draft, by=world.zhou, key="k" * 8)
    assert stall.agent == world.post("zhou")
    actions.accept(application=stall, by=world.wang)
    clock(at("2026-11-03", "10:00"))
    actions.decide(application=stall, by=world.shi, outcome="approve", seen=True)
    return stall


def test_a_result_not_yet_delivered_stands_in_the_agents_queue_with_its_last_day(world: World, clock: TestClock) -> None:
    stall = undelivered(world, clock)
    desk = signed_in(world.zhou)
    due = Case.objects.get(application=stall).delivery_due_at
    assert due is not None

    shown = desk.get(reverse("approvals:workbench")).content.decode()

    assert "结果送达" in shown
    assert reverse("approvals:act", args=[stall.number, "deliver"]) in shown
    assert cn_end(due) in shown
    assert desk.get(reverse("approvals:why", args=[stall.number, "delivery"])).status_code == 200
    assert own_work(world.zhou, portal_now()) == []
    for other in (world.wang, world.chen, world.head):
        assert "结果送达" not in signed_in(other).get(reverse("approvals:workbench")).content.decode()

    actions.deliver(application=stall, by=world.zhou, how="handed", receipt="签收簿第3页")
    assert "结果送达" not in desk.get(reverse("approvals:workbench")).content.decode()


@pytest.mark.parametrize(("hands_over", "listed"), [(True, ["hand"]), (False, ["delivery", "hand"])])
def test_a_step_of_the_agents_own_stands_for_the_result_only_if_it_is_the_delivery(
    world: World, clock: TestClock, hands_over: bool, listed: list[str]
) -> None:
    step = Stage("hand", "县里发证", StageKind.DELIVER, 9, "county-civil-affairs", "agent", external=True, hands_over=hands_over)
    undelivered(world, clock, step)

    rows = Work(world.zhou, powers_of(world.zhou, portal_now()), portal_now()).page().rows

    assert sorted(row.key for row in rows) == listed
    assert [row.hands_over for row in rows if row.key == "hand"] == [hands_over]


def test_it_is_counted_turns_red_and_pages_like_the_rest(world: World, clock: TestClock) -> None:
    stall = undelivered(world, clock)
    powers = powers_of(world.zhou, portal_now())
    work = Work(world.zhou, powers, portal_now())
    assert work.count()[0] == {"": 1, "超期": 0, "临期": 0, "正常": 1, "中止": 0, "暂定": 0}
    (row,) = work.page().rows
    assert work.page(after=make_mark(row)).rows == []
    for light, found in (("正常", 1), ("临期", 0), ("中止", 0), ("超期", 0)):
        assert len(work.page(light=light).rows) == found

    clock(row.due)
    late = Work(world.zhou, powers, portal_now())

    assert late.count()[0]["超期"] == 1
    assert [row.number for row in late.page(light="超期").rows] == [stall.number]


def test_the_agents_queue_costs_no_statement_more(world: World, clock: TestClock) -> None:
    desk, costs = signed_in(world.zhou), []
    clock(at("2026-11-02", "09:00"))
    desk.get(reverse("approvals:workbench"))
    for prepare in (lambda: None, lambda: undelivered(world, clock)):
        prepare()
        desk.get(reverse("approvals:workbench"))
        with CaptureQueriesContext(connection) as seen:
            desk.get(reverse("approvals:workbench"))
        costs.append(len(seen))

    assert costs[0] == costs[1]
