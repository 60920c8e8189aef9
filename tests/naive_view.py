"""两种算法各自的结果，用同样的话 – the legal fields of the second reading and of the fold, side by side."""

from typing import Any

from approvals.facts import LADDER, CaseState
from tests.naive_case import NaiveCase

PLAIN = (
    "state", "outcome", "manner", "effective_at", "counts_from", "accepted_at", "acceptance_deemed",
    "corrections", "extended", "dead", "reason_due_on", "reason_published",
    "linked", "valid_until",
)  # fmt: skip


def naive_view(case: NaiveCase) -> dict[str, Any]:
    """The legal fields, in the words of the fold's own state."""
    case.looking = True
    view = {
        **{name: getattr(case, name) for name in PLAIN},
        "clocks": {
            (c.key, c.round): (
                "fixed" if c.fixed_day else "hours" if c.until else c.day_zero,
                c.until or case.due(c),
                c.extended_by,
                c.ended_at,
                c.how,
            )
            for c in case.clocks
        },
        "steps": [_step(step) for step in case.steps],
        "pauses": [(h.start, h.until, h.ended_on) for h in case.halts],
        "effects": sorted(case.effects),
    }
    case.looking = False
    return view


def _step(step: Any) -> tuple[Any, ...]:
    """What both sides call by the same names."""
    times = (step.opened_at, step.opened_on, step.ended_at)
    return (step.stage.key, step.round, *times, step.status, step.outcome, step.late, step.objection)


def fold_view(state: CaseState) -> dict[str, Any]:
    """The same fields, as the fold gives them."""
    clocks = [(c.key, c) for c in state.clocks]
    clocks += [(s.stage.key, s.clock) for s in state.steps if s.clock is not None]
    return {
        **{name: getattr(state, name) for name in PLAIN},
        "clocks": {
            (key, c.round): (
                "fixed" if c.key == "expiry" else "hours" if c.in_hours else c.days.started_on,
                c.due_at if c.in_hours else c.due_on,
                0 if c.in_hours else c.days.extended_by,
                c.ended_at,
                c.how.value if c.how else "",
            )
            for key, c in clocks
        },
        "steps": [_step(step) for step in state.steps],
        "pauses": [(p.start, p.until, p.ended_on) for p in state.pauses],
        "effects": sorted(
            (e.kind, e.clock, e.step, e.round, e.at)
            for e in state.effects
            if e.kind not in LADDER
        ),
    }
