"""从哪天数起：what day 0 of a limit is, in words that are true whatever has happened to the case. Pure."""

from approvals.facts import CaseState, ClockView, HowEnded, StepView
from approvals.pages.deadlines import awaits_supply
from portal.limits import day_of
from services.definition import OnTimeout, StageKind

RECEIVED, SUPPLIED = "收到申请", "补齐材料"
OTHERS = {"answer": "告知书送到", "serve": "告知书发出", "delivery": "有了结果"}


def day_zero(state: CaseState, clock: ClockView, key: str) -> str:
    """起算日是什么日子: 收到申请, or 补齐材料 once a correction notice has ended that; `key` is the clock's or its step's."""
    if state.clock(key) is None and (step := state.step(key)) is not None:
        return _opened(state, step)
    if key in OTHERS:
        return OTHERS[key]
    word = _begun(state, clock)
    later = clock.days.started_on > day_of(clock.started_at)  # after hours, on a rest day, or before the days of the month
    return f"算作{word}" if later else word


def is_restarted(state: CaseState) -> bool:
    """补齐过：the window's clock runs, or ran, from the day of supply."""
    intake = state.clock("intake")
    return intake is not None and intake.round > 1


def _begun(state: CaseState, clock: ClockView) -> str:
    if clock.mode == OnTimeout.GRANT and clock.days.started_on != state.counts_from:
        return "正式受理"
    answer = state.clock("answer")
    if answer is not None and answer.how == HowEnded.LAPSED and clock.started_at >= (answer.ended_at or state.at):
        return "补材料的期限到期"
    return SUPPLIED if is_restarted(state) or awaits_supply(state, clock) else RECEIVED


def _opened(state: CaseState, step: StepView) -> str:
    if step.round > 1:
        return "核查有了结论"  # only a posting is opened again
    if step.opened_at == state.accepted_at:
        return "受理"
    return OTHERS["delivery"] if step.stage.kind == StageKind.DELIVER and step.opened_at == state.effective_at else "上一步办完"
