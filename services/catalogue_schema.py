"""目录校验零件：small checks that report every mistake and hand on a clean value.

A `Node` takes a raw value, where it stands and the report; it returns the value, or a harmless
one of the right type when the value was wrong, so that one mistake never hides the next.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class CatalogueError:
    """目录中的一处错误：which item, which field, and a sentence that says what is wrong."""

    item_id: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.item_id} {self.field}：{self.message}".strip()


@dataclass(slots=True)
class Report:
    """一个事项的错误清单"""

    item_id: str
    errors: list[CatalogueError] = field(default_factory=list)

    def add(self, where: str, message: str) -> None:
        """记一处错误"""
        self.errors.append(CatalogueError(self.item_id, where, message))

    def touched(self, *prefixes: str) -> bool:
        """这些字段里有没有已经报过错的"""
        return any(error.field.startswith(prefix) for error in self.errors for prefix in prefixes)


Node = Callable[[Any, str, Report], Any]


def text(*, empty: bool = False, longest: int = 1000, pattern: str = "", what: str = "") -> Node:
    """文字；`what` says in Chinese what `pattern` demands."""

    def check(value: Any, where: str, report: Report) -> str:
        if not isinstance(value, str):
            report.add(where, f"应为文字，现在是 {_shown(value)}。")
            return ""
        if not value.strip() and not empty:
            report.add(where, "不能为空。")
        elif len(value) > longest:
            report.add(where, f"不能超过 {longest} 个字，现在是 {len(value)} 个字。")
        elif pattern and value and not re.fullmatch(pattern, value):
            report.add(where, f"应为{what}，现在是“{value}”。")
        return value.strip()

    return check


def number(low: int, high: int) -> Node:
    """整数"""

    def check(value: Any, where: str, report: Report) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        report.add(where, f"应为 {low} 到 {high} 的整数，现在是 {_shown(value)}。")
        return low

    return check


def day() -> Node:
    """日期：a day of the calendar, written 2019-04-23"""

    def check(value: Any, where: str, report: Report) -> str:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            try:
                return date.fromisoformat(value).isoformat()
            except ValueError:
                report.add(where, f"没有“{value}”这一天。")
                return ""
        report.add(where, f"应为“2019-04-23”一类的日期，现在是 {_shown(value)}。")
        return ""

    return check


def flag() -> Node:
    """是或否"""

    def check(value: Any, where: str, report: Report) -> bool:
        if isinstance(value, bool):
            return value
        report.add(where, f"应为 true 或 false，现在是 {_shown(value)}。")
        return False

    return check


def choice(*values: str) -> Node:
    """几个词之一"""

    def check(value: Any, where: str, report: Report) -> str:
        if isinstance(value, str) and value in values:
            return value
        report.add(where, f"应为{'、'.join(values)}之一，现在是 {_shown(value)}。")
        return values[0]

    return check


def maybe(node: Node) -> Node:
    """可以为空（null）的值"""

    def check(value: Any, where: str, report: Report) -> Any:
        return None if value is None else node(value, where, report)

    return check


def many(node: Node, *, unique: bool = False) -> Node:
    """列表；每一项各自检查"""

    def check(value: Any, where: str, report: Report) -> list[Any]:
        if not isinstance(value, list):
            report.add(where, f"应为列表，现在是 {_shown(value)}。")
            return []
        clean = [node(entry, f"{where}[{place}]", report) for place, entry in enumerate(value)]
        if unique:
            for place, entry in enumerate(clean):
                if entry in clean[:place]:
                    report.add(f"{where}[{place}]", f"“{entry}”重复了。")
        return clean

    return check


def record(required: Mapping[str, Node], optional: Mapping[str, Node] | None = None) -> Node:
    """字段固定的一组值；不认识的字段是错误"""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str, report: Report) -> dict[str, Any]:
        if not isinstance(value, dict):
            report.add(where, f"应为一组字段，现在是 {_shown(value)}。")
            value, report = {}, Report("")
        for key in value:
            if key not in known:
                report.add(_join(where, key), "不认识的字段，请删去或改正拼写。")
        clean = {
            key: node(value[key], _join(where, key), report) for key, node in known.items() if key in value
        }
        for key, node in required.items():
            if key not in value:
                report.add(_join(where, key), "缺少这一项。")
                clean[key] = node(None, "", Report(""))
        return clean

    return check


def table(node: Node) -> Node:
    """以名称为键的对照表"""

    def check(value: Any, where: str, report: Report) -> dict[str, Any]:
        if not isinstance(value, dict):
            report.add(where, f"应为对照表，现在是 {_shown(value)}。")
            return {}
        for key in value:
            if not isinstance(key, str):
                report.add(where, f"键应为文字，现在是 {_shown(key)}。")
        return {str(key): node(entry, _join(where, key), report) for key, entry in value.items()}

    return check


def pick(values: Mapping[str, Any], key: str, default: Any) -> Any:
    """取一个值，没有就用默认的"""
    return values.get(key, default)


def _join(where: str, key: Any) -> str:
    return f"{where}.{key}" if where else str(key)


def _shown(value: Any) -> str:
    if value is None:
        return "空"
    return f"“{value}”" if isinstance(value, str | int | float | bool) else type(value).__name__
