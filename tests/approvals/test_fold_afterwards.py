"""案件推算，到期以后和有了结果以后：the public reason for a delay, the delivery, and what stands beside an outcome."""

from datetime import date
from typing import Any

import pytest

from approvals.facts import Effect, HowEnded
from services.definition import StageKind
from tests.approvals.folding import Row, filed, state_at
from tests.instants import at
from tests.rules import days, definition, stage

ACCEPTED: Row = ("accepted", at("2026-11-02", "11:00"), {})
APPROVED: Row = ("decided", at("2026-11-04"), {"step": "decide", "outcome": "approve"})
DECIDE = stage("decide", 2, StageKind.DECIDE, days(3))

# -- the public reason for a delay (engine 5: three working days after the end) -----------------------

RAISED = Effect("reason#1:raised", "raised", at("2026-11-27", "00:00"), "reason")


@pytest.mark.parametrize(
    ("when", "rows", "raised"),
    [
        (("2026-11-26", "23:59:59"), [], []),
        (("2026-11-27", "00:00"), [], [RAISED]),  # the promise ended on Monday the 23rd
        (("2026-12-31", "00:00"), [], [RAISED]),  # once
        (("2026-12-31", "00:00"), [("reason_published", at("2026-11-26"), {})], []),
        (("2026-12-31", "00:00"), [("reason_published", at("2026-11-27"), {})], [RAISED]),  # too late, and yet published
        (("2026-12-31", "00:00"), [("decided", at("2026-11-25"), {"step": "decide", "outcome": "approve"})], [RAISED]),
    ],
)
def test_a_reason_that_does_not_come_is_raised_to_the_leader_once(
    when: tuple[str, str], rows: list[Row], raised: list[Effect]
) -> None:
    state = state_at(definition(statutory=None, delivery_days=0), at(*when), filed("2026-11-02"), ACCEPTED, *rows)

    assert [effect for effect in state.effects if effect.kind == "raised"] == raised
    assert (state.reason_due_on, state.reason_published) == (date(2026, 11, 26), any(r[0] == "reason_published" for r in rows))


def test_the_next_look_is_at_the_end_of_the_term_for_the_reason() -> None:
    rules = definition(statutory=None, stages=())
    overdue = state_at(rules, at("2026-11-25"), filed("2026-11-02"), ACCEPTED)
    published = state_at(rules, at("2026-11-25"), filed("2026-11-02"), ACCEPTED, ("reason_published", at("2026-11-24"), {}))

    assert (overdue.next_look_at, published.next_look_at) == (at("2026-11-27", "00:00"), None)


# -- what stands beside an outcome --------------------------------------------------------------------

DELIVERED = ("delivered", {})


@pytest.mark.parametrize(
    ("acts", "linked", "how"),
    [
        ([], (), None),
        ([DELIVERED], (), HowEnded.MET),
        ([("rectified", {})], ("rectified",), None),  # the corrected result is still to be handed over
        ([("revoked", {})], ("revoked",), HowEnded.STOPPED),
        ([("renounced", {})], ("renounced",), HowEnded.STOPPED),
        ([("revoked", {}), ("revoked", {})], ("revoked",), HowEnded.STOPPED),
        ([("rectified", {}), ("revoked", {})], ("rectified", "revoked"), HowEnded.STOPPED),
        ([DELIVERED, ("revoked", {})], ("revoked",), HowEnded.MET),
    ],
)
def test_what_became_of_the_delivery(
    acts: list[tuple[str, dict[str, Any]]], linked: tuple[str, ...], how: HowEnded | None
) -> None:
    rules = definition(delivery_days=10, stages=(DECIDE, stage("hand", 3, StageKind.DELIVER)))
    rows = [(kind, at("2026-11-06"), data) for kind, data in acts]

    state = state_at(rules, at("2026-11-09"), filed("2026-11-02"), ACCEPTED, APPROVED, *rows)

    delivery, step = state.clock("delivery"), state.step("hand")
    assert delivery is not None
    assert step is not None
    assert (state.linked, delivery.how, delivery.due_on) == (linked, how, date(2026, 11, 18))
    assert delivery.ended_at == (at("2026-11-06") if how else None)
    assert (step.status, step.outcome) == ("superseded" if set(linked) - {"rectified"} else "open", "")
