"""目录合并：a clean source item and its reviewed overlay become one `ItemDefinition`."""

import re
from dataclasses import replace
from typing import Any

from services.catalogue_overlay import Overlay
from services.catalogue_schema import Report, pick
from services.catalogue_stages import merge_stages
from services.catalogue_text import CATCH_ALL, UNITS, audience, chinese
from services.definition import (
    AcceptsDays,
    ChannelLimits,
    Citation,
    Extension,
    Fee,
    FormField,
    ItemDefinition,
    Limit,
    LimitUnit,
    Material,
    OnTimeout,
    PauseReason,
    Question,
    Required,
    StageLimit,
    Timeout,
)

TACIT = {
    "record_on_receipt": OnTimeout.RECORD,
    "auto_complete_service": OnTimeout.COMPLETE,
    "statutory_renewal": OnTimeout.RENEW,
    "statutory_deemed_grant": OnTimeout.GRANT,
}
LICENSING_LAW = "行政许可法"

Values = dict[str, Any]
DELIVERY_DAYS = 10  # 工作日，行政许可法第四十四条; taken for every kind of matter unless the overlay says otherwise


def merge_item(source: Values, extra: Values, overlay: Overlay, report: Report) -> ItemDefinition:
    """一个事项的来源与补充合成定义; dangling names are reported, never dropped in silence."""
    office = overlay.offices.get(extra["office"])
    if office is None:
        report.add("overlay.office", f"站所“{extra['office']}”不在 offices 里。")
    licence = source["item_type"] == "行政许可"
    return ItemDefinition(
        code=source["id"],
        name=source["name"],
        domain=source["domain"],
        item_type=source["item_type"],
        handling_type=source["handling_type"],
        level=chinese(source["exercise_level"]),
        audience=_audience(source, report),
        office=extra["office"],
        office_name=office.name if office else "",
        decision_authority=chinese(pick(extra, "decision_authority", source["decision_authority"])),
        legal_basis=tuple(_citation(entry, overlay) for entry in source["legal_basis"]),
        licence=licence,
        stages=merge_stages(source, extra, overlay, report),
        materials=_materials(source, extra, overlay, report),
        fields=_fields(extra, overlay, report),
        questions=tuple(
            Question(**{**entry, "choices": tuple(entry.get("choices", ("是", "否")))})
            for entry in extra.get("questions", [])
        ),
        fee=_fee(source, extra, licence),
        pause_reasons=_pause_reasons(source, extra, report),
        **_limits(source, overlay, licence),
        **_texts(source, extra),
        **_plain(extra),
        by_channel=_by_channel(source, extra),
    )


def _audience(source: Values, report: Report) -> tuple[str, ...]:
    found = audience(source["audience"])
    if not found and not report.touched("audience"):
        report.add("audience", f"服务对象“{source['audience']}”不能归为个人、企业或村集体。")
    return found


def _citation(entry: Values, overlay: Overlay) -> Citation:
    article = "" if entry["article"] in ("全文", "同上") else chinese(entry["article"])
    return Citation(chinese(entry["title"]), article, overlay.laws.get(entry["title"], ""))


def _limit(entry: Values, promised: bool = False) -> Limit:
    unit = UNITS[entry["unit"]] if entry["unit"] else LimitUnit.WORKDAY
    basis = _limit_basis(entry["basis"]) if entry["value"] is not None else ""
    return Limit(entry["value"] or 0, unit, f"本镇公开承诺（{basis}）" if promised and basis else basis)


def _limit_basis(basis: str) -> str:
    """期限依据: 外地的样例只说明是参照，不写外地地名"""
    if basis.startswith("样例") or "公开实施清单" in basis:
        return "参照外地公开样例，以本地文件为准"
    return chinese(re.sub(r"\(样例.*\)$", "", re.split("[;；]", basis)[0]))


