"""领导页的图：bars drawn by the server, hatched as well as coloured; the table beside them has the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

BAR, GAP, LEFT, WIDTH, RIGHT = 30, 16, 230, 800, 60
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
    width: int
    height: int


def load_chart(rows: Sequence[tuple[str, Counted]]) -> Chart:
    """每个岗一条, the longest as wide as the picture."""
    most = max((row.total for _, row in rows), default=0) or 1
    bars = [_bar(number, label, row, (WIDTH - LEFT - RIGHT) / most) for number, (label, row) in enumerate(rows)]
    return Chart(bars, WIDTH, len(bars) * (BAR + GAP) + GAP)


def _bar(number: int, label: str, row: Counted, scale: float) -> Bar:
    x, y = float(LEFT), GAP + number * (BAR + GAP)
    segments = []
    for kind, count in zip(KINDS, (row.fine, row.soon, row.over, row.paused), strict=True):
        if count:
            segments.append(Segment(round(x, 1), round(count * scale, 1), kind))
            x += count * scale
    return Bar(label, y, y + 21, round(x + 10, 1), row.total, segments)
