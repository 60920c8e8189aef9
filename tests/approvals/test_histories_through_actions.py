"""三百段历史，走真的动作和数据库：fold, rows and ledger against the literal model – no difference.

Items of the catalogue and random ones, people of the township, a shifted clock; some documents fall out of force and
some days the portal is down. The model is told what was asked for, not what the product made of it.
"""

from collections import Counter
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection

from approvals import actions
from approvals.facts import LADDER
from approvals.loading import fold_application, load_calendars
from approvals.models import Case, Decision, Step
from approvals.settling import settle_application
from portal.calendars import touch_calendar_revision
from portal.clock import portal_now
from portal.models import Event, Outage
from services.models import Application
from tests.case_histories import FIRST, LOCAL_LAW, SPAN, Dice, local
from tests.case_player import Player, build_town
from tests.conftest import TestClock
from tests.naive_case import NaiveCase, naive_case
from tests.naive_clock import midnight_after
from tests.naive_view import fold_view, naive_view
from tests.world import World

COMMON = {"filed", "accepted", "corrected", "supplied", "opinion", "decided", "paused", "extended", "objected"}
HISTORIES, BLOCKS, ACTS, ITEMS = 300, 3, 12, 40



def row_view(application: Application) -> dict[str, Any]:
    """行和台账里写着的"""
    application.refresh_from_db()
    case = Case.objects.get(application=application)
    steps = Step.objects.filter(case=case).order_by("opened_at", "pk")
    effects = Event.objects.filter(stream=f"case:{application.number}", kind__startswith="effect_")
    written = [(e.kind.removeprefix("effect_"), e.payload["clock"], e.payload["round"], e.payload["at"]) for e in effects]
    return {
        "state": application.state,
        "outcome": (case.outcome, case.manner, case.effective_at),
        "acceptance": (case.accepted_at, case.counts_from),
        "ends": (case.promised_due_at, case.statutory_due_at),
        "reason": (case.reason_due_on, case.reason_published),
        "steps": sorted(
            (s.key, s.round, s.opened_at, s.opened_on, s.status, s.ended_at, s.outcome, s.late, s.objection) for s in steps
        ),
        "effects": sorted(row for row in written if row[0] not in LADDER),
        "decision": list(Decision.objects.filter(case=case).values_list("outcome", "manner", "effective_at")),
    }


def model_view(model: NaiveCase) -> dict[str, Any]:
    """同样的，照模型"""
    ends = []
    for key in ("promised", "statutory"):
        clock = model.latest(key)
        due = model.due(clock) if clock else None
        ends.append(midnight_after(due) if due else None)
    decided = model.outcome and model.outcome not in {"withdrawn", "terminated"}
    return {
        "state": model.state,
        "outcome": (model.outcome, model.manner, model.effective_at),
        "acceptance": (model.accepted_at, model.counts_from),
        "ends": tuple(ends),
        "reason": (model.reason_due_on, model.reason_published),
        "steps": sorted(
            (
                s.stage.key, s.round, s.opened_at, s.opened_on, s.status, s.ended_at, s.outcome,
                s.late or bool(s.clock and s.clock.how in {"lapsed", "late"}), s.objection,
            )
            for s in model.steps
        ),
        "effects": sorted((kind, key, number, at.isoformat()) for kind, key, _step, number, at in model.effects),
        "decision": [(model.outcome, model.manner, model.effective_at)] if decided else [],
    }  # fmt: skip


def differences(player: Player) -> str:
    """推算、行与模型哪里不一样; empty when they agree."""
    settle_application(player.application.pk)
    now = portal_now()
    application = Application.objects.select_related("township", "version").get(pk=player.application.pk)
    model = naive_case(player.facts, application.rules, load_calendars(application.township), now)
    pairs = [(fold_view(fold_application(application, now)), naive_view(model)), (row_view(application), model_view(model))]
    found = [
        f"{name}: {ours[name]}\n  model {theirs[name]}"
        for ours, theirs in pairs
        for name in ours
        if ours[name] != theirs[name]
    ]
    return "\n".join([*found, *(str(fact) for fact in player.facts)]) if found else ""


@pytest.mark.parametrize("block", range(BLOCKS))
def test_histories_through_the_actions_are_the_literal_model(world: World, clock: TestClock, block: int) -> None:
    with connection.cursor() as cursor:  # one long transaction, rolled back with the test
        cursor.execute("SET transaction_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    dice, done = Dice(block), Counter[str]()
    town = build_town(world, clock, dice, ITEMS)
    if block:
        actions.repeal(title=LOCAL_LAW.title, last_day=FIRST + timedelta(days=40), source="示例县公告（虚构）", by=world.pi)
        Outage.objects.bulk_create(Outage(day=day, minutes=90, recorded_at=portal_now()) for day in dice.sample(SPAN[:60], 4))
        touch_calendar_revision()

    for number in range(HISTORIES // BLOCKS):
        own = Dice(block * HISTORIES + number)
        player = Player(town, own, local(FIRST + timedelta(days=own.randrange(30)), time(own.randrange(24), 11)))
        player.play(own.randrange(ACTS))
        assert not differences(player), f"history {number}: {differences(player)}"
        done += player.done

    assert done["filed"] == HISTORIES // BLOCKS
    assert set(done) >= COMMON
