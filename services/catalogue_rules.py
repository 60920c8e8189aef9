"""目录规则：what a merged item must satisfy as a whole before it may be imported."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from services.catalogue_overlay import CHANNELS
from services.catalogue_schema import Report
from services.catalogue_text import CATCH_ALL, UNITS
from services.definition import ItemDefinition, Limit, LimitUnit, OnTimeout, Required, Stage, StageKind

APPLICANT_FIELDS = ("name", "id_type", "id_number", "phone", "village", "address")
EXPIRY_FIELD = "expires_on"  # 延续事项：原许可证有效期至
NAMES = {unit: name for name, unit in UNITS.items()}
MONTHS = {LimitUnit.MONTH: 1, LimitUnit.YEAR: 12}
_LAW = re.compile(r"(法|条例)第[一二三四五六七八九十百]+条")
_COUNTED = {StageKind.INTAKE, StageKind.REVIEW, StageKind.POSTING, StageKind.DECIDE, StageKind.DELIVER}
_PAUSING = {StageKind.REVIEW, StageKind.POSTING, StageKind.DECIDE}
_ORDER = [
    StageKind.BEFORE,
    StageKind.INTAKE,
    StageKind.REVIEW,
    StageKind.DECIDE,
    StageKind.DELIVER,
    StageKind.AFTER,
]


def converted(limit: Limit, unit: LimitUnit) -> int:
    """保守换算：n 工作日 to 自然日 adds a weekend for each five begun; n 自然日 may all be working days; a month has 31."""
    if limit.unit == unit:
        return limit.length
    days = -(-limit.length // 24) if limit.unit == LimitUnit.HOUR else limit.length
    days *= 31 * MONTHS.get(limit.unit, 0) or 1
    if limit.unit == LimitUnit.WORKDAY and unit != LimitUnit.WORKDAY:
        days += 2 * -(-days // 5)
    return days * 24 if unit == LimitUnit.HOUR else days


def shortest(limit: Limit) -> Limit:
    """月和年最少有几天: 28 for one, 58 for two, 365 for a year (never more than there are); others are what they say."""
    months = limit.length * MONTHS.get(limit.unit, 0)
    if limit.unit not in MONTHS:
        return limit
    return Limit(months // 12 * 365 + max(months % 12 * 30 - 2, 0), LimitUnit.DAY)


def longest_path(definition: ItemDefinition) -> int:
    """最长路径：受理 plus, group by group, the longest counting step, in the promise's unit (自然日 for 月 and 年)."""
    unit = shortest(definition.promised).unit
    counted = [
        stage for stage in definition.stages if stage.counts and stage.kind in _COUNTED and stage.limit
    ]
    groups = groupby(sorted(counted, key=lambda stage: stage.group), key=lambda stage: stage.group)
    return sum(
        max(converted(stage.limit, unit) for stage in together if stage.limit)
        for _, together in groups
    )


def missing_disclosures(definition: ItemDefinition) -> list[str]:
    """六个公开缺哪几个 (A2); an item that lacks one is imported but not published."""
    fee = definition.fee
    fee_shown = bool(fee.note) and (
        not fee.charged or all((fee.amount, fee.standard, fee.basis, fee.approving_unit))
    )
    shown = {
        "服务内容": bool(definition.summary),
        "办事程序": bool(definition.stages),
        "申报材料": bool(definition.materials),
        "承诺时限": bool(definition.promised.basis),
        "收费标准和依据": fee_shown,
        "办理结果": bool(definition.result_document),
    }
    return [name for name, present in shown.items() if not present]


def check_rules(definition: ItemDefinition, report: Report) -> None:
    """整项检查; a rule whose own values were already wrong stays silent."""
    _check_keys(definition, report)
    _check_conditions(definition, report)
    _check_materials(definition, report)
    _check_form(definition, report)
    _check_modes(definition, report)
    _check_privacy(definition, report)
    _check_pauses(definition, report)
    _check_units(definition, report)
    if definition.online and not definition.remedies and not report.touched("remedies"):
        report.add("remedies", "没有写救济途径：不予的决定必须告知怎么复议、怎么诉讼，缺了就发不出去。")
    if definition.stages and not report.touched("stages", "overlay.stages", "overlay.kind"):
        _check_chain(definition, report)
        for stage in definition.stages:
            _check_stage(stage, definition, report)
        _check_limits(definition, report)
        _check_channels(definition, report)
    if definition.accepts_days and definition.accepts_days.first > definition.accepts_days.last:
        report.add("overlay.accepts_days.last", "每月受理的最后一天不能早于第一天。")


