"""推演的人：who holds a post, who is away on a day, and who then has the power (B4, engine section 6). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from approvals.simulation.chance import luck
from approvals.simulation.plan import Plan, PostPlan
from portal.models.vocabulary import Duty
from portal.workdays import WorkCalendar

YEAR_DAYS = 365
WORKDAYS_A_YEAR = 250
MEAN_SUDDEN = 2


class Cover(StrEnum):
    """某岗位这天由谁办"""

    OWN = "own"
    DEPUTY = "deputy"
    HEAD = "head"
    LEADER = "leader"
    SILENT = "silent"
    NOBODY = "nobody"


@dataclass(slots=True, eq=False)
class Worker:
    """一个人: the post held (its place in the plan) and the days away; True where the absence came suddenly."""

    post: int
    share: float
    away: dict[date, bool] = field(default_factory=dict)

    def is_away(self, day: date) -> bool:
        """这天不在岗"""
        return day in self.away


class Roster:
    """花名册: everybody, with a year of absences drawn from the seed."""

    def __init__(self, plan: Plan, seed: str, days: int, calendar: WorkCalendar) -> None:
        self.plan = plan
        span = [plan.first_day + timedelta(days=n) for n in range(days)]
        self.workdays = [day for day in span if calendar.is_workday(day)]
        self.holders: list[list[Worker]] = []
        for place, post in enumerate(plan.posts):
            own = [Worker(place, post.share) for _ in range(post.people)]
            for number, worker in enumerate(own):
                worker.away = self._absences(f"{seed}:away:{post.title}:{number}", days)
            self.holders.append(own)
        self.titles = {post.title: place for place, post in enumerate(plan.posts)}

    @property
    def workers(self) -> list[Worker]:
        """所有的人"""
        return [worker for own in self.holders for worker in own]

    def _absences(self, name: str, days: int) -> dict[date, bool]:
        rule, draw, away = self.plan.absence, luck(name), dict[date, bool]()
        if not self.workdays:
            return away
        blocks = rule.planned * days / YEAR_DAYS / max(rule.block, 1)
        for _ in range(int(blocks) + (draw.random() < blocks % 1)):
            first = draw.randrange(len(self.workdays))
            away.update(dict.fromkeys(self.workdays[first : first + rule.block], False))
        for place, day in enumerate(self.workdays):
            if draw.random() < rule.sudden / MEAN_SUDDEN / WORKDAYS_A_YEAR:
                # nobody is registered yet on the first day; afterwards the deputy is
                away.setdefault(day, True)
                for later in self.workdays[place + 1 : place + draw.randint(1, 3)]:
                    away.setdefault(later, False)
        return away

    def is_silent(self, post: int, day: date) -> bool:
        """这个岗位的站所这天没有声音"""
        return any(s.office == self.plan.posts[post].office and s.covers(day) for s in self.plan.silences)

    def cover(self, post: int, day: date) -> tuple[Cover, list[Worker]]:
        """这天谁有这个岗位的权力: holder, registered deputy, office head, township leader – at once, no chain."""
        if self.is_silent(post, day):
            return Cover.SILENT, []
        present = self._present(post, day)
        if present:
            return Cover.OWN, present
        plan = self.plan.posts[post]
        sudden = any(worker.away.get(day) for worker in self.holders[post])
        if plan.deputy and not sudden and (found := self._present(self.titles[plan.deputy], day)):
            return Cover.DEPUTY, found[:1]
        for kind, seats in ((Cover.HEAD, self._heads(plan)), (Cover.LEADER, self._leaders())):
            for seat in seats:
                if seat != post and not self.is_silent(seat, day) and (found := self._present(seat, day)):
                    return kind, found[:1]
        return Cover.NOBODY, []

    def _present(self, post: int, day: date) -> list[Worker]:
        if self.is_silent(post, day):
            return []
        return [worker for worker in self.holders[post] if not worker.is_away(day)]

    def _heads(self, of: PostPlan) -> list[int]:
        posts = enumerate(self.plan.posts)
        return [n for n, post in posts if post.office == of.office and post.duty == Duty.OFFICE_HEAD]

    def _leaders(self) -> list[int]:
        return [n for n, post in enumerate(self.plan.posts) if post.duty == Duty.TOWN_LEADER]

    def leader(self, day: date) -> int | None:
        """督办件交给哪位镇领导: the first who is there, else the first."""
        leaders = self._leaders()
        return next((seat for seat in leaders if self._present(seat, day)), next(iter(leaders), None))

    def colleagues(self, post: int) -> Sequence[int]:
        """同一站所、同一职责的别的岗位: any of them may act, so whoever is free helps; villages keep to their own."""
        own = self.plan.posts[post]
        if own.village is not None:
            return ()
        return [
            n
            for n, other in enumerate(self.plan.posts)
            if n != post and (other.office, other.duty, other.village) == (own.office, own.duty, None)
        ]
