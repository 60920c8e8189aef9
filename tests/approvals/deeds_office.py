"""岗位、规则和日历的台面：who stands in for whom, which silence means what, and which days count."""

import json
from datetime import date, time, timedelta
from typing import Any

from approvals import actions
from approvals.actions.calendars import note_moves
from approvals.models import ModeSwitch
from portal import freezing
from portal.clock import portal_now
from portal.models import CalendarVersion, Delegation, Heartbeat, Post, PostHolding
from services.definition import OnTimeout
from tests.approvals.deeds import CONSENT_RULE, RECORD_RULE, accepted_stall, delegation, filed_stall
from tests.approvals.deeds_cases import decided
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.killing import SAME, Act, Deed
from tests.world import World

NOTICE = {
    "year": 2027,
    "number": "国办发明电〔2026〕97号（虚构）",
    "issued": "2026-11-20",
    "days_off": {"元旦": ["2027-01-01/2027-01-03"], "示例节": ["2026-12-28/2026-12-30"]},
    "shifted_workdays": {},
}
CHECKED = "对过昨天的收件登记，缺的三件已经补录"


def to_revoke_delegation(world: World, clock: TestClock) -> Act:
    """收回代理"""
    row = delegation(world, clock)
    return lambda: actions.revoke_delegation(delegation=row, by=world.chen)


def to_report_back(world: World, clock: TestClock) -> Act:
    """交账"""
    row: Delegation = delegation(world, clock)
    return lambda: actions.report_back(delegation=row, by=world.wang, text="收了三件，都已受理")


def to_delegate_cases(world: World, clock: TestClock) -> Act:
    """移交选中的件"""
    stall = accepted_stall(world, clock)
    words: dict[str, Any] = {"ends_at": portal_now() + timedelta(days=3), "reason": "外出开会"}
    return lambda: actions.delegate_cases(numbers=[stall.number], deputy=world.fang, by=world.shi, **words)


def _absence(world: World, clock: TestClock) -> Act:
    clock(at("2026-11-23", "09:00"))
    ends_at = portal_now() + timedelta(days=2)
    words: dict[str, Any] = {"ends_at": ends_at, "reason": "外出开会", "deputy": world.wang}
    return lambda: actions.register_absence(user=world.chen, by=world.chen, **words)


def to_end_absence(world: World, clock: TestClock) -> Act:
    """回来了"""
    absence = _absence(world, clock)()
    clock(at("2026-11-24", "09:00"))
    return lambda: actions.end_absence(absence=absence, by=world.chen)


def to_switch_on(world: World, clock: TestClock) -> Act:
    """开通默认"""
    clock(at("2026-11-02", "09:00"))
    item = world.item("ZR-001")
    stage = next(s for s in item.current.rules.stages if s.timeout.proposed == "consent" and s.office == "village-construction")
    words = {"target": stage.key, "mode": OnTimeout.CONSENT, "citation": CONSENT_RULE}
    return lambda: actions.switch_on(item=item, by=world.pi, **words)


def to_switch_off(world: World, clock: TestClock) -> Act:
    """停用一种超时默认"""
    to_switch_on(world, clock)()
    item = world.item("ZR-001")
    target = ModeSwitch.objects.get(item=item).target
    return lambda: actions.switch_off(item=item, target=target, reason="依据要改了", by=world.pi)


def to_withdraw_item(world: World, clock: TestClock) -> Act:
    """停办一个事项"""
    clock(at("2026-11-23", "09:00"))
    return lambda: actions.withdraw_item(item=world.item("SJ-002"), reason="市里统一收走了，到县窗口办", by=world.pi)


def to_restore_item(world: World, clock: TestClock) -> Act:
    """恢复办理"""
    to_withdraw_item(world, clock)()
    return lambda: actions.restore_item(item=world.item("SJ-002"), by=world.pi)


