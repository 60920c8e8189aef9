"""办事指南的图：the flow of an item drawn from its real stages, and what each silence means.

Pure. The words are computed from the modes in force: a proposed mode that nobody has switched on
is shown as what it is today, 逾期督办.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from services.definition import (
    ItemDefinition,
    Limit,
    LimitUnit,
    Material,
    OnTimeout,
    Required,
    Stage,
    StageKind,
)

UNITS = {
    LimitUnit.WORKDAY: "个工作日",
    LimitUnit.DAY: "个自然日",
    LimitUnit.MONTH: "个月",
    LimitUnit.YEAR: "年",
    LimitUnit.HOUR: "小时",
}
LOOKED_UP = "政府部门自己查，查不到才请您带"
_LONGEST_STRIP = 30
_RISKS = {
    "safety": "关系公共安全的事，不能默认。",
    "land": "土地的事，不能默认。",
    "environment": "关系生态环境的事，不能默认。",
    "money": "发钱的事，不能默认。",
    "minors": "关系孩子的事，不能默认。",
    "third_party": "牵涉别人权益的事，不能默认。",
    "identity": "要核实本人的事，不能默认。",
}


@dataclass(frozen=True, slots=True)
class Silence:
    """到时候没有答复会怎样: → goes on by itself, ↑ goes up to a leader."""

    arrow: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """同时办的一家"""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """一格日格"""

    number: int
    state: str


@dataclass(frozen=True, slots=True)
class FlowStage:
    """流程的一步, as partials/_flow.html draws it."""

    number: str
    name: str
    office: str
    limit_text: str
    days_text: str
    kind: str
    cells: tuple[Cell, ...] = ()
    parallel: tuple[Part, ...] = ()
    silence: Silence | None = None
    days: tuple[int, int] = field(default=(0, 0))


@dataclass(frozen=True, slots=True)
class Tag:
    """标记"""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """材料的一行"""

    key: str
    name: str
    form: str
    copies: int
    source: str
    tags: tuple[Tag, ...]
    when_text: str
    note: str


def limit_text(limit: Limit | None) -> str:
    """期限的写法: 15个工作日, 当场."""
    if limit is None:
        return ""
    return f"{limit.length}{UNITS[limit.unit]}" if limit.length else "当场"


def answer_text(rules: ItemDefinition) -> str:
    """多久里说清收不收: 5个工作日里, 当场."""
    limit = rules.answer_limit
    return f"{limit_text(limit)}里" if limit.length else limit_text(limit)


def flow_of(rules: ItemDefinition, offices: Mapping[str, str]) -> list[FlowStage]:
    """整个流程, from before the application to what follows the result."""
    shown: list[FlowStage] = []
    number, day = 0, 0
    groups = [list(group) for _, group in groupby(sorted(rules.stages, key=lambda s: s.group), lambda s: s.group)]
    last = max((place for place, group in enumerate(groups) if group[0].kind in _INSIDE), default=-1)
    for place, group in enumerate(groups):
        outside = group[0].kind not in _INSIDE
        if not outside:
            number += 1
        counted = not outside and _counts(group)
        length = max((s.limit.length for s in group if s.limit and s.limit.unit == LimitUnit.WORKDAY), default=0)
        days = (day + 1, day + length) if counted and length else (0, 0)
        day = days[1] or day
        label = str(number) if not outside else ("后" if group[0].kind == StageKind.AFTER else "先")
        kind = "off" if outside or not counted else ("last" if place == last else "step")
        shown.append(_draw(rules, group, offices, label, kind, days))
    return shown


_INSIDE = frozenset({StageKind.INTAKE, StageKind.REVIEW, StageKind.POSTING, StageKind.DECIDE, StageKind.DELIVER})


def _counts(group: list[Stage]) -> bool:
    return all(stage.counts and "promised" not in stage.pauses for stage in group)


def _draw(
    rules: ItemDefinition, group: list[Stage], offices: Mapping[str, str], label: str, kind: str, days: tuple[int, int]
) -> FlowStage:
    first = group[0]
    if len(group) == 1:
        name, office = first.name, _office_text(first, offices) + _situation(rules, first)
        parallel: tuple[Part, ...] = ()
    else:
        name, office = f"{_COUNT.get(len(group), len(group))}家同时审", "一起开始，最慢的一家完了才算完。"
        parallel = tuple(Part(_office_text(s, offices), s.note or s.name) for s in group)
    longest = max((s.limit for s in group if s.limit), key=lambda limit: limit.length, default=None)
    return FlowStage(
        number=label,
        name=name,
        office=office,
        limit_text=limit_text(longest) or ("没有单独的期限" if kind != "off" else ""),
        days_text=_days_text(rules, group, kind, days),
        kind=kind,
        cells=_strip(rules.promised, days) if days[0] else (),
        parallel=parallel,
        silence=silence_of(rules, group, offices),
        days=days,
    )


_COUNT = {2: "两", 3: "三", 4: "四", 5: "五", 6: "六"}


def _office_text(stage: Stage, offices: Mapping[str, str]) -> str:
    name = offices.get(stage.office, "")
    two = "，两人以上到场" if stage.signers > 1 else ""
    return f"{name}（镇外办，由代办员替您跑）" if stage.external else name + two


def _situation(rules: ItemDefinition, stage: Stage) -> str:
    """情形环节：谁的申请才走; empty for a step that all walk."""
    asked = {question.key: question.label for question in rules.questions}
    told = "，".join(f"{asked[key]}：{answer}" for key, answer in stage.when.items())
    return f"（{told}，才有这一步）" if told else ""


def _days_text(rules: ItemDefinition, group: list[Stage], kind: str, days: tuple[int, int]) -> str:
    promise = limit_text(rules.promised)
    if group[0].kind == StageKind.BEFORE:
        return f"申请前办，不算在{promise}里"
    if group[0].kind == StageKind.AFTER:
        return "办完以后的事"
    if kind == "off":
        return f"不算在{promise}里"
    if not days[0]:
        return "" if rules.promised.length == 0 else f"算在{promise}里"
    return f"第{days[0]}天" if days[0] == days[1] else f"第{days[0]}—{days[1]}天"


def _strip(promised: Limit, days: tuple[int, int]) -> tuple[Cell, ...]:
    if promised.unit != LimitUnit.WORKDAY or not 0 < promised.length <= _LONGEST_STRIP:
        return ()
    first, last = days
    return tuple(
        Cell(number, "gone" if first <= number <= last else "tocome") for number in range(1, promised.length + 1)
    )


def limit_cells(rules: ItemDefinition) -> tuple[Cell, ...]:
    """承诺和法定两个期限画在一条日格上; empty when they are not both counted in working days."""
    promised, statutory = rules.promised, rules.statutory
    total = max(promised.length, statutory.length if statutory else 0)
    units = {promised.unit, statutory.unit if statutory else promised.unit}
    if units != {LimitUnit.WORKDAY} or not 0 < promised.length <= total <= _LONGEST_STRIP:
        return ()

    def state(number: int) -> str:
        if number == promised.length:
            return "promised"
        if statutory and number == statutory.length:
            return "legal"
        return "tocome" if number < promised.length else "past"

    return tuple(Cell(number, state(number)) for number in range(1, total + 1))


FROM = {"online": "网上提交的", "window": "到窗口交的", "agent": "代办员代交的", "village": "村代办点代交的"}


def channel_texts(rules: ItemDefinition) -> list[tuple[str, str]]:
    """分渠道的承诺: who came how, and how long it takes then."""
    return [(FROM[own.channel], limit_text(own.promised)) for own in rules.by_channel]


def accepts_text(rules: ItemDefinition) -> str:
    """每月哪几天受理; empty for every day."""
    days = rules.accepts_days
    return f"每月{days.first}日至{days.last}日受理" if days else ""


def waiting_text(rules: ItemDefinition, received_on: date) -> str:
    """不在受理的日子里交来的，从哪天数起; empty where it was accepted at once."""
    opens = rules.opens_on(received_on)
    if opens == received_on:
        return ""
    return f"{accepts_text(rules)}。{_written(received_on)}收到的先收下、不作废，办理的日子从{_written(opens)}数起。"


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def silence_of(rules: ItemDefinition, group: list[Stage], offices: Mapping[str, str]) -> Silence | None:
    """这一步到时候没有答复会怎样, by the modes in force."""
    kind = group[0].kind
    if kind == StageKind.INTAKE:
        return _intake_silence(rules)
    if kind == StageKind.POSTING:
        return Silence("→", "期满：自己结束。", "没有人提不同意见，就往下走。有人提，先核实再往下走。")
    if kind == StageKind.DECIDE:
        return _decision_silence(rules)
    if kind == StageKind.DELIVER:
        hands_over = any(stage.hands_over for stage in group)
        told = "决定作出后最晚10个工作日，必须送到您手上。" if hands_over else "报负责人督办，给经办人记牌；您的结果不受影响。"
        return Silence("↑", "超时：督办。", told)
    if kind == StageKind.REVIEW:
        return _review_silence(group, offices)
    if kind == StageKind.BEFORE:
        return Silence("↑", "没人回话：打便民电话。", "镇里帮您去问清楚。")
    return None


def _intake_silence(rules: ItemDefinition) -> Silence:
    within = limit_text(rules.intake)
    if rules.timeout.mode in {OnTimeout.RECORD, OnTimeout.COMPLETE} and rules.promised.length <= rules.intake.length:
        return _decision_silence(rules)
    if rules.intake_timeout.mode == OnTimeout.ACCEPT:
        return Silence("→", "超时：视为受理。", f"{within}没有一次说清要补什么，从收到申请那天起就算受理。")
    return Silence("↑", "超时：督办。", f"{within}没有答复，报中心负责人督办，给经办人记牌。期限从收到申请那天算，不会往后推。")


def _review_silence(group: list[Stage], offices: Mapping[str, str]) -> Silence:
    consenting = [s for s in group if s.timeout.mode == OnTimeout.CONSENT]
    waiting = [s for s in group if s.timeout.mode != OnTimeout.CONSENT]
    if not consenting:
        outside = all(s.external for s in group)
        who = "代办员去催，镇里不能替他们默认。" if outside else "分管领导督办，给经办人记红牌。照样要办完。"
        return Silence("↑", "超时：督办，不算同意。", who)
    if not waiting:
        return Silence("→", "超时：视为没有不同意见。", "只当这一家没有意见，往下走。不等于批准，也要记责。")
    names = "、".join(offices.get(s.office, s.name) for s in consenting)
    others = "、".join(offices.get(s.office, s.name) for s in waiting)
    text = f"{names}不回话：视为没有不同意见，不等于批准，也要记责。{others}不回话：督办，不算同意。"
    return Silence("→", "超时：各家不一样。", text)


def _decision_silence(rules: ItemDefinition) -> Silence:
    mode = rules.timeout.mode
    if mode == OnTimeout.RECORD:
        return Silence("→", "超时：收讫即备案。", "到期没有答复，就算备案了，从收到申请那天起算。系统自动出凭证。")
    if mode == OnTimeout.COMPLETE:
        return Silence("→", "超时：自动办结。", "到期没有答复，就算办好了。系统自动出凭证。")
    if mode == OnTimeout.GRANT:
        return Silence("→", "超时：视为准予。", "法定期限到了还没决定，依法视为准予。系统自动出凭证。")
    if mode == OnTimeout.RENEW:
        text = f"有效期满前{rules.renewal_days}个自然日以前申请的，到期满那天还没决定，依法视为准予延续。"
        return Silence("→", "超时：视为准予延续。", text)
    why = next((text for risk, text in _RISKS.items() if risk in rules.risks), "")
    if rules.decided_elsewhere:
        return Silence("↑", "超时：督办，不算批准。", f"{why}这件事上级决定，镇里不能替上级默认，由代办员去催。")
    return Silence("↑", "超时：督办，不算批准。", f"{why}报领导督办，3个工作日内公开说明理由，照样要作决定。")


def material_rows(rules: ItemDefinition, materials: Iterable[Material] | None = None) -> list[MaterialRow]:
    """材料表, always-needed ones first as in the list."""
    questions = {question.key: question.label for question in rules.questions}
    return [
        MaterialRow(m.key, m.name, m.form, m.copies, source_of(m), tags_of(m), _when_text(m, questions), note_of(m))
        for m in (rules.materials if materials is None else materials)
    ]


def source_of(material: Material) -> str:
    """从哪来: what the government looks up by itself comes from nobody's drawer."""
    return LOOKED_UP if material.by_sharing else material.source


def note_of(material: Material) -> str:
    """补充的话: how to hand over a paper is not said of one that nobody has to hand over."""
    return "" if material.by_sharing else material.note


def tags_of(material: Material) -> tuple[Tag, ...]:
    """材料的标记: 必须交、免提交、可容缺、可承诺、可不交."""
    tags = []
    if material.by_sharing:
        tags.append(Tag("free", "免提交"))
    if material.deferrable:
        tags.append(Tag("lack", "可容缺"))
    if material.by_commitment:
        tags.append(Tag("pledge", "可承诺"))
    if material.required == Required.OPTIONAL:
        tags.append(Tag("", "可不交"))
    elif not tags:
        tags.append(Tag("must", "必须交"))
    return tuple(tags)


def _when_text(material: Material, questions: Mapping[str, str]) -> str:
    if material.required == Required.AGENT:
        return "托别人来办的才交"
    if material.required != Required.WHEN:
        return ""
    conditions = [f"{questions.get(key, key)}：{value}" for key, value in material.when.items()]
    return f"选了“{'；'.join(conditions)}”的才交"
