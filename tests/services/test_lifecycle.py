"""办件状态：the whole transition table written out a second time, and what is stored and shown."""

import pytest

from portal.errors import WrongState
from services.lifecycle import (
    ENDS_VALIDITY,
    FINAL,
    NOT_CLOSED,
    POSITIVE,
    TRANSITIONS,
    Act,
    Linked,
    Manner,
    State,
    next_state,
)

# from: what may follow, in the words that the ledger stores
LAWFUL = {
    "draft": {"file": "submitted"},
    "submitted": {
        "correct": "correcting", "accept": "accepted", "not_require": "not_required", "disclaim": "not_ours",
        "reject": "not_accepted", "forward": "forwarded", "withdraw": "withdrawn", "terminate": "terminated",
        "record": "recorded", "complete": "completed",
    },
    "correcting": {
        "supply": "submitted", "accept": "accepted", "lapse": "withdrawn_deemed", "withdraw": "withdrawn",
        "not_require": "not_required", "disclaim": "not_ours", "reject": "not_accepted", "forward": "forwarded",
        "terminate": "terminated",
    },
    "accepted": {
        "approve": "approved", "refuse": "refused", "record": "recorded", "complete": "completed", "renew": "renewed",
        "withdraw": "withdrawn", "terminate": "terminated",
    },
}  # fmt: skip
STATES = {
    "draft": "草稿", "submitted": "已收件", "correcting": "待补正", "accepted": "办理中", "not_required": "不需办理",
    "not_ours": "不属本机关", "not_accepted": "不予受理", "forwarded": "已转送", "approved": "准予", "refused": "不予",
    "recorded": "已备案", "completed": "已办结", "renewed": "准予延续", "withdrawn": "已撤回",
    "withdrawn_deemed": "视为撤回", "terminated": "已终止",
}  # fmt: skip
ACTS = {
    "file": "提交", "supply": "补正", "correct": "一次性告知", "accept": "受理", "not_require": "告知不需办理",
    "disclaim": "告知不属本机关", "reject": "不予受理", "forward": "转送", "approve": "准予", "refuse": "不予",
    "record": "备案", "complete": "办结", "renew": "准予延续", "withdraw": "撤回", "lapse": "视为撤回", "terminate": "终止",
}  # fmt: skip


@pytest.mark.parametrize("state", list(State))
def test_exactly_the_lawful_acts_lead_on(state: State) -> None:
    lawful = {act: next_state(state, act) for act in Act if (state, act) in TRANSITIONS}

    assert lawful == LAWFUL.get(state, {})
    for act in set(Act) - set(lawful):
        with pytest.raises(WrongState) as refusal:
            next_state(state, act)
        assert refusal.value.message == f"办件现在是「{STATES[state]}」，不能{ACTS[act]}。"


@pytest.mark.parametrize(("words", "expected"), [(State, STATES), (Act, ACTS)])
def test_stored_words_and_labels(words: type[State] | type[Act], expected: dict[str, str]) -> None:
    assert dict(words.choices) == expected


def test_a_result_is_signed_or_deemed() -> None:
    assert dict(Manner.choices) == {"signed": "书面决定", "deemed": "超时默认"}


def test_what_stands_beside_a_result_is_named_by_its_event() -> None:
    assert dict(Linked.choices) == {"rectified": "更正", "revoked": "撤销", "renounced": "放弃"}


def test_what_nothing_follows_is_final() -> None:
    assert set(FINAL) == set(STATES) - set(LAWFUL)
    assert {"withdrawn", "withdrawn_deemed", "terminated"} == NOT_CLOSED
    assert {"revoked", "renounced"} == ENDS_VALIDITY  # a corrected result goes on
    assert set(POSITIVE) == {"approved", "recorded", "completed", "renewed"}


@pytest.mark.parametrize(("state", "act"), [("nowhere", "accept"), ("submitted", "dance")])
def test_a_word_that_is_none_is_refused(state: str, act: str) -> None:
    with pytest.raises(ValueError, match="nowhere|dance"):
        next_state(state, act)
