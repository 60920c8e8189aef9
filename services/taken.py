"""实际用了多久：what such cases really took, and how it is said – honestly where there are too few (D6). Pure."""

from dataclasses import dataclass
from datetime import date

LEAST = 10  # with fewer cases a share says more about chance than about the office


@dataclass(frozen=True, slots=True)
class Taken:
    """最近一年办过的件: how many, and the 工作日 within which half and nine tenths had their result, measured on a day."""

    cases: int
    median: int | None
    ninetieth: int | None
    on: date

    @property
    def is_known(self) -> bool:
        """够不够说得准"""
        return self.cases >= LEAST and self.median is not None and self.ninetieth is not None

    @property
    def short(self) -> str:
        """一句话, for whoever waits for a result."""
        if not self.is_known:
            return f"最近一年只办过{self.cases}件，说不准要多久" if self.cases else "最近一年还没有办过，说不准要多久"
        return f"最近一年办过的{self.cases}件，一半{within(self.median)}有结果，九成{within(self.ninetieth)}有结果"

    @property
    def sentence(self) -> str:
        """完整的说法, with what is counted; the page adds the day it was measured."""
        if not self.is_known:
            return f"{self.short}。办过的还太少，满{LEAST}件再说。"
        counted = "从收到申请数到有结果，补过材料的从补齐那天数起；依法停表的日子也算在内。"
        return f"{self.short}。{counted}"


def within(days: int | None) -> str:
    """多少天里; 当天 for none."""
    return f"{days}个工作日内" if days else "当天"
