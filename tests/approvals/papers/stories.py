"""办件的故事：cases that have been given one paper or another, through the product's own actions."""

from datetime import date

from django.db import connection

from approvals import actions
from approvals.actions.modes import switch_on
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.permissions import holdings_at
from services.definition import Citation, OnTimeout
from services.lifecycle import State
from services.models import Application
from tests.approvals.deeds_cases import posted
from tests.conftest import TestClock
from tests.factories import at, file_application, first_step
from tests.world import World

RECORD_RULE = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")


def no_hurry() -> None:
    """一个测试是一个事务, and several stories with their papers are many statements."""
    connection.cursor().execute("SET LOCAL transaction_timeout = 0")


def recorded(world: World, clock: TestClock) -> Application:
    """2026-09-16（周三）10:24 交齐的食品摊贩备案，到9月20日（调休上班）24:00 没人答复"""
    no_hurry()
    clock(at("2026-09-16", "09:00"))
    switch_on(
        item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=RECORD_RULE, by=world.pi
    )
    clock(at("2026-09-16", "10:24"))
    stall = file_application(world, "SJ-002")
    clock(at("2026-09-24", "10:00"))
    settle_application(stall.pk)
    return stall


def accepted(world: World, clock: TestClock) -> Application:
    """当天受理的宅基地审批"""
    no_hurry()
    clock(at("2026-09-16", "10:24"))
    house = file_application(world, "ZR-001")
    clock(at("2026-09-16", "10:31"))
    actions.accept(application=house, by=world.chen)
    return house


def corrected(
    world: World, clock: TestClock, why: str = "看不清，请换一份", note: str = "带原件来也行。"
) -> Application:
    """一次性告知了的食品摊贩备案"""
    no_hurry()
    clock(at("2026-09-16", "10:24"))
    stall = file_application(world, "SJ-002")
    points = [(material.key, why) for material in stall.rules.materials[:3]]
    actions.correct(application=stall, by=world.wang, points=points, note=note)
    return stall


def paused(
    world: World, clock: TestClock, notice: str = "要请专家看房屋选址，需要4个工作日。"
) -> Application:
    """中止过两次的宅基地审批，第二次还停着"""
    house = accepted(world, clock)
    reason = house.rules.pause_reasons[0].key
    actions.pause(
        application=house,
        by=world.fang,
        reason=reason,
        until=date(2026, 9, 18),
        notice="第一次：要专家评审。",
        step=first_step(house),
    )
    clock(at("2026-09-21", "10:00"))
    actions.pause(application=house, by=world.fang, reason=reason, until=date(2026, 9, 24), notice=notice, step=first_step(house))
    return house


def extended(world: World, clock: TestClock, reason: str = "邻村地界要核对，县里调图要几天。") -> Application:
    """延长过一次的宅基地审批"""
    house = accepted(world, clock)
    actions.extend(application=house, by=world.zhen, length=5, reason=reason)
    return house


def refused(world: World, clock: TestClock, facts: str = "选址在永久基本农田里，不能建房。") -> Application:
    """不予受理的食品摊贩备案"""
    no_hurry()
    clock(at("2026-09-16", "10:24"))
    stall = file_application(world, "SJ-002")
    basis = "土地管理法第三十五条"
    actions.reject(
        application=stall, by=world.wang, outcome=State.NOT_ACCEPTED, facts=facts, legal_basis=basis
    )
    return stall


def from_county(world: World, clock: TestClock) -> Application:
    """县里批了、代办员登记的农机补贴"""
    machine = posted(world, clock)
    clock(at("2026-11-10", "10:00"))
    settle_application(machine.pk)
    machine.refresh_from_db()
    assert machine.agent is not None
    (holder,) = holdings_at(portal_now()).filter(post=machine.agent)
    actions.decide(application=machine, by=holder.user, outcome="approve", document_number="示县农〔2026〕7号", seen=True)
    return machine
