"""来源目录的格式：what every field of the published item list may hold."""

from typing import Any

from services.catalogue_schema import (
    CatalogueError,
    Node,
    Report,
    choice,
    flag,
    many,
    maybe,
    number,
    record,
    table,
    text,
)

ITEM_TYPES = ("行政许可", "行政给付", "行政确认", "行政奖励", "行政裁决", "其他行政权力", "公共服务")
UNITS = ("工作日", "自然日", "月", "年", "小时")
TACIT_MODES = (
    "none_escalate",
    "internal_step_consent",
    "record_on_receipt",
    "auto_complete_service",
    "statutory_renewal",
    "statutory_deemed_grant",
)
LONGEST = 365  # 任何一个期限都不会超过一年

_LIMIT = record(
    {"value": maybe(number(0, LONGEST)), "unit": maybe(choice(*UNITS)), "basis": text(empty=True)},
    {"note": text()},
)
_BASIS = record({"title": text(), "article": text(empty=True), "text_verified": flag()})
_EXTENSION = record(
    {"allowed": flag()},
    {
        "max": number(1, 90),
        "unit": choice(*UNITS),
        "approver": text(),
        "notify_reason": flag(),
        "basis": text(),
    },
)
_FEE = record(
    {"charged": flag(), "note": text(empty=True)},
    {"amount": text(), "standard": text(), "basis": text(), "approving_unit": text()},
)
_MATERIAL = record(
    {
        "name": text(longest=120),
        "form": text(longest=40),
        "copies": number(1, 20),
        "required": text(longest=40, pattern=r".*必要", what="“必要”或写明情形的“……必要”"),
        "deferrable": flag(),
        "source_channel": text(longest=40),
        "obtainable_by_sharing": flag(),
        "commitment_allowed": flag(),
    },
    {"note": text()},
)
_STAGE = record(
    {
        "name": text(longest=60),
        "office": text(longest=80),
        "limit": maybe(number(0, LONGEST)),
        "limit_unit": maybe(choice(*UNITS)),
        "counts_toward_limit": flag(),
    },
    {"role": text(), "note": text()},
)
_PAUSE = record(
    {"event": text(longest=120), "basis": text(), "written_notice_required": flag()},
    {"note": text(), "max": text()},
)
_PUBLICITY = record(
    {"required": flag()},
    {
        "days": number(1, 90),
        "unit": choice("工作日", "自然日"),
        "where": text(),
        "show": many(text()),
        "hide": many(text()),
        "note": text(),
    },
)
_TACIT = record({"mode": choice(*TACIT_MODES), "external_effect": flag(), "reason": text()})
_SOURCE = record(
    {"kind": choice("published_guide", "law_text", "common_knowledge", "fictional"), "supports": text()},
    {"ref": text()},
)

ITEM: Node = record(
    {
        "id": text(pattern=r"[A-Z]{2,6}-\d{2,4}", what="“MZ-001”一类的编号"),
        "name": text(longest=80),
        "domain": text(longest=40),
        "item_type": choice(*ITEM_TYPES),
        "handling_type": choice("即办件", "承诺件"),
        "exercise_level": text(longest=40),
        "township_role": text(),
        "decision_authority": text(),
        "responsible_office": text(),
        "audience": text(),
        "legal_basis": many(_BASIS),
        "conditions": many(text(), unique=True),
        "statutory_limit": _LIMIT,
        "promised_limit": _LIMIT,
        "correction_notice": record({"limit": number(1, 30), "unit": choice("工作日"), "on_expiry": text()}),
        "extension": _EXTENSION,
        "on_site_visits": number(0, 5),
        "channels": many(text(longest=40), unique=True),
        "agency": text(),
        "fee": _FEE,
        "materials": many(_MATERIAL),
        "stages": many(_STAGE),
        "clock_pauses": many(_PAUSE),
        "publicity": _PUBLICITY,
        "tacit_approval": _TACIT,
        "result_document": text(empty=True),
        "validity": text(empty=True),
        "remedies": many(text()),
        "personal_data": many(text()),
        "source": many(_SOURCE),
        "confidence": choice("high", "medium", "low"),
        "caveats": many(text()),
    },
    {"one_thing_event": text()},
)

_TOP = record(
    {"items": many(lambda value, where, report: value)},
    {
        "meta": table(lambda value, where, report: value),
        "cross_cutting_rules": many(lambda value, where, report: value),
    },
)


def check_source(catalogue: Any) -> tuple[list[tuple[dict[str, Any], Report]], list[CatalogueError]]:
    """来源目录逐项检查: clean items each with its report, and the mistakes of the file as a whole."""
    whole = Report("目录")
    top = _TOP(catalogue, "", whole)
    checked: list[tuple[dict[str, Any], Report]] = []
    seen: set[str] = set()
    for place, raw in enumerate(top["items"]):
        item_id = str(raw.get("id") or f"第{place + 1}项") if isinstance(raw, dict) else f"第{place + 1}项"
        report = Report(item_id)
        item = ITEM(raw, "", report)
        if item_id in seen:
            report.add("id", f"编号 {item_id} 重复了，每个事项只能有一个编号。")
        seen.add(item_id)
        _check_pairs(item, report)
        checked.append((item, report))
    if not top["items"]:
        whole.add("items", "目录里没有事项。")
    return checked, whole.errors


def _check_pairs(item: dict[str, Any], report: Report) -> None:
    """值与单位要成对，名称不能重复，允许的事要写全"""
    for name in ("statutory_limit", "promised_limit"):
        limit = item[name]
        if (limit["value"] is None) != (limit["unit"] is None) and not report.touched(name):
            report.add(f"{name}.unit", "期限和单位要么都写，要么都不写。")
    for place, stage in enumerate(item["stages"]):
        where = f"stages[{place}]"
        if (stage["limit"] is None) != (stage["limit_unit"] is None) and not report.touched(where):
            report.add(f"{where}.limit_unit", "期限和单位要么都写，要么都不写。")
    for name, key in (("materials", "name"), ("stages", "name"), ("clock_pauses", "event")):
        _check_names(item[name], name, key, report)
    for name, keys in (
        ("extension", ("max", "unit", "approver", "basis")),
        ("publicity", ("days", "unit", "where")),
    ):
        if item[name].get("allowed") or item[name].get("required"):
            for key in keys:
                if key not in item[name]:
                    report.add(f"{name}.{key}", "缺少这一项。")


def _check_names(entries: list[dict[str, Any]], name: str, key: str, report: Report) -> None:
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        if entry[key] and entry[key] in seen:
            report.add(f"{name}[{place}].{key}", f"“{entry[key]}”重复了。")
        seen.add(entry[key])
