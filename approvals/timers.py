"""走动中的时钟：the mutable clocks inside one replay; nothing outside the fold sees them. Pure."""

import math
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from approvals.facts import Calendars, ClockView, HowEnded
from portal.limits import (
    LEGAL_ZONE,
    Pause,
    TimeLimit,
    Unit,
    day_of,
    due_on,
    end_of_day,
    rung_on,
)
from portal.workdays import WorkCalendar
from services.definition import Citation, Limit, OnTimeout

CARD_HOUR = time(9, 0)
STOPPABLE = frozenset({OnTimeout.CONSENT, OnTimeout.RECORD, OnTimeout.COMPLETE, OnTimeout.GRANT})
# At one and the same end: acceptance, consent, filing and service, renewal and grant, then the rest (engine 5).
ORDER = {
    OnTimeout.ACCEPT: 1,
    OnTimeout.CONSENT: 2,
    OnTimeout.RECORD: 3,
    OnTimeout.COMPLETE: 3,
    OnTimeout.RENEW: 4,
    OnTimeout.GRANT: 5,
    OnTimeout.ESCALATE: 6,
}
FAR = datetime.max.replace(tzinfo=UTC)


class Timer:
    """一个在走的时钟: a TimeLimit that facts may lengthen, or a fixed date (许可到期日)."""

    def __init__(
        self,
        key: str,
        *,
        started_on: date,
        started_at: datetime,
        limit: Limit | None = None,
        fixed_on: date | None = None,
        mode: OnTimeout = OnTimeout.ESCALATE,
        citation: Citation | None = None,
        round: int = 1,
        step: str = "",
        cards: bool = True,
    ) -> None:
        self.key, self.round, self.step, self.mode, self.citation = key, round, step, mode, citation
        self.name = f"{key}:{step}#{round}"
        self.started_on, self.started_at = started_on, started_at
        self.length = limit.length if limit else max((fixed_on - started_on).days, 0) if fixed_on else 0
        self.unit = Unit(limit.unit.value) if limit else Unit.DAY
        self.fixed_on = fixed_on
        self.extended_by = 0
        self.pauses: dict[str, Pause] = {}
        self.planned: dict[str, date] = {}
        self.cards = cards
        self.rungs: tuple[str, ...] = ("remind", "yellow")
        self.fired: set[str] = set()
        self.ended_at: datetime | None = None
        self.how: HowEnded | None = None
        self.entered_at: datetime | None = None  # it had ended before its paper was entered (engine 6)
        self.floor_on: date | None = None  # first working day after the second person has confirmed its receipt
        self.republications: list[tuple[WorkCalendar, date]] = []
        self.opened_under: WorkCalendar | None = None
        self.calendar: WorkCalendar | None = None
        self._limit: TimeLimit | None = None
        self._due: date | None = None
        self._end = FAR
        self._mornings: dict[str, datetime] = {}  # a replay asks for the next card at every event
        self._fresh = False

    @property
    def limit(self) -> TimeLimit:
        """这个时钟现在的期限"""
        if self._limit is None:
            self._limit = TimeLimit(
                self.started_on, self.length, self.unit, self.extended_by, tuple(self.pauses.values())
            )
        return self._limit

    def changed(self) -> None:
        """期限变了，重算"""
        self._fresh, self._limit = False, None

    def due(self, calendars: Calendars, calendar: WorkCalendar) -> date | None:
        """最后一天; None while paused or frozen."""
        if not self._fresh or calendar is not self.calendar:
            due = self._compute(calendars, calendar)
            self._due, self.calendar, self._fresh = self._waiting(due, calendars, calendar), calendar, True
            self._end = end_of_day(self._due) if self._due else FAR
            self._mornings = {}
        return self._due

    def _compute(self, calendars: Calendars, calendar: WorkCalendar) -> date | None:
        self.opened_under = self.opened_under or calendar
        limit = self.limit
        due = self.fixed_on or self._excused(due_on(limit, self.opened_under), calendars, self.opened_under)
        for newer, on in self.republications if not self.fixed_on else ():
            after = self._excused(due_on(limit, newer), calendars, newer)
            if due is None or after is None:
                return None
            # not earlier than 24:00 of the first working day after publication
            due = after if after >= due else max(after, min(due, self._next_unpaused(on, newer) or due))
        return due if self.fixed_on else self._excused(due, calendars, calendar)

    def _waiting(self, due: date | None, calendars: Calendars, calendar: WorkCalendar) -> date | None:
        """补登的收件：a default whose end lies before the entry waits for the second person (engine 6)."""
        if self.entered_at is None or self.mode not in STOPPABLE | {OnTimeout.RENEW}:
            return due
        if self.floor_on is None:
            return None
        return self._excused(self._next_unpaused(self.floor_on - timedelta(days=1), calendar), calendars, calendar)

    def _excused(self, due: date | None, calendars: Calendars, calendar: WorkCalendar) -> date | None:
        """默认的最后一天被停机或冻结盖住，顺到下一个工作日 (engine 5)"""
        while due is not None and self.mode in STOPPABLE:
            end = end_of_day(due)
            covering = [f for f in calendars.freezes if f[0] < end and (f[1] is None or end < f[1])]
            if due in calendars.outages:
                due = self._next_unpaused(due, calendar)
            elif not covering:
                return due
            elif covering[0][1] is None:
                return None
            else:
                due = self._next_unpaused(day_of(covering[0][1]), calendar)
        return due

    def _next_unpaused(self, day: date, calendar: WorkCalendar) -> date | None:
        """下一个没有中止的工作日; None while a pause is open."""
        while True:
            day = calendar.next_workday(day)
            holding = [p for p in self.pauses.values() if p.covers(day) or p.start == day != p.end]
            if not holding:
                return day
            if any(pause.end is None for pause in holding):
                return None

    def republished(self, calendars: Calendars, old: WorkCalendar, new: WorkCalendar, on: date) -> None:
        """新日历公布: counted with it from now on; an ended limit is not told."""
        self.due(calendars, old)
        self.republications.append((new, on))
        self.changed()

    def start_by(self, day: date, at: datetime, calendars: Calendars, calendar: WorkCalendar) -> None:
        """起算日: `day` instead, where the limit would have ended before it was opened."""
        if self.ends_at(calendars, calendar) <= at:
            self.started_on = day
            self.changed()

    def ends_at(self, calendars: Calendars, calendar: WorkCalendar) -> datetime:
        """到期的一刻; FAR while paused."""
        self.due(calendars, calendar)
        return self.entered_at if self.mode == OnTimeout.ACCEPT and self.entered_at is not None else self._end

    def next_card(self, calendars: Calendars, calendar: WorkCalendar) -> tuple[datetime, str]:
        """下一张卡的时刻和种类; FAR when none is left."""
        due = self.due(calendars, calendar)
        if not self.cards or due is None:
            return FAR, ""
        for kind, share in zip(self.rungs, calendars.shares, strict=False):
            if kind not in self.fired:
                if kind not in self._mornings:
                    self._mornings[kind] = self._card_at(kind, share, due, calendar)
                return max(self._mornings[kind], self.started_at), kind
        return FAR, ""

    def _card_at(self, kind: str, share: float, due: date, calendar: WorkCalendar) -> datetime:
        if self.length + self.extended_by <= 1:
            return self.started_at if kind == "remind" else _morning(due)
        if self.fixed_on:
            return _morning(self.started_on + timedelta(days=math.ceil(share * self.length)))
        return _morning(rung_on(self.limit, calendar, share) or due)

    def close(self, at: datetime, how: HowEnded) -> None:
        """停表"""
        if self.ended_at is None:
            self.ended_at, self.how = at, how
        elif self.how == HowEnded.LAPSED and how == HowEnded.MET:
            self.how = HowEnded.LATE

    def view(self, calendars: Calendars, calendar: WorkCalendar, on: date) -> ClockView:
        """给页面和接口看的样子; the calendar of an ended clock is the one it ended under."""
        used = self.calendar if self.ended_at and self.calendar else calendar
        due = self.due(calendars, used)
        shown_on = day_of(self.ended_at) if self.ended_at and self.how == HowEnded.MET else on
        return ClockView(
            key=self.key,
            round=self.round,
            mode=self.mode,
            limit=self.limit,
            due_on=due,
            due_at=end_of_day(due) if due else None,
            provisional=bool(
                due and not self.fixed_on and due > self.started_on and not used.is_published(due)
            ),
            started_at=self.started_at,
            ended_at=self.ended_at,
            how=self.how,
            calendar=used,
            shown_on=shown_on,
            latest=max((p for k, p in self.planned.items() if self.pauses[k].end is None), default=None),
            citation=self.citation,
        )


@lru_cache(maxsize=4096)
def _morning(day: date) -> datetime:
    return datetime.combine(day, CARD_HOUR, LEGAL_ZONE).astimezone(UTC)
