"""演示的经过：how an application may go, from filing to its end or to where it stands today. No database."""

from collections.abc import Callable, Iterator
from itertools import groupby
from math import ceil

from portal.demo.thread import Thread
from services.definition import ItemDefinition, LimitUnit, Stage, StageKind

Shape = Callable[[Thread, ItemDefinition], None]
BRISK, STEADY, SLOW = 0.35, 0.6, 0.9


def groups(rules: ItemDefinition) -> Iterator[list[Stage]]:
    """受理以后的环节, parallel ones together."""
    for _, stages in groupby(rules.running_stages(), key=lambda stage: stage.group):
        yield list(stages)


def length_of(stages: list[Stage]) -> int:
    """一组环节的期限, about as many working days."""
    limits = [stage.limit for stage in stages if stage.limit is not None]
    return max((ceil(n.length * 5 / 7) if n.unit == LimitUnit.DAY else n.length for n in limits), default=0)


def walk_on(t: Thread, rules: ItemDefinition, pace: float, note: str = "") -> None:
    """受理以后一路办下去, each group of steps within `pace` of its limit; a posting takes its whole term."""
    for stages in groups(rules):
        length = length_of(stages)
        if stages[0].kind == StageKind.POSTING:
            t.after(length + 1)
        elif len(stages) > 1:
            t.after(round(length * pace * 0.6))
            t.office_does("carry", "some")
            t.after(max(round(length * pace * 0.4), 0))
            t.office_does("carry", note)
        else:
            t.after(round(length * pace))
            t.office_does("carry", note)
    t.after(2)
    t.office_does("carry", note)


def accepted(t: Thread, least: int = 0, most: int = 2) -> None:
    """提交并受理"""
    t.do("file")
    t.after(least, most)
    t.office_does("accept")


def draft(t: Thread, rules: ItemDefinition) -> None:
    """填了一半"""
    t.do("draft")


def waiting(t: Thread, rules: ItemDefinition) -> None:
    """交了，没有人动过"""
    t.do("file")


def walk(t: Thread, rules: ItemDefinition) -> None:
    """顺顺当当"""
    accepted(t)
    walk_on(t, rules, t.chance.choice([BRISK, STEADY, SLOW]))


def on_the_spot(t: Thread, rules: ItemDefinition) -> None:
    """当场办"""
    t.cursor = t.cursor.replace(hour=t.chance.randint(9, 14))
    accepted(t, 0, 0)
    walk_on(t, rules, 0)


def refused(t: Thread, rules: ItemDefinition) -> None:
    """走完，不予"""
    accepted(t)
    walk_on(t, rules, STEADY, "refuse")


def left_lying(t: Thread, rules: ItemDefinition) -> None:
    """受理以后放着: past a first step that stops the clock, if there is one."""
    accepted(t)
    if rules.running_stages()[0].pauses:
        t.after(2)
        t.office_does("carry")


def overdue(t: Thread, rules: ItemDefinition) -> None:
    """过了期限还没办, no public reason."""
    left_lying(t, rules)


def overdue_with_reason(t: Thread, rules: ItemDefinition) -> None:
    """过了期限，公开了理由"""
    left_lying(t, rules)
    t.after(rules.promised.length + 3)
    t.office_does("reason")


def late(t: Thread, rules: ItemDefinition) -> None:
    """拖过了期限，公开了理由，后来办了"""
    overdue_with_reason(t, rules)
    walk_on(t, rules, BRISK)


