"""没有后台的三天：a thousand random cases, swept on time or not at all for three days, end with the same legal fields.

One set of rows, three courses from the same savepoint: swept at the second of every look; nobody awake until
the third day; and, as a negative control, a settling that dates what it finds by the moment it wakes.
"""

import dataclasses
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Min
from django.test import Client

from approvals import sweeping
from approvals.models import (
    Card,
    Case,
    Certificate,
    Decision,
    PublicResult,
    ResponsibilityRecord,
    Step,
    SweepFailure,
)
from approvals.settling import settle
from approvals.writing import Work
from portal.keys import keys
from portal.models import Event
from services.models import Application
from tests.case_rows import fill
from tests.conftest import TestClock
from tests.factories import at
from tests.world import World

CASES, ITEMS, READ, CONTROL = 1_000, 100, 60, 40
BEGIN = at("2026-10-12", "12:00")  # a Monday after the autumn holidays
BETWEEN = BEGIN + timedelta(days=1, hours=14)
END = BEGIN + timedelta(days=3)
COLUMNS = (
    "outcome", "manner", "effective_at", "counts_from", "accepted_at", "promised_due_at", "statutory_due_at", "due_at",
    "intake_due_at", "provisional", "paused", "overdue", "reason_due_on", "next_look_at", "closed_at",
)  # fmt: skip
# model: what in its rows is law; when they were written is not
LEGAL: dict[Any, tuple[str, ...]] = {
    Step: (
        "key", "round", "post", "office", "opened_at", "opened_on", "status", "ended_at", "outcome", "late", "objection",
        "due_at",
    ),
    Decision: ("outcome", "manner", "effective_at", "counts_from", "legal_basis"),
    Certificate: ("number", "mode", "citation", "office", "effective_at"),
    ResponsibilityRecord: ("key", "clock", "mode", "user", "previous_user", "post", "office", "ended_at"),
    Card: ("key", "rung", "clock", "user", "post", "at"),
    PublicResult: ("outcome", "manner", "effective_at", "days_used", "days_paused", "extended_by", "promised", "late"),
}  # fmt: skip


def legal_fields() -> dict[str, dict[str, Any]]:
    """每件的法律字段: state, outcome, manner, ends, step chain, responsible, rule, certificate – by its number."""
    found: dict[str, dict[str, Any]] = {}
    for row in Case.objects.values("application__number", "application__state", *COLUMNS):
        found[row.pop("application__number")] = row
    for model, columns in LEGAL.items():
        for number, *values in model.objects.values_list("case__application__number", *columns).order_by(*columns):
            found[number].setdefault(model.__name__, []).append(tuple(values))
    effects = Event.objects.filter(kind__startswith="effect_").order_by("stream", "sequence")
    for stream, payload in effects.values_list("stream", "payload"):
        found[stream.partition(":")[2]].setdefault("effects", []).append(payload)
    return found


def differences(ours: dict[str, dict[str, Any]], theirs: dict[str, dict[str, Any]]) -> list[str]:
    """哪件的哪一项不一样"""
    return [
        f"{number} {name}: {row.get(name)} / {theirs[number].get(name)}"
        for number, row in ours.items()
        for name in row.keys() | theirs[number].keys()
        if row.get(name) != theirs[number].get(name)
    ]


def sweep_on_time(clock: TestClock, until: Any) -> int:
    """到一刻巡查一次, until an instant; how many times."""
    passes = 0
    while True:
        look = Case.objects.aggregate(look=Min("next_look_at"))["look"]
        if look is None or look > until:
            return passes
        clock(look)
        sweeping.sweep()
        passes += 1


def answers(applications: Iterable[Application]) -> dict[str, Any]:
    """接口此刻的回答, without what is about the reading itself."""
    found = {}
    for application in applications:
        code = keys().open_text(bytes(application.query_code_sealed))
        answer = Client().get(f"/api/v1/progress/{application.number}/", {"code": code}).json()
        found[application.number] = {name: value for name, value in answer.items() if name not in {"at", "recorded_at"}}
    return found


def dated_by_now(work: Work) -> None:
    """错的结算: whatever has come up is dated by the moment somebody wakes."""
    work.refold()
    written = {event.payload["key"] for event in work.events if event.kind.startswith("effect_")}
    late = (dataclasses.replace(e, at=e.at if e.key in written else work.clock.at) for e in work.state.effects)
    work._state = dataclasses.replace(work.state, effects=tuple(late))
    settle(work)


def test_three_days_without_a_worker_change_no_legal_field(
    world: World, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:  # one long transaction, rolled back with the test
        cursor.execute("SET transaction_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    clock(BEGIN)
    applications = fill(world, 4, ITEMS, CASES, BEGIN, END)
    sweeping.sweep()
    before = legal_fields()
    start = transaction.savepoint()

    assert sweep_on_time(clock, BETWEEN) > 1
    by_then = legal_fields()
    read = [row for row in applications if by_then[row.number] != before[row.number]][:READ]
    shown = answers(read)
    sweep_on_time(clock, END)
    clock(END)
    on_time = legal_fields()
    transaction.savepoint_rollback(start)

    clock(BETWEEN)  # nobody has worked for a day and a half; somebody reads
    assert len(read) == READ
    assert differences(answers(read), shown) == []
    transaction.savepoint_rollback(start)

    clock(END)
    assert sweeping.sweep() >= CASES
    assert differences(legal_fields(), on_time) == []
    assert differences(before, on_time) != []
    assert not SweepFailure.objects.exists()
    transaction.savepoint_rollback(start)

    monkeypatch.setattr(sweeping, "settle", dated_by_now)
    few = [row.number for row in applications[:CONTROL]]
    Case.objects.exclude(application__number__in=few).update(next_look_at=None)
    sweeping.sweep()
    found = legal_fields()
    wrong = differences({number: found[number] for number in few}, on_time)
    came_up = {number for number in few if on_time[number].get("effects") != before[number].get("effects")}
    assert {line.split()[0] for line in wrong} == came_up
    assert len(came_up) > CONTROL // 2