def _check_channels(definition: ItemDefinition, report: Report) -> None:
    """分渠道的期限: each as strict as the usual ones."""
    known = {stage.key for stage in definition.stages}
    for own in definition.by_channel:
        where = f"overlay.by_channel.{own.channel}"
        if own.channel not in CHANNELS:
            report.add(where, f"没有这个渠道，可写：{'、'.join(CHANNELS)}。")
        if own.promised.unit == LimitUnit.HOUR:
            report.add(f"{where}.unit", "整件的承诺不能按小时。")
            continue
        for one in own.stages:
            if one.stage not in known:
                report.add(f"{where}.stages.{one.stage}", "没有这个环节。")
        _check_limits(definition.for_channel(own.channel), report, f"{where}.promised")


def _check_keys(definition: ItemDefinition, report: Report) -> None:
    for where, name, values in (
        ("overlay.stages", "环节的键", [stage.key for stage in definition.stages]),
        ("materials", "材料的键", [material.key for material in definition.materials if material.key]),
        ("materials", "材料", [material.name for material in definition.materials]),
        ("overlay.fields", "表单项或情形问题的键", _form_keys(definition)),
        ("overlay.fields", "表单项或情形问题", _form_labels(definition)),
        ("overlay.pauses", "中止事由的键", [reason.key for reason in definition.pause_reasons]),
    ):
        for value in _repeated(values):
            if not report.touched(f"{where}["):
                report.add(where, f"{name}“{value}”重复了。")


def _form_keys(definition: ItemDefinition) -> list[str]:
    return [*(entry.key for entry in definition.fields), *(entry.key for entry in definition.questions)]


def _form_labels(definition: ItemDefinition) -> list[str]:
    return [*(entry.label for entry in definition.fields), *(entry.label for entry in definition.questions)]


