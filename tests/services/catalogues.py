"""目录测试共用的：the real list, a part of it, and where its mistakes are."""

from pathlib import Path
from typing import Any

from services.catalogue import load

DATA = Path(__file__).resolve().parents[2] / "services" / "data"

Values = dict[str, Any]


def item(catalogue: Values, code: str) -> Values:
    return next(entry for entry in catalogue["items"] if entry["id"] == code)


def only(catalogue: Values, *codes: str) -> Values:
    return {"items": [item(catalogue, code) for code in codes]}


def narrowed(overlay: Values, *codes: str) -> Values:
    """补充文件里只留这几个事项"""
    return {**overlay, "items": {code: entry for code, entry in overlay["items"].items() if code in codes}}


def places(catalogue: Values, overlay: Values) -> list[tuple[str, str]]:
    codes = [entry["id"] for entry in catalogue["items"]]
    definitions, errors = load(catalogue, narrowed(overlay, *codes))
    assert bool(definitions) != bool(errors)
    return [(error.item_id, error.field) for error in errors]


def step(overlay: Values, code: str, key: str) -> Values:
    """补充文件里的一个环节"""
    return next(stage for stage in overlay["items"][code]["stages"] if stage["key"] == key)
