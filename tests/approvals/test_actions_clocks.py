"""中止、恢复、延长：who may, who signs beside, before when it must be committed, and how many days a reason has."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from approvals import actions
from approvals.loading import fold_application, load_events
from approvals.models import PauseNotice
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.models import Event, User
from services.definition import Citation, Limit, OnTimeout, Timeout
from services.models import Application
from tests.case_rows import make_version
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step, make_draft
from tests.world import World

CITED = Citation("示例县乡镇会签办法（虚构）", "第六条", "2026-01-05")
SILENT = Timeout(OnTimeout.CONSENT, OnTimeout.CONSENT, CITED)
JOINT = ("joint-construction", "joint-agriculture", "joint-land", "joint-water")
NOTICE = "需要再到现场核对，要几天"


@pytest.fixture
def house(world: World, clock: TestClock) -> Application:
    """会签中的宅基地申请：2026-11-12（周四）起，村建办不说话就是无异议，到19日24:00；承诺到12月2日"""
    clock(at("2026-11-11", "10:00"))
    draft = make_draft(world, "ZR-001")
    stages = tuple(replace(s, timeout=SILENT) if s.key == JOINT[0] else s for s in draft.rules.stages)
    draft.version = make_version(draft.item, replace(draft.rules, stages=stages), 900)
    draft.save(update_fields=["version"])
    application = actions.file(application=draft, by=world.an, key="k" * 32)
    actions.accept(application=application, by=world.chen)
    clock(at("2026-11-12", "10:00"))
    words = {"outcome": "agree", "text": "", "second_signer": "孙示例"}
    actions.give_opinion(application=application, step="site-visit", by=world.fang, **words)
    return application


def pause(application: Application, by: User, step: str = JOINT[0], until: str = "2026-11-30", **more: Any) -> None:
    """以听证为由中止"""
    words = {"reason": "hearing", "until": date.fromisoformat(until), "notice": NOTICE, "step": step}
    actions.pause(application=application, by=by, **{**words, **more})


def last(application: Application) -> Event:
    """台账的最后一条"""
    return load_events(application)[-1]


def due(application: Application, step: str) -> date | None:
    """环节的最后一天"""
    view = fold_application(application, portal_now()).step(step)
    assert view is not None
    assert view.clock is not None
    return view.clock.due_on


def test_an_office_does_not_stop_its_own_silence_alone_on_the_last_day(
    house: Application, world: World, clock: TestClock
) -> None:
    clock(at("2026-11-19", "16:50"))
    assert due(house, JOINT[0]) == date(2026, 11, 19)

    for second in (None, world.deng, world.jianhead):
        with pytest.raises(NotAllowed, match="第二"):
            pause(house, world.deng, second=second)

    assert due(house, JOINT[0]) == date(2026, 11, 19)
    pause(house, world.deng, second=world.nonghead)  # the head of the office whose item it is
    assert due(house, JOINT[0]) is None
    assert PauseNotice.objects.get(case__application=house).second_signer == world.nonghead


def test_a_pause_must_be_committed_before_the_silence_that_it_stops(house: Application, world: World) -> None:
    pause(house, world.deng)

    assert last(house).valid_before == at("2026-11-20", "00:00")  # of the step; the promise ends later


def test_an_extension_and_an_opinion_must_be_committed_before_a_silence_they_prevent(house: Application, world: World) -> None:
    actions.extend(application=house, by=world.nonghead, length=5, reason="案情复杂，要再核实")
    extended = last(house).valid_before
    words = {"outcome": "object", "text": "选址压占水渠，不符合规划"}
    actions.give_opinion(application=house, step="joint-land", by=world.sun, **words)

    assert (extended, last(house).valid_before) == (at("2026-11-20", "00:00"), at("2026-11-20", "00:00"))


def test_an_objection_must_be_committed_before_the_filing_is_recorded_by_silence(world: World, clock: TestClock) -> None:
    clock(at("2026-11-11", "10:00"))
    draft = make_draft(world, "ZR-003")
    record = Timeout(OnTimeout.RECORD, OnTimeout.RECORD, CITED)
    rules = replace(draft.rules, timeout=record, positive="recorded", statutory=None, promised=Limit(4))
    draft.version = make_version(draft.item, rules, 901)
    draft.save(update_fields=["version"])
    application = actions.file(application=draft, by=world.an, key="k" * 32)
    actions.accept(application=application, by=world.chen)

    words = {"outcome": "object", "text": "压占了基本农田", "second_signer": "孙示例"}
    actions.give_opinion(application=application, step="site-visit", by=world.fang, **words)

    # the step's own limit of five days, which gives nothing by silence, ends later
    assert last(application).valid_before == at("2026-11-18", "00:00")


# who -> the steps he may pause: the office that has the step, its head, and nobody else
@pytest.mark.parametrize(
    ("who", "may"),
    [("deng", JOINT[:1]), ("jianhead", JOINT[:1]), ("nonghead", JOINT[1:2]), ("sun", JOINT[2:3]), ("fang", ()), ("chen", ())],
)
def test_a_step_is_paused_and_resumed_by_the_office_that_has_it(
    house: Application, world: World, who: str, may: tuple[str, ...]
) -> None:
    by, owners = getattr(world, who), dict(zip(JOINT, (world.deng, world.nonghead, world.sun, world.shui), strict=True))
    for step in JOINT:
        if step in may:
            pause(house, by, step)
        else:
            with pytest.raises(NotAllowed, match="中止计时不在您的岗位职责里"):
                pause(house, by, step)
            pause(house, owners[step], step)

    for running in fold_application(house, portal_now()).pauses:
        if running.step in may:
            actions.resume(application=house, by=by, pause=running.id)
        else:
            with pytest.raises(NotAllowed, match="恢复计时不在您的岗位职责里"):
                actions.resume(application=house, by=by, pause=running.id)
    left = [p.step for p in fold_application(house, portal_now()).pauses if p.ended_on is None]
    assert left == [step for step in JOINT if step not in may]


@pytest.mark.parametrize(("who", "may"), [("she", True), ("shehead", True), ("wang", True), ("fang", False), ("zhou", False)])
def test_a_step_outside_the_house_is_paused_by_the_items_own_office_or_the_window(
    world: World, clock: TestClock, who: str, may: bool
) -> None:
    clock(at("2026-11-11", "10:00"))
    application = file_application(world, "MZ-001")
    actions.accept(application=application, by=world.wang)
    words = {"reason": "objection", "until": date(2026, 11, 20), "notice": NOTICE, "step": "family-check"}

    if may:
        actions.pause(application=application, by=getattr(world, who), **words)
        assert fold_application(application, portal_now()).pauses[-1].step == first_step(application)
    else:
        with pytest.raises(NotAllowed, match="社会事务办公室或者受理窗口"):
            actions.pause(application=application, by=getattr(world, who), **words)


@pytest.mark.parametrize(("who", "may"), [("nonghead", True), ("zhen", True), ("jianhead", False), ("fang", False)])
def test_an_extension_is_for_the_head_of_the_items_own_office(house: Application, world: World, who: str, may: bool) -> None:
    words: dict[str, Any] = {"length": 5, "reason": "案情复杂，要再核实"}

    if may:
        actions.extend(application=house, by=getattr(world, who), **words)
    else:
        with pytest.raises(NotAllowed, match="批准延长要由农业农村办公室的负责人或镇领导办理"):
            actions.extend(application=house, by=getattr(world, who), **words)
    assert fold_application(house, portal_now()).extended is may


def test_a_reason_has_its_days_once_however_often_it_is_given(house: Application, world: World, clock: TestClock) -> None:
    pause(house, world.sun, "joint-land", until="2026-12-22")  # 40 of 60 days
    clock(at("2026-12-02", "10:00"))
    (running,) = fold_application(house, portal_now()).pauses
    actions.resume(application=house, by=world.sun, pause=running.id)  # 20 were taken
    clock(at("2026-12-03", "10:00"))

    with pytest.raises(InvalidInput, match=r"前后加起来最长中止60个自然日，已经用了20个，最多还能停40个。"):
        pause(house, world.sun, "joint-land", until="2027-01-13", second=world.nonghead)

    pause(house, world.sun, "joint-land", until="2027-01-12", second=world.nonghead)
    pause(house, world.shui, "joint-water", until="2027-01-12", second=world.nonghead)  # the same days beside it
    clock(at("2027-01-13", "10:00"))
    with pytest.raises(InvalidInput, match="已经用了60个，不能再停。"):
        pause(house, world.sun, "joint-land", until="2027-01-14", second=world.nonghead)


def test_beside_a_paused_step_another_is_paused_and_resumed_by_itself(house: Application, world: World) -> None:
    pause(house, world.sun, "joint-land")
    pause(house, world.shui, "joint-water")
    with pytest.raises(WrongState, match="不能重复中止"):
        pause(house, world.sun, "joint-land")
    with pytest.raises(InvalidInput, match="请选恢复哪一个"):
        actions.resume(application=house, by=world.sun)

    land, water = fold_application(house, portal_now()).pauses
    actions.resume(application=house, by=world.sun, pause=land.id)

    assert (due(house, "joint-land"), due(house, "joint-water")) == (date(2026, 11, 19), None)
    ended = dict(PauseNotice.objects.values_list("event__payload__id", "ended_on"))
    assert ended == {land.id: date(2026, 11, 12), water.id: None}
    with pytest.raises(WrongState, match="这次中止已经结束"):
        actions.resume(application=house, by=world.sun, pause=land.id)
    actions.resume(application=house, by=world.shui)
    with pytest.raises(WrongState, match="现在没有中止"):
        actions.resume(application=house, by=world.shui)


@pytest.mark.parametrize("act", ["opinion", "withdraw"])
def test_a_pause_that_ends_with_its_step_or_the_case_is_told_to_have_ended(
    house: Application, world: World, clock: TestClock, act: str
) -> None:
    pause(house, world.sun, "joint-land")
    pause(house, world.shui, "joint-water")
    clock(at("2026-11-16", "10:00"))

    if act == "opinion":
        actions.give_opinion(application=house, step="joint-land", by=world.sun, outcome="agree", text="")
    else:
        actions.withdraw(application=house, by=world.an, reason="家里商量后不办了")

    ended = PauseNotice.objects.filter(case__application=house).order_by("pk").values_list("ended_on", flat=True)
    assert list(ended) == [date(2026, 11, 16), None if act == "opinion" else date(2026, 11, 16)]
    clock(at("2026-12-01", "10:00"))  # what ends by itself on the day it named needs no second date
    settle_application(house.pk)
    assert list(ended.all()) == [date(2026, 11, 16), None if act == "opinion" else date(2026, 11, 16)]
