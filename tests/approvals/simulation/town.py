"""推演用的小镇：one window, one office, one leader; short items, so that a month is enough to see something."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from approvals.facts import Publication
from approvals.simulation.plan import Arrivals, Law, Minutes, Plan, PostPlan
from approvals.simulation.report import Report, make_report
from approvals.simulation.year import Past, simulate
from portal.calendar_data import national_calendar
from services.definition import ItemDefinition, OnTimeout, StageKind, Timeout
from tests.rules import days, definition, mode, stage

FIRST = date(2025, 3, 3)  # a Monday
PUBLISHED = [Publication(datetime(2024, 11, 12, 4, tzinfo=UTC), national_calendar(2025))]
NAMES = {"service-centre": "便民服务中心", "office": "甲办", "other": "乙办", "government": "镇政府"}
WINDOW = PostPlan("窗口", "service-centre", "window", share=0.8)
REVIEWER = PostPlan("甲办审核岗", "office", "review", share=0.8)
OTHER = PostPlan("乙办审核岗", "other", "review", share=0.8)
LEADER = PostPlan("镇长", "government", "town_leader", share=0.5)
AGENT = PostPlan("代办岗", "service-centre", "agent", share=0.5)


def joint(**changes: Any) -> ItemDefinition:
    """两个站所会签，镇长决定; both may fall silent."""
    consult = {"limit": days(3), "timeout": mode(OnTimeout.CONSENT)}
    stages = (
        stage("first", 1, **consult),
        replace(stage("second", 1, **consult), office="other"),
        replace(stage("decide", 2, StageKind.DECIDE, days(3)), office="government", duty="town_leader"),
    )
    return definition(code="J", plain_name="会签的事", stages=stages, **changes)


def filing(**changes: Any) -> ItemDefinition:
    """备案: two days, then recorded by itself."""
    values = {"timeout": mode(OnTimeout.RECORD), "positive": "recorded", "promised": days(2), "statutory": None}
    return definition(**{"code": "R", "plain_name": "备案的事", "licence": False, **values, **changes})


def slow(**changes: Any) -> ItemDefinition:
    """没有默认的事: whoever is late is late."""
    return definition(code="S", plain_name="慢事", **{"intake_timeout": Timeout(), "promised": days(4), **changes})


def plan(*arrivals: tuple[str, float], **changes: Any) -> Plan:
    """小镇的假设"""
    values: dict[str, Any] = {
        "about": "测试的小镇",
        "people": 1000,
        "first_day": FIRST,
        "opens_at": time(9),
        "closes_at": time(17),
        "villages": (),
        "arrivals": tuple(Arrivals(code, yearly) for code, yearly in arrivals),
        "posts": (WINDOW, REVIEWER, OTHER, LEADER, AGENT),
        "minutes": Minutes(),
    }
    return Plan(**{**values, **changes})


def law(*items: ItemDefinition) -> Law:
    """小镇的规则"""
    return Law({rules.code: rules for rules in items}, NAMES)


def run(given: Plan, rules: Law, length: int = 40, seed: str = "甲") -> tuple[Past, Report]:
    """推演并记账"""
    past = simulate(given, rules, PUBLISHED, days=length, seed=seed)
    return past, make_report(past)
