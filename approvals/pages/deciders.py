"""谁作的决定：a result that came from above is told as its organ's, and whoever wrote it down as 登记人. Pure."""

from typing import Protocol

from services.definition import ItemDefinition, StageKind
from services.lifecycle import Manner, State

# What the township says itself, also of a matter that another level decides.
OWN_ANSWERS = frozenset({State.NOT_REQUIRED, State.NOT_OURS, State.NOT_ACCEPTED, State.FORWARDED, State.TERMINATED})


class Result(Protocol):
    """一个结果: what it is, and how it came about."""

    @property
    def outcome(self) -> str: ...
    @property
    def manner(self) -> str: ...


def came_from_above(rules: ItemDefinition, outcome: str, manner: str) -> bool:
    """结果是不是镇外机关作的、镇里登记来的: decided at a step outside, or by whom the catalogue gives the power to.

    Neither a default nor the township's own answer is.
    """
    outside = rules.decided_elsewhere or any(stage.external for stage in rules.stages if stage.kind == StageKind.DECIDE)
    return outside and manner == Manner.SIGNED and outcome not in OWN_ANSWERS


def elsewhere(rules: ItemDefinition, row: Result | None) -> str:
    """镇外作决定的机关; empty for what the township decided itself, and while there is no result."""
    return organ(rules) if row is not None and came_from_above(rules, row.outcome, row.manner) else ""


def organ(rules: ItemDefinition) -> str:
    """作决定的机关, as the catalogue names it"""
    return rules.decision_authority or "上级机关"
