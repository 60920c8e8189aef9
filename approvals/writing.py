"""一次写：one transaction – locks, clock, settle, act, ledger, projection, outbox (engine section 8)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import DatabaseError, connection, transaction

from approvals.batch import EVENTS_DRAWN, Batch, look
from approvals.facts import CaseState, Effect
from approvals.fold import fold
from approvals.loading import STREAM, fact_of, facts_of, is_effect, stream_of
from approvals.models import Case, Step
from portal import ledger, outbox, rows
from portal.clock import Reading
from portal.errors import DeadlinePassed, PortalError, WrongState
from portal.ledger import Entry
from portal.locks import DEPLOYMENT_LOCK, TOWNSHIP_LOCK
from portal.models import Channel, Event, Message, Post, User
from portal.permissions import Power, find_power, powers_of
from portal.roster import Matter
from services.lifecycle import State
from services.models import Application
from services.versions import kept_versions

CLAMP_SECONDS = 2.0
LATE_COMMIT = "PT409"
ROW_LOCK = "FOR UPDATE"
SEALED = ("form_sealed", "query_code_sealed")  # long, and for nobody who only moves the case
CHAIN = ("previous",)


class Work:
    """一件办件上的一次写: what was locked and read, and what has been added so far."""

    def __init__(self, application: Application, case: Case | None, batch: Batch, events: list[Event]) -> None:
        self.application, self.case, self.batch, self.events = application, case, batch, events
        self.clock = _clamped(batch.clock, events)
        self.told: set[tuple[int, str, int]] = set()  # event, kind, recipient
        self.stored_state = application.state
        self.is_new = False  # the case has been opened in this transaction and is still to be written
        self.written = {event.payload["key"] for event in events if is_effect(event)}
        self.facts = facts_of(events)
        self.folded = -1
        self._state: CaseState | None = None

    @property
    def state(self) -> CaseState:
        """上次推算的结果; the first time somebody asks, it is folded."""
        return self._state or self.refold()

    def refold(self) -> CaseState:
        """按目前的台账再推算一次; nothing to do while no fact has been added."""
        if self._state is None or self.folded != len(self.facts):
            calendars = self.batch.calendars(self.application.township_id)
            self._state = fold(self.facts, self.application.rules, calendars, self.clock.at)
            self.folded = len(self.facts)
        return self._state

    @property
    def unwritten(self) -> list[Effect]:
        """已经发生、还没写下的效果, in their order."""
        return [effect for effect in self.state.effects if effect.key not in self.written]

    @cached_property
    def steps(self) -> dict[tuple[str, int], Step]:
        """环节的行, by key and round; kept in step with what is written."""
        found = rows.select(Step, "WHERE case_id = %s", [self.case.pk]) if self.case and not self.is_new else []
        return {(row.key, row.round): row for row in found}

    @property
    def opened(self) -> Case:
        """案件; WrongState before the application has been filed."""
        if self.case is None:
            raise WrongState("申请还没有提交。")
        return self.case

    def record(self, *entries: Entry) -> list[Event]:
        """记入台账"""
        added = ledger.compose(
            township=self.application.township_id,
            stream=stream_of(self.application),
            entries=entries,
            after=self.events[-1] if self.events else None,
            clock=self.clock,
        )
        for event in added:
            event.pk = self.batch.next_id(Event)
            self.batch.add(Event, vars(event))
            if is_effect(event):
                self.written.add(event.payload["key"])
            else:
                self.facts.append(fact_of(event))
        self.events += added
        return added

    def tell(
        self, event: Event, kind: str, recipients: Iterable[int | None], *, outside: bool = False, daytime: bool = False
    ) -> None:
        """告诉有关的人: in-site always, by SMS and e-mail too where it leaves the house; `daytime` waits for the morning."""
        # Nobody is told the same thing of one event twice, however many posts he holds.
        found = [one for one in recipients if one is not None and (event.pk, kind, one) not in self.told]
        self.told.update((event.pk, kind, one) for one in found)
        addressed = outbox.address(
            event=event,
            kind=kind,
            recipients=found,
            number=self.application.number,
            clock=self.clock,
            channels=[Channel.IN_SITE, Channel.SMS, Channel.EMAIL] if outside else [Channel.IN_SITE],
            not_before=outbox.next_daytime(self.clock.at) if daytime else None,
        )
        for values in addressed:
            self.batch.add(Message, values)

    def tell_applicant(self, event: Event, kind: str) -> None:
        """告诉申请人"""
        self.tell(event, kind, self._applicants(), outside=True)

    def _applicants(self) -> list[int]:
        """申请人这一边: the account that filed, while its mandate lasts, and one's own where another has filed (T03)."""
        application = self.application
        filer = [] if application.consent_ended_at else [application.filed_by_id]
        if not application.consent and filer:
            return filer
        return [*filer, *self.batch.accounts_of(application.applicant_id)]

    def holder(self, post: Post | None, kind: str = "") -> int | None:
        """某岗位此刻的责任人（账号号）"""
        return self.batch.holder(post, self.clock.at, self.matter(kind))

    def responsible(self, post: Post | None, at: datetime, kind: str) -> tuple[Post | None, int | None]:
        """那一刻权力在谁手里: the post it is at, and the account; up to head and leader where nobody is in."""
        township, matter, barred = self.application.township_id, self.matter(kind), self.barred
        user = self.batch.holder(post, at, matter)
        if user is not None and user not in barred:
            return post, user
        return self.batch.roster.responsible(post, at, township, matter, barred)

    @property
    def barred(self) -> frozenset[int]:
        """对这位申请人要回避的工作人员（账号号）"""
        return self.batch.barred.get(self.application.applicant_id, frozenset())

    def flush(self) -> None:
        """写出攒下的行"""
        self.batch.write()

    def matter(self, kind: str = "") -> Matter:
        """这件办件的某种环节, as a deputy's scope sees it; no kind for what concerns the whole case."""
        return Matter(self.application.rules.code, kind, self.application.number)

    def power(self, by: User, *, office: int | None, duties: set[str], kind: str = "") -> Power | None:
        """此人此刻办这件事的权力, its rows locked FOR SHARE."""
        powers = powers_of(by, self.clock.at, lock=True)
        found = find_power(powers, office=office, duties=duties, matter=self.matter(kind))
        return found.signing() if found is not None else None


