"""核对：refolds cases and compares the legal fields with the projection – no difference, ever (engine section 7)."""

from collections.abc import Iterator, Mapping

from approvals.facts import CaseState
from approvals.loading import fold_application, load_events
from approvals.models import Card, Case, Certificate, Decision, ResponsibilityRecord, Step
from approvals.projection import case_values, step_values
from approvals.settling import BLAMED, CARDS, CERTIFIED, ENDING
from portal.clock import portal_now
from portal.ledger import verify

BATCH = 500


def differences() -> Iterator[tuple[str, list[str]]]:
    """逐件核对: (number, differences) for every filed case, in batches by key."""
    after = 0
    while True:
        rows = Case.objects.filter(pk__gt=after).select_related("application__township", "application__version")
        cases = list(rows.order_by("pk")[:BATCH])
        if not cases:
            return
        for case in cases:
            yield case.application.number, compare(case)
        after = cases[-1].pk


def compare(case: Case) -> list[str]:
    """一件办件的不同之处, each in a Chinese sentence; empty when the rows say what the fold says.

    What is due but not yet written is no difference: readers refold, and the sweep will write it.
    """
    application, events, now = case.application, load_events(case.application), portal_now()
    state = fold_application(application, now, events)
    broken = verify(events)
    found = [f"台账第{broken}条对不上"] if broken else []
    written = {event.payload["key"] for event in events if event.kind.startswith("effect_")}
    waiting = case.next_look_at is not None and case.next_look_at <= now
    if waiting or case.failures or any(effect.key not in written for effect in state.effects):
        return found
    if application.state != state.state:
        found.append(f"状态：表里是{application.state}，推算是{state.state}")
    found += _unlike("", case, case_values(state))
    return found + _steps(case, state) + _results(case, state) + _responsible(case, state)


def _unlike(name: str, row: object, expected: Mapping[str, object]) -> list[str]:
    """一行里和推算不同的几列"""
    return [
        f"{name}{column}：表里是{getattr(row, column)}，推算是{value}"
        for column, value in expected.items()
        if getattr(row, column) != value
    ]


def _steps(case: Case, state: CaseState) -> list[str]:
    """环节链和每一步的规则"""
    found = []
    rows = {(row.key, row.round): row for row in Step.objects.filter(case=case)}
    for view in state.steps:
        row = rows.pop((view.stage.key, view.round), None)
        if row is None:
            found.append(f"环节{view.stage.key}#{view.round}没有记下")
            continue
        rule = {"mode": view.stage.timeout.mode.value, "opened_at": view.opened_at, "opened_on": view.opened_on}
        found += _unlike(f"环节{view.stage.key}的", row, {**step_values(view), **rule})
    return found + [f"环节{key}#{round}多记了" for key, round in rows]


def _results(case: Case, state: CaseState) -> list[str]:
    """结果和默认证明: what was decided, when it took effect, and the number the certificate must bear."""
    decision = Decision.objects.filter(case=case).first()
    expected = {"outcome": state.outcome, "manner": state.manner, "effective_at": state.effective_at}
    ends = [effect for effect in state.effects if effect.kind in ENDING]
    found = _unlike("决定的", decision, expected) if decision else ["默认结果没有记下"] if ends else []
    certificates = {(row.mode, row.effective_at): row.number for row in Certificate.objects.filter(case=case)}
    for effect in ends:
        number = certificates.get((effect.kind, effect.at), "")
        if effect.kind in CERTIFIED and not number.startswith(f"{case.application.number}-"):
            found.append(f"默认证明：{effect.key}没有，或者编号不对（{number}）")
    return found


def _responsible(case: Case, state: CaseState) -> list[str]:
    """责任记录和牌: one for each end, dated at it."""
    blamed = {e.key: (e.kind, e.at) for e in state.effects if e.kind in BLAMED and e.clock != "serve"}
    cards = {e.key: (e.kind, e.at) for e in state.effects if e.kind in CARDS and e.clock != "answer"}
    records = ResponsibilityRecord.objects.filter(case=case).values_list("key", "mode", "ended_at")
    handed = Card.objects.filter(case=case).values_list("key", "rung", "at")
    pairs = [("责任记录", blamed, records), ("牌", cards, handed)]
    return [
        f"{name}{key}：表里是{rows.get(key)}，推算是{expected.get(key)}"
        for name, expected, found in pairs
        for rows in [{key: (kind, at) for key, kind, at in found}]
        for key in sorted({*expected, *rows})
        if rows.get(key) != expected.get(key)
    ]
