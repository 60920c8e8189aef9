"""目标：a figure beside its goal and its aim, the table that is printed, and the exit code. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

MET, AIMED, MISSED, NOTHING = "合格", "达到期望", "超出", "没有量到"


@dataclass(frozen=True, slots=True)
class Goal:
    """一项目标: what may not be exceeded, and what we aim at (None where the goal is the aim)."""

    name: str
    limit: float
    unit: str
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """量出的一项: `value` is None if it could not be measured; that is a miss, never a pass."""

    goal: Goal
    value: float | None
    note: str = ""

    @property
    def verdict(self) -> str:
        """结论"""
        if self.value is None:
            return NOTHING
        if self.value > self.goal.limit:
            return MISSED
        return AIMED if self.value <= (self.goal.limit if self.goal.aim is None else self.goal.aim) else MET


def ratio(costs: Sequence[float], empties: Sequence[float]) -> float | None:
    """倍数: the median of each round's cost beside the empty view of the same round; None without rounds."""
    pairs = [cost / empty for cost, empty in zip(costs, empties, strict=True) if empty > 0]
    return median(pairs) if pairs else None


def exit_code(figures: Iterable[Figure]) -> int:
    """退出代码: 1 as soon as one goal is missed or was not measured."""
    return int(any(figure.verdict in {MISSED, NOTHING} for figure in figures))


def table(figures: Iterable[Figure]) -> list[str]:
    """一张表: name, figure, goal, aim, verdict, note."""
    rows = [("项目", "数值", "上限", "期望", "结论", "说明")]
    rows += [_row(figure) for figure in figures]
    widths = [max(_width(row[place]) for row in rows) for place in range(5)]
    return ["  ".join([*(_fill(row[i], widths[i]) for i in range(5)), row[5]]).rstrip() for row in rows]


def _row(figure: Figure) -> tuple[str, str, str, str, str, str]:
    goal = figure.goal
    aim = "" if goal.aim is None else _number(goal.aim, goal.unit)
    return (
        goal.name, _number(figure.value, goal.unit), _number(goal.limit, goal.unit), aim, figure.verdict, figure.note
    )  # fmt: skip


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "—"
    shown = f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
    return f"{shown}{unit}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _fill(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
