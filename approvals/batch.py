"""一批写：what one transaction reads once and writes a table at a time, for one case or five hundred.

Settling and the acts put rows in; `write` sends one statement a table. Ids of events and cases are drawn
beforehand, so that rows can name one another; foreign keys are checked at the commit.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model

from approvals.facts import Calendars
from approvals.loading import calendars_of
from approvals.models import Case
from portal import rows
from portal.calendars import calendars_at
from portal.clock import Reading
from portal.models import Event, Message, Post
from portal.roster import Matter, Roster, roster_of
from services.models import Application

EVENTS_DRAWN = 4  # beforehand for each case; an act has one event of its own, a default two with its card
LOOK = (
    "SELECT portal_now(), portal_clock_is_shifted(),"
    " (SELECT number FROM portal_revision WHERE name = 'calendar'),"
    " (SELECT number FROM portal_revision WHERE name = 'roster'), {events}, {cases}"
)


class Batch:
    """一次事务里读的和要写的: clock, calendars and roster as they are under the locks, and the rows so far."""

    def __init__(self, clock: Reading, roster: Roster, calendar_revision: int, ids: dict[type[Model], list[int]]) -> None:
        self.clock, self.roster = clock, roster
        self.applications: list[Application] = []
        self.cases: list[Case] = []
        self._published = calendars_at(calendar_revision)
        self._ids = ids
        self._accounts: dict[int, list[int]] = {}
        self._holders: dict[tuple[int, datetime], int | None] = {}
        self._new: dict[type[Model], list[rows.Values]] = {}
        self._changed: dict[type[Model], dict[int, dict[str, Any]]] = {}

    def calendars(self, township_id: int) -> Calendars:
        """某乡镇推算用的日历与外部事实"""
        return calendars_of(self.roster.townships[township_id], self._published)

    def next_id(self, model: type[Model]) -> int:
        """下一个号"""
        return self.next_ids(model, 1)[0]

    def next_ids(self, model: type[Model], count: int) -> list[int]:
        """下面几个号, rising; drawn for the whole batch where there are too few."""
        kept = self._ids.get(model, [])
        if len(kept) < count:
            kept = [*rows.draw(model, count + len(self.cases))[::-1], *kept]
        left = len(kept) - count
        self._ids[model] = kept[:left]
        return kept[left:][::-1]

    def add(self, model: type[Model], values: rows.Values) -> None:
        """要新写的一行, by attribute name"""
        self._new.setdefault(model, []).append(values)

    def change(self, model: type[Model], pk: int, values: rows.Values) -> None:
        """要改的一行的几列"""
        self._changed.setdefault(model, {}).setdefault(pk, {"id": pk}).update(values)

    def write(self) -> None:
        """写出攒下的: changes first, then new rows; one statement for each table and set of columns."""
        changed, self._changed = self._changed, {}
        new, self._new = self._new, {}
        for model, found in changed.items():
            alike: dict[frozenset[str], list[rows.Values]] = {}
            for values in found.values():
                alike.setdefault(frozenset(values), []).append(values)
            for names, same in alike.items():
                rows.update(model, same, sorted(names - {"id"}))
        for model, added in new.items():
            rows.insert(model, added, again=model is not Message)  # told once per event, channel and kind

    def holder(self, post: Post | None, at: datetime, matter: Matter) -> int | None:
        """某岗位那一刻的责任人（账号号）; asked of the same posts and instants for every case of the batch."""
        if post is None or post.pk in self.roster.stood:  # a deputy's scope may reach one case and not the next
            return self.roster.holder(post, at, matter)
        key = (post.pk, at)
        if key not in self._holders:
            self._holders[key] = self.roster.holder(post, at, matter)
        return self._holders[key]

    @cached_property
    def certificates(self) -> dict[int, int]:
        """这些案件已有几份证明"""
        return dict(
            _pairs(
                "SELECT case_id, count(*) FROM approvals_certificate WHERE case_id = ANY(%s) GROUP BY case_id",
                [case.pk for case in self.cases],
            )
        )

    def accounts_of(self, person: int) -> list[int]:
        """某人自己的账号; for everybody in the batch whose application another has filed, in one statement."""
        if person not in self._accounts:
            wanted = {a.applicant_id for a in self.applications if a.consent or a.consent_ended_at} | {person}
            self._accounts |= {one: [] for one in wanted}
            statement = "SELECT person_id, id FROM portal_user WHERE person_id = ANY(%s) AND is_active ORDER BY id"
            for one, user in _pairs(statement, wanted):
                self._accounts[one].append(user)
        return self._accounts[person]

    @cached_property
    def barred(self) -> dict[int, frozenset[int]]:
        """依法要回避的工作人员账号, by applicant: the same person, phone or household, or a declared relative (T29)."""
        found: dict[int, set[int]] = {}
        for person, user in _pairs(BARRED, {application.applicant_id for application in self.applications}):
            found.setdefault(person, set()).add(user)
        return {person: frozenset(users) for person, users in found.items()}


BARRED = """
    WITH a AS (SELECT id, phone_hash, household_hash FROM portal_person WHERE id = ANY(%s)),
    near AS (
        SELECT a.id AS applicant, a.id AS person FROM a
        UNION SELECT a.id, p.id FROM a JOIN portal_person p ON p.phone_hash = a.phone_hash WHERE a.phone_hash <> ''
        UNION SELECT a.id, p.id FROM a JOIN portal_person p ON p.household_hash = a.household_hash WHERE a.household_hash <> ''
        UNION SELECT a.id, r.person_id FROM a JOIN portal_relation r ON r.relative_id = a.id AND r.ended_at IS NULL
        UNION SELECT a.id, r.relative_id FROM a JOIN portal_relation r ON r.person_id = a.id AND r.ended_at IS NULL
    )
    SELECT near.applicant, u.id FROM near JOIN portal_user u ON u.person_id = near.person
    WHERE u.is_staff_member ORDER BY 1, 2
"""


def _pairs(statement: str, ids: Iterable[int]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return list(cursor.fetchall())


def look(*, events: int, cases: int = 0) -> Batch:
    """读钟，连同此刻的日历号、名册号和要用的号: one statement of its own, after the locks, so it is never older."""
    statement = LOOK.format(events=rows.drawing(Event, events), cases=rows.drawing(Case, cases))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        at, simulated, calendar, roster, event_ids, case_ids = cursor.fetchone()
    ids: dict[type[Model], list[int]] = {Event: event_ids[::-1], Case: case_ids[::-1]}
    return Batch(Reading(at, simulated), roster_of(roster), calendar or 0, ids)
