"""推演的活：which work a case asks for at this moment – read from its legal state, never remembered. Pure."""

from dataclasses import dataclass
from datetime import datetime

from approvals.facts import CaseState, ClockView, StepView
from approvals.routing import Seat, agent_for, seat_for, window_for
from approvals.simulation.desk import Work
from portal.models.vocabulary import Duty
from services.definition import ItemDefinition, StageKind
from services.lifecycle import State


@dataclass(frozen=True, slots=True)
class Wanted:
    """要做的一项: `outside` while another level has it; `lapsed` once its own limit, or the case's, has ended."""

    key: str
    work: Work
    step: str = ""
    due: datetime | None = None
    lapsed: bool = False
    outside: StepView | None = None


def wanted(state: CaseState, rules: ItemDefinition, *, extends: bool = False) -> list[Wanted]:
    """此刻要做的活; `extends` if the head would ask for more time near the end."""
    found = [_of_step(step, state) for step in state.open_steps]
    asked = [entry for entry in found if entry is not None]
    shown = state.case_clock
    late = any(clock.is_overdue for clock in state.clocks if clock.key in {"promised", "statutory"})
    if state.state == State.SUBMITTED:
        intake = state.clock("intake")
        ends = [clock.due_at for clock in (intake, shown) if clock and clock.is_open and clock.due_at]
        lapsed = late or bool(intake and intake.is_overdue)
        asked.append(Wanted(f"intake#{intake.round if intake else 1}", Work.INTAKE, "", min(ends, default=None), lapsed))
    delivery = state.clock("delivery")
    if delivery is not None and state.awaits_delivery and state.handing_over is None:
        asked.append(Wanted("delivery", Work.DELIVER, "", delivery.due_at, delivery.is_overdue))
    if state.reason_due_on is not None and not state.reason_published:
        asked.append(Wanted("reason", Work.REASON, "", state.at))
    if extends and rules.extension.allowed and not state.extended and _is_near(state):
        asked.append(Wanted("extend", Work.EXTEND, "", shown.due_at if shown else None))
    return asked


def _is_near(state: CaseState) -> bool:
    """黄牌到了，表还在走"""
    ruling = state.clock("statutory") or state.clock("promised")
    warned = any(effect.kind == "yellow" and effect.clock in {"promised", "statutory"} for effect in state.effects)
    return state.state == State.ACCEPTED and warned and ruling is not None and ruling.is_open


def _of_step(step: StepView, state: CaseState) -> Wanted | None:
    stage, key = step.stage, f"{step.stage.key}#{step.round}"
    clock: ClockView | None = step.clock if step.clock is not None else state.case_clock
    due = clock.due_at if clock and clock.is_open else None
    lapsed = bool(clock and clock.is_overdue)
    if stage.kind == StageKind.POSTING:
        return Wanted(f"find:{key}", Work.FINDING, stage.key, due, lapsed) if step.objection else None
    if stage.external:
        return Wanted(key, Work.REGISTER, stage.key, due, lapsed, outside=step)
    work = {StageKind.DELIVER: Work.DELIVER, StageKind.DECIDE: Work.DECIDE}.get(stage.kind, Work.REVIEW)
    if work == Work.REVIEW and stage.signers > 1:
        work = Work.VISIT
    if work == Work.DECIDE and stage.limit is not None and stage.limit.length == 0:
        work = Work.ON_THE_SPOT
    return Wanted(key, work, stage.key, due, lapsed)


def seat_of(entry: Wanted, rules: ItemDefinition, seats: list[Seat], village: int | None) -> int | None:
    """这项活归哪个岗位: as routing says; the agent delivers; reasons and extensions are the office head's, else a leader's."""
    if entry.work == Work.INTAKE:
        found = window_for(seats, rules.office)
    elif entry.work == Work.DELIVER and not entry.step:
        found = agent_for(seats, village)
    elif entry.work in {Work.REASON, Work.EXTEND}:
        heads = [seat for seat in seats if seat.office == rules.office and seat.duty == Duty.OFFICE_HEAD]
        found = next(iter(heads + [seat for seat in seats if seat.duty == Duty.TOWN_LEADER]), None)
    else:
        found = seat_for(rules.stage(entry.step), seats, office=rules.office, village=village)
    return None if found is None else found.id
