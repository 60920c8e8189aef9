"""动作的台面：for every verb a case, or a delegation, on which it can be done – and the act itself."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from approvals import actions, sweeping
from approvals.actions.modes import switch_on
from approvals.loading import fold_application
from portal.clock import portal_now
from portal.models import Delegation
from services import actions as drafts
from services.definition import Citation, OnTimeout
from services.models import Application, HowSupplied
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step, make_draft
from tests.killing import SAME, Act, Deed
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
CONSENT_RULE = Citation("示例县部门协同办理规定（虚构）", "第三条", "2026-01-05")
FACTS = "宅基地与规划图不符，压占了水渠"


def filed_stall(world: World, clock: TestClock) -> Application:
    """食品摊贩备案，2026-11-23（周一）提交，26日24时收讫即备案"""
    clock(at("2026-11-23", "09:00"))
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi)
    return file_application(world, "SJ-002")


def accepted_stall(world: World, clock: TestClock) -> Application:
    """已受理的备案; its reminder has come up and nobody has written it down."""
    stall = filed_stall(world, clock)
    actions.accept(application=stall, by=world.wang)
    clock(at("2026-11-25", "10:00"))
    return stall


def corrected_stall(world: World, clock: TestClock) -> Application:
    """一次性告知过、材料刚补上的备案"""
    stall = filed_stall(world, clock)
    key = stall.rules.materials[0].key
    actions.correct(application=stall, by=world.wang, points=[(key, "照片看不清，请重拍")])
    clock(at("2026-11-24", "10:00"))
    drafts.set_point(application=stall, material=key, how=HowSupplied.WINDOW)
    return stall


def accepted_house(world: World, clock: TestClock) -> Application:
    """已受理的宅基地申请（2026-11-02 提交），各站所会签中, the village office's silence is consent"""
    clock(at("2026-11-02", "09:00"))
    item = world.item("ZR-001")
    stage = next(s for s in item.current.rules.stages if s.timeout.proposed == "consent" and s.office == "village-construction")
    switch_on(item=item, target=stage.key, mode=OnTimeout.CONSENT, citation=CONSENT_RULE, by=world.pi)
    house = file_application(world, "ZR-001")
    clock(at("2026-11-03", "09:00"))
    actions.accept(application=house, by=world.chen)
    clock(at("2026-11-12", "10:00"))  # past the half: its reminders have come up
    return house


def step_of(house: Application, office: str) -> str:
    """某站所正在办的环节"""
    steps = fold_application(house, portal_now()).open_steps
    return next(step.stage.key for step in steps if step.stage.office == office)


def delegation(world: World, clock: TestClock) -> Delegation:
    """王示例代陈示例的窗口"""
    clock(at("2026-11-23", "09:00"))
    start_delegation(world)()
    return Delegation.objects.get()


def start_delegation(world: World) -> Act:
    """登记代理"""
    now = portal_now()
    span = {"starts_at": now, "ends_at": now + timedelta(days=3), "reason": "外出开会"}
    post = world.post("chen")
    return lambda: actions.delegate(post=post, deputy=world.wang, by=world.chen, **span)


def on_stall(verb: Callable[..., Any], who: str, **words: Any) -> Callable[[World, TestClock], Act]:
    """在已受理的备案上"""

    def prepare(world: World, clock: TestClock) -> Act:
        stall = accepted_stall(world, clock)
        return lambda: verb(application=stall, by=world.users[who], **words)

    return prepare


def on_house(verb: Callable[..., Any], who: str, **words: Any) -> Callable[[World, TestClock], Act]:
    """在会签中的宅基地申请上"""

    def prepare(world: World, clock: TestClock) -> Act:
        house = accepted_house(world, clock)
        return lambda: verb(application=house, by=world.users[who], **words)

    return prepare


def to_file(world: World, clock: TestClock) -> Act:
    """提交"""
    clock(at("2026-11-23", "09:00"))
    draft = make_draft(world, "ZR-001")
    return lambda: actions.file(application=draft, by=world.an, key="k" * 32)


def to_supply(world: World, clock: TestClock) -> Act:
    """补交"""
    stall = corrected_stall(world, clock)
    return lambda: actions.supply(application=stall, by=world.an)


def to_accept(world: World, clock: TestClock) -> Act:
    """受理"""
    stall = filed_stall(world, clock)
    clock(at("2026-11-25", "10:00"))
    return lambda: actions.accept(application=stall, by=world.wang)


def to_correct(world: World, clock: TestClock) -> Act:
    """一次性告知"""
    stall = filed_stall(world, clock)
    clock(at("2026-11-25", "10:00"))
    points = [(stall.rules.materials[0].key, "照片看不清，请重拍")]
    return lambda: actions.correct(application=stall, by=world.wang, points=points, note="拍正面")


def to_pause(world: World, clock: TestClock) -> Act:
    """中止"""
    house = accepted_house(world, clock)
    words: dict[str, Any] = {"until": date(2026, 11, 17), "notice": "需要到现场再量一次，五天", "step": first_step(house)}
    reason = house.rules.pause_reasons[0].key
    return lambda: actions.pause(application=house, by=world.fang, reason=reason, **words)


def to_delegate(world: World, clock: TestClock) -> Act:
    """登记代理"""
    clock(at("2026-11-23", "09:00"))
    return start_delegation(world)


def to_sweep(world: World, clock: TestClock) -> Act:
    """巡查一批: a filing recorded by silence, and a case that an office's silence has led to its decider."""
    accepted_house(world, clock)
    filed_stall(world, clock)
    clock(at("2026-11-27", "08:00"))
    return sweeping.sweep


CORE = (
    Deed("file", to_file, SAME),
    Deed("supply", to_supply, SAME),
    Deed("accept", to_accept),
    Deed("correct", to_correct),
    Deed("pause", to_pause),
    Deed("extend", on_house(actions.extend, "nonghead", length=5, reason="案情复杂，需要再核实")),
    Deed("decide", on_stall(actions.decide, "shi", outcome="approve", seen=True)),
    Deed("delegate", to_delegate),
    Deed("withdraw", on_stall(actions.withdraw, "an", reason="不办了")),
    Deed("sweep", to_sweep, SAME),
)
