"""现在能办什么：the lawful next acts of a person on a case, and why the others are not – the same conditions as the actions."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from approvals.actions.common import DEFAULT_WORDS
from approvals.afterwards import no_correction, no_revocation
from approvals.facts import CaseState, StepView
from approvals.pausing import clocks_stopped, running_notices
from approvals.permissions import AGENTS, HANDLERS, HEADS, INTAKE, LEADERS, duties_for, is_carried
from portal.models import Duty
from portal.permissions import Power
from portal.roster import Matter
from services.definition import ItemDefinition, StageKind
from services.lifecycle import FINAL, Manner, State

CONFIRMERS = frozenset({*INTAKE, *AGENTS, *HEADS, Duty.SUPERVISE})
RECUSE = "申请人是您本人或亲属，依法回避"


@dataclass(frozen=True, slots=True)
class Lawful:
    """一个能办的动作: its page, and the step it is for."""

    act: str
    label: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Barred:
    """一个现在不能办的动作和原因"""

    label: str
    reason: str
    act: str = ""
    step: str = ""


@dataclass(slots=True)
class Lawfuls:
    """能办的和不能办的, as they are found."""

    assigned: frozenset[str] = frozenset()
    acts: list[Lawful] = field(default_factory=list)
    barred: list[Barred] = field(default_factory=list)

    def judge(self, act: str, label: str, reason: str, step: str = "") -> None:
        """没有不能的理由就能办"""
        if reason:
            self.barred.append(Barred(label, reason, act, step))
        else:
            self.acts.append(Lawful(act, label, step))


def lawful_acts(
    state: CaseState, rules: ItemDefinition, powers: Iterable[Power], *, number: str, recused: bool = False,
    assigned: frozenset[str] = frozenset(),
) -> tuple[list[Lawful], list[Barred]]:
    """这个人此刻能办的和不能办的; `powers` are those of the case's township, `assigned` the steps routed to one of his posts."""
    mine = list(powers)
    found = Lawfuls(assigned)
    duties = _duties(mine, rules.code, number)
    ended = _ended(state)
    if _duties(mine, rules.code, number, StageKind.INTAKE) & INTAKE:
        _intake(found, state, ended)
    for step in state.steps:
        if step.status in {"open", "deemed"} and (not ended or step.stage.kind == StageKind.DELIVER):
            _step(found, step, state, _reaching(mine, rules.code, number, step.stage.kind))
    _decision(found, state, _reaching(mine, rules.code, number, StageKind.DECIDE), ended)
    _clock_acts(found, state, rules, mine, number)
    _oversight(found, state, duties)
    _recording(found, state, rules, duties, ended)
    _receipt_and_delivery(found, state, duties)
    whole = _reaching(mine, rules.code, number)
    _termination(found, rules, whole, ended)
    _afterwards(found, state, rules, whole)
    if recused:
        return [], [Barred(act.label, RECUSE, act.act, act.step) for act in found.acts] + found.barred
    return found.acts, found.barred


def _reaching(powers: list[Power], code: str, number: str, kind: str = "") -> list[Power]:
    """范围盖得住的权力; without a kind, for what concerns the whole case."""
    return [power for power in powers if power.covers(Matter(code, kind, number))]


def _duties(powers: list[Power], code: str, number: str, kind: str = "") -> set[str]:
    return {power.post.duty for power in _reaching(powers, code, number, kind)}


def _ended(state: CaseState) -> str:
    """已经有结果的说法; empty while the case runs."""
    if state.state not in FINAL:
        return ""
    if state.manner == Manner.DEEMED:
        return f"期限已届满，已经{DEFAULT_WORDS.get(State(state.state), State(state.state).label)}"
    return f"已经有结果（{State(state.state).label}）"


def _intake(found: Lawfuls, state: CaseState, ended: str) -> None:
    if state.state == State.ACCEPTED:
        deemed = "受理期限已届满，已经视为受理" if state.acceptance_deemed else "已经受理了"
        found.judge("correct", "一次性告知", deemed)
        return
    waiting = "等申请人补材料，补齐后再受理" if state.state == State.CORRECTING else ""
    found.judge("accept", "受理", ended or waiting)
    found.judge("correct", "一次性告知", ended or _no_correction(state))
    if not ended:
        found.judge("reject", "不予受理、转送等", "")
    if state.state == State.CORRECTING:
        found.judge("supply", "登记补来的材料", "")


def _no_correction(state: CaseState) -> str:
    if state.corrections:
        return "已经一次性告知过，不能再发第二次（一次性告知制）"
    intake = state.clock("intake")
    return "受理期限已届满" if intake is not None and not intake.is_open else ""