def _limits(source: Values, overlay: Overlay, licence: bool) -> Values:
    """时限与默认方式: only what 行政许可法 itself says is in force from the import on."""
    law = Citation(LICENSING_LAW, "第三十二条", overlay.laws.get(LICENSING_LAW, ""))
    renewal = replace(law, article="第五十条")
    intake_basis = "行政许可法第三十二条" if licence else "参照行政许可法第三十二条"
    accept = (
        Timeout(OnTimeout.ACCEPT, OnTimeout.ACCEPT, law) if licence else Timeout(proposed=OnTimeout.ACCEPT)
    )
    proposed = TACIT.get(source["tacit_approval"]["mode"], OnTimeout.ESCALATE)
    in_force = licence and proposed == OnTimeout.RENEW
    extension = source["extension"]
    statutory = source["statutory_limit"]
    notice = source["correction_notice"]
    return {
        "promised": _limit(source["promised_limit"], promised=True),
        "statutory": _limit(statutory) if statutory["value"] is not None else None,
        "intake": Limit(notice["limit"], UNITS[notice["unit"]], intake_basis),
        "intake_timeout": accept,
        "timeout": Timeout(proposed, proposed, renewal) if in_force else Timeout(proposed=proposed),
        "extension": Extension(
            True,
            extension.get("max", 0),
            UNITS[extension.get("unit", "工作日")],
            chinese(extension.get("approver", "")),
            chinese(extension.get("basis", "")),
        )
        if extension["allowed"]
        else Extension(),
    }


def _texts(source: Values, extra: Values) -> Values:
    """给群众看的文字: the overlay's wording wins over the source's."""
    added = [chinese(channel) for channel in extra.get("channels_add", [])]
    omitted = [chinese(reason) for reason in extra.get("omit_stages", {}).values()]
    return {
        "conditions": tuple(chinese(entry) for entry in pick(extra, "conditions", source["conditions"])),
        "channels": (*(chinese(channel) for channel in source["channels"]), *added),
        "visits": source["on_site_visits"],
        "result_document": chinese(source["result_document"]),
        "remedies": tuple(chinese(entry) for entry in source["remedies"]),
        "validity": chinese(pick(extra, "validity", source["validity"])),
        "caveats": (*(chinese(entry) for entry in pick(extra, "caveats", source["caveats"])), *omitted),
        "tacit_reason": chinese(source["tacit_approval"]["reason"]),
    }


def _by_channel(source: Values, extra: Values) -> tuple[ChannelLimits, ...]:
    """分渠道的期限, in the unit of the usual promise unless another is written."""
    found = []
    for channel, row in extra.get("by_channel", {}).items():
        usual = _limit(source["promised_limit"], promised=True)
        unit = UNITS[row["unit"]] if "unit" in row else usual.unit
        stages = tuple(StageLimit(key, Limit(length, unit)) for key, length in row.get("stages", {}).items())
        found.append(ChannelLimits(channel, Limit(row["promised"], unit, usual.basis), stages))
    return tuple(found)


def _plain(extra: Values) -> Values:
    """原样取用的补充字段"""
    named = (
        "validity_months",
        "publish_results",
        "online",
        "fictional",
        "on_no_answer",
        "no_answer_citation",
        "household",
        "same_cause",
        "register_relatives",
    )
    numbers = ("answer_days", "correction_window", "renewal_days", "delivery_days")
    values = {key: extra[key] for key in (*named, *numbers) if key in extra}
    if "accepts_days" in extra:
        values["accepts_days"] = AcceptsDays(**extra["accepts_days"])
    return {"delivery_days": DELIVERY_DAYS} | values | {
        "plain_name": extra["plain_name"],
        "summary": extra["summary"],
        "positive": extra["positive"],
        "decided_elsewhere": extra.get("decided_elsewhere", False),
        "also_called": tuple(extra.get("also_called", ())),
        "risks": tuple(extra.get("risks", ())),
        "faq": tuple(extra.get("faq", ())),
    }


def _fee(source: Values, extra: Values, licence: bool) -> Fee:
    default = "行政许可法第五十八条" if licence else "国家没有设定收费项目；全程代办免费"
    paid = {**{key: source["fee"].get(key, "") for key in ("amount", "standard", "basis", "approving_unit")}}
    paid |= extra.get("fee", {})
    paid["basis"] = paid["basis"] or ("" if source["fee"]["charged"] else default)
    return Fee(
        source["fee"]["charged"], chinese(source["fee"]["note"]), **{k: chinese(v) for k, v in paid.items()}
    )


