"""人和事项的情形：posting, versions, deputies, relatives – through the real actions on the ledger."""

import dataclasses
from datetime import date, timedelta

import pytest

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.loading import fold_application
from approvals.models import Decision, Opinion, Step
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.errors import NotAllowed
from portal.models import Channel, Event, Message, User
from services.definition import Citation, OnTimeout, Timeout
from services.importing import add_version
from services.models import Application, ServiceItem
from tests.approvals.test_views_desk import page, signed_in
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.world import World

LOCAL = Citation("示例县部门协同办理规定（虚构）", "第三条", "2026-01-05")
FILING = Citation("示例省农机补贴备案办法（虚构）", "第八条", "2026-01-05")


def with_filing_default(item: ServiceItem) -> None:
    """换上一个带公示的备案版本, whose silence would record it."""
    assert item.current is not None
    rules = dataclasses.replace(
        item.current.rules, positive="recorded", timeout=Timeout(OnTimeout.RECORD, OnTimeout.RECORD, FILING)
    )
    item.current = add_version(item, rules, source_digest="x", by=None, note="带公示的备案")
    item.save()


def test_case_08_posting_objection_on_its_last_day(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    with_filing_default(world.item("NY-004"))
    application = file_application(world, "NY-004")  # promise of 15 working days: through 23 November
    actions.accept(application=application, by=world.wang)
    actions.give_opinion(
        application=application, step="machine-check", by=world.fang, outcome="done", text="机具相符", second_signer="孙示例"
    )
    clock(at("2026-11-09", "16:00"))  # 3, 4, 5, 6 and 9 November: the last day of the posting
    actions.object_to(application=application, step="town-posting", by=world.fang, text="有人说这台机子是旧的")
    clock(at("2026-11-12", "09:00"))
    waiting = fold_application(application, portal_now()).step("town-posting")
    assert waiting is not None
    assert (waiting.status, waiting.objection) == ("open", True)

    actions.find(application=application, step="town-posting", by=world.fang, text="核对了发票和铭牌，是新机")

    again = fold_application(application, portal_now()).step("town-posting")
    assert again is not None
    assert again.clock is not None
    assert (again.round, again.clock.limit.length, again.clock.due_on) == (2, 5, date(2026, 11, 19))
    kept = Opinion.objects.filter(step__case__application=application, step__key="town-posting").order_by("pk")
    words = [("objected", "有人说这台机子是旧的"), ("done", "核对了发票和铭牌，是新机")]
    assert list(kept.values_list("outcome", "text")) == words
    clock(at("2026-11-24", "09:00"))
    settle_application(application.pk)
    state = fold_application(application, portal_now())
    assert state.outcome == ""  # the promise ended on the 23rd, before a decision, and nothing was recorded by default
    assert not Decision.objects.filter(case__application=application).exists()


def posted(world: World) -> Application:
    """农机补贴，核查完了，正在公示"""
    application = file_application(world, "NY-004")
    actions.accept(application=application, by=world.wang)
    check = {"step": "machine-check", "outcome": "done", "text": "机具相符", "second_signer": "孙示例"}
    actions.give_opinion(application=application, by=world.fang, **check)
    return application


def told(application: Application, kind: str) -> set[User]:
    """站内告诉了谁"""
    rows = Message.objects.filter(subject_number=application.number, kind=kind, channel=Channel.IN_SITE)
    return {row.recipient for row in rows}


def test_an_objection_is_kept_and_told_and_so_is_its_finding(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    application, words = posted(world), "有人说这台机子是旧的XYZZY"
    assert not Step.objects.filter(case__application=application, kind="decide").exists()  # routed, not read from its row
    actions.object_to(application=application, step="town-posting", by=world.fang, text=words)

    concerned = told(application, "posting_objected")
    assert concerned == {world.fang, world.nonghead, world.zhou}  # the county decides: its result comes in by the agent
    assert told(application, "posting_doubted") == {world.an}
    read = page(signed_in(world.fang), "case", application.number)
    assert words in read
    assert "公示有异议" in read
    assert not Event.objects.filter(payload__icontains="XYZZY").exists()

    actions.find(application=application, step="town-posting", by=world.fang, text="核对了发票和铭牌，是新机")

    assert told(application, "posting_found") == concerned
    assert told(application, "posted_again") == {world.an}


def test_a_finding_by_a_deputy_says_for_whom(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    application, start = posted(world), portal_now()
    post = Step.objects.select_related("post").get(case__application=application, key="town-posting").post
    assert post is not None
    span = {"starts_at": start, "ends_at": start + timedelta(days=3), "reason": "外出开会"}
    actions.delegate(post=post, deputy=world.wang, by=world.fang, **span)

    actions.object_to(application=application, step="town-posting", by=world.wang, text="有人说这台机子是旧的")
    actions.find(application=application, step="town-posting", by=world.wang, text="核对了发票和铭牌，是新机")

    kept = Opinion.objects.filter(step__case__application=application, step__key="town-posting")
    assert {(row.by, row.on_behalf_of) for row in kept} == {(world.wang, world.fang)}
    assert "王示例（代 方示例）" in page(signed_in(world.fang), "case", application.number)


def test_an_office_that_objects_is_heard_by_whoever_will_decide(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "ZR-001")
    actions.accept(application=application, by=world.chen)
    visit = {"step": "site-visit", "outcome": "done", "text": "已到场核查", "second_signer": "孙示例"}
    actions.give_opinion(application=application, by=world.fang, **visit)
    words = {"step": "joint-construction", "outcome": "object", "text": "后院占了规划的路"}
    actions.give_opinion(application=application, by=world.deng, **words)

    assert not Step.objects.filter(case__application=application, kind="decide").exists()
    assert told(application, "objection") == {world.zhen}


def test_case_09_rule_changed_while_the_case_runs(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    running = file_application(world, "ZR-001")
    switch_on(item=world.item("ZR-001"), target="joint-construction", mode=OnTimeout.CONSENT, citation=LOCAL, by=world.pi)
    later = file_application(world, "ZR-001")
    for application in (running, later):
        actions.accept(application=application, by=world.chen)
        visit = {"step": "site-visit", "outcome": "done", "text": "位置、面积相符", "second_signer": "孙示例"}
        actions.give_opinion(application=application, by=world.fang, **visit)

    clock(at("2026-11-10", "09:00"))  # five working days after the 2nd ended on Monday the 9th

    old = fold_application(running, portal_now()).step("joint-construction")
    new = fold_application(later, portal_now()).step("joint-construction")
    assert old is not None
    assert new is not None
    assert (old.status, old.outcome) == ("open", "")
    assert (new.status, new.outcome) == ("deemed", "consent")


def deciding(application: Application) -> Step:
    """决定的环节"""
    return Step.objects.select_related("post").get(case__application=application, kind="decide")


def test_case_10_deputy_has_acted_and_the_holder_returns_early(world: World, clock: TestClock) -> None:
    clock(at("2026-11-02", "09:00"))
    done, other = file_application(world, "SJ-002"), file_application(world, "SJ-002")
    for application in (done, other):
        actions.accept(application=application, by=world.wang)
    post, start = deciding(done).post, portal_now()
    assert post is not None
    delegation = actions.delegate(
        post=post, deputy=world.fang, by=world.shi, starts_at=start, ends_at=start + timedelta(days=3), reason="外出开会"
    )
    actions.decide(application=done, by=world.fang, outcome="approve")

    clock(at("2026-11-03", "09:00"))
    actions.revoke_delegation(delegation=delegation, by=world.shi)

    stands = Decision.objects.get(case__application=done)
    assert (stands.by, stands.on_behalf_of, stands.outcome) == (world.fang, world.shi, "recorded")
    with pytest.raises(NotAllowed):
        actions.decide(application=other, by=world.fang, outcome="approve")
    actions.decide(application=other, by=world.shi, outcome="approve")
