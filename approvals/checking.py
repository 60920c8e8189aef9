"""核对：refolds cases and compares the legal fields with the projection – no difference, ever (engine section 7)."""

from collections.abc import Iterator

from approvals.loading import fold_application, load_events
from approvals.models import Case, Step
from approvals.projection import case_values, step_values
from portal.clock import portal_now
from portal.ledger import verify

BATCH = 500
# What changes by itself with the time of day, not by an effect: the sweep's index is compared while it is in the future.
LEGAL = ("outcome", "manner", "effective_at", "counts_from", "accepted_at", "promised_due_at", "statutory_due_at", "due_at")


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

    An effect that is due but not yet written is no difference: readers refold, and the sweep will write it.
    """
    application, events = case.application, load_events(case.application)
    state = fold_application(application, portal_now(), events)
    broken = verify(events)
    found = [f"台账第{broken}条对不上"] if broken else []
    written = {event.payload["key"] for event in events if event.kind.startswith("effect_")}
    if any(effect.key not in written for effect in state.effects):
        return found
    if application.state != state.state:
        found.append(f"状态：表里是{application.state}，推算是{state.state}")
    values = case_values(state)
    found += [
        f"{name}：表里是{getattr(case, name)}，推算是{values[name]}" for name in LEGAL if getattr(case, name) != values[name]
    ]
    rows = {(row.key, row.round): row for row in Step.objects.filter(case=case)}
    for view in state.steps:
        row = rows.pop((view.stage.key, view.round), None)
        if row is None:
            found.append(f"环节{view.stage.key}#{view.round}没有记下")
            continue
        expected = step_values(view)
        found += [
            f"环节{view.stage.key}的{name}：表里是{getattr(row, name)}，推算是{value}"
            for name, value in expected.items()
            if getattr(row, name) != value
        ]
    found += [f"环节{key}#{round}多记了" for key, round in rows]
    return found
