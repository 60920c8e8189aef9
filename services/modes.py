"""默认方式的启用：why an approver may, or may not, switch a default on (engine section 5).

Pure. An import only proposes; every refusal here is a sentence the approver reads.
"""

import dataclasses
import re
from datetime import date

from services.definition import Citation, ItemDefinition, OnTimeout, Stage, StageKind, Timeout

ITEM, INTAKE = "item", "intake"
MODE_NAMES: dict[OnTimeout, str] = {
    OnTimeout.ESCALATE: "逾期督办",
    OnTimeout.ACCEPT: "视为受理",
    OnTimeout.CONSENT: "视为无异议",
    OnTimeout.RECORD: "收讫即备案",
    OnTimeout.COMPLETE: "自动办结",
    OnTimeout.RENEW: "视为准予延续",
    OnTimeout.GRANT: "视为准予",
}
_GRANT_RISKS = {
    "safety": "涉及公共安全",
    "environment": "涉及生态环境",
    "land": "涉及土地",
    "third_party": "涉及第三人权益",
    "minors": "涉及未成年人",
}
_NOT_FINAL = {
    StageKind.DECIDE: "最终决定必须明示作出，不能视为无异议。",
    StageKind.POSTING: "公示期满自行结束，没有视为无异议可言。",
    StageKind.INTAKE: "受理环节适用“视为受理”，不适用“视为无异议”。",
}
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千0-9]+条")


def check_switch_on(
    definition: ItemDefinition, mode: OnTimeout, stage_key: str | None, citation: Citation | None, *, on: date
) -> list[str]:
    """不能启用的理由: empty when the mode may be switched on with this citation on this day.

    `stage_key` is None for the whole item; the intake step's own key means the same for 视为受理.
    """
    if mode == OnTimeout.ESCALATE:
        return []
    if mode == OnTimeout.ACCEPT and stage_key in _intake_keys(definition):
        stage_key = None
    if mode == OnTimeout.CONSENT:
        reasons = _check_consent(definition, stage_key)
    elif stage_key is not None:
        reasons = [f"“{MODE_NAMES[mode]}”针对整个事项，不能只对一个环节启用。"]
    else:
        checks = {
            OnTimeout.ACCEPT: _check_accept,
            OnTimeout.RECORD: _check_record,
            OnTimeout.COMPLETE: _check_complete,
            OnTimeout.RENEW: _check_renew,
            OnTimeout.GRANT: _check_grant,
        }
        reasons = checks[mode](definition)
    if not reasons and (mode, stage_key) not in _proposed(definition):
        why = f"：{definition.tacit_reason}" if definition.tacit_reason else "。"
        reasons = [f"事项审查没有建议“{MODE_NAMES[mode]}”{why}"]
    return reasons + check_citation(citation, mode, on=on)


def check_citation(citation: Citation | None, mode: OnTimeout, *, on: date) -> list[str]:
    """依据够不够：title and publication date always; for 视为准予 a law or regulation with its article."""
    if citation is None or not citation.title.strip():
        return ["没有写明依据的文件名称。"]
    reasons = _check_dates(citation, on)
    if mode == OnTimeout.GRANT:
        if not _is_law(citation.title):
            reasons.append("只有法律、行政法规或者地方性法规明文规定，才能视为准予；规章和文件不能作依据。")
        if not _ARTICLE.search(citation.article):
            reasons.append("视为准予要写明是第几条规定的。")
    return reasons


def mode_of(rules: ItemDefinition, target: str) -> OnTimeout | None:
    """这一版里正在用的方式; None for a stage the version does not have."""
    if target == ITEM:
        return rules.timeout.mode
    if target == INTAKE:
        return rules.intake_timeout.mode
    return next((stage.timeout.mode for stage in rules.stages if stage.key == target), None)


def with_timeout(rules: ItemDefinition, target: str, mode: OnTimeout, citation: Citation | None) -> ItemDefinition:
    """换上开通了的方式; without a citation only to see what would come of it. KeyError for a stage the version does not have."""

    def switched(old: Timeout) -> Timeout:
        return dataclasses.replace(old, mode=mode, citation=citation)

    if target == ITEM:
        return dataclasses.replace(rules, timeout=switched(rules.timeout))
    if target == INTAKE:
        return dataclasses.replace(rules, intake_timeout=switched(rules.intake_timeout))
    rules.stage(target)
    stages = tuple(
        dataclasses.replace(stage, timeout=switched(stage.timeout)) if stage.key == target else stage
        for stage in rules.stages
    )
    return dataclasses.replace(rules, stages=stages)


def proposals(definition: ItemDefinition) -> list[tuple[OnTimeout, str | None]]:
    """已建议、还没启用的默认方式, each with the key of its step or None for the whole item."""
    return [(mode, key) for (mode, key), timeout in _proposed(definition).items() if timeout.mode != mode]


def _intake_keys(definition: ItemDefinition) -> set[str]:
    return {"intake", *(stage.key for stage in definition.stages if stage.kind == StageKind.INTAKE)}