def _step(found: Lawfuls, step: StepView, state: CaseState, powers: list[Power]) -> None:
    stage = step.stage
    if stage.kind == StageKind.DECIDE or not (stage.key in found.assigned or can_step(step, state, powers)):
        return
    if stage.kind == StageKind.POSTING:
        found.judge("object", f"登记异议（{stage.name}）", "公示已经期满" if not _posting_runs(step) else "", stage.key)
        if step.objection:
            found.judge("find", f"写核查结论（{stage.name}）", "", stage.key)
        return
    if stage.is_visit and step.clock is not None and step.clock.is_open:
        found.judge("absent", f"登记申请人不在场（{stage.name}）", "", stage.key)
    late = "补填迟到的意见" if step.status == "deemed" else ""
    if step == state.handing_over:
        found.judge("deliver", f"登记送达（{stage.name}）", "", stage.key)
        return
    word = {StageKind.DELIVER: "登记办好"}.get(stage.kind, "登记结果" if stage.external else "填意见")
    found.judge("opinion", f"{late or word}（{stage.name}）", "", stage.key)


def _posting_runs(step: StepView) -> bool:
    return step.status == "open" and step.clock is not None and step.clock.is_open


def can_step(step: StepView, state: CaseState, powers: Iterable[Power]) -> bool:
    """有没有办这一步的权力, as approvals.permissions.step_power decides it."""
    duties = duties_for(step, state)
    free = step.stage.external or bool(duties & (AGENTS | INTAKE)) or duties <= LEADERS
    for power in powers:
        if power.post.duty not in duties:
            continue
        if free or power.post.duty in LEADERS or power.post.office.key == step.stage.office:
            return True
    return False


def _decision(found: Lawfuls, state: CaseState, powers: list[Power], ended: str) -> None:
    """决定：only those who decide, and those who wait for it, are told about it."""
    deciding = next((s for s in state.open_steps if s.stage.kind == StageKind.DECIDE), None)
    if ended:
        return
    if deciding is not None:
        mine = deciding.stage.key in found.assigned or can_step(deciding, state, powers)
        found.judge("decide", "作决定", "" if mine else "您不是决定岗", deciding.stage.key)
    elif state.state == State.ACCEPTED:
        names = "、".join(step.stage.name for step in state.open_steps)
        found.judge("decide", "作决定", f"前面的环节还没走完（{names}）")


def _clock_acts(found: Lawfuls, state: CaseState, rules: ItemDefinition, powers: list[Power], number: str) -> None:
    if state.state != State.ACCEPTED:
        return
    whole = _reaching(powers, rules.code, number)
    stopped = running_notices(state.pauses)
    for key, pause in stopped.items():
        view = state.step(key)
        if can_pause(found, view, state, rules, _reaching(powers, rules.code, number, view.stage.kind) if view else whole):
            found.judge("resume", f"恢复计时（{view.stage.name if view else pause.reason}）", "", key)
    for view in state.open_steps or (None,):
        key, name = (view.stage.key, f"（{view.stage.name}）") if view else ("", "")
        mine = _reaching(powers, rules.code, number, view.stage.kind) if view else whole
        if key not in stopped and can_pause(found, view, state, rules, mine):
            found.judge("pause", f"中止计时{name}", _no_pause(state, rules, view), key)
    if is_own_head(rules, whole):
        found.judge("extend", "延长一次", _no_extension(state, rules))


def can_pause(
    found: Lawfuls, view: StepView | None, state: CaseState, rules: ItemDefinition, powers: Iterable[Power]
) -> bool:
    """有没有停这个环节的权力, as approvals.permissions.pause_power decides it."""
    if view is not None and not is_carried(view, state):
        return view.stage.key in found.assigned or can_step(view, state, powers)
    return any(
        p.post.duty in INTAKE | LEADERS or (p.post.duty in HANDLERS and p.post.office.key == rules.office) for p in powers
    )


def _no_pause(state: CaseState, rules: ItemDefinition, view: StepView | None) -> str:
    if not rules.pause_reasons:
        return "这件事没有法定的中止事由"
    keys = {key for reason in rules.pause_reasons for key in reason.clocks}
    return "" if clocks_stopped(state, keys, view) else "期限已经届满"


def _no_extension(state: CaseState, rules: ItemDefinition) -> str:
    if not rules.extension.allowed:
        return "这件事依规定不能延长"
    if state.extended:
        return "已经延长过一次"
    clock = state.clock("statutory") or state.clock("promised")
    if clock is None or not clock.is_open:
        return "期限已届满，算逾期"
    return "" if clock.days.unit.value == rules.extension.unit.value else "延长和它的期限不是一个单位"


