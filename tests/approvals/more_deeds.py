"""其余动作的台面：what is killed around its COMMIT only."""

import json
from datetime import date, time, timedelta
from typing import Any

from approvals import actions
from portal.clock import portal_now
from portal.models import CalendarVersion, Delegation
from services.definition import OnTimeout
from services.lifecycle import State
from tests.approvals.deeds import (
    CONSENT_RULE,
    RECORD_RULE,
    accepted_house,
    accepted_stall,
    delegation,
    filed_stall,
    on_house,
    on_stall,
    step_of,
)
from tests.conftest import TestClock
from tests.factories import at
from tests.killing import SAME, Act, Deed
from tests.world import World

NOTICE = {
    "year": 2027,
    "number": "国办发明电〔2026〕97号（虚构）",
    "issued": "2026-11-20",
    "days_off": {"元旦": ["2027-01-01/2027-01-03"]},
    "shifted_workdays": {},
}
REASON = {"facts": "摊位在禁止摆卖的路段上", "legal_basis": "食品摊贩备案办法第六条"}


def to_reject(world: World, clock: TestClock) -> Act:
    """不予受理"""
    stall = filed_stall(world, clock)
    return lambda: actions.reject(application=stall, by=world.wang, outcome=State.NOT_ACCEPTED, **REASON)


def to_resume(world: World, clock: TestClock) -> Act:
    """恢复计时"""
    house = accepted_house(world, clock)
    reason = house.rules.pause_reasons[0].key
    words: dict[str, Any] = {"until": date(2026, 11, 20), "notice": "需要到现场再量一次，八天"}
    actions.pause(application=house, by=world.fang, reason=reason, **words)
    return lambda: actions.resume(application=house, by=world.fang)


def to_give_opinion(world: World, clock: TestClock) -> Act:
    """会签意见"""
    house = accepted_house(world, clock)
    words = {"step": step_of(house, "agriculture"), "outcome": "agree", "text": "符合规定", "second_signer": "孙示例"}
    return lambda: actions.give_opinion(application=house, by=world.fang, **words)


def to_publish_reason(world: World, clock: TestClock) -> Act:
    """公开逾期理由"""
    house = accepted_house(world, clock)
    clock(at("2026-11-25", "10:00"))
    return lambda: actions.publish_reason(application=house, by=world.jianhead, text="测量队上周在汛区，下周三前办好")


def to_revoke_delegation(world: World, clock: TestClock) -> Act:
    """收回代理"""
    row = delegation(world, clock)
    return lambda: actions.revoke_delegation(delegation=row, by=world.chen)


def to_report_back(world: World, clock: TestClock) -> Act:
    """交账"""
    row: Delegation = delegation(world, clock)
    return lambda: actions.report_back(delegation=row, by=world.wang, text="收了三件，都已受理")


def to_switch_on(world: World, clock: TestClock) -> Act:
    """开通默认"""
    clock(at("2026-11-02", "09:00"))
    item = world.item("ZR-001")
    stage = next(s for s in item.current.rules.stages if s.timeout.proposed == "consent" and s.office == "village-construction")
    words = {"target": stage.key, "mode": OnTimeout.CONSENT, "citation": CONSENT_RULE}
    return lambda: actions.switch_on(item=item, by=world.pi, **words)


def to_repeal(world: World, clock: TestClock) -> Act:
    """登记文件失效"""
    clock(at("2026-11-23", "09:00"))
    return lambda: actions.repeal(title=RECORD_RULE.title, last_day=date(2026, 11, 20), by=world.pi)


def to_register_absence(world: World, clock: TestClock) -> Act:
    """登记不在岗"""
    clock(at("2026-11-23", "09:00"))
    ends_at = portal_now() + timedelta(days=2)
    return lambda: actions.register_absence(user=world.chen, by=world.chen, ends_at=ends_at, reason="外出开会")


def to_import_notice(world: World, clock: TestClock) -> Act:
    """导入放假安排"""
    clock(at("2026-11-23", "09:00"))
    text = json.dumps(NOTICE, ensure_ascii=False)
    return lambda: actions.import_notice(text=text, by=world.li)


def _imported(world: World, clock: TestClock) -> CalendarVersion:
    to_import_notice(world, clock)()
    return CalendarVersion.objects.get(document=NOTICE["number"])


def to_publish_notice(world: World, clock: TestClock) -> Act:
    """公布放假安排"""
    row = _imported(world, clock)
    return lambda: actions.publish_notice(version=row, by=world.zhen)


def to_announce_closing(world: World, clock: TestClock) -> Act:
    """登记提早关门"""
    clock(at("2026-11-23", "09:00"))
    words: dict[str, Any] = {"day": date(2026, 12, 31), "closes_at": time(15, 0), "document": "青禾镇通知第九号"}
    return lambda: actions.announce_closing(township=world.township, by=world.li, **words)


def to_renounce(world: World, clock: TestClock) -> Act:
    """放弃结果"""
    stall = accepted_stall(world, clock)
    actions.decide(application=stall, by=world.shi, outcome="approve", seen=True)
    return lambda: actions.renounce(application=stall, by=world.an, reason="不摆摊了")


REST = (
    Deed("reject", to_reject),
    Deed("resume", to_resume),
    Deed("give_opinion", to_give_opinion),
    Deed("publish_reason", to_publish_reason),
    Deed("urge", on_stall(actions.urge, "an")),
    Deed("revoke_delegation", to_revoke_delegation),
    Deed("report_back", to_report_back, SAME),
    Deed("switch_on", to_switch_on, SAME),
    Deed("repeal", to_repeal),
    Deed("register_absence", to_register_absence),
    Deed("import_notice", to_import_notice),
    Deed("publish_notice", to_publish_notice),
    Deed("announce_closing", to_announce_closing),
    Deed("renounce", to_renounce),
    Deed("terminate", on_house(actions.terminate, "nonghead", ground="impossible", **REASON)),
)
