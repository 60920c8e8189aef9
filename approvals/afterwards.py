"""结果以后：whether an outcome may still be corrected, revoked or given up, and why not. Pure."""

from datetime import datetime

from approvals.facts import CaseState
from portal.limits import TimeLimit, Unit, day_ended, due_at
from services.definition import ItemDefinition
from services.lifecycle import FINAL, POSITIVE, Linked, Manner, State


def correction_ends_at(state: CaseState, rules: ItemDefinition) -> datetime | None:
    """更正期届满的时刻: the version's window in 工作日 from the day the default took effect; None for a signed outcome."""
    if state.effective_at is None or state.calendar is None or state.manner != Manner.DEEMED:
        return None
    return due_at(
        TimeLimit(day_ended(state.effective_at), rules.correction_window, Unit.WORKDAY), state.calendar
    )


def is_standing(state: CaseState) -> bool:
    """结果还有效: it gave something, and no linked act has ended that."""
    return state.state in POSITIVE and not state.linked


def gone(state: CaseState) -> str:
    """为什么没有可以更正、撤销、放弃的结果, in Chinese; empty while it stands."""
    if state.state not in POSITIVE:
        return "这件事没有准予、备案、办结的结果"
    return f"这件事的结果已经{Linked(state.linked[-1]).label}了" if state.linked else ""


def no_correction(state: CaseState, rules: ItemDefinition) -> str:
    """为什么不能更正; empty inside the window."""
    end = correction_ends_at(state, rules)
    if gone(state):
        return gone(state)
    if end is None:
        return "这是书面决定，不是到期默认；违法的只能撤销"
    window = f"更正期（{rules.correction_window}个工作日）"
    return "" if state.at < end else f"{window}已经过了，只能依法撤销（行政许可法第六十九条）"


def no_revocation(state: CaseState, rules: ItemDefinition) -> str:
    """为什么不能撤销; empty once the correction window of a default is over, and for a signed outcome at any time."""
    end = correction_ends_at(state, rules)
    if gone(state):
        return gone(state)
    return "还在更正期内，有错请更正，过了更正期才用撤销" if end is not None and state.at < end else ""


def no_reopening(state: CaseState) -> str:
    """为什么不能重新申请; empty once a case has ended without a result that stands."""
    if state.state not in FINAL:
        return "这一件还在办，不用重新申请"
    if state.state == State.FORWARDED:
        return "这一件已经转送，在那边接着办，不用重新申请"
    return "这一件已经办好了，结果还有效，不用重新申请" if is_standing(state) else ""


def later_words(linked: tuple[str, ...]) -> str:
    """结果后来怎样了: （已撤销）, or nothing."""
    return "".join(f"（已{Linked(kind).label}）" for kind in linked)