def _oversight(found: Lawfuls, state: CaseState, duties: set[str]) -> None:
    if duties & HEADS and state.reason_due_on is not None:
        found.judge("reason", "公开逾期理由", "理由已经公开" if state.reason_published else "")
    if duties & {Duty.SUPERVISE, *LEADERS} and state.corrections and state.state not in FINAL:
        found.judge("correct", "特批第二次补正（不停表）", "")


def _recording(found: Lawfuls, state: CaseState, rules: ItemDefinition, duties: set[str], ended: str) -> None:
    """登记：delivery, what was deferred, a death, a repetition."""
    if ended or not duties & (AGENTS | INTAKE | HEADS):
        return
    unserved = state.state == State.CORRECTING and state.clock("serve") is not None and state.clock("answer") is None
    if unserved and duties & (AGENTS | INTAKE):
        found.judge("serve", "登记送达一次性告知书", "")
    if duties & (AGENTS | INTAKE):
        if state.state == State.ACCEPTED and not state.complete:
            found.judge("supply", "登记容缺后补的材料", "")
        elif state.to_bring and state.state != State.CORRECTING:
            found.judge("supply", "登记带来的材料", "")
        elif state.corrections > 1 and state.state != State.CORRECTING:
            found.judge("supply", "登记第二次补正的材料", "")
    if not state.dead:
        found.judge("died", "登记申请人去世", "")
    elif rules.household and not state.passed:
        found.judge("pass", "转给家里另一位接着办", "")
    if duties & (INTAKE | HEADS) and not state.duplicate:
        found.judge("duplicate", "登记重复件", "")


def _receipt_and_delivery(found: Lawfuls, state: CaseState, duties: set[str]) -> None:
    """收件日和送达：what came earlier is confirmed by a second person; what has been decided is delivered."""
    if state.receipt_waits and state.state not in FINAL and duties & CONFIRMERS:
        found.judge("confirm", "核对补登的收件日", "")
    if any(act.act == "deliver" for act in found.acts):
        return  # the step that is the delivery has led there already
    if state.clock("delivery") is not None and duties & (AGENTS | INTAKE | HEADS):
        found.judge("deliver", "登记送达", "" if state.awaits_delivery else "已经送达，或不用再送")


def _afterwards(found: Lawfuls, state: CaseState, rules: ItemDefinition, powers: list[Power]) -> None:
    """结果以后：the heads' ways back."""
    if not state.outcome or not is_own_head(rules, powers):
        return
    if state.manner == Manner.DEEMED:
        found.judge("rectify", "更正默认结果", no_correction(state, rules))
    found.judge("revoke", "撤销", no_revocation(state, rules))


def _termination(found: Lawfuls, rules: ItemDefinition, powers: list[Power], ended: str) -> None:
    """终结：only while there is no result, and only by the heads."""
    if not ended and is_own_head(rules, powers):
        found.judge("terminate", "终结办理", "")


def is_own_head(rules: ItemDefinition, powers: Iterable[Power]) -> bool:
    """是不是事项责任站所的负责人或镇领导, as approvals.permissions.head_power decides it."""
    own = {Duty.OFFICE_HEAD: rules.office}
    return any(p.post.duty in LEADERS or own.get(Duty(p.post.duty)) == p.post.office.key for p in powers)


def first_acts(
    step_kind: str, state: str, key: str, *, paused: bool, recused: bool, hands_over: bool = False
) -> tuple[list[Lawful], list[Barred]]:
    """工作台一行的头一个动作, from its columns alone; the case page has the whole list.

    `hands_over`: the step is the delivery, and the result waits for it.
    """
    if recused:
        return [], [Barred("办理", RECUSE)]
    if step_kind == "intake":
        if state == State.CORRECTING:
            return [], [Barred("受理", "等申请人补材料")]
        return [Lawful("accept", "受理"), Lawful("correct", "一次性告知")], []
    acts = {
        "delivery": Lawful("deliver", "登记送达"),
        StageKind.REVIEW.value: Lawful("opinion", "填意见", key),
        StageKind.DECIDE.value: Lawful("decide", "作决定", key),
        StageKind.DELIVER.value: Lawful("deliver", "登记送达", key) if hands_over else Lawful("opinion", "登记办好", key),
    }
    if step_kind == StageKind.POSTING:
        return [Lawful("object", "登记异议", key)], [Barred("往下办", "公示期满自己往下走")]
    barred = [Barred("走表", "依法停着，期满自己恢复")] if paused else []
    return [acts[step_kind]] if step_kind in acts else [], barred
