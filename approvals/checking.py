"""核对：refolds cases and compares the legal fields with the projection – no difference, ever (engine section 7)."""

from collections.abc import Iterator, Mapping, Sequence

from django.db import connection, transaction

from approvals.facts import CaseState, Effect
from approvals.loading import fold_application, is_effect, load_events
from approvals.models import Card, Case, Certificate, Decision, RecusalRecord, ResponsibilityRecord, Step
from approvals.projection import case_values, step_values
from approvals.settling import BLAMED, CARDS, CERTIFIED, ENDING, borne
from approvals.writing import Work, open_work
from portal.clock import portal_now
from portal.ledger import verify
from portal.models import Event

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
            found = compare(case)
            yield case.application.number, found and _again(case.pk)
        after = cases[-1].pk


def _again(pk: int) -> list[str]:
    """再看一遍，都在同一刻: what was written between two reads of the first look is no difference."""
    alone = not connection.in_atomic_block  # in a transaction of the caller's, it is he who has chosen what it sees
    with transaction.atomic():
        if alone:
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return compare(Case.objects.select_related("application__township", "application__version").get(pk=pk))


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
    return found + _steps(case, state) + _results(case, state) + _cards(case, state) + _responsible(case, state, events)


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


def _cards(case: Case, state: CaseState) -> list[str]:
    """牌: one for each rung, dated at it."""
    expected = {e.key: (e.kind, e.at) for e in state.effects if e.kind in CARDS and e.clock != "answer"}
    found = {key: (kind, at) for key, kind, at in Card.objects.filter(case=case).values_list("key", "rung", "at")}
    return [
        f"牌{key}：表里是{found.get(key)}，推算是{expected.get(key)}"
        for key in sorted({*expected, *found})
        if found.get(key) != expected.get(key)
    ]


def _responsible(case: Case, state: CaseState, events: Sequence[Event]) -> list[str]:
    """责任记录: one for each end, written with its event, borne by whoever had the power at that instant."""
    effects = {e.key: e for e in state.effects if e.kind in BLAMED}
    records = {row.key: row for row in ResponsibilityRecord.objects.filter(case=case)}
    written = {event.payload["key"]: event.recorded_at for event in events if is_effect(event)}
    found = [f"责任记录{key}没有记下" for key in sorted({*effects} - {*records})]
    found += [f"责任记录{key}多记了" for key in sorted({*records} - {*effects})]
    # the latest first: what was changed after a record was written is taken back on the way to it
    both = sorted((records[key] for key in {*records} & {*effects}), key=lambda row: (row.recorded_at, row.pk), reverse=True)
    if both:
        with transaction.atomic():
            work = open_work(case.application_id)
            for row in both:
                found += _misborne(work, effects[row.key], row)
                found += _unlike(f"责任记录{row.key}的", row, {"recorded_at": written[row.key]})
    return found


def _misborne(work: Work, effect: Effect, row: ResponsibilityRecord) -> list[str]:
    """责任记得不对的几列: as the registers stand now, or as they stood when it was written.

    Who is near to the applicant is not dated by nature – a telephone, a household, a relation told of later –
    so a record is right as well if it is right with nobody barred, at the post the step had before later recusals.
    """
    name = f"责任记录{row.key}的"
    wrong = _unlike(name, row, borne(work, effect))
    if not wrong:
        return []
    later = RecusalRecord.objects.filter(case=work.opened, at__gt=row.recorded_at).order_by("-at", "-pk")
    for recusal in later:
        step = work.steps.get((recusal.step, recusal.round))
        if step is not None:
            step.post_id = recusal.post_id
    known, work.batch.barred = work.batch.barred, {}
    earlier = _unlike(name, row, borne(work, effect))
    work.batch.barred = known
    return min(wrong, earlier, key=len)
