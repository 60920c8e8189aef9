"""推演文件的字段：reads one value after another and keeps every mistake with its place, so all are told at once. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from typing import Any

MISSING: Any = object()


@dataclass(slots=True)
class Mistakes:
    """全部错处: place and sentence."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, sentence: str) -> None:
        """记下一处"""
        self.found.append((place, sentence))


class Group:
    """文件里的一组字段; `place` is how a person finds it."""

    def __init__(self, value: Any, place: str, mistakes: Mistakes) -> None:
        self.place, self.mistakes = place, mistakes
        self.values: dict[Any, Any] = dict(value) if isinstance(value, Mapping) else {}
        self.asked: set[Any] = set()
        self.is_group = isinstance(value, Mapping)
        if not self.is_group:
            mistakes.add(place, "应为一组“字段: 值”。")

    def at(self, key: Any) -> str:
        """某个字段的位置"""
        return f"{self.place} › {key}" if self.place else str(key)

    def wrong(self, key: Any, sentence: str) -> None:
        """记下这个字段的错"""
        self.mistakes.add(self.at(key), sentence)

    def _take(self, key: str, default: Any) -> Any:
        self.asked.add(key)
        if key in self.values:
            return self.values[key]
        if default is MISSING and self.is_group:
            self.wrong(key, "没有写。")
        return default

    def number(self, key: str, default: float, least: float = 0, most: float = 10_000_000) -> float:
        """一个数; the default where it is missing or wrong."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.wrong(key, f"应为 {_shown(least)} 到 {_shown(most)} 的数，现在是“{value}”。")
            return default
        return float(value)

    def whole(self, key: str, default: int, least: int = 0, most: int = 10_000_000) -> int:
        """一个整数"""
        value = self.number(key, default, least, most)
        if value != int(value):
            self.wrong(key, f"应为整数，现在是“{value:g}”。")
        return int(value)

    def text(self, key: str, default: Any = MISSING) -> str:
        """一段文字"""
        value = self._take(key, default)
        if value is MISSING:
            return ""
        if not isinstance(value, str) or (default is MISSING and not value.strip()):
            self.wrong(key, f"应为文字，现在是“{value}”。")
            return ""
        return value.strip()

    def one_of(self, key: str, known: Mapping[str, str] | list[str], what: str, default: Any = MISSING) -> str:
        """几个里的一个"""
        value = self.text(key, default)
        if value and value not in known:
            self.wrong(key, f"没有{what}“{value}”。")
            return ""
        return value

    def day(self, key: str) -> date:
        """一个日期"""
        value = self._take(key, MISSING)
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            if value is not MISSING:
                self.wrong(key, f"应为 2025-01-31 这样的日期，现在是“{value}”。")
            return date.min

    def clock(self, key: str) -> time:
        """一个钟点"""
        value = self._take(key, MISSING)
        try:
            return time.fromisoformat(value)
        except (TypeError, ValueError):
            if value is not MISSING:
                self.wrong(key, f"应为 \"09:00\" 这样带引号的钟点，现在是“{value}”。")
            return time()

    def texts(self, key: str, known: Mapping[str, str] | list[str] | None = None, what: str = "") -> tuple[str, ...]:
        """一列文字"""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.wrong(key, "应为一列文字。")
            return ()
        for place, entry in enumerate(value, 1):
            if known is not None and entry not in known:
                self.mistakes.add(f"{self.at(key)} 第{place}项", f"没有{what}“{entry}”。")
        return tuple(value)

    def group(self, key: str) -> "Group":
        """里面的一组; an empty one where it is not written."""
        return Group(self._take(key, {}), self.at(key), self.mistakes)

    def groups(self, key: str) -> Iterator["Group"]:
        """里面的一列组, each with its number for a place."""
        value = self._take(key, [])
        if not isinstance(value, list):
            self.wrong(key, "应为一列，每项以“- ”开头。")
            return
        for place, entry in enumerate(value, 1):
            yield Group(entry, f"{self.at(key)} 第{place}项", self.mistakes)

    def filled(self, kind: type[Any], most: Mapping[str, float]) -> Any:
        """整组都是数：a dataclass of numbers, each at most `most[name]`; what is not written keeps its default."""
        found = {}
        for entry in fields(kind):
            default = entry.default
            read = self.whole if isinstance(default, int) else self.number
            found[entry.name] = read(entry.name, default, 0, most.get(entry.name, 1))  # type: ignore[arg-type] # fields of numbers
        self.done()
        return kind(**found)

    def done(self) -> None:
        """没有人问到的字段是写错了的"""
        for key in self.values:
            if key not in self.asked:
                self.wrong(key, "不认识这个字段，请核对写法。")


def _shown(number: float) -> str:
    return f"{number:.0f}" if number == int(number) else str(number)
