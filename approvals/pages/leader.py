"""领导页的图：bars and a line drawn by the server, not by colour alone; the table beside each has the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

BAR, GAP, LEFT, WIDTH, RIGHT = 30, 16, 262, 800, 60  # LEFT: thirteen characters of a post and its person
KINDS = ("fine", "due", "over", "pause")


class Counted(Protocol):
    """一个岗手里的件"""

    @property
    def fine(self) -> int:
        """正常"""

    @property
    def soon(self) -> int:
        """临期"""

    @property
    def over(self) -> int:
        """超期"""

    @property
    def paused(self) -> int:
        """停着"""

    @property
    def total(self) -> int:
        """一共"""


@dataclass(frozen=True, slots=True)
class Segment:
    """条的一段"""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """一个岗一条"""

    label: str
    y: int
    text_y: int
    end: float
    total: int
    segments: list[Segment]


@dataclass(frozen=True, slots=True)
class Chart:
    """一张图"""

    bars: list[Bar]
    label_x: int
    width: int
    height: int


def load_chart(rows: Sequence[tuple[str, Counted]]) -> Chart:
    """每个岗一条, the longest as wide as the picture."""
    most = max((row.total for _, row in rows), default=0) or 1
    bars = [_bar(number, label, row, (WIDTH - LEFT - RIGHT) / most) for number, (label, row) in enumerate(rows)]
    return Chart(bars, LEFT - 10, WIDTH, len(bars) * (BAR + GAP) + GAP)


def _bar(number: int, label: str, row: Counted, scale: float) -> Bar:
    x, y = float(LEFT), GAP + number * (BAR + GAP)
    segments = []
    for kind, count in zip(KINDS, (row.fine, row.soon, row.over, row.paused), strict=True):
        if count:
            segments.append(Segment(round(x, 1), round(count * scale, 1), kind))
            x += count * scale
    return Bar(label, y, y + 22, round(x + 10, 1), row.total, segments)


PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, PLOT_HEIGHT, PLOT_FOOT = 70, 30, 30, 220, 40
LINES = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """一个月一个点; its words stand over it"""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """轴上的一个字"""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class RateChart:
    """按时办结率的图: a month without any result has no point, and the line does not run through it."""

    lines: list[str]
    marks: list[Mark]
    grid: list[Tick]
    months: list[Tick]
    left: int
    right: int
    width: int
    height: int


def rate_chart(rates: Sequence[tuple[str, float | None]]) -> RateChart:
    """每月一点, from a round number below the lowest up to 100 %."""
    known = [rate for _, rate in rates if rate is not None]
    low = _floor(min(known, default=90.0))
    step = (WIDTH - PLOT_LEFT - PLOT_RIGHT) / max(len(rates) - 1, 1)
    places = [(round(PLOT_LEFT + number * step, 1), name, rate) for number, (name, rate) in enumerate(rates)]
    marks = [None if rate is None else Mark(x, _height(rate, low), f"{rate:.0f}") for x, _, rate in places]
    levels = [low + (100 - low) * part / LINES for part in range(LINES + 1)]
    return RateChart(
        lines=[" ".join(f"{mark.x:.1f},{mark.y:.1f}" for mark in run) for run in _runs(marks) if len(run) > 1],
        marks=[mark for mark in marks if mark is not None],
        grid=[Tick(PLOT_LEFT - 8, _height(level, low), f"{level:.0f}%") for level in levels],
        months=[Tick(x, PLOT_TOP + PLOT_HEIGHT + 28, name) for x, name, _ in places],
        left=PLOT_LEFT,
        right=WIDTH - PLOT_RIGHT,
        width=WIDTH,
        height=PLOT_TOP + PLOT_HEIGHT + PLOT_FOOT,
    )


def _floor(lowest: float) -> float:
    """从哪里画起: 90, 80, 50 or nothing, so that five lines fall on whole numbers."""
    return next(float(level) for level in (90, 80, 50, 0) if lowest >= level)


def _height(rate: float, low: float) -> float:
    return round(PLOT_TOP + PLOT_HEIGHT * (100 - rate) / (100 - low), 1)


def _runs(marks: Sequence[Mark | None]) -> list[list[Mark]]:
    """连着的几个月"""
    runs: list[list[Mark]] = [[]]
    for mark in marks:
        if mark is None:
            runs.append([])
        else:
            runs[-1].append(mark)
    return runs
