"""办理中的动作的台面：what is done to a running case, and to its result."""

from datetime import date
from typing import Any

from approvals import actions
from approvals.settling import settle_application
from services.lifecycle import State
from services.models import Application
from tests.approvals.deeds import accepted_house, accepted_stall, filed_stall, on_house, on_stall, step_of
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step
from tests.killing import ADDS, Act, Deed
from tests.world import World

REASON = {"facts": "摊位在禁止摆卖的路段上", "legal_basis": "食品摊贩备案办法第六条"}
LINKED = {"reason": "摊位在学校门口五十米以内，不符合条件", "legal_basis": "示例省食品摊贩条例第八条"}
AWAY = {"text": "10时到户，门锁着，电话约了后天", "second_signer": "孙示例"}


def to_reject(world: World, clock: TestClock) -> Act:
    """不予受理"""
    stall = filed_stall(world, clock)
    return lambda: actions.reject(application=stall, by=world.wang, outcome=State.NOT_ACCEPTED, **REASON)


def to_resume(world: World, clock: TestClock) -> Act:
    """恢复计时"""
    house = accepted_house(world, clock)
    reason = house.rules.pause_reasons[0].key
    words: dict[str, Any] = {"until": date(2026, 11, 20), "notice": "需要到现场再量一次，八天", "step": first_step(house)}
    actions.pause(application=house, by=world.fang, reason=reason, **words)
    return lambda: actions.resume(application=house, by=world.fang)


def to_give_opinion(world: World, clock: TestClock) -> Act:
    """会签意见"""
    house = accepted_house(world, clock)
    words = {"step": step_of(house, "agriculture"), "outcome": "agree", "text": "符合规定", "second_signer": "孙示例"}
    return lambda: actions.give_opinion(application=house, by=world.fang, **words)


def to_note_absence(world: World, clock: TestClock) -> Act:
    """上门没见着人"""
    clock(at("2026-11-02", "09:00"))
    house = file_application(world, "ZR-001")
    actions.accept(application=house, by=world.chen)
    clock(at("2026-11-05", "10:00"))
    return lambda: actions.note_absence(application=house, step="site-visit", by=world.fang, **AWAY)


def posted(world: World, clock: TestClock) -> Application:
    """正在公示的农机补贴（3日到9日）"""
    clock(at("2026-11-02", "09:00"))
    machine = file_application(world, "NY-004")
    actions.accept(application=machine, by=world.wang)
    check = {"step": "machine-check", "outcome": "done", "text": "机具相符", "second_signer": "孙示例"}
    actions.give_opinion(application=machine, by=world.fang, **check)
    clock(at("2026-11-09", "16:00"))
    return machine


def _object_to(machine: Application, world: World) -> Act:
    return lambda: actions.object_to(application=machine, step="town-posting", by=world.fang, text="有人说这台机子是旧的")


def to_object(world: World, clock: TestClock) -> Act:
    """登记公示异议"""
    return _object_to(posted(world, clock), world)


def to_find(world: World, clock: TestClock) -> Act:
    """异议核查结论"""
    machine = posted(world, clock)
    _object_to(machine, world)()
    clock(at("2026-11-12", "10:00"))
    words = {"step": "town-posting", "text": "核对了发票和铭牌，是新机"}
    return lambda: actions.find(application=machine, by=world.fang, **words)


def to_publish_reason(world: World, clock: TestClock) -> Act:
    """公开逾期理由"""
    house = accepted_house(world, clock)
    clock(at("2026-11-25", "10:00"))
    return lambda: actions.publish_reason(application=house, by=world.nonghead, text="测量队上周在汛区，下周三前办好")


def decided(world: World, clock: TestClock) -> Application:
    """准予备案了、还没送达的摊贩"""
    stall = accepted_stall(world, clock)
    actions.decide(application=stall, by=world.shi, outcome="approve", seen=True)
    return stall


def to_deliver(world: World, clock: TestClock) -> Act:
    """登记送达"""
    stall = decided(world, clock)
    return lambda: actions.deliver(application=stall, by=world.wang, how="handed", receipt="签收簿第3页")


def to_confirm_delivery(world: World, clock: TestClock) -> Act:
    """我收到了"""
    stall = decided(world, clock)
    return lambda: actions.confirm_delivery(application=stall, by=world.an)


def to_renounce(world: World, clock: TestClock) -> Act:
    """放弃结果"""
    stall = decided(world, clock)
    return lambda: actions.renounce(application=stall, by=world.an, reason="不摆摊了")


def recorded(world: World, clock: TestClock) -> Application:
    """收讫即备案了的摊贩，更正期到12月10日"""
    stall = filed_stall(world, clock)
    clock(at("2026-11-30", "10:00"))
    settle_application(stall.pk)
    return stall


def to_rectify(world: World, clock: TestClock) -> Act:
    """更正默认结果"""
    stall = recorded(world, clock)
    return lambda: actions.rectify(application=stall, by=world.zhen, result="不予备案", **LINKED)


def to_revoke(world: World, clock: TestClock) -> Act:
    """撤销"""
    stall = recorded(world, clock)
    clock(at("2026-12-14", "10:00"))
    return lambda: actions.revoke(application=stall, by=world.zhen, **LINKED)


CASES = (
    Deed("reject", to_reject),
    Deed("resume", to_resume),
    Deed("give_opinion", to_give_opinion),
    Deed("note_absence", to_note_absence),
    Deed("object_to", to_object, ADDS),
    Deed("find", to_find),
    Deed("publish_reason", to_publish_reason),
    Deed("urge", on_stall(actions.urge, "an")),
    Deed("terminate", on_house(actions.terminate, "nonghead", ground="impossible", **REASON)),
    Deed("deliver", to_deliver),
    Deed("confirm_delivery", to_confirm_delivery),
    Deed("renounce", to_renounce),
    Deed("rectify", to_rectify),
    Deed("revoke", to_revoke),
)
