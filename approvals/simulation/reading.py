"""推演文件的核对：the file's content becomes a plan and its rules, or the whole list of mistakes, each with its place. Pure."""

from collections.abc import Mapping
from typing import Any

from approvals.simulation.fields import Group, Mistakes
from approvals.simulation.plan import (
    Absence,
    Applicants,
    Arrivals,
    Law,
    Minutes,
    Offices,
    Plan,
    PostPlan,
    Silence,
    SwitchedOn,
    WebOutage,
)
from approvals.simulation.staffing import check_posts
from portal.models.vocabulary import Duty
from services.definition import Citation, ItemDefinition, OnTimeout
from services.modes import INTAKE, check_switch_on, proposals, with_timeout

MOST_YEARLY, MOST_PEOPLE, MOST_MINUTES = 1_000_000, 200, 2_000
SHARES = {"answer_days": 30, "pause_days": 180}
DAYS_AWAY = {"planned": 200, "sudden": 200, "block": 60}


def read_plan(
    content: Any, items: Mapping[str, ItemDefinition], offices: Mapping[str, str]
) -> tuple[Plan | None, Law, list[tuple[str, str]]]:
    """读入假设: a plan with its rules, or None and every mistake as (place, sentence)."""
    mistakes = Mistakes()
    top = Group(content, "", mistakes)
    law = Law(dict(items), dict(offices))
    if not top.is_group:
        return None, law, [("最外层", "应为一组“字段: 值”。")]
    villages = top.texts("villages")
    hours = top.group("hours")
    first_day = top.day("from")
    plan = Plan(
        about=top.text("about"),
        people=top.whole("people", 1, 1),
        first_day=first_day,
        opens_at=hours.clock("opens"),
        closes_at=hours.clock("closes"),
        villages=villages,
        arrivals=_arrivals(top.group("arrivals"), items),
        posts=tuple(_post(group, villages, offices) for group in top.groups("posts")),
        applicants=top.group("applicants").filled(Applicants, SHARES),
        offices=top.group("offices").filled(Offices, SHARES),
        minutes=top.group("minutes").filled(Minutes, dict.fromkeys(Minutes.__dataclass_fields__, MOST_MINUTES)),
        absence=top.group("absence").filled(Absence, DAYS_AWAY),
        silences=tuple(_silence(group, offices) for group in top.groups("silences")),
        outages=tuple(_outage(group) for group in top.groups("outages")),
        switched_on=tuple(_mode(group, items) for group in top.groups("modes")),
    )
    accept = _citation(top.group("accept")) if "accept" in top.values else None
    top.asked.add("accept")
    hours.done()
    top.done()
    if plan.closes_at <= plan.opens_at:
        mistakes.add("hours", "关门要在开门之后。")
    if not plan.arrivals:
        mistakes.add("arrivals", "一个事项也没有写。")
    check_posts(plan, items, mistakes)
    if not mistakes.found:
        law = _switch_on(plan, law, accept, mistakes)
    return (None if mistakes.found else plan), law, mistakes.found


def _arrivals(group: Group, items: Mapping[str, ItemDefinition]) -> tuple[Arrivals, ...]:
    found = []
    for code in list(group.values):
        if code not in items:
            group.wrong(code, "目录里没有这个事项。")
        elif not items[code].online:
            group.wrong(code, "这个事项只有办事指南，不在这里受理。")
        elif isinstance(group.values[code], Mapping):
            inner = group.group(code)
            found.append(Arrivals(code, inner.number("yearly", 0, 0, MOST_YEARLY), _months(inner.group("months"))))
            inner.done()
        else:
            found.append(Arrivals(code, group.number(code, 0, 0, MOST_YEARLY)))
        group.asked.add(code)
    return tuple(found)


def _months(group: Group) -> dict[int, float]:
    """各月的比重, positive; months that are not written weigh 1."""
    found = {}
    for month in list(group.values):
        if isinstance(month, bool) or month not in range(1, 13):
            group.wrong(month, "月份应为 1 到 12。")
        else:
            found[int(month)] = group.number(month, 1, 0, 100)
        group.asked.add(month)
    if len(found) == 12 and not any(found.values()):
        group.mistakes.add(group.place, "十二个月不能都是 0。")
    return found


def _post(group: Group, villages: tuple[str, ...], offices: Mapping[str, str]) -> PostPlan:
    village = group.one_of("village", list(villages), "这个村", "")
    post = PostPlan(
        title=group.text("title"),
        office=group.one_of("office", offices, "站所"),
        duty=group.one_of("duty", [duty.value for duty in Duty], "职责"),
        people=group.whole("people", 1, 1, MOST_PEOPLE),
        share=group.number("share", 1, 0.01, 1),
        serves=group.texts("serves", offices, "站所"),
        village=villages.index(village) + 1 if village else None,
        deputy=group.text("deputy", ""),
    )
    group.done()
    return post


def _silence(group: Group, offices: Mapping[str, str]) -> Silence:
    silence = Silence(group.one_of("office", offices, "站所"), group.day("from"), group.day("to"))
    if silence.last < silence.first:
        group.wrong("to", "结束日早于开始日。")
    group.done()
    return silence


def _outage(group: Group) -> WebOutage:
    outage = WebOutage(group.day("day"), group.clock("from"), group.clock("to"))
    if outage.end <= outage.start:
        group.wrong("to", "恢复要在停机之后。")
    group.done()
    return outage


def _citation(group: Group) -> Citation:
    citation = Citation(group.text("title"), group.text("article", ""), group.text("published_on"))
    group.asked |= {"item", "target", "mode"}
    group.done()
    return citation


def _mode(group: Group, items: Mapping[str, ItemDefinition]) -> SwitchedOn:
    code = group.one_of("item", list(items), "事项")
    mode = group.one_of("mode", [mode.value for mode in OnTimeout], "默认方式")
    return SwitchedOn(code, group.text("target"), OnTimeout(mode or OnTimeout.ESCALATE), _citation(group))


def _switch_on(plan: Plan, law: Law, accept: Citation | None, mistakes: Mistakes) -> Law:
    """开通默认方式 by the same rules as an approver's act; what the engine refuses is a mistake of the file."""
    items = dict(law.items)
    wanted = [(f"modes 第{place}项", entry) for place, entry in enumerate(plan.switched_on, 1)]
    if accept is not None:
        wanted += [
            ("accept", SwitchedOn(code, INTAKE, OnTimeout.ACCEPT, accept))
            for code, rules in items.items()
            if rules.online and (OnTimeout.ACCEPT, None) in proposals(rules)
        ]
    for place, entry in wanted:
        rules = items[entry.code]
        stage = None if entry.target == "item" else entry.target
        refusals = check_switch_on(rules, entry.mode, stage, entry.citation, on=plan.first_day)
        if refusals:
            mistakes.add(place, f"{entry.code}：{''.join(refusals)}")
        else:
            items[entry.code] = with_timeout(rules, entry.target, entry.mode, entry.citation)
    return Law(items, law.offices)
