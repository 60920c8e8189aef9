"""到期的办件: each has lived through its reminders, and only its end is still to be written."""

from datetime import timedelta

import pytest

from approvals.actions.modes import switch_on
from approvals.fold import fold
from approvals.loading import facts_of, load_calendars, load_events
from approvals.models import Case, Decision
from approvals.sweeping import sweep
from portal.bench.due import make_originals
from portal.clock import portal_now
from services.definition import Citation, OnTimeout
from services.models import Application
from tests.factories import at


@pytest.mark.parametrize("now", ["2026-11-25", "2026-11-30"])  # a Wednesday, and a Monday after a weekend
def test_only_the_end_is_due_and_half_of_the_ends_end_the_case(world, clock, now):
    clock(at("2026-05-06"))
    rule = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
    switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=rule, by=world.pi)
    clock(at(now))

    made = make_originals(clock, world.an)

    assert abs(portal_now() - at(now)) < timedelta(minutes=2)
    kinds = []
    for application in Application.objects.filter(pk__in=made).order_by("pk"):
        events = load_events(application)
        state = fold(facts_of(events), application.rules, load_calendars(application.township), portal_now())
        written = {event.payload["key"] for event in events if event.kind.startswith("effect_")}
        unwritten = [effect for effect in state.effects if effect.key not in written]
        assert len({effect.at for effect in unwritten}) == 1  # one end, with its card
        assert len(written) > 1
        kinds.append({effect.kind for effect in unwritten} - {"red"})
    assert kinds == [{"record"}, {"accept"}, {"record"}, {"escalate"}]
    assert sweep() == 4
    assert Decision.objects.filter(case__application__in=made).count() == 2
    assert not Case.objects.filter(next_look_at__lte=portal_now()).exists()