Act = Callable[[Work], Any]
Settle = Callable[[Work], None]


@contextmanager
def committed_in_time() -> Iterator[None]:
    """一个事务; DeadlinePassed if an event's own limit ended before the commit."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", "") == LATE_COMMIT:
            raise DeadlinePassed("就在提交的这一刻期限届满了，这一步没有办成。请刷新看现在的状态。") from error
        raise


def perform(application_id: int, act: Act, settle: Settle) -> Any:
    """做一次写: settling and the act are two savepoints, so a refused act keeps the settling.

    Where there was nothing to settle there is nothing to keep, and a refusal takes the whole transaction back.
    Raises what the act refuses with, and DeadlinePassed if the act's own limit ended before the commit.
    """
    refused: PortalError | None = None
    result: Any = None
    with committed_in_time():
        work = open_work(application_id)
        if not work.unwritten:
            return _act(work, act, settle)
        with transaction.atomic():
            settle(work)
            work.flush()
        try:
            with transaction.atomic():
                result = _act(work, act, settle)
        except PortalError as error:
            refused = error
    if refused is not None:
        raise refused
    return result


def _act(work: Work, act: Act, settle: Settle) -> Any:
    result = act(work)
    settle(work)
    work.flush()
    return result


def open_work(application_id: int) -> Work:
    """锁住、读钟、装载: shared advisory locks, the application's row, then the clock in its own statement.

    Application.DoesNotExist if there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock_shared(%s, township_id::int)"
            " FROM services_application WHERE id = %s",
            [DEPLOYMENT_LOCK, TOWNSHIP_LOCK, application_id],
        )
    found = rows.select(Application, f"WHERE t.id = %s {ROW_LOCK}", [application_id], without=SEALED)
    if not found:
        raise Application.DoesNotExist(f"没有办件 {application_id}")
    draft = found[0].state == State.DRAFT
    batch = look(events=EVENTS_DRAWN, cases=int(draft))
    if draft:  # nothing has been recorded of a draft
        return _works(found, batch, [], [])[0]
    events = rows.select(Event, "WHERE stream = %s ORDER BY sequence", [stream_of(found[0])], without=CHAIN)
    cases = rows.select(Case, "WHERE application_id = %s", [application_id])
    return _works(found, batch, events, cases)[0]


def open_works(application_ids: Sequence[int]) -> list[Work]:
    """装载一批已经锁住的办件, in the order given: the clock, then one statement a table for all of them."""
    batch = look(events=EVENTS_DRAWN * len(application_ids))
    ids = list(application_ids)
    found = {row.pk: row for row in rows.select(Application, "WHERE t.id = ANY(%s)", [ids], without=SEALED)}
    applications = [found[key] for key in ids]
    streams = [stream_of(application) for application in applications]
    events = rows.select(Event, "WHERE stream = ANY(%s) ORDER BY stream, sequence", [streams], without=CHAIN)
    works = _works(applications, batch, events, rows.select(Case, "WHERE application_id = ANY(%s)", [ids]))
    steps: dict[int, dict[tuple[str, int], Step]] = {case.pk: {} for case in batch.cases}
    for step in rows.select(Step, "WHERE case_id = ANY(%s)", [list(steps)]):
        steps[step.case_id][step.key, step.round] = step
    for work in works:
        work.steps = steps[work.opened.pk]
    return works


def _works(applications: list[Application], batch: Batch, events: list[Event], cases: list[Case]) -> list[Work]:
    versions = kept_versions(application.version_id for application in applications)
    ledgers: dict[str, list[Event]] = {}
    for event in events:
        ledgers.setdefault(event.stream, []).append(event)
    opened = {case.application_id: case for case in cases}
    for application in applications:
        application.township = batch.roster.townships[application.township_id]
        application.version = versions[application.version_id]
    batch.applications, batch.cases = applications, cases
    return [Work(a, opened.get(a.pk), batch, ledgers.get(STREAM + a.number, [])) for a in applications]


def _clamped(clock: Reading, events: list[Event]) -> Reading:
    """钟不许倒走: up to 2 s behind the last event is clamped to it; more is refused, for the clock is broken."""
    if not events or clock.at >= events[-1].recorded_at:
        return clock
    behind = (events[-1].recorded_at - clock.at).total_seconds()
    if behind > CLAMP_SECONDS:
        raise RuntimeError(f"database clock is {behind:.0f} s behind the ledger")
    return Reading(events[-1].recorded_at, clock.simulated)