def _materials(source: Values, extra: Values, overlay: Overlay, report: Report) -> tuple[Material, ...]:
    merged = []
    for place, entry in enumerate(source["materials"]):
        patch = {
            **overlay.materials.get(entry["name"], {}),
            **extra.get("materials", {}).get(entry["name"], {}),
        }
        if "key" not in patch and not report.touched(f"materials[{place}].name"):
            vague = (
                "含有兜底表述，申请材料必须列明。"
                if CATCH_ALL.search(entry["name"])
                else "在补充文件里没有键（key）。"
            )
            report.add(f"materials[{place}].name", f"材料“{entry['name']}”{vague}")
        merged.append(_material(entry, patch))
    names = {entry["name"] for entry in source["materials"]}
    for name in extra.get("materials", {}):
        if names and name not in names and not report.touched("materials["):
            report.add(f"overlay.materials.{name}", "来源目录的这个事项没有这样的材料。")
    return tuple(merged)


def _material(entry: Values, patch: Values) -> Material:
    stated = {"必要": Required.ALWAYS, "委托办理时必要": Required.AGENT}.get(entry["required"], Required.WHEN)
    required = Required(patch.get("required", Required.WHEN if "when" in patch else stated))
    case = (
        ""
        if stated != Required.WHEN or entry["required"] == "情形必要"
        else entry["required"].removesuffix("必要")
    )
    return Material(
        key=patch.get("key", ""),
        name=chinese(pick(patch, "name", entry["name"])),
        required=required,
        when=dict(patch.get("when", {})),
        form=chinese(entry["form"]),
        copies=entry["copies"],
        source=chinese(entry["source_channel"]),
        deferrable=pick(patch, "deferrable", entry["deferrable"]),
        by_sharing=entry["obtainable_by_sharing"],
        by_commitment=entry["commitment_allowed"],
        note=chinese(patch.get("note") or entry.get("note") or (f"{case}时要交" if case else "")),
    )


def _fields(extra: Values, overlay: Overlay, report: Report) -> tuple[FormField, ...]:
    """公共部分在前，本事项的在后；页次按申请人、家庭、本事项排"""
    entries: list[Values] = []
    for name in extra.get("blocks", []):
        if name not in overlay.blocks:
            report.add("overlay.blocks", f"公共部分“{name}”不在 blocks 里。")
        entries.extend(overlay.blocks.get(name, []))
    labels = extra.get("field_labels", {})
    for key in labels:
        if key not in {entry["key"] for entry in entries}:
            report.add(f"overlay.field_labels.{key}", "公共部分里没有这个表单项。")
    entries = [{**entry, "label": labels.get(entry["key"], entry["label"])} for entry in entries]
    entries += extra.get("fields", [])
    order = {"申请人": 0, "家庭": 1, "本事项": 2}
    fields = [FormField(**_field(entry)) for entry in entries]
    return tuple(sorted(fields, key=lambda entry: order.get(entry.page, 2)))


def _field(entry: Values) -> Values:
    long = 1000 if entry["kind"] == "textarea" else 200
    return {"page": "本事项", "max_length": long, **entry, "choices": tuple(entry.get("choices", ()))}


def _pause_reasons(source: Values, extra: Values, report: Report) -> tuple[PauseReason, ...]:
    """中止事由: an event that a stage of its own already stands for needs no reason to pick."""
    patches = extra.get("pauses", {})
    keys = {stage["key"] for stage in extra["stages"]}
    reasons = []
    for place, entry in enumerate(source["clock_pauses"]):
        where = f"clock_pauses[{place}].event"
        patch = patches.get(entry["event"])
        if patch is None:
            report.add(where, f"中止事由“{entry['event']}”在补充文件里没有归类。")
        elif "by_stage" in patch:
            if patch["by_stage"] not in keys:
                report.add(f"overlay.pauses.{entry['event']}", f"没有环节“{patch['by_stage']}”。")
        elif missing := [name for name in ("key", "clocks", "max_days") if name not in patch]:
            report.add(f"overlay.pauses.{entry['event']}", f"缺少 {'、'.join(missing)}。")
        else:
            basis = chinese(re.sub(r"\(.*\)$", "", pick(patch, "basis", entry["basis"])))
            name = chinese(pick(patch, "name", entry["event"]))
            reasons.append(PauseReason(patch["key"], name, tuple(patch["clocks"]), basis, patch["max_days"]))
    events = {entry["event"] for entry in source["clock_pauses"]}
    for event in patches:
        if event not in events and not report.touched("clock_pauses"):
            report.add(f"overlay.pauses.{event}", "来源目录的这个事项没有这个中止事由。")
    return tuple(reasons)
