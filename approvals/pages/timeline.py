"""一步一步：the timeline of a case in the villager's words, from its ledger and its folded state. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from approvals.facts import CaseState, StepView
from approvals.pages.day_zero import is_restarted
from approvals.pages.deadlines import limit_text, state_word
from portal.pagewords import cn_datetime, cn_end
from services.definition import ItemDefinition, OnTimeout, Stage, StageKind
from services.lifecycle import FINAL, NOT_CLOSED, POSITIVE, Linked, State

OUTCOME_WORDS = {"agree": "同意", "object": "有不同意见", "done": "办完了", "posted": "公示期满，没有人提异议"}

AFTERWARDS = {
    Linked.CORRECTED.value: ("结果更正了", "原来的结果和当时的责任都留着，以更正后的为准。"),
    Linked.REVOKED.value: (
        "结果被撤销了",
        "原来的结果和当时的责任都留着，从撤销起不再有效。不服可以申请复议、起诉。",
    ),
    Linked.RENOUNCED.value: ("您放弃了结果", "想再办可以重新申请。"),
}

LAPSES = {"promised": "超期：过了承诺的日子", "statutory": "超期：过了法律的日子"}

RECORDED = {
    "served": ("一次性告知书送到了", "补材料的日子从这天起算。"),
    "died": ("登记了申请人去世", "从这时起，到期不会自动有结果。"),
    "receipt_confirmed": ("第二个人核对了收件的日子", "纸件是早先收到的，从收到那天起算。"),
    "passed": ("转给家里另一位接着办", "日子不重新算。"),
    "duplicate": ("和先前的一件重复", "两件连起来看，这一件到期不会自动有结果。"),
    "linked": ("和先前的一件连起来看", "同一原因，一年里先前申请过；照样受理。"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """台账里的一件事: kind, instant and who did it in which post, as a name a page may show."""

    kind: str
    at: datetime
    who: str = ""
    points: int = 0


@dataclass(slots=True)
class Entry:
    """时间线的一项，给 _timeline.html 看"""

    title: str
    when: str = ""
    who: str = ""
    text: str = ""
    later: str = ""
    done: bool = False
    current: bool = False
    icon: str = "tick"
    told: str = "办完了"
    at: datetime | None = None
    number: int = 0
    url: str = ""
    url_text: str = ""

    @property
    def todo(self) -> bool:
        """还没到"""
        return not (self.done or self.current)


Names = Mapping[tuple[str, int], str]


def timeline(rules: ItemDefinition, state: CaseState, happened: Sequence[Happened], names: Names) -> list[Entry]:
    """时间线; `names` tells who has or had each step, by (key, round)."""
    entries = _arrival(state, happened)
    if state.state not in {State.SUBMITTED, State.CORRECTING}:
        entries += _opened(state, names)
    entries = _with_lapses(entries, state)
    if state.state not in FINAL:
        entries += _to_come(rules, state)
    entries += _delivery(state, happened) + _afterwards(happened)
    for number, entry in enumerate(entries, 1):
        entry.number = number
    return entries


def _with_lapses(entries: list[Entry], state: CaseState) -> list[Entry]:
    """承诺、法定的期限在哪里过的: each stands where it happened, before whatever came after it or still runs."""
    lapsed = [c for c in state.clocks if c.key in LAPSES and c.is_overdue and c.due_at is not None]
    for clock in sorted(lapsed, key=lambda c: c.due_at or c.started_at):
        at = clock.due_at or clock.started_at
        place = next((n for n, e in enumerate(entries) if e.at is None or e.at > at), len(entries))
        text = "不算批准，也不算不批准；记在责任人名下，还得办完。"
        entries.insert(place, Entry(LAPSES[clock.key], cn_end(at), "", text, done=True, icon="crossed", told="到期了", at=at))
    return entries


def _arrival(state: CaseState, happened: Sequence[Happened]) -> list[Entry]:
    entries: list[Entry] = []
    for event in happened:
        if event.kind == "filed":
            entries.append(_past("您交了申请", event, "从这天起算，当天不算在内。"))
        elif event.kind == "corrected":
            waiting = state.state == State.CORRECTING
            text = f"要补{event.points}样，一次写全了，不会再要第二回。"
            entries.append(replace(_past("窗口请您补材料", event, text), done=not waiting, current=waiting))
        elif event.kind in RECORDED:
            title, text = RECORDED[event.kind]
            entries.append(_past(title, event, text))
        elif event.kind == "supplied":
            entries.append(_past("您补来了材料", event, "补齐那天起重新算。"))
    return [*entries, *_acceptance(state, happened)]


def _past(title: str, event: Happened, text: str) -> Entry:
    return Entry(title, cn_datetime(event.at), event.who, text, done=True, at=event.at)


def _acceptance(state: CaseState, happened: Sequence[Happened]) -> list[Entry]:
    accepted = next((event for event in happened if event.kind == "accepted"), None)
    since = "补齐" if is_restarted(state) else "收件"
    if accepted is not None:
        return [_past("受理了", accepted, f"受理不推后日子，还是从{since}那天起算。")]
    if state.accepted_at is not None:
        text = f"窗口到期没有答复，依规定视为受理，从{since}那天起算。" if state.acceptance_deemed else ""
        title = "视为受理" if state.acceptance_deemed else "接着往下办"
        return [Entry(title, cn_end(state.accepted_at), "", text, done=True, at=state.accepted_at)]
    if state.state == State.SUBMITTED:
        clock = state.answer_clock
        late = bool(clock and clock.is_overdue)
        due = cn_end(clock.due_at) if clock else ""
        later = "窗口的答复已经超期，正在督办。" if late else f"窗口最晚{due}答复您。" if due else ""
        return [Entry("窗口在看材料", text="看材料全不全、对不对。缺什么只说一次，一次说全。", later=later, current=True)]
    return []


def _opened(state: CaseState, names: Names) -> list[Entry]:
    entries = []
    before = [step for step in state.steps if step.stage.kind != StageKind.DELIVER]
    after = [step for step in state.steps if step.stage.kind == StageKind.DELIVER]
    for _, group in groupby(before, key=lambda step: (step.stage.group, step.round)):
        steps = list(group)
        if state.state in FINAL and all(step.status == "superseded" or _decides(step) for step in steps):
            continue
        entries.append(_group_entry(steps, names) if len(steps) > 1 else _step_entry(steps[0], names))
    if state.state in FINAL:
        entries.append(_outcome(state))
    return entries + [_step_entry(step, names) for step in after]


def _delivery(state: CaseState, happened: Sequence[Happened]) -> list[Entry]:
    """送达: the last stop; nothing is 办结 before it."""
    for event in happened:
        if event.kind == "delivered":
            return [Entry("结果送到了", cn_datetime(event.at), event.who, "凭据已经登记。", done=True)]
    clock = state.clock("delivery")
    if clock is None or not state.awaits_delivery:
        return []
    late = "送达已经超期，正在督办。" if clock.is_overdue else f"最晚{cn_end(clock.due_at)}送到您手里。"
    return [Entry("把结果送给您", later=late, current=True)]


def _afterwards(happened: Sequence[Happened]) -> list[Entry]:
    """结果以后的事: it stands beside the result, which keeps its place and its date."""
    return [
        Entry(
            AFTERWARDS[event.kind][0], cn_datetime(event.at), event.who, AFTERWARDS[event.kind][1], done=True
        )
        for event in happened
        if event.kind in AFTERWARDS
    ]


def _decides(step: StepView) -> bool:
    return step.stage.kind == StageKind.DECIDE


def _outcome(state: CaseState) -> Entry:
    when = cn_end(state.effective_at) if state.manner == "deemed" else cn_datetime(state.effective_at)
    since = "补齐" if is_restarted(state) else "收件"
    text = {
        State.RECORDED: f"到期没有答复，依规定收讫即备案，从{since}那天起算。",
        State.COMPLETED: "到期没有答复，依规定自动办结。",
        State.RENEWED: "到期没有决定，依法视为准予延续。",
        State.APPROVED: "到期没有决定，依法视为准予。",
        State.WITHDRAWN_DEEMED: "到期没有补来材料，依规定视为撤回。可以重新申请。",
    }
    shown = text.get(State(state.state), "") if state.manner == "deemed" else ""
    title = state_word(state.state, state.manner)
    if state.state in NOT_CLOSED:
        return Entry(title, when, "", shown, done=True, icon="barred", told="到此为止", at=state.effective_at)
    return Entry(f"结果：{title}" + ("（逾期才办）" if state.is_late else ""), when, "", shown, done=True, at=state.effective_at)


def _step_entry(step: StepView, names: Names) -> Entry:
    who = names.get((step.stage.key, step.round), "")
    title = step.stage.name + (f"（第{step.round}次）" if step.round > 1 else "")
    if step.status == "open":
        return Entry(title, "", who, _open_text(step), _later([step]), current=True)
    return Entry(title, cn_end(step.ended_at), who, _ended_text(step), done=True, at=step.ended_at)


def _group_entry(steps: list[StepView], names: Names) -> Entry:
    waiting = [step.stage.name for step in steps if step.status == "open"]
    told = [f"{step.stage.name}：{_ended_text(step)}" for step in steps if step.status != "open"]
    count = "零一两三四五六七八九"[len(steps)] if len(steps) < 10 else str(len(steps))
    who = "；".join(dict.fromkeys(names.get((s.stage.key, s.round), "") for s in steps if s.status == "open")).strip("；")
    told += [f"还差{'、'.join(waiting)}"] if waiting else []
    text = "；".join(told) + ("。" if told else "")
    ended = [step.ended_at for step in steps if step.ended_at is not None]
    last = max(ended) if not waiting and ended else None
    when = cn_end(last) if last else ""
    return Entry(f"{count}家同时办", when, who, text, _later(steps), done=not waiting, current=bool(waiting), at=last)


def _ended_text(step: StepView) -> str:
    if step.status == "superseded":
        return "不用再办了"
    if step.status == "deemed":
        return "到期没有答复，视为无异议，已给这一家记责"
    words = OUTCOME_WORDS.get(step.outcome, "办完了")
    return words + ("（逾期才办）" if step.late else "")


def _open_text(step: StepView) -> str:
    if step.objection:
        return "公示期间有人提了异议，正在核查，核查完再公示一次。"
    if step.absent:
        return "上门核查时没有见到您，会和您另约时间。"
    if step.is_handed_up:
        return "镇里这一段办完了，已经转报上级。上级没有公布办理期限，我们隔一阵问一次，问到的写在这里。"
    if step.clock is not None and step.clock.is_overdue:
        return "已经超期，正在督办，还得办完。"
    return ""


def _later(steps: list[StepView]) -> str:
    """再往后会怎样"""
    clocks = [s.clock for s in steps if s.status == "open" and s.clock is not None and s.clock.is_open]
    dated = [clock for clock in clocks if clock.due_at is not None]
    if not dated:
        return "现在依法停着，不算日子。" if clocks else ""
    latest = max(dated, key=lambda clock: clock.due_at or clock.started_at)
    end = cn_end(latest.due_at)
    if any(step.is_handed_up for step in steps):
        return f"{end}以前我们再问上级一次。"
    if all(step.stage.kind == StageKind.POSTING for step in steps if step.status == "open"):
        return f"公示到{end}，没有人提异议就往下办。"
    if any(clock.mode == OnTimeout.CONSENT for clock in dated):
        return f"{end}还不答复的（依规定可以这样算的那几家），视为没有意见，接着往下办，给那一家记责。"
    return f"最晚{end}；到期不答复不算同意，要督办。"


def _to_come(rules: ItemDefinition, state: CaseState) -> list[Entry]:
    opened = {step.stage.group for step in state.steps}
    stages = [stage for stage in rules.running_stages() if stage.group not in opened]
    entries = []
    for _, group in groupby(stages, key=lambda stage: stage.group):
        entries.append(_future(list(group)))
    return entries


def _future(stages: list[Stage]) -> Entry:
    if len(stages) > 1:
        return Entry("、".join(stage.name for stage in stages), text="几家同时办，" + limit_text(stages[0].limit))
    return Entry(stages[0].name, text=limit_text(stages[0].limit) if stages[0].limit else "")


def is_good(state: CaseState) -> bool:
    """是不是办成了"""
    return state.state in POSITIVE
