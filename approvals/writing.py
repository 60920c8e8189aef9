"""一次写：one transaction – locks, clock, settle, act, ledger, projection, outbox (engine section 8)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError, connection, transaction

from approvals.facts import CaseState
from approvals.loading import fold_application, load_events, stream_of
from approvals.models import Case
from portal import ledger, outbox
from portal.clock import Reading, read_clock
from portal.errors import DeadlinePassed, PortalError, WrongState
from portal.ledger import Entry
from portal.models import Channel, Event, Message, User
from portal.permissions import Power, find_power, powers_of
from portal.roster import Matter
from services.models import Application

DEPLOYMENT_LOCK = 7001
TOWNSHIP_LOCK = 7002
CLAMP_SECONDS = 2.0
LATE_COMMIT = "PT409"


class Work:
    """一件办件上的一次写: what was locked and read, and what has been added so far."""

    def __init__(self, application: Application, case: Case | None, clock: Reading, events: list[Event]) -> None:
        self.application, self.case, self.clock, self.events = application, case, clock, events
        self.messages: list[Message] = []
        self.stored_state = application.state
        self.folded = -1
        self.refold()

    def refold(self) -> CaseState:
        """按目前的台账再推算一次; nothing to do while no event has been added."""
        if self.folded != len(self.events):
            self.state = fold_application(self.application, self.clock.at, self.events)
            self.folded = len(self.events)
        return self.state

    @property
    def has_unwritten(self) -> bool:
        """有没有已经发生、还没写下的效果"""
        written = {event.payload["key"] for event in self.events if event.kind.startswith("effect_")}
        return any(effect.key not in written for effect in self.state.effects)

    @property
    def opened(self) -> Case:
        """案件; WrongState before the application has been filed."""
        if self.case is None:
            raise WrongState("申请还没有提交。")
        return self.case

    def record(self, *entries: Entry) -> list[Event]:
        """记入台账"""
        after = self.events[-1] if self.events else None
        added = ledger.append(
            township=self.application.township_id,
            stream=stream_of(self.application),
            entries=list(entries),
            after=after,
            clock=self.clock,
        )
        self.events += added
        return added

    def tell(self, event: Event, kind: str, recipients: Iterable[int | None], *, outside: bool = False) -> None:
        """告诉有关的人: in-site always, by SMS and e-mail too where it leaves the house."""
        channels = [Channel.IN_SITE, Channel.SMS, Channel.EMAIL] if outside else [Channel.IN_SITE]
        # Nobody is told the same thing of one event twice, however many posts he holds.
        told = {(message.event_id, message.recipient_id) for message in self.messages if message.kind == kind}
        found = [recipient for recipient in recipients if recipient is not None and (event.pk, recipient) not in told]
        self.messages += outbox.post(
            event=event, kind=kind, recipients=found, number=self.application.number, clock=self.clock, channels=channels
        )

    def tell_applicant(self, event: Event, kind: str) -> None:
        """告诉申请人"""
        self.tell(event, kind, self._applicants(), outside=True)

    def _applicants(self) -> list[int]:
        """申请人这一边: the account that filed, while its mandate lasts, and one's own where another has filed (T03)."""
        application = self.application
        filer = [] if application.consent_ended_at else [application.filed_by_id]
        if not application.consent and filer:
            return filer
        own = User.objects.filter(person=application.applicant_id, is_active=True).values_list("pk", flat=True)
        return [*filer, *own]

    def flush(self) -> None:
        """写出攒下的通知"""
        Message.objects.bulk_create(self.messages, ignore_conflicts=True)  # told once per event, channel and kind
        self.messages = []

    def matter(self, kind: str = "") -> Matter:
        """这件办件的某种环节, as a deputy's scope sees it; no kind for what concerns the whole case."""
        return Matter(self.application.item.code, kind, self.application.number)

    def power(self, by: User, *, office: int | None, duties: set[str], kind: str = "") -> Power | None:
        """此人此刻办这件事的权力, its rows locked FOR SHARE."""
        powers = powers_of(by, self.clock.at, lock=True)
        found = find_power(powers, office=office, duties=duties, matter=self.matter(kind))
        return found.signing() if found is not None else None


Act = Callable[[Work], Any]
Settle = Callable[[Work], None]


def perform(application_id: int, act: Act, settle: Settle) -> Any:
    """做一次写: settling and the act are two savepoints, so a refused act keeps the settling.

    Raises what the act refuses with, and DeadlinePassed if the act's own limit ended before the commit.
    """
    refused: PortalError | None = None
    result: Any = None
    try:
        with transaction.atomic():
            work = open_work(application_id)
            if work.has_unwritten:
                with transaction.atomic():
                    settle(work)
                    work.flush()
            try:
                with transaction.atomic():
                    result = act(work)
                    settle(work)
                    work.flush()
            except PortalError as error:
                refused = error
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", "") == LATE_COMMIT:
            raise DeadlinePassed("就在提交的这一刻期限届满了，这一步没有办成。请刷新看现在的状态。") from error
        raise
    if refused is not None:
        raise refused
    return result


def open_work(application_id: int) -> Work:
    """锁住、读钟、装载: shared advisory locks, the application's row, then the clock in its own statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock_shared(%s, township_id::int)"
            " FROM services_application WHERE id = %s",
            [DEPLOYMENT_LOCK, TOWNSHIP_LOCK, application_id],
        )
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("township", "version", "item", "applicant")
        .defer("version__definition")  # long, and kept in the process by its digest
        .get(pk=application_id)
    )
    clock = read_clock()
    events = load_events(application)
    case = Case.objects.filter(application=application).first()
    return Work(application, case, _clamped(clock, events), events)


def _clamped(clock: Reading, events: list[Event]) -> Reading:
    """钟不许倒走: up to 2 s behind the last event is clamped to it; more is refused, for the clock is broken."""
    if not events or clock.at >= events[-1].recorded_at:
        return clock
    behind = (events[-1].recorded_at - clock.at).total_seconds()
    if behind > CLAMP_SECONDS:
        raise RuntimeError(f"database clock is {behind:.0f} s behind the ledger")
    return Reading(events[-1].recorded_at, clock.simulated)
