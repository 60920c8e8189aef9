"""补充文件的格式：what the reviewed overlay may add to the source list."""

from dataclasses import dataclass
from typing import Any

from services.catalogue_schema import (
    CatalogueError,
    Node,
    Report,
    choice,
    day,
    flag,
    many,
    maybe,
    number,
    record,
    table,
    text,
)
from services.catalogue_source import LONGEST, UNITS

RISKS = ("safety", "environment", "land", "money", "third_party", "minors", "identity")
CHANNELS = ("online", "window", "agent", "village")
DUTIES = ("window", "agent", "review", "approve", "office_head", "town_leader", "village_agent")
FIELD_KINDS = ("text", "textarea", "number", "date", "choice", "yesno", "phone", "id_number", "village")
PAGES = ("申请人", "家庭", "本事项")
AUDIENCES = ("个人", "企业", "村集体")
OUTSIDE = ("county", "outside")  # 这两级的环节在镇外办，结果由代办员登记


@dataclass(frozen=True, slots=True)
class OfficeSpec:
    """站所：an office that steps name; `own` says whether it belongs to the township itself."""

    key: str
    name: str
    short: str
    level: str  # township | county-branch | village | county | outside
    own: bool


_key = text(pattern=r"[a-z][a-z0-9_-]{0,39}", what="小写英文字母开头的键")
_clock = choice("promised", "statutory")

_OFFICE = record(
    {
        "key": _key,
        "name": text(longest=40),
        "level": choice("township", "county-branch", "village", "county", "outside"),
        "own": flag(),
    },
    {"short": text(longest=20)},
)
_FIELD = record(
    {"key": _key, "label": text(longest=40), "kind": choice(*FIELD_KINDS), "purpose": text(longest=120)},
    {
        "page": choice(*PAGES),
        "required": flag(),
        "hint": text(longest=120),
        "choices": many(text(longest=40), unique=True),
        "sensitive": flag(),
        "when": table(text()),
        "max_length": number(1, 2000),
    },
)
_QUESTION = record(
    {"key": _key, "label": text(longest=80)},
    {"choices": many(text(longest=40), unique=True), "hint": text(longest=160)},
)
_MATERIAL = record(
    {},
    {
        "key": _key,
        "name": text(longest=120),
        "note": text(longest=300),
        "required": choice("always", "when", "agent", "optional"),
        "when": table(text()),
        "deferrable": flag(),
    },
)
_STAGE = record(
    {
        "key": _key,
        "kind": choice("before", "intake", "review", "posting", "decide", "deliver", "after"),
        "office": text(),
        "duty": choice(*DUTIES),
    },
    {
        "from": text(),
        "name": text(longest=40),
        "limit": maybe(number(0, LONGEST)),
        "unit": choice(*UNITS),
        "counts": flag(),
        "parallel": _key,
        "signers": number(1, 5),
        "hands_over": flag(),
        "after_refusal": flag(),
        "pauses": many(_clock, unique=True),
        "pause_basis": text(),
        "on_timeout": choice("escalate", "consent"),
        "precondition": text(),
        "review_days": number(1, 180),
        "when": table(text()),
        "note": text(longest=300),
    },
)
_PAUSE = record(
    {},
    {
        "key": _key,
        "name": text(),
        "clocks": many(_clock, unique=True),
        "basis": text(),
        "max_days": number(1, 365),
        "by_stage": _key,
    },
)
_CHANNEL = record(
    {"promised": number(0, LONGEST)}, {"unit": choice(*UNITS), "stages": table(number(0, LONGEST))}
)
_ITEM = record(
    {
        "plain_name": text(longest=30),
        "summary": text(empty=True, longest=300),
        "office": text(),
        "positive": choice("approved", "recorded", "completed", "renewed"),
        "stages": many(_STAGE),
    },
    {
        "also_called": many(text(longest=20), unique=True),
        "decided_elsewhere": flag(),
        "decision_authority": text(),
        "conditions": many(text(), unique=True),
        "blocks": many(text(), unique=True),
        "field_labels": table(text(longest=40)),
        "fields": many(_FIELD),
        "questions": many(_QUESTION),
        "materials": table(_MATERIAL),
        "pauses": table(_PAUSE),
        "omit_stages": table(text()),
        "risks": many(choice(*RISKS), unique=True),
        "publish_results": choice("masked", "none"),
        "validity": text(),
        "validity_months": number(0, 1200),
        "online": flag(),
        "fictional": flag(),
        "on_no_answer": choice("decide", "withdrawn"),
        "no_answer_citation": text(),
        "answer_days": number(1, 60),
        "correction_window": number(1, 30),
        "renewal_days": number(1, 180),
        "delivery_days": number(1, 30),
        "by_channel": table(_CHANNEL),
        "accepts_days": record({"first": number(1, 28), "last": number(1, 31)}, {}),
        "household": flag(),
        "same_cause": _key,
        "register_relatives": text(),
        "faq": many(text(longest=400)),
        "caveats": many(text(longest=300)),
        "channels_add": many(text(longest=40), unique=True),
        "fee": record({}, {"amount": text(), "standard": text(), "basis": text(), "approving_unit": text()}),
    },
)
_OVERLAY: Node = record(
    {"offices": many(_OFFICE), "items": table(_ITEM)},
    {
        "blocks": table(many(_FIELD)),
        "materials": table(record({"key": _key}, {"note": text(longest=300), "name": text(longest=120)})),
        "laws": table(day()),
    },
)


@dataclass(frozen=True, slots=True)
class Overlay:
    """检查过的补充文件"""

    offices: dict[str, OfficeSpec]
    blocks: dict[str, list[dict[str, Any]]]
    materials: dict[str, dict[str, Any]]
    laws: dict[str, str]
    items: dict[str, dict[str, Any]]


def check_overlay(raw: Any) -> tuple[Overlay, list[CatalogueError]]:
    """补充文件检查: clean values; a mistake inside an item carries that item's id."""
    report = Report("补充文件")
    clean = _OVERLAY(raw, "", report)
    offices: dict[str, OfficeSpec] = {}
    for place, entry in enumerate(clean["offices"]):
        if entry["key"] in offices:
            report.add(f"offices[{place}].key", f"站所“{entry['key']}”重复了。")
        short = entry.get("short", entry["name"])
        offices[entry["key"]] = OfficeSpec(entry["key"], entry["name"], short, entry["level"], entry["own"])
    overlay = Overlay(
        offices, clean.get("blocks", {}), clean.get("materials", {}), clean.get("laws", {}), clean["items"]
    )
    return overlay, [_owned(error) for error in report.errors]


def _owned(error: CatalogueError) -> CatalogueError:
    """把 items.MZ-001.office 上的错误记到 MZ-001 名下"""
    head, _, rest = error.field.partition(".")
    item_id, _, where = rest.partition(".")
    if head != "items" or not item_id:
        return error
    return CatalogueError(item_id, f"overlay.{where}" if where else "overlay", error.message)


def combine(*overlays: dict[str, Any]) -> dict[str, Any]:
    """几份补充文件合成一份: later files add to the lists and tables of the earlier ones."""
    whole: dict[str, Any] = {}
    for overlay in overlays:
        for key, value in overlay.items():
            if isinstance(value, dict) and isinstance(whole.get(key), dict):
                whole[key] = {**whole[key], **value}
            elif isinstance(value, list) and isinstance(whole.get(key), list):
                whole[key] = [*whole[key], *value]
            else:
                whole[key] = value
    return whole
