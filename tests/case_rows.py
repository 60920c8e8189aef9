"""随机的办件，放进数据库：random items, applications and ledgers, as they stand when settled on time up to an instant.

Only the rows nobody can do without are made here; the projection and the steps are the product's own work.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from approvals.facts import Calendars, CaseState, Fact
from approvals.fold import fold
from approvals.loading import STREAM, load_calendars
from approvals.models import Case
from portal.keys import keys
from portal.ledger import GENESIS, event_hash
from portal.limits import day_of
from portal.models import Event
from portal.numbers import new_number
from services.definition import ItemDefinition, StageKind
from services.models import Application, ItemVersion, ServiceItem
from tests.case_histories import Dice
from tests.world import World

# office, duty: seats of the township of tests.world
REVIEWERS = (("village-construction", "review"), ("agriculture", "review"), ("water", "review"), ("forestry", "review"))
DECIDERS = (("township-government", "town_leader"), ("food-safety", "approve"), ("social-affairs", "review"))
HANDS = (("service-centre", "agent"), ("service-centre", "window"))


def seated(rules: ItemDefinition, dice: Dice) -> ItemDefinition:
    """同样的规则，环节分给镇上的岗位"""
    seats = {StageKind.DECIDE: DECIDERS, StageKind.DELIVER: HANDS}
    stages = []
    for stage in rules.stages:
        office, duty = dice.choice(seats.get(stage.kind, REVIEWERS))
        stages.append(dataclasses.replace(stage, office=office, duty=duty))
    return dataclasses.replace(rules, office=dice.choice(REVIEWERS)[0], stages=tuple(stages), publish_results="masked")


def make_version(item: ServiceItem, rules: ItemDefinition, number: int) -> ItemVersion:
    """事项的又一个版本"""
    definition = rules.to_json()
    digest = hashlib.sha256(json.dumps(definition, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return ItemVersion.objects.create(
        item=item, number=number, definition=definition, digest=digest, source_digest=digest,
        created_at=datetime.fromisoformat("2026-01-05T09:00+08:00"),
    )  # fmt: skip


def random_case(
    dice: Dice, rules: ItemDefinition, calendars: Calendars, at: datetime, until: datetime
) -> tuple[list[Fact], CaseState]:
    """一段历史：drawn again until something in it comes up between `at` and `until`."""
    while True:
        facts = [fact for fact in dice.history() if fact.at <= at and fact.kind not in OUTSIDE]
        if not facts:
            continue
        facts = [dataclasses.replace(fact, id=place) for place, fact in enumerate(facts, 1)]
        state = fold(facts, rules, calendars, at)
        if state.next_look_at is not None and state.next_look_at <= until:
            return facts, state


OUTSIDE = frozenset({"reassigned"})  # kinds the ledger of a real case does not know


def fill(world: World, seed: int, items: int, cases: int, at: datetime, until: datetime) -> list[Application]:
    """放进 `cases` 件，as settled at `at`; the sweep of that instant writes their projection."""
    dice, calendars = Dice(seed), load_calendars(world.township)
    versions = [make_version(world.item("SJ-002"), seated(dice.item(), dice), 1000 + n) for n in range(items)]
    drawn = [(v, *random_case(dice, v.rules, calendars, at, until)) for n in range(cases) for v in [versions[n % items]]]
    window = world.post("chen")
    applications = Application.objects.bulk_create(
        Application(
            township=world.township, number=new_number(), query_code_sealed=keys().seal_text(new_number()),
            item=version.item, version=version, applicant=world.an.person, filed_by=world.an, applicant_masked="安*例",
            village=world.an.person.village, state=state.state, first_responsible=window, filed_at=facts[0].at,
            received_on=day_of(facts[0].at), created_at=facts[0].at, updated_at=facts[0].at,
        )
        for version, facts, state in drawn
    )  # fmt: skip
    rows = zip(applications, drawn, strict=True)
    Event.objects.bulk_create(event for row, (_, facts, state) in rows for event in ledger_of(row, facts, state))
    Case.objects.bulk_create(
        Case(application=row, township=world.township, window=window, next_look_at=at) for row in applications
    )
    return applications


def ledger_of(application: Application, facts: list[Fact], state: CaseState) -> Iterator[Event]:
    """台账：the facts, and between them what settling on time has written; an end comes before an act at its instant."""
    rows: list[tuple[datetime, int, str, dict[str, Any]]] = [(f.at, 1, f.kind, dict(f.data)) for f in facts]
    rows += [
        (e.at, 0, f"effect_{e.kind}", {"key": e.key, "at": e.at.isoformat(), "clock": e.clock, "round": e.round})
        for e in state.effects
    ]
    previous = GENESIS
    for sequence, (at, _, kind, payload) in enumerate(sorted(rows, key=lambda row: row[:2]), 1):
        event = Event(
            township_id=application.township_id, stream=STREAM + application.number, sequence=sequence, kind=kind,
            payload=payload, recorded_at=at, simulated=True, previous=previous,
        )  # fmt: skip
        previous = event.hash = event_hash(previous, event)
        yield event