def _repeated(values: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    again = []
    for value in values:
        if value in seen:
            again.append(value)
        seen.add(value)
    return again


def _check_conditions(definition: ItemDefinition, report: Report) -> None:
    """情形条件只能引用本事项的情形问题和它的答案"""
    answers = {question.key: question.choices for question in definition.questions}
    wheres = [(f"overlay.materials.{entry.name}.when", entry.when) for entry in definition.materials]
    wheres += [(f"overlay.fields.{entry.key}.when", entry.when) for entry in definition.fields]
    wheres += [(f"overlay.stages.{stage.key}.when", stage.when) for stage in definition.stages]
    for where, conditions in wheres:
        for key, answer in conditions.items():
            if key not in answers:
                report.add(where, f"没有情形问题“{key}”。")
            elif answer not in answers[key]:
                report.add(where, f"情形问题“{key}”没有“{answer}”这个答案。")
    asked = {key for _, conditions in wheres for key in conditions}
    for key in answers:
        if key not in asked and asked <= set(answers) and definition.materials:
            report.add(f"overlay.questions.{key}", "这个情形问题不影响任何材料、表单项或环节，不该问。")


def _check_materials(definition: ItemDefinition, report: Report) -> None:
    for place, material in enumerate(definition.materials):
        if material.required == Required.WHEN and not material.when:
            report.add(
                f"materials[{place}].required",
                f"“{material.name}”是情形材料，补充文件没有写对应的情形问题（when）。",
            )
        if CATCH_ALL.search(material.name) and not report.touched(f"materials[{place}].name"):
            report.add(f"materials[{place}].name", f"“{material.name}”含有兜底表述，申请材料必须列明。")


def _check_form(definition: ItemDefinition, report: Report) -> None:
    present = {entry.key for entry in definition.fields}
    if definition.online:
        for key in APPLICANT_FIELDS:
            if key not in present:
                report.add("overlay.blocks", f"网上能办的事项要有申请人一栏，缺少 {key}。")
    for entry in definition.fields:
        if (entry.kind == "choice") != bool(entry.choices):
            report.add(f"overlay.fields.{entry.key}.choices", "选择题要有选项，其他题不能有。")
    if definition.same_cause and definition.same_cause not in present:
        report.add("overlay.same_cause", f"表单里没有“{definition.same_cause}”这一项。")
    if definition.positive == "renewed" and EXPIRY_FIELD not in present:
        report.add("overlay.fields", f"延续事项要问原许可证有效期至（{EXPIRY_FIELD}）。")


def _check_modes(definition: ItemDefinition, report: Report) -> None:
    """默认方式与结果种类要相配 (engine section 5)"""
    mode = definition.timeout.proposed
    fits = {OnTimeout.RECORD: "recorded", OnTimeout.COMPLETE: "completed", OnTimeout.RENEW: "renewed"}
    if mode in fits and definition.positive != fits[mode]:
        report.add(
            "tacit_approval.mode", f"这种默认方式要求办理结果为 {fits[mode]}，现在是 {definition.positive}。"
        )
    if mode == OnTimeout.GRANT and definition.statutory is None and not report.touched("statutory_limit"):
        report.add("statutory_limit.value", "视为准予按法定期限计算，必须有法定期限。")
    if mode == OnTimeout.RENEW and not definition.licence:
        report.add("tacit_approval.mode", "只有行政许可的延续才能视为准予延续。")
    if definition.on_no_answer == "withdrawn" and not definition.no_answer_citation:
        report.add("overlay.no_answer_citation", "申请人逾期不答视为撤回，必须写明依据。")
    if definition.item_type == "行政给付" and "money" not in definition.risks:
        report.add("overlay.risks", "行政给付必须标明涉及资金（money）。")


def _check_privacy(definition: ItemDefinition, report: Report) -> None:
    if "minors" not in definition.risks:
        return
    if definition.publish_results != "none":
        report.add("overlay.publish_results", "涉及未成年人的结果不得公开。")
    if any(stage.kind == StageKind.POSTING for stage in definition.stages):
        report.add("overlay.stages", "涉及未成年人的事项不得公示。")


def _check_pauses(definition: ItemDefinition, report: Report) -> None:
    for reason in definition.pause_reasons:
        where = f"overlay.pauses.{reason.name}"
        _check_clocks(reason.clocks, reason.basis, where, definition, report)


def _check_clocks(
    clocks: tuple[str, ...], basis: str, where: str, definition: ItemDefinition, report: Report
) -> None:
    if not clocks:
        report.add(where, "没有写明停哪个时钟。")
    if "statutory" not in clocks:
        return
    if definition.statutory is None and not report.touched("statutory_limit"):
        report.add(where, "本事项没有法定期限，不能写停法定时钟。")
    if definition.licence and not report.touched("item_type") and not _LAW.search(basis):
        report.add(where, "行政许可的法定时钟只能依法律、法规的明文停止，请写明条文。")


def _check_units(definition: ItemDefinition, report: Report) -> None:
    """整件的期限不按小时; 延长按它所延长的那个期限的单位 (engine section 3)"""
    ruling = definition.statutory or definition.promised
    for where, limit in (("promised_limit", definition.promised), ("statutory_limit", definition.statutory)):
        if limit and limit.unit == LimitUnit.HOUR:
            report.add(f"{where}.unit", "整件的期限不能按小时，只有环节的期限可以。")
    extension = definition.extension
    if not extension.allowed or report.touched("extension", "statutory_limit", "promised_limit"):
        return
    if extension.unit != ruling.unit:
        name = "法定" if definition.statutory else "承诺"
        report.add(
            "extension.unit",
            f"延长要和{name}期限用同一个单位（{NAMES[ruling.unit]}），现在是{NAMES[extension.unit]}。",
        )


def check_publicity(publicity: Mapping[str, Any], definition: ItemDefinition, report: Report) -> None:
    """公示的要求和公示环节要对得上: who must post has a step that does, and for just as long."""
    if not publicity["required"] or not definition.stages or report.touched("publicity", "stages[", "overlay.stages["):
        return
    posting = [stage for stage in definition.stages if stage.kind == StageKind.POSTING]
    # the village may have posted before it applies: that step only stands in the guide
    before = [s for s in definition.stages if s.kind == StageKind.BEFORE and "公示" in s.name]
    if not posting and not before:
        report.add("publicity.required", "写明要公示，却没有公示环节。")
    for stage in (*posting, *before):
        where, asked = f"overlay.stages.{stage.key}.limit", f"{publicity['days']}个{publicity['unit']}"
        if stage.limit and f"{stage.limit.length}个{NAMES[stage.limit.unit]}" != asked and not report.touched(where):
            report.add(
                where,
                f"公示要求{asked}，这个环节是{stage.limit.length}个{NAMES[stage.limit.unit]}，两处要一致。",
            )


def _check_chain(definition: ItemDefinition, report: Report) -> None:
    """受理、决定各有且只有一个，次序为 申请前、受理、审查与公示、决定、送达、事后"""
    kinds = [stage.kind for stage in definition.stages]
    for kind, name in ((StageKind.INTAKE, "受理"), (StageKind.DECIDE, "决定")):
        if kinds.count(kind) != 1 and definition.online:
            report.add("overlay.stages", f"{name}环节应有且只有一个，现在有 {kinds.count(kind)} 个。")
    if sum(stage.hands_over for stage in definition.stages) > 1:
        report.add("overlay.stages", "送达只能是一个环节；决定以后别的手续，写 hands_over: false。")
    places = [_ORDER.index(StageKind.REVIEW if kind == StageKind.POSTING else kind) for kind in kinds]
    if places != sorted(places):
        report.add("overlay.stages", "环节次序应为申请前、受理、审查与公示、决定、送达、事后。")
    for decision in [stage for stage in definition.stages if stage.kind == StageKind.DECIDE]:
        beside = [s.name for s in definition.stages if s.group == decision.group and s is not decision]
        if beside:
            report.add(
                f"overlay.stages.{decision.key}.parallel",
                f"决定不能和别的环节并行（{'、'.join(beside)}）：决定一作出，还没办完的就落空了。",
            )


def _check_stage(stage: Stage, definition: ItemDefinition, report: Report) -> None:
    where = f"overlay.stages.{stage.key}"
    if stage.counts and stage.limit is None and stage.kind in _COUNTED:
        report.add(f"{where}.limit", "计入承诺时限的环节必须有期限。")
    if stage.external != (stage.duty == "agent"):
        report.add(f"{where}.duty", "镇外办理的环节由代办员登记结果，镇内的环节不能由代办员决定。")
    if stage.counts and stage.pauses:
        report.add(f"{where}.pauses", "计入承诺时限的环节不能停钟。")
    unknown = stage.external and stage.limit is None  # 已转报：our promise ends when it is handed up
    if not stage.counts and stage.kind in _PAUSING and "promised" not in stage.pauses and not unknown:
        report.add(f"{where}.pauses", "不计入承诺时限的环节要停承诺时钟。")
    if stage.pauses:
        _check_clocks(stage.pauses, stage.pause_basis, f"{where}.pause_basis", definition, report)
    if stage.pauses and stage.limit is None:
        report.add(f"{where}.limit", "停钟的环节要有预计的期限。")
    if stage.timeout.proposed == OnTimeout.CONSENT and stage.kind != StageKind.REVIEW:
        report.add(f"{where}.on_timeout", "只有审核、会签环节可以建议视为无异议。")
    if stage.timeout.proposed == OnTimeout.CONSENT and (stage.precondition or stage.signers > 1):
        why = stage.precondition or "行政许可法第三十四条：核查由两名以上工作人员进行"
        report.add(f"{where}.on_timeout", f"本环节的意见是法律规定的前置条件（{why}），不能视为无异议。")
    if stage.kind == StageKind.POSTING and (stage.limit is None or not stage.limit.length):
        report.add(f"{where}.limit", "公示至少要有一天。")
    if stage.when and (stage.hands_over or stage.kind not in (StageKind.REVIEW, StageKind.DELIVER)):
        report.add(f"{where}.when", "受理、公示、决定、送达谁都要走，不能分情形。")
    if stage.limit and stage.limit.unit == LimitUnit.HOUR and stage.kind in _COUNTED:
        _check_hours(stage, stage.limit, where, report)


def _check_hours(stage: Stage, limit: Limit, where: str, report: Report) -> None:
    """按小时的环节: it stops for nothing, so it is no posting and carries no default (engine section 3)."""
    if stage.kind in (StageKind.INTAKE, StageKind.POSTING):
        report.add(f"{where}.unit", "受理和公示按日计，不能按小时。")
    if not limit.length:
        report.add(f"{where}.limit", "按小时的环节至少一小时。")
    if stage.timeout.proposed != OnTimeout.ESCALATE:
        report.add(f"{where}.on_timeout", "按小时的环节到期只能督办，没有默认。")
    if stage.pauses:
        report.add(f"{where}.pauses", "按小时的环节不能停钟。")


def _check_limits(definition: ItemDefinition, report: Report, where: str = "promised_limit.value") -> None:
    promised, statutory = definition.promised, definition.statutory
    if report.touched("promised_limit"):
        return
    path = longest_path(definition)
    if promised.basis and path > shortest(promised).length:
        least = f"（最少 {shortest(promised).length} 日）" if promised.unit in MONTHS else ""
        report.add(
            where,
            f"最长路径的各环节合计 {path} {_counter(shortest(promised).unit)}，"
            f"超过承诺的 {promised.length} {_counter(promised.unit)}{least}。",
        )
    if statutory and not report.touched("statutory_limit") and _is_longer(promised, statutory):
        report.add(where, "承诺时限不能长于法定时限。")


def _counter(unit: LimitUnit) -> str:
    return {LimitUnit.WORKDAY: "个工作日", LimitUnit.DAY: "日", LimitUnit.MONTH: "个月"}.get(unit, NAMES[unit])


def _is_longer(one: Limit, other: Limit) -> bool:
    """可能更长: months and years against each other by months, all else by the days they may have."""
    if one.unit in MONTHS and other.unit in MONTHS:
        return one.length * MONTHS[one.unit] > other.length * MONTHS[other.unit]
    return converted(one, shortest(other).unit) > shortest(other).length
