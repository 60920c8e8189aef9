"""推演的乡镇：people at work on cases; a case is folded when something happens to it, or at its next look. Pure.

`approvals.simulation.year` lets the time pass; nothing else drives it.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from math import ceil

from approvals.facts import Calendars, CaseState, Kind, StepView
from approvals.fold import fold
from approvals.simulation.cases import Case, finish, finish_intake, outside_ends_at, pause_for
from approvals.simulation.chance import Arrival, local, luck
from approvals.simulation.desk import Desk, Task, Work, when
from approvals.simulation.plan import Law, Plan
from approvals.simulation.staff import Cover, Roster, Worker
from approvals.simulation.wanted import Wanted, seat_of, wanted
from portal.limits import day_of
from portal.workdays import WorkCalendar
from services.definition import StageKind
from services.lifecycle import FINAL, State

FORGOTTEN, PAUSED = "搁置着，没有人想起来", "依法中止着"
FORGETTABLE = frozenset({Work.INTAKE, Work.REVIEW, Work.VISIT, Work.DECIDE, Work.DELIVER})
PAUSE = "pause1"
RESUMED_EARLY, RESUMES_AT, EARLY_SHARE = 0.5, time(10, 0), 0.6


@dataclass(slots=True)
class Load:
    """一个岗位一年的活: minutes that came in by week (its Monday), the queue at each closing, who had it on how many days."""

    minutes: Counter[date] = field(default_factory=Counter)
    queues: list[int] = field(default_factory=list)
    covers: Counter[Cover] = field(default_factory=Counter)


def week_of(day: date) -> date:
    """这一周的星期一"""
    return day - timedelta(days=day.weekday())


class Township:
    """推演里的乡镇: mutable inside one run, thrown away afterwards."""

    def __init__(self, plan: Plan, law: Law, seed: str, days: int, calendars: Calendars, worked: WorkCalendar) -> None:
        self.plan, self.law, self.seed = plan, law, seed
        self.calendars, self.worked = calendars, worked  # what the fold knows; what people will in fact have worked by
        self.roster = Roster(plan, seed, days, worked)
        self.seats = plan.seats()
        self.desk = Desk(self.roster)
        self.loads = tuple(Load() for _ in plan.posts)
        self.cases: list[Case] = []
        self.now = self.closes_at = local(plan.first_day, time())
        self.folds = 0
        self.heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def _at(self, at: datetime, happen: Callable[[], None]) -> None:
        heapq.heappush(self.heap, (max(at, self.now), next(self._order), happen))

    # -- people at work -----------------------------------------------------------------------

    def _work(self, worker: Worker | None) -> None:
        """手空了，取下一项"""
        if worker is None or not self.desk.open or worker in self.desk.busy:
            return
        start = self.desk.take(worker, self.now)
        if start is not None and start.ends_at <= self.closes_at:
            self._at(start.ends_at, partial(self._finish, start.task, start.version))

    def _finish(self, task: Task, version: int) -> None:
        if task.version != version or task.worker is None:
            return  # dropped, or put back at closing
        worker, case = self.desk.drop(task), self.cases[task.case]
        reason = pause_for(case, task)
        if reason is not None:
            self._pause(case, task, reason.name, reason.clocks, min(case.arrival.fate.pause_days, reason.max_days))
        else:
            del case.tasks[task.key]
            task.gone = True
            self._record(case, task)
        self._touch(case)
        self._work(worker)

    def _record(self, case: Case, task: Task) -> None:
        if task.work != Work.INTAKE:
            draw = luck(self.seed, "opinion", case.arrival.name, task.key)
            finish(case, task, self.now, dissents=draw.random() < self.plan.offices.dissent)
        elif finish_intake(case, self.now) == Kind.CORRECTED and case.arrival.fate.answer_after is not None:
            self._at(self.now + timedelta(days=case.arrival.fate.answer_after), partial(self._supply, case))

    def _pause(self, case: Case, task: Task, reason: str, clocks: tuple[str, ...], length: int) -> None:
        """依法停下来: the notice names its end; sometimes the office goes on earlier."""
        today = day_of(self.now)
        until = today + timedelta(days=length)
        case.record(
            Kind.PAUSED, self.now, id=PAUSE, reason=reason, clocks=clocks, until=until.isoformat(), step=task.step
        )
        task.parked = PAUSED
        if luck(self.seed, "resume", case.arrival.name).random() < RESUMED_EARLY:
            early = local(today + timedelta(days=ceil(length * EARLY_SHARE)), RESUMES_AT)
            self._at(early, partial(self._resume, case))

    # -- what applicants and others do --------------------------------------------------------

    def _arrive(self, arrival: Arrival) -> None:
        rules = self.law.items[arrival.code]
        case = Case(arrival, rules, CaseState(self.now, State.DRAFT))
        today = day_of(self.now)
        expires = {"expires_on": (today + timedelta(days=arrival.fate.expires_after)).isoformat()}
        more = expires if rules.positive == "renewed" else {}
        case.record(Kind.FILED, self.now, received_on=today.isoformat(), complete=True, **more)
        case.number = len(self.cases)
        self.cases.append(case)
        if arrival.fate.withdrawn_after is not None:
            self._at(self.now + timedelta(days=arrival.fate.withdrawn_after), partial(self._withdraw, case))
        self._touch(case)

    def _supply(self, case: Case) -> None:
        if case.state.state == State.CORRECTING:
            case.record(Kind.SUPPLIED, self.now, complete=True)
            self._touch(case)

    def _withdraw(self, case: Case) -> None:
        if case.state.state not in FINAL:
            case.record(Kind.WITHDRAWN, self.now)
            self._touch(case)

    def _resume(self, case: Case) -> None:
        if case.state.state == State.ACCEPTED and any(p.id == PAUSE and not p.ended_on for p in case.state.pauses):
            case.record(Kind.RESUMED, self.now, id=PAUSE)
            self._touch(case)

    def _object(self, case: Case, step: str) -> None:
        if any(view.stage.key == step and view.round == 1 for view in case.state.open_steps):
            case.record(Kind.OBJECTED, self.now, step=step)
            self._touch(case)

    def _come_back(self, case: Case, key: str) -> None:
        if key in case.outside:
            case.outside[key] = True
            self._touch(case)

    # -- one case -----------------------------------------------------------------------------

    def _fold(self, case: Case) -> None:
        case.state = fold(case.facts, case.rules, self.calendars, self.now)
        self.folds += 1

    def _touch(self, case: Case) -> None:
        """推算，再看有什么活、下次什么时候看"""
        self._fold(case)
        asked = {entry.key: entry for entry in wanted(case.state, case.rules, extends=case.arrival.fate.extended)}
        for key in [key for key in case.tasks if key not in asked]:
            task = case.tasks.pop(key)
            task.gone = True
            self._work(self.desk.drop(task))
        case.outside = {key: back for key, back in case.outside.items() if key in asked}
        for entry in asked.values():
            self._provide(case, entry)
        for step in case.state.open_steps:
            if step.stage.kind == StageKind.POSTING and step.round == 1:
                self._perhaps_object(case, step)
        case.look += 1
        if case.state.next_look_at is not None:
            self._at(case.state.next_look_at, partial(self._look, case, case.look))

    def _look(self, case: Case, look: int) -> None:
        if case.look == look:
            self._touch(case)

    def _provide(self, case: Case, entry: Wanted) -> None:
        """有活就要有人: sent outside, handed to a post, or taken up again."""
        task = case.tasks.get(entry.key)
        if task is not None:
            self._revive(case, task, entry)
        elif entry.outside is None or case.outside.get(entry.key):
            self._hand_out(case, entry)
        elif entry.key not in case.outside:
            self._send_off(case, entry.key, entry.outside)

    def _hand_out(self, case: Case, entry: Wanted) -> None:
        post = seat_of(entry, case.rules, self.seats, case.arrival.fate.village)
        if post is None:
            return  # nobody at all; the report says so
        draw = luck(self.seed, "work", case.arrival.name, entry.key)
        signers = case.rules.stage(entry.step).signers if entry.step else 1
        minutes = getattr(self.plan.minutes, entry.work) * signers * draw.triangular(0.5, 1.5, 1.0)
        forgotten = entry.work in FORGETTABLE and entry.due and draw.random() < self.plan.offices.forgotten
        post = self._home(post, entry)
        task = Task(case.number, entry.key, entry.work, entry.step, post, minutes, when(entry.due), self.now)
        case.tasks[entry.key] = task
        self.loads[post].minutes[week_of(day_of(self.now))] += minutes
        if forgotten and not entry.lapsed:
            task.parked = FORGOTTEN
        else:
            self._queue(task)

    def _home(self, post: int, entry: Wanted) -> int:
        """到期了、站所又没有声音：督办，镇领导也可以决定 (engine section 5)."""
        today = day_of(self.now)
        leader = self.roster.leader(today) if entry.lapsed and self.roster.is_silent(post, today) else None
        return post if leader is None else leader

    def _revive(self, case: Case, task: Task, entry: Wanted) -> None:
        home = self._home(task.post, entry)
        paused = any(pause.id == PAUSE and pause.ended_on is None for pause in case.state.pauses)
        over = (task.parked == PAUSED and not paused) or (task.parked == FORGOTTEN and entry.lapsed)
        if not over and home == task.post:
            return
        self._work(self.desk.drop(task))
        task.post, task.due = home, when(entry.due)
        task.parked = "" if over else task.parked
        if not task.parked:
            self._queue(task)

    def _queue(self, task: Task) -> None:
        self.desk.put(task)
        self._work(self.desk.idle(task.post))

    def _send_off(self, case: Case, key: str, step: StepView) -> None:
        case.outside[key] = False
        name = f"{self.seed}:outside:{case.arrival.name}:{key}"
        at = outside_ends_at(self.plan.offices, step, self.worked, name)
        silent = [s.last for s in self.plan.silences if s.office == step.stage.office and s.covers(day_of(at))]
        if silent:
            at += timedelta(days=(max(silent) - day_of(at)).days + 1)
        self._at(at, partial(self._come_back, case, key))

    def _perhaps_object(self, case: Case, step: StepView) -> None:
        key, clock = step.stage.key, step.clock
        if key in case.posted or clock is None or clock.due_at is None:
            return
        case.posted.add(key)
        if luck(self.seed, "object", case.arrival.name, key).random() < self.plan.applicants.objected:
            self._at(step.opened_at + (clock.due_at - step.opened_at) / 2, partial(self._object, case, key))
