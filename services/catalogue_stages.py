"""环节合并：the overlay says for every source step what it is, who does it and what runs beside it."""

from typing import Any

from services.catalogue_overlay import OUTSIDE, OfficeSpec, Overlay
from services.catalogue_schema import Report, pick
from services.catalogue_text import UNITS, chinese
from services.definition import Limit, OnTimeout, Stage, StageKind, Timeout

Values = dict[str, Any]

_BEFORE_DECISION = (StageKind.REVIEW, StageKind.POSTING, StageKind.DECIDE)
_NOT_COUNTED = "公开承诺时已注明不含本环节"


def merge_stages(source: Values, extra: Values, overlay: Overlay, report: Report) -> tuple[Stage, ...]:
    """环节链: groups are numbered in the overlay's order, neighbours with one `parallel` word share a group."""
    originals = {entry["name"]: entry for entry in source["stages"]}
    if not originals:
        return ()  # 没有公开办事程序: imported, not published
    if not report.touched("stages"):
        _check_cover(originals, extra, report)
    stages: list[Stage] = []
    group, together = 0, None
    for place, entry in enumerate(extra["stages"]):
        if entry.get("parallel") is None or entry["parallel"] != together:
            group += 1
        together = entry.get("parallel")
        office = overlay.offices.get(entry["office"])
        if office is None:
            report.add(f"overlay.stages[{place}].office", f"站所“{entry['office']}”不在 offices 里。")
        stages.append(_stage(entry, originals.get(entry.get("from", ""), {}), group, office, source))
    return tuple(stages)


def _check_cover(originals: dict[str, Values], extra: Values, report: Report) -> None:
    """来源里的每个环节都要有安排，补充里引用的环节都要存在"""
    arranged = {entry.get("from") for entry in extra["stages"]} | set(extra.get("omit_stages", {}))
    for place, name in enumerate(originals):
        if name not in arranged:
            report.add(f"stages[{place}].name", f"环节“{name}”在补充文件里没有安排。")
    for place, entry in enumerate(extra["stages"]):
        if "from" in entry and entry["from"] not in originals:
            report.add(f"overlay.stages[{place}].from", f"来源目录没有环节“{entry['from']}”。")
        if "from" not in entry and "name" not in entry:
            report.add(f"overlay.stages[{place}].name", "新加的环节要写名称。")
    for name in extra.get("omit_stages", {}):
        if name not in originals:
            report.add(f"overlay.omit_stages.{name}", "来源目录没有这个环节。")


def _stage(entry: Values, original: Values, group: int, office: OfficeSpec | None, source: Values) -> Stage:
    kind = StageKind(entry["kind"])
    counts = pick(entry, "counts", original.get("counts_toward_limit", True))
    limit, external = _limit(entry, original), office is not None and office.level in OUTSIDE
    running = counts or kind not in _BEFORE_DECISION or (external and limit is None)
    pauses = tuple(entry.get("pauses", () if running else ("promised",)))
    note = entry.get("note") or original.get("note", "")
    return Stage(
        key=entry["key"],
        name=chinese(pick(entry, "name", entry.get("from", ""))),
        kind=kind,
        group=group,
        office=entry["office"],
        duty=entry["duty"],
        limit=limit,
        counts=counts,
        pauses=pauses,
        pause_basis=chinese(entry.get("pause_basis", _NOT_COUNTED if pauses else "")),
        timeout=Timeout(proposed=OnTimeout(entry.get("on_timeout", "escalate"))),
        own_office=office.own if office else False,
        external=external,
        signers=entry.get("signers", 1),
        review_days=entry.get("review_days", 30),
        hands_over=kind == StageKind.DELIVER and entry.get("hands_over", True),
        positive_only=kind == StageKind.DELIVER and not entry.get("after_refusal", False),
        when=entry.get("when", {}),
        precondition=chinese(entry.get("precondition", "")),
        note=chinese(note or (_posting_note(source) if kind == StageKind.POSTING else "")),
    )


def _limit(entry: Values, original: Values) -> Limit | None:
    length = entry.get("limit", original.get("limit"))
    unit = entry.get("unit") or original.get("limit_unit") or "工作日"
    return None if length is None else Limit(length, UNITS[unit])


def _posting_note(source: Values) -> str:
    """公示什么、不公示什么"""
    publicity = source["publicity"]
    if not publicity["required"]:
        return ""
    shown, hidden = "、".join(publicity.get("show", [])), "、".join(publicity.get("hide", []))
    return f"在{publicity.get('where', '')}公示{shown}；不公示{hidden}。"
