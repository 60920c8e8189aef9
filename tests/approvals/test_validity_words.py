"""有效期的说法：until when, what to do and what the message says – from one day to the next."""

from dataclasses import replace

import pytest

from approvals.pages.validity import advice, on_certificate, on_check, on_paper, term, told
from portal.wording import MESSAGE_TEXTS
from services.lifecycle import State
from tests.approvals.folding import Row, filed, state_at
from tests.approvals.test_validity import ACCEPTED, APPROVED, approved, item
from tests.instants import at

TERM = "结果有效期到2027年11月24日"


@pytest.mark.parametrize(
    ("when", "licence", "line", "what"),
    [
        ("2027-09-24", True, TERM, ""),
        ("2027-09-25", True, TERM, "要接着用的，请在2027年10月25日以前申请延续。"),
        ("2027-10-25", True, TERM, "要接着用的，请在2027年10月25日以前申请延续。"),
        ("2027-10-26", True, TERM, "申请延续该在2027年10月25日以前，已经过了。还要接着用的，请马上申请。"),
        ("2027-11-24", True, TERM, "申请延续该在2027年10月25日以前，已经过了。还要接着用的，请马上申请。"),
        ("2027-09-25", False, TERM, "要接着办的，请在到期以前重新办。"),
        ("2027-11-24", False, TERM, "要接着办的，请在到期以前重新办。"),
        ("2027-11-25", False, f"{TERM}，已经过了", ""),
        ("2027-11-25", True, f"{TERM}，已经过了", ""),
    ],
)
def test_the_page_says_until_when_and_from_the_reminder_on_what_to_do(when: str, licence: bool, line: str, what: str) -> None:
    rules = item(licence=licence)
    state = approved(when, rules=rules)

    assert (term(state, rules), advice(state, rules)) == (line, what)


def test_of_what_another_level_decides_the_permit_itself_counts() -> None:
    assert term(approved("2026-11-30"), item(decided_elsewhere=True)) == f"{TERM}（证上写的日子不一样的，以证上的为准）"


@pytest.mark.parametrize(
    ("when", "licence", "kind"),
    [("2027-09-25", True, "expiring_licence"), ("2027-09-25", False, "expiring"), ("2027-11-25", True, "expired")],
)
def test_the_message_says_the_same_and_says_it_late_if_it_is_late(when: str, licence: bool, kind: str) -> None:
    rules = item(licence=licence)

    assert told(approved(when, rules=rules), rules) == kind
    assert kind in MESSAGE_TEXTS


def test_a_paper_keeps_what_it_said() -> None:
    gone = approved("2027-12-01", ("revoked", at("2026-12-01"), {}))
    until = gone.granted_until

    assert on_paper(item(), "approved", until) == "到2027年11月24日（星期三）"
    assert on_paper(replace(item(), validity="一年"), "approved", until) == "到2027年11月24日（星期三）。一年"
    assert on_paper(replace(item(0), validity="长期有效"), "approved", None) == "长期有效"
    assert on_paper(replace(item(0), validity="长期有效"), State.REFUSED, None) == ""
    assert on_certificate(gone) == "到2027年11月24日（星期三）"
    assert on_check(gone) == "到2027年11月24日（星期三），已经过了"
    assert term(gone, item()) == ""


@pytest.mark.parametrize(("months", "outcome"), [(0, "approve"), (12, "refuse")])
def test_of_what_has_no_term_nothing_is_said(months: int, outcome: str) -> None:
    rules = item(months)
    decided: Row = ("decided", at("2026-11-24"), {"step": "decide", "outcome": outcome})
    state = state_at(rules, at("2028-01-01"), filed("2026-11-02"), ACCEPTED, decided)

    assert (term(state, rules), advice(state, rules), told(state, rules)) == ("", "", "")
    assert (on_check(state), on_certificate(state)) == ("", "")


def test_nobody_is_told_what_to_do_with_what_a_dead_person_holds() -> None:
    died: Row = ("died", at("2026-11-10"), {})
    state = state_at(item(), at("2027-10-30"), filed("2026-11-02"), ACCEPTED, died, APPROVED)

    assert (term(state, item()), advice(state, item())) == (TERM, "")
