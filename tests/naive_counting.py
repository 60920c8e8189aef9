"""另一种算法怎么数日子 – every clock counted again from nothing (see tests.naive_case)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from approvals.facts import Calendars
from portal.limits import Pause, TimeLimit, Unit
from portal.workdays import WorkCalendar
from services.definition import ItemDefinition, Limit, LimitUnit, OnTimeout, Timeout
from tests.naive_clock import Clock, Halt, Step, last_day, local_day, midnight_after, next_working_day
from tests.naive_limits import DAY, SHANGHAI, naive_is_workday

STOPPABLE = (OnTimeout.CONSENT, OnTimeout.RECORD, OnTimeout.COMPLETE, OnTimeout.GRANT)


@dataclass
class NaiveClocks:
    """The case as far as its clocks need it."""

    rules: ItemDefinition
    calendars: Calendars
    now: datetime
    entry: datetime | None = None  # of a paper that came earlier
    looking: bool = False  # not walking: everything that ended by now has been fired
    state: str = "draft"
    outcome: str = ""
    manner: str = ""
    effective_at: datetime | None = None
    counts_from: date | None = None
    accepted_at: datetime | None = None
    acceptance_deemed: bool = False
    received_on: date = date.min
    window_day: date = date.min  # an item taken in on some days of the month only: not before this one
    old_end: date | None = None  # of the permit that is to be renewed
    term: tuple[date, date] | None = None  # day of effect and last day of a result that does not last for ever
    reminded: bool = False
    receipt_day: date = date.min  # day on which the complete application was received
    complete: bool = False
    promised_papers: list[str] = field(default_factory=list)  # said to be brought, not yet there
    owed: bool = False  # a correction notice has not been answered in full
    corrections: int = 0
    extended: bool = False
    dead: bool = False
    passed: bool = False  # a household's matter: somebody of it goes on in the place of the dead
    duplicate: bool = False
    reason_due_on: date | None = None
    reason_published: bool = False
    clocks: list[Clock] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    halts: list[Halt] = field(default_factory=list)
    effects: list[tuple[str, str, str, int, datetime]] = field(default_factory=list)
    handed_over: bool = False
    linked: tuple[str, ...] = ()  # acts that stand beside the outcome

    # -- counting ---------------------------------------------------------------------------------

    def known(self) -> int:
        """How many calendars are in force; one published at the instant of an end is too late for it."""
        now = max(self.now, self.entry or self.now)
        return max(
            1, sum(v.at <= now if self.looking else v.at < now for v in self.calendars.versions)
        )

    def calendar(self) -> WorkCalendar:
        return self.calendars.versions[self.known() - 1].calendar

    def pauses_of(self, clock: Clock) -> tuple[Pause, ...]:
        found = []
        for halt in self.halts:
            if clock.key in halt.clocks or (clock.step and clock.step == halt.step):
                found.append(Pause(halt.start, halt.ended_on, ""))
        return tuple(found)

    def due(self, clock: Clock) -> date | None:
        """The last day of the clock as it stands now, counted from nothing; None while it is paused."""
        if clock.until is not None:
            return local_day(clock.until - timedelta(microseconds=1))
        if clock.ended_at is not None:
            return clock.last_due
        if not clock.over or clock.mode not in (*STOPPABLE, OnTimeout.RENEW):
            return self.fixed_or_counted(clock)
        if clock.floor is None:
            return None  # a second person has yet to confirm the scan
        return self.in_each(clock, clock.floored_under)

    def fixed_or_counted(self, clock: Clock) -> date | None:
        """The last day as if the paper had been entered when it came."""
        return clock.fixed_day or self.in_each(clock, clock.opened_under)

    def in_each(self, clock: Clock, first: int) -> date | None:
        """Read in one calendar after the other; a new one never draws the end to before the working day after its day."""
        due = self.in_one(clock, self.calendars.versions[first - 1].calendar)
        for version in self.calendars.versions[first : self.known()]:
            fresh = self.in_one(clock, version.calendar)
            if due is None or fresh is None:
                return None
            earliest = self.next_unpaused(clock, local_day(version.at), version.calendar)
            due = fresh if fresh >= due else max(fresh, min(earliest or due, due))
            due = self.moved(clock, due, version.calendar)
        return due

    def in_one(self, clock: Clock, calendar: WorkCalendar) -> date | None:
        """The last day by one calendar alone."""
        if clock.floor is not None and clock.over and clock.mode in (*STOPPABLE, OnTimeout.RENEW):
            return self.moved(clock, self.next_unpaused(clock, clock.floor - DAY, calendar), calendar)
        limit = TimeLimit(clock.day_zero, clock.length, clock.unit, clock.extended_by, self.pauses_of(clock))
        due = self.moved(clock, last_day(limit, calendar), calendar)
        if due is not None and clock.reached is not None and due < clock.reached:
            due = self.moved(clock, self.next_unpaused(clock, clock.reached - DAY, calendar), calendar)
        return due

    def moved(self, clock: Clock, due: date | None, calendar: WorkCalendar) -> date | None:
        """Only an outage and a freeze move an end: one that would bring a default, or on which the applicant has to answer."""
        while due is not None and (clock.mode in STOPPABLE or clock.key == "answer"):
            if due in self.calendars.outages:
                due = self.next_unpaused(clock, due, calendar)
                continue
            end = midnight_after(due)
            frozen = [f for f in self.calendars.freezes if f[0] < end and (not f[1] or end < f[1])]
            if not frozen:
                return due
            due = (
                None if frozen[0][1] is None else self.next_unpaused(clock, local_day(frozen[0][1]), calendar)
            )
        return due

    def next_unpaused(self, clock: Clock, day: date, calendar: WorkCalendar) -> date | None:
        """The next working day on which no pause runs or begins; None while one is open."""
        day = next_working_day(day, calendar)
        for pause in sorted(self.pauses_of(clock), key=lambda pause: pause.start):
            if pause.end is None and day >= pause.start:
                return None
            while pause.end is not None and (pause.covers(day) or pause.start == day < pause.end):
                day = next_working_day(day, calendar)
        return day

    def provisional(self, clock: Clock) -> bool:
        due = self.due(clock)
        calendar = self.calendar()
        return bool(
            due and clock.fixed_day is None and due > clock.day_zero and due > calendar.published_through
        )

    # -- clocks ------------------------------------------------------------------------------------

    def start(
        self,
        key: str,
        limit: Limit,
        timeout: Timeout,
        day_zero: date,
        *,
        step: str = "",
        number: int = 0,
        by_end: bool = False,
    ) -> Clock:
        day = self.on_the_spot(day_zero, by_end) if limit.length == 0 else day_zero
        number = number or 1 + sum(c.key == key for c in self.clocks)
        hours = limit.unit == LimitUnit.HOUR
        unit = Unit.DAY if hours else Unit(limit.unit)
        clock = Clock(
            key, number, timeout.mode, timeout.citation, day, limit.length, unit, self.known(), step
        )
        clock.until = self.now + timedelta(hours=limit.length) if hours else None
        self.clocks.append(clock)
        return clock

    def on_the_spot(self, day: date, by_end: bool) -> date:
        calendar = self.calendar()
        # the day is over: an end at midnight, or a paper of which only the day of receipt is known
        today, clock = local_day(self.now), self.now.astimezone(SHANGHAI).time()
        after_hours = today > day or (today == day and clock >= self.calendars.closes_at)
        if after_hours or not naive_is_workday(day, calendar):
            return next_working_day(day, calendar)
        return day

    def running(self, key: str) -> Clock | None:
        for clock in self.clocks:
            if clock.key == key and clock.ended_at is None:
                return clock
        return None

    def end_clock(self, clock: Clock, how: str) -> None:
        clock.last_due = self.due(clock)
        clock.ended_at, clock.how = self.now, how

    def stop(self, clock: Clock | None, how: str) -> None:
        """Stops a running clock; one that has lapsed becomes late when the act it waited for is done."""
        if clock is None:
            return
        if clock.ended_at is None:
            self.end_clock(clock, how)
        elif clock.how == "lapsed" and how == "met":
            clock.how = "late"

    def latest(self, key: str) -> Clock | None:
        for clock in reversed(self.clocks):
            if clock.key == key:
                return clock
        return None

    def open_case_clocks(self, day_zero: date, *, by_end: bool = False) -> None:
        timeout = self.rules.timeout
        plain = Timeout()
        promise = timeout if timeout.mode in (OnTimeout.RECORD, OnTimeout.COMPLETE) else plain
        self.start("promised", self.rules.promised, promise, day_zero, by_end=by_end)
        if self.rules.statutory is not None and timeout.mode != OnTimeout.GRANT:
            self.start("statutory", self.rules.statutory, plain, day_zero, by_end=by_end)
