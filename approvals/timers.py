"""走动中的时钟：the mutable clocks inside one replay; nothing outside the fold sees them. Pure."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache

from approvals.facts import Calendars, ClockView, HowEnded
from portal.limits import (
    LEGAL_ZONE,
    HourLimit,
    Pause,
    TimeLimit,
    Unit,
    counted_length,
    day_ended,
    day_of,
    due_on,
    end_of_day,
    hour_rung_at,
    rung_on,
)
from portal.workdays import WorkCalendar
from services.definition import Citation, Limit, LimitUnit, OnTimeout

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
RUNGS = ("remind", "yellow")


class Timer:
    """一个在走的时钟: a TimeLimit that facts may lengthen, or a fixed date (许可到期日)."""

    def __init__(
        self,
        key: str,
        *,
        calendars: Calendars,
        calendar: WorkCalendar,
        started_on: date,
        started_at: datetime,
        limit: Limit | None = None,
        fixed_on: date | None = None,
        mode: OnTimeout = OnTimeout.ESCALATE,
        citation: Citation | None = None,
        round: int = 1,
        step: str = "",
        rungs: tuple[str, ...] = RUNGS,
    ) -> None:
        self.key, self.round, self.step, self.mode, self.citation = key, round, step, mode, citation
        self.name = f"{key}:{step}#{round}"
        self.calendars = calendars
        self.opened_under = self.calendar = calendar  # the newest, or the one it ended under
        self.started_on, self.started_at = started_on, started_at
        self.length = limit.length if limit else max((fixed_on - started_on).days, 0) if fixed_on else 0
        self.unit = limit.unit if limit else LimitUnit.DAY
        self.fixed_on = fixed_on
        self.extended_by = 0
        self.extended_from: date | None = None  # its last day when it was extended
        self.pauses: dict[str, Pause] = {}
        self.planned: dict[str, date] = {}
        self.rungs = rungs
        self.fired: set[str] = set()
        self.ended_at: datetime | None = None
        self.how: HowEnded | None = None
        self.entered_at: datetime | None = None  # it had ended before its paper was entered (engine 6)
        self.floor_on: date | None = None  # first working day after the second person has confirmed its receipt
        self.floored_after: int  # how many calendars had come out by then
        self.republications: list[tuple[WorkCalendar, date]] = []

    @cached_property
    def limit(self) -> TimeLimit:
        """这个时钟现在的期限"""
        return TimeLimit(self.started_on, self.length, Unit(self.unit.value), self.extended_by, tuple(self.pauses.values()))

    @property
    def counted(self) -> TimeLimit | HourLimit:
        """数的是哪个期限"""
        return self.limit

    @property
    def due_at(self) -> datetime | None:
        """最后一天的24:00; None while paused or frozen."""
        return end_of_day(self.due) if self.due else None

    @cached_property
    def due(self) -> date | None:
        """最后一天; None while paused or frozen."""
        if self.entered_at is not None and self.mode in STOPPABLE | {OnTimeout.RENEW}:
            # 补登的收件：a default whose end lies before the entry waits for the second person (engine 6)
            return self._floored()
        return self.fixed_on or self._counted()

    @cached_property
    def mornings(self) -> dict[str, datetime]:
        """各张卡的早晨, none while paused; a replay asks for the next card at every event."""
        due = self.due
        if due is None:
            return {}
        if counted_length(self.limit) <= 1:  # a month is not one day
            return {"remind": self.started_at, "yellow": morning(due)}
        remind, yellow = (rung_on(self.limit, self.calendar, share) or due for share in self.calendars.shares)
        return {"remind": morning(remind), "yellow": morning(yellow)}

    def extend(self, length: int) -> None:
        """延长，按期限自己的单位: it only adds – an end that an outage or a freeze has moved is not drawn back by it."""
        self.extended_from = self.due
        self.extended_by += length
        self.changed()

    def changed(self) -> None:
        """期限变了，重算"""
        for name in ("limit", "due", "ends_at", "mornings"):
            self.__dict__.pop(name, None)

    def confirmed(self, at: datetime) -> None:
        """第二人核对了补登的收件日: what waited for it ends no earlier than 24:00 of the next working day (engine 6)."""
        self.floor_on, self.floored_after = self.calendar.next_workday(day_of(at)), len(self.republications)
        self.changed()

    def _floored(self) -> date | None:
        if self.floor_on is None:
            return None
        eve, known = self.floor_on - timedelta(days=1), self.republications[: self.floored_after]
        first = known[-1][0] if known else self.opened_under
        return self._read(lambda calendar: self._next_unpaused(eve, calendar), first, self.republications[self.floored_after :])

    def _counted(self) -> date | None:
        return self._read(self._counted_under, self.opened_under, self.republications)

    def _counted_under(self, calendar: WorkCalendar) -> date | None:
        due = self._excused(due_on(self.limit, calendar), calendar)
        if due is None or self.extended_from is None or due >= self.extended_from:
            return due
        return self._next_unpaused(self.extended_from - timedelta(days=1), calendar)

    def _read(
        self, read: Callable[[WorkCalendar], date | None], first: WorkCalendar, later: list[tuple[WorkCalendar, date]]
    ) -> date | None:
        """照一版版日历读下来: no version makes it end earlier than 24:00 of the first working day after its publication."""
        due = self._excused(read(first), first)
        for newer, on in later:
            after = self._excused(read(newer), newer)
            if due is None or after is None:
                return None
            # excused under this version already: what an outage has moved stays there, whatever the next one says
            due = self._excused(max(after, min(due, self._next_unpaused(on, newer) or due)), newer)
        return due

    @property
    def is_excusable(self) -> bool:
        """停机、冻结推不推它的到期: a default that anything may stop, and the applicant's own term to answer (engine 5)."""
        return self.mode in STOPPABLE or self.key == "answer"

    def _excused(self, due: date | None, calendar: WorkCalendar) -> date | None:
        """最后一天被停机或冻结盖住，顺到下一个工作日 (engine 5)"""
        while due is not None and self.is_excusable:
            end = end_of_day(due)
            covering = [f for f in self.calendars.freezes if f[0] < end and (f[1] is None or end < f[1])]
            if due in self.calendars.outages:
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

    def republished(self, calendar: WorkCalendar, on: date) -> None:
        """新日历公布: counted with it from now on; an ended limit is not told."""
        self.calendar = calendar
        self.republications.append((calendar, on))
        self.changed()

    def start_by(self, day: date, at: datetime) -> None:
        """起算日: `day` instead, where the limit would have ended before it was opened."""
        if self.ends_at <= at:
            self.started_on = day
            self.changed()

    @cached_property
    def ends_at(self) -> datetime:
        """到期的一刻; FAR while paused."""
        if self.mode == OnTimeout.ACCEPT and self.entered_at is not None:
            return self.entered_at
        return end_of_day(self.due) if self.due else FAR

    def next_card(self) -> tuple[datetime, str]:
        """下一张卡的时刻和种类; FAR when none is left."""
        for kind in self.rungs:
            if kind in self.mornings and kind not in self.fired:
                return max(self.mornings[kind], self.started_at), kind
        return FAR, ""

    def close(self, at: datetime, how: HowEnded) -> None:
        """停表"""
        if self.ended_at is None:
            self.ended_at, self.how = at, how
        elif self.how == HowEnded.LAPSED and how == HowEnded.MET:
            self.how = HowEnded.LATE

    @property
    def provisional(self) -> bool:
        """暂定：its last day rests on days no notice has fixed; never a fixed date, nor an end on the spot."""
        if self.due is None or self.fixed_on or self.due == self.started_on:
            return False
        return not self.calendar.is_published(self.due)

    def view(self, at: datetime) -> ClockView:
        """给页面和接口看的样子; the calendar of an ended clock is the one it ended under."""
        return ClockView(
            key=self.key,
            round=self.round,
            mode=self.mode,
            limit=self.counted,
            due_on=self.due,
            due_at=self.due_at,
            provisional=self.provisional,
            started_at=self.started_at,
            ended_at=self.ended_at,
            how=self.how,
            calendar=self.calendar,
            shown_at=self.ended_at if self.ended_at and self.how == HowEnded.MET else at,
            latest=max((p for k, p in self.planned.items() if self.pauses[k].end is None), default=None),
            citation=self.citation,
        )


class HourTimer(Timer):
    """按小时的环节时钟: runs through nights, rest days, pauses and freezes, and carries no default (engine section 3)."""

    @cached_property
    def counted(self) -> HourLimit:
        """这个时钟的小时期限"""
        return HourLimit(self.started_at, self.length)

    @cached_property
    def due_at(self) -> datetime:
        """到期的一刻"""
        return hour_rung_at(self.counted, 1)

    @cached_property
    def due(self) -> date:
        """到期的那天"""
        return day_ended(self.due_at)

    @cached_property
    def ends_at(self) -> datetime:
        """到期的一刻"""
        return self.due_at

    @cached_property
    def mornings(self) -> dict[str, datetime]:
        """提醒一开始就发，黄牌在九成的一刻: by the next morning such a limit has ended."""
        return {"remind": self.started_at, "yellow": hour_rung_at(self.counted, self.calendars.shares[1])}

    @property
    def provisional(self) -> bool:
        """暂定：hours rest on no calendar."""
        return False


@lru_cache(maxsize=4096)
def morning(day: date) -> datetime:
    """那天早上九点：when a card of that day is handed out."""
    return datetime.combine(day, CARD_HOUR, LEGAL_ZONE).astimezone(UTC)