def _proposed(definition: ItemDefinition) -> dict[tuple[OnTimeout, str | None], Timeout]:
    timeouts: list[tuple[str | None, Timeout]] = [
        (None, definition.intake_timeout),
        (None, definition.timeout),
    ]
    timeouts += [(stage.key, stage.timeout) for stage in definition.stages]
    return {
        (timeout.proposed, key): timeout
        for key, timeout in timeouts
        if timeout.proposed != OnTimeout.ESCALATE
    }


def _check_dates(citation: Citation, on: date) -> list[str]:
    if not citation.published_on:
        return ["没有写明依据的公布日期。"]
    try:
        published = date.fromisoformat(citation.published_on)
        until = date.fromisoformat(citation.in_force_until) if citation.in_force_until else None
    except ValueError:
        return ["依据的日期应写成 2026-01-31 这样的格式。"]
    reasons = []
    if published > on:
        reasons.append("依据的公布日期还没有到，公布以后才能启用。")
    if until is not None and until < on:
        reasons.append("依据已经失效，不能再用来启用。")
    return reasons


def _is_law(title: str) -> bool:
    """法律或法规：…法 (not 办法), …条例, with the book marks and a trailing bracket put aside."""
    bare = re.sub(r"[（(][^）)]*[）)]$", "", title.strip()).strip("《》 ")
    return bare.endswith("条例") or (bare.endswith("法") and not bare.endswith("办法"))


def _pays(definition: ItemDefinition) -> bool:
    return "money" in definition.risks or definition.item_type == "行政给付"


def _check_accept(definition: ItemDefinition) -> list[str]:
    if definition.licence:
        return ["行政许可的“视为受理”由行政许可法第三十二条直接规定，不用另行启用。"]
    if not definition.online:
        return ["本事项只有办事指南，不在这里受理。"]
    return []


def _check_record(definition: ItemDefinition) -> list[str]:
    if definition.positive != "recorded":
        return ["“收讫即备案”只用于备案、告知类事项。"]
    return []


def _check_complete(definition: ItemDefinition) -> list[str]:
    """自动办结只给没有裁量的服务"""
    reasons = []
    if definition.decided_elsewhere:
        reasons.append("本事项由上级机关决定，镇里不能让它自动办结。")
    if _pays(definition):
        reasons.append("本事项涉及资金给付，不能自动办结。")
    if "identity" in definition.risks:
        reasons.append("身份核验、资格认证要见到本人或核实情况，不能自动办结。")
    if definition.promised.length == 0:
        reasons.append("本事项当场办结，没有可以届满的期限，不能自动办结。")
    if definition.positive != "completed":
        reasons.append("“自动办结”只用于没有裁量的登记、服务类事项。")
    return reasons


def _check_renew(definition: ItemDefinition) -> list[str]:
    if not definition.licence or definition.positive != "renewed":
        return ["“视为准予延续”只用于行政许可的延续。"]
    if definition.timeout.mode == OnTimeout.RENEW:
        return ["行政许可的“视为准予延续”由行政许可法第五十条直接规定，不用另行启用。"]
    return []


def _check_grant(definition: ItemDefinition) -> list[str]:
    """视为准予：an exception list first, then the limit it would count from"""
    reasons = [
        f"本事项{text}，不能视为准予。" for risk, text in _GRANT_RISKS.items() if risk in definition.risks
    ]
    if _pays(definition):
        reasons.append("本事项涉及资金给付，不能视为准予。")
    if definition.decided_elsewhere:
        reasons.append("本事项由上级机关决定，不能视为准予。")
    if definition.statutory is None:
        reasons.append("本事项没有法定期限，视为准予无从起算。")
    return reasons


def _check_consent(definition: ItemDefinition, stage_key: str | None) -> list[str]:
    """视为无异议：own offices only, never the decision, never an opinion the law demands"""
    stage = next((entry for entry in definition.stages if entry.key == stage_key), None)
    if stage is None:
        return ["要指明对哪个会签环节启用“视为无异议”。"]
    if stage.kind in _NOT_FINAL:
        return [_NOT_FINAL[stage.kind]]
    if stage.kind != StageKind.REVIEW:
        return ["只有受理之后、决定之前的会签环节可以视为无异议。"]
    return _check_office(stage)


def _check_office(stage: Stage) -> list[str]:
    reasons = []
    if stage.external:
        reasons.append(f"“{stage.name}”在镇外办理，镇里不能替它视为无异议。")
    elif not stage.own_office:
        reasons.append(f"“{stage.name}”的承办单位不是本镇内设机构，也不受上级共同文件约束，不能视为无异议。")
    if stage.precondition:
        reasons.append(f"“{stage.name}”的意见是法律规定的前置条件（{stage.precondition}），不能视为无异议。")
    if stage.signers > 1:
        reasons.append(f"“{stage.name}”要两名以上工作人员到场（行政许可法第三十四条），不能视为无异议。")
    if stage.limit is None:
        reasons.append(f"“{stage.name}”没有期限，不能视为无异议。")
    return reasons
