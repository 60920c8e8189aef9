"""材料和送达：what is only to be brought, what a delivery ends, and steps that end without anybody's act."""

from typing import Any

import pytest

from services.definition import Material, OnTimeout, Required, StageKind
from tests.approvals.folding import Row, filed, state_at
from tests.instants import at
from tests.rules import days, definition, mode, stage

PAPERS = (
    Material("form", "申请表", Required.ALWAYS, source="窗口提供/网上填报"),
    Material("card", "身份证", Required.ALWAYS),
    Material("plan", "示意图", Required.OPTIONAL),
)
RULES = definition(materials=PAPERS)
LATER = at("2026-11-06")


@pytest.mark.parametrize(
    ("to_bring", "more", "waits", "gathered"),
    [
        (["card"], [], ("card",), False),
        (["plan", "form"], [], ("form", "plan"), True),  # a form filled in here waits for its signature, the plan may not come
        (["card"], [("accepted", at("2026-11-04"), {})], (), True),
        (["card"], [("supplied", at("2026-11-04"), {"points": ["card"]})], (), True),
        (["card", "plan"], [("supplied", at("2026-11-04"), {"points": ["plan"]})], ("card",), False),
    ],
)
def test_what_is_to_be_brought_is_here_once_the_window_has_it(
    to_bring: list[str], more: list[Row], waits: tuple[str, ...], gathered: bool
) -> None:
    state = state_at(RULES, LATER, filed("2026-11-03", to_bring=to_bring), *more)

    assert (state.to_bring, state.gathered) == (waits, gathered)
    assert not state_at(RULES, LATER, filed("2026-11-03", complete=False)).gathered


def decided(**changes: Any) -> list[Row]:
    """准了"""
    return [
        filed("2026-11-03"),
        ("accepted", at("2026-11-03", "11:00"), {}),
        ("decided", at("2026-11-04"), {"step": "decide", "outcome": "approve", **changes}),
        ("delivered", at("2026-11-05"), {}),
    ]


@pytest.mark.parametrize(("term", "status"), [(10, "done"), (0, "open")])
def test_a_delivery_counts_only_where_its_clock_runs(term: int, status: str) -> None:
    stages = (stage("decide", 1, StageKind.DECIDE, days(3)), stage("hand", 2, StageKind.DELIVER, days(3), hands_over=True))

    hand = state_at(definition(stages=stages, delivery_days=term), LATER, *decided()).step("hand")

    assert hand is not None and hand.status == status


def test_a_step_that_ends_by_itself_rests_on_no_act() -> None:
    stages = (
        stage("ask", 1, limit=days(2), timeout=mode(OnTimeout.CONSENT)),
        stage("post", 2, StageKind.POSTING, days(2), counts=False, pauses=("promised",)),
        stage("decide", 3, StageKind.DECIDE, days(3)),
    )

    state = state_at(definition(stages=stages), at("2026-11-20"), *decided()[:2])

    assert [(step.outcome, step.fact) for step in state.steps] == [("consent", 0), ("posted", 0), ("", 0)]
