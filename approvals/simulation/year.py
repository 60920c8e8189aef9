"""推演的一年：notices, outages, opening hours and arrivals pass over a township in the order of time. Pure."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial

from approvals.facts import Calendars, Publication
from approvals.simulation.cases import Case
from approvals.simulation.chance import arrivals, local
from approvals.simulation.plan import Law, Plan
from approvals.simulation.township import Load, Township
from portal.outages import covered_days


@dataclass(frozen=True, slots=True)
class Past:
    """推演过了的一段时间"""

    plan: Plan
    law: Law
    seed: str
    days: int
    at: datetime
    workdays: tuple[date, ...]
    calendars: Calendars
    notices: tuple[date, ...]  # days on which a later calendar was published
    cases: tuple[Case, ...]
    loads: tuple[Load, ...]
    folds: int


def simulate(plan: Plan, law: Law, publications: Sequence[Publication], *, days: int, seed: str) -> Past:
    """推演 `days` 天 – the same plan, rules, calendars and seed give the same past.

    ValueError with less than a day, or where no calendar had been published by the first.
    """
    if days < 1:
        raise ValueError("至少推演一天。")
    start, end = local(plan.first_day, time()), local(plan.first_day + timedelta(days=days), time())
    known = tuple(entry for entry in publications if entry.at <= start)
    if not known:
        raise ValueError(f"{plan.first_day}以前没有公布过工作日历，不能从这天推演。")
    later = [entry for entry in publications if start < entry.at < end]
    return Year(plan, law, known, later, days, seed).run(end)


class Year(Township):
    """走着的一年"""

    def __init__(
        self,
        plan: Plan,
        law: Law,
        known: tuple[Publication, ...],
        later: Sequence[Publication],
        days: int,
        seed: str,
    ) -> None:
        # The fold learns of a later notice on its day and of an outage when it is over; people rest by what was ordered.
        calendars = Calendars(known, closes_at=plan.closes_at)
        super().__init__(plan, law, seed, days, calendars, [*known, *later][-1].calendar)
        self.later, self.days = tuple(later), days

    def run(self, until: datetime) -> Past:
        """让时间走完"""
        self._schedule()
        while self.heap and self.heap[0][0] < until:
            self.now, _, happen = heapq.heappop(self.heap)
            happen()
        self.now = until
        for case in self.cases:
            if case.is_open:
                self._fold(case)
        return Past(
            plan=self.plan,
            law=self.law,
            seed=self.seed,
            days=self.days,
            at=until,
            workdays=tuple(self.roster.workdays),
            calendars=self.calendars,
            notices=tuple(entry.at.date() for entry in self.later),
            cases=tuple(self.cases),
            loads=self.loads,
            folds=self.folds,
        )

    def _schedule(self) -> None:
        for entry in self.later:
            self._at(entry.at, partial(self._publish, entry))
        gaps = [(local(o.day, o.start), local(o.day, o.end)) for o in self.plan.outages]
        for start, end in gaps:
            self._at(end, partial(self._outage, start, end))
        for day in self.roster.workdays:
            for number, (opened, closed) in enumerate(_spans(self.plan, day, gaps)):
                self._at(opened, partial(self._open, day, closed, first=number == 0))
                self._at(closed, self._close)
        for arrival in arrivals(self.plan, self.seed, self.days, self.worked):
            # nobody can file while the web is down
            waits = [end for start, end in gaps if start <= arrival.at < end]
            self._at(max([arrival.at, *waits]), partial(self._arrive, arrival))

    def _publish(self, entry: Publication) -> None:
        self.calendars = replace(self.calendars, versions=(*self.calendars.versions, entry))
        self._touch_open()

    def _outage(self, start: datetime, end: datetime) -> None:
        days = covered_days(start, end, self.plan.opens_at, self.plan.closes_at)
        self.calendars = replace(self.calendars, outages=self.calendars.outages | set(days))
        self._touch_open()

    def _touch_open(self) -> None:
        for case in self.cases:
            if case.is_open:
                self._touch(case)

    def _open(self, day: date, closes_at: datetime, *, first: bool) -> None:
        self.closes_at = closes_at
        for load, cover in zip(self.loads, self.desk.assign(day), strict=True):
            load.covers[cover] += first
        self.desk.open = True
        for worker in self.roster.workers:
            if self.desk.has_power(worker):
                self._work(worker)

    def _close(self) -> None:
        self.desk.put_back(self.now)
        for load, waiting in zip(self.loads, self.desk.waiting, strict=True):
            load.queues.append(waiting)


def _spans(plan: Plan, day: date, gaps: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """这天能办事的时段: opening hours without the outages."""
    spans = [(local(day, plan.opens_at), local(day, plan.closes_at))]
    for start, end in gaps:
        spans = [
            part
            for opened, closed in spans
            for part in ((opened, min(closed, start)), (max(opened, end), closed))
            if part[0] < part[1]
        ]
    return spans