def to_repeal(world: World, clock: TestClock) -> Act:
    """登记文件失效"""
    clock(at("2026-11-23", "09:00"))
    return lambda: actions.repeal(title=RECORD_RULE.title, last_day=date(2026, 11, 20), source="示例县公告（虚构）", by=world.pi)


def to_import_notice(world: World, clock: TestClock) -> Act:
    """导入放假安排"""
    clock(at("2026-11-30", "09:00"))
    text = json.dumps(NOTICE, ensure_ascii=False)
    return lambda: actions.import_notice(text=text, by=world.li)


def imported(world: World, clock: TestClock) -> CalendarVersion:
    """导入了、还没公布的一版"""
    to_import_notice(world, clock)()
    return CalendarVersion.objects.get(document=NOTICE["number"])


def to_drop_notice(world: World, clock: TestClock) -> Act:
    """删掉还没公布的一版"""
    row = imported(world, clock)
    return lambda: actions.drop_notice(version=row, by=world.li)


def to_publish_notice(world: World, clock: TestClock) -> Act:
    """公布放假安排"""
    row = imported(world, clock)
    return lambda: actions.publish_notice(version=row, by=world.zhen)


def to_note_moves(world: World, clock: TestClock) -> Act:
    """写下改了哪些期限: two cases that run over the year's end"""
    clock(at("2026-11-30", "08:30"))
    note_moves()  # what was published before is through
    for _ in range(2):
        file_application(world, "MZ-001")
    to_publish_notice(world, clock)()
    return note_moves


def to_announce_closing(world: World, clock: TestClock) -> Act:
    """登记提早关门"""
    clock(at("2026-11-23", "09:00"))
    words: dict[str, Any] = {"day": date(2026, 12, 31), "closes_at": time(15, 0), "document": "青禾镇通知第九号"}
    return lambda: actions.announce_closing(township=world.township, by=world.li, **words)


def to_publish_closing(world: World, clock: TestClock) -> Act:
    """公布提早关门"""
    closing = to_announce_closing(world, clock)()
    return lambda: actions.publish_closing(closing=closing, by=world.zhen)


def to_release_first(world: World, clock: TestClock) -> Act:
    """解冻的第一个签字: a filing whose end lies in the lost time"""
    filed_stall(world, clock)
    Heartbeat.objects.create(name="sweep", at=at("2026-11-25", "18:00"))
    seat = world.post("li")
    other = Post.objects.create(township=world.township, office=seat.office, duty=seat.duty, title="日历岗二", serves=[])
    PostHolding.objects.create(post=other, user=world.gong, starts_on=date(2026, 1, 1))
    clock(at("2026-11-27", "09:00"))
    freezing.freeze(reason="恢复了25日的备份")
    return lambda: actions.release(by=world.li, checked=CHECKED)


def to_release_second(world: World, clock: TestClock) -> Act:
    """解冻的第二个签字"""
    to_release_first(world, clock)()
    return lambda: actions.release(by=world.gong, checked=CHECKED)


def to_measure_taken(world: World, clock: TestClock) -> Act:
    """算实际用了多久"""
    decided(world, clock)
    return actions.measure_taken


OFFICE = (
    Deed("revoke_delegation", to_revoke_delegation),
    Deed("report_back", to_report_back, SAME),
    Deed("delegate_cases", to_delegate_cases),
    Deed("register_absence", _absence),
    Deed("end_absence", to_end_absence),
    Deed("switch_on", to_switch_on, SAME),
    Deed("switch_off", to_switch_off),
    Deed("withdraw_item", to_withdraw_item),
    Deed("restore_item", to_restore_item),
    Deed("repeal", to_repeal),
    Deed("import_notice", to_import_notice),
    Deed("drop_notice", to_drop_notice),
    Deed("publish_notice", to_publish_notice),
    Deed("note_moves", to_note_moves, SAME),
    Deed("announce_closing", to_announce_closing),
    Deed("publish_closing", to_publish_closing),
    Deed("release (first)", to_release_first),
    Deed("release (second)", to_release_second),
    Deed("measure_taken", to_measure_taken, SAME),
)