def due_soon(t: Thread, rules: ItemDefinition) -> None:
    """催过一次，快到期"""
    accepted(t, 0, 1)
    t.after(max(rules.promised.length // 2, 1))
    t.do("urge")


def correcting(t: Thread, rules: ItemDefinition) -> None:
    """等补正"""
    t.do("file")
    t.after(1)
    t.office_does("correct")


def corrected(t: Thread, rules: ItemDefinition) -> None:
    """补正以后再办"""
    correcting(t, rules)
    t.after(2, 4)
    t.do("supply")
    t.after(1)
    t.office_does("accept")
    walk_on(t, rules, STEADY)


def second_correction(t: Thread, rules: ItemDefinition) -> None:
    """督查岗批的第二次补正, which stops nothing."""
    correcting(t, rules)
    t.after(2)
    t.do("supply")
    t.after(1)
    t.office_does("correct again")
    t.after(1)
    t.office_does("accept")
    walk_on(t, rules, STEADY)


def lapsed(t: Thread, rules: ItemDefinition) -> None:
    """补正没有人理"""
    correcting(t, rules)


def withdrawn(t: Thread, rules: ItemDefinition) -> None:
    """撤回"""
    t.do("file")
    t.after(0, 2)
    t.do("withdraw")


def rejected(outcome: str) -> Shape:
    """受理时就有了结果"""

    def shape(t: Thread, rules: ItemDefinition) -> None:
        t.do("file")
        t.after(0, 2)
        t.office_does("reject", outcome)

    return shape


def deemed_accepted(t: Thread, rules: ItemDefinition) -> None:
    """窗口五个工作日没有答复"""
    t.do("file")
    t.after(rules.intake.length + 2)
    walk_on(t, rules, STEADY)


def paused(t: Thread, rules: ItemDefinition) -> None:
    """正在中止"""
    accepted(t, 0, 1)
    t.after(1)
    t.office_does("pause", "long")


def resumed(t: Thread, rules: ItemDefinition) -> None:
    """中止过"""
    accepted(t, 0, 1)
    t.after(1)
    t.office_does("pause", "long")
    t.after(4)
    t.office_does("resume")
    walk_on(t, rules, BRISK)


def extended(t: Thread, rules: ItemDefinition) -> None:
    """延长过"""
    accepted(t, 0, 1)
    t.after(max(rules.promised.length - 3, 1))
    t.office_does("extend")
    walk_on(t, rules, SLOW)


def stalled(t: Thread, rules: ItemDefinition) -> None:
    """办了一步停下了"""
    accepted(t, 0, 1)
    t.after(1, 2)
    t.office_does("carry")


def consent(t: Thread, rules: ItemDefinition) -> None:
    """村建办没有答复, so it is deemed to have no objection."""
    accepted(t, 0, 1)
    t.after(2)
    t.office_does("carry")
    t.after(3)
    t.office_does("carry", "skip:joint-construction")
    t.after(3)
    t.office_does("late opinion", "joint-construction")
    t.after(1)
    t.office_does("carry")
    t.after(1)
    t.office_does("carry")


def silent(note: str) -> Shape:
    """农业农村办到期没有答复，晚了几天才答: its silence gives nothing, for that mode is only proposed."""

    def shape(t: Thread, rules: ItemDefinition) -> None:
        accepted(t, 0, 1)
        t.after(2)
        t.office_does("carry")
        t.after(2)
        t.office_does("carry", "skip:joint-agriculture")
        t.after(6)
        t.office_does("carry", note)
        t.after(1)
        t.office_does("carry", "refuse" if note else "")
        t.after(1)
        t.office_does("carry")

    return shape


def objecting(t: Thread, rules: ItemDefinition) -> None:
    """会签有不同意见, and the decider has seen it."""
    accepted(t, 0, 1)
    t.after(2)
    t.office_does("carry")
    t.after(2)
    t.office_does("carry", "object")
    walk_on(t, rules, BRISK)


def posting_objection(t: Thread, rules: ItemDefinition) -> None:
    """公示期间有人提意见"""
    accepted(t, 0, 1)
    for stages in groups(rules):
        if stages[0].kind == StageKind.POSTING:
            break
        t.after(round(length_of(stages) * BRISK))
        t.office_does("carry")
    t.after(2)
    t.office_does("object")
    t.after(3)
    t.office_does("find")
    t.after(length_of(stages) + 2)
    walk_on(t, rules, BRISK)


SHAPES: dict[str, Shape] = {
    "draft": draft,
    "waiting": waiting,
    "walk": walk,
    "on the spot": on_the_spot,
    "refused": refused,
    "late": late,
    "overdue": overdue,
    "overdue with reason": overdue_with_reason,
    "due soon": due_soon,
    "correcting": correcting,
    "corrected": corrected,
    "second correction": second_correction,
    "lapsed": lapsed,
    "withdrawn": withdrawn,
    "not accepted": rejected("not_accepted"),
    "not required": rejected("not_required"),
    "not ours": rejected("not_ours"),
    "forwarded": rejected("forwarded"),
    "deemed accepted": deemed_accepted,
    "paused": paused,
    "resumed": resumed,
    "extended": extended,
    "stalled": stalled,
    "consent": consent,
    "silent office": silent(""),
    "silent office objects": silent("object"),
    "objecting": objecting,
    "posting objection": posting_objection,
}
