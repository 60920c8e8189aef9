"""推演的案件：its facts, what finishing a piece of work records, and how it stands at the end. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from typing import Any

from approvals.facts import CaseState, Fact, Kind, StepView
from approvals.simulation.chance import Arrival, local, luck
from approvals.simulation.desk import Task, Work
from approvals.simulation.plan import Law, Offices, Plan
from portal.limits import Light
from portal.workdays import WorkCalendar
from services.definition import ItemDefinition, LimitUnit, PauseReason
from services.lifecycle import FINAL, State

OUTSIDE_LEAST = 0.3  # of its limit: no outside stage is quicker
OUTSIDE_WORST = 1.6
OUTSIDE_AT = time(15, 0)


@dataclass(slots=True, eq=False)
class Case:
    """推演里的一件"""

    arrival: Arrival
    rules: ItemDefinition
    state: CaseState
    facts: list[Fact] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    outside: dict[str, bool] = field(default_factory=dict)  # outside stages sent off; True when the result is here
    posted: set[str] = field(default_factory=set)  # postings for which an objection has been thought of
    look: int = 0
    number: int = 0

    @property
    def is_open(self) -> bool:
        """还没有完: no result yet, or the result is still to be delivered."""
        return self.state.state not in FINAL or bool(self.state.open_steps) or self.state.awaits_delivery

    def record(self, kind: Kind, at: datetime, **data: Any) -> None:
        """记下一件事实"""
        self.facts.append(Fact(kind, at, data, len(self.facts) + 1))


def finish_intake(case: Case, at: datetime) -> Kind:
    """收件审看完: tell once what is missing, turn it away, or accept."""
    fate, intake = case.arrival.fate, case.state.clock("intake")
    told = any(fact.kind == Kind.CORRECTED for fact in case.facts)  # one notice a case, 一次性告知
    if fate.corrected and not told and intake is not None and intake.is_open:
        case.record(Kind.CORRECTED, at)
        return Kind.CORRECTED
    if fate.rejected:
        case.record(Kind.REJECTED, at, outcome=fate.rejected)
        return Kind.REJECTED
    case.record(Kind.ACCEPTED, at)
    return Kind.ACCEPTED


def finish(case: Case, task: Task, at: datetime, *, dissents: bool) -> None:
    """别的活办完了，记下事实"""
    step, fate = task.step, case.arrival.fate
    if task.work in {Work.DECIDE, Work.ON_THE_SPOT} or (task.work == Work.REGISTER and _decides(case, step)):
        case.record(Kind.DECIDED, at, step=step, outcome="refuse" if fate.refused else "approve")
    elif task.work == Work.FINDING:
        case.record(Kind.FOUND, at, step=step)
    elif task.work == Work.REASON:
        case.record(Kind.REASON_PUBLISHED, at)
    elif task.work == Work.EXTEND:
        case.record(Kind.EXTENDED, at, length=case.rules.extension.length, unit=case.rules.extension.unit)
    elif task.work == Work.DELIVER and (not step or _hands_over(case, step)):
        case.record(Kind.DELIVERED, at)
    elif task.work == Work.DELIVER:
        case.record(Kind.OPINION, at, step=step, outcome="done")
    else:
        case.record(Kind.OPINION, at, step=step, outcome="object" if dissents else "agree")


def _hands_over(case: Case, step: str) -> bool:
    waits = case.state.handing_over
    return waits is not None and waits.stage.key == step


def _decides(case: Case, step: str) -> bool:
    return case.rules.stage(step).kind.value == "decide"


def pause_for(case: Case, task: Task) -> PauseReason | None:
    """这件要不要依法停下来: once a case, early, and for a reason on the version's list."""
    early = task.work in {Work.REVIEW, Work.VISIT} and not any(f.kind == Kind.PAUSED for f in case.facts)
    if not early or not case.arrival.fate.pause_days or case.state.state != State.ACCEPTED:
        return None
    shown, reasons = case.state.case_clock, case.rules.pause_reasons
    if not reasons or shown is None or shown.light != Light.NORMAL or any(not p.ended_on for p in case.state.pauses):
        return None
    return reasons[0]


def outside_ends_at(plan: Offices, step: StepView, calendar: WorkCalendar, name: str) -> datetime:
    """镇外环节哪天有结果: a share of its limit, in its own unit; three o'clock of that day."""
    draw = luck(name)
    share = draw.triangular(OUTSIDE_LEAST, 1.0, plan.outside_typical)
    if draw.random() < plan.outside_late:
        share = draw.uniform(1.05, OUTSIDE_WORST)
    limit = step.stage.limit
    length = max(1, ceil(share * limit.length)) if limit else 1
    if limit is None or limit.unit == LimitUnit.WORKDAY:
        day = calendar.add_workdays(step.opened_on, length)
    else:
        day = step.opened_on + timedelta(days=length * {LimitUnit.MONTH: 30, LimitUnit.YEAR: 365}.get(limit.unit, 1))
    return local(day, OUTSIDE_AT)


class Standing(StrEnum):
    """期末没办完的件怎样"""

    DEADLINE = "deadline"
    PAUSED = "paused"
    OVERDUE = "overdue"


def standing(case: Case, plan: Plan, law: Law, on: date) -> tuple[Standing, str] | None:
    """没办完的件的期限或理由; None if it has neither – nobody would ever look at it again."""
    state = case.state
    clocks = [*state.clocks, *(step.clock for step in state.open_steps if step.clock)]
    ends = [clock.due_on for clock in clocks if clock.is_open and clock.due_at and clock.due_at > state.at]
    if ends and state.next_look_at is not None:
        return Standing.DEADLINE, f"{min(filter(None, ends))}到期"
    planned = [pause.until for pause in state.pauses if pause.ended_on is None]
    if planned and state.next_look_at is not None:
        return Standing.PAUSED, f"依法中止，最迟{max(planned)}恢复"
    for task in case.tasks.values():
        post = plan.posts[task.post]
        is_silent = any(s.office == post.office and s.covers(on) for s in plan.silences)
        why = f"{law.office_name(post.office)}没有声音" if is_silent else task.parked
        return Standing.OVERDUE, f"没有期限在走，在{post.title}等着办" + (f"（{why}）" if why else "")
    if case.outside:
        return Standing.OVERDUE, "没有期限在走，等镇外的结果"
    return None
