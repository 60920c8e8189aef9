"""推演的工作台：queues of posts and the people who work them off, what ends first coming first. Pure."""

import heapq
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count

from approvals.simulation.staff import Cover, Roster, Worker
from approvals.timers import FAR


class Work(StrEnum):
    """工作种类; the values are the names of the minutes they take."""

    INTAKE = "intake"
    ON_THE_SPOT = "on_the_spot"
    REVIEW = "review"
    VISIT = "visit"
    DECIDE = "decide"
    DELIVER = "deliver"
    REGISTER = "register"
    EXTEND = "extend"
    REASON = "reason"
    FINDING = "finding"


@dataclass(slots=True, eq=False)
class Task:
    """一件案子里的一项工作: at which post it lies and how many minutes of one person are left of it."""

    case: int
    key: str
    work: Work
    step: str
    post: int
    minutes: float
    due: datetime
    opened_at: datetime
    parked: str = ""  # why nobody works on it now
    gone: bool = False
    worker: Worker | None = None
    started_at: datetime | None = None
    version: int = 0

    @property
    def is_waiting(self) -> bool:
        """在排队"""
        return not (self.gone or self.parked or self.worker)


@dataclass(frozen=True, slots=True)
class Start:
    """一个人开始办一项: it would be finished at `ends_at` if the day is long enough."""

    task: Task
    version: int
    ends_at: datetime


class Desk:
    """全镇的工作台"""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.open = False
        self.queues: list[list[tuple[datetime, int, Task, int]]] = [[] for _ in roster.plan.posts]
        self.waiting = [0] * len(roster.plan.posts)
        self.busy: dict[Worker, Task] = {}
        self.first: dict[Worker, list[int]] = {}  # worker -> posts whose power is his today
        self.help: dict[Worker, list[int]] = {}  # worker -> posts of his colleagues
        self.serving: list[list[Worker]] = [[] for _ in roster.plan.posts]
        self._order = count()

    def put(self, task: Task) -> None:
        """放进岗位的队里"""
        task.version += 1
        self.waiting[task.post] += 1
        heapq.heappush(self.queues[task.post], (task.due, next(self._order), task, task.version))

    def drop(self, task: Task) -> Worker | None:
        """从队里或手里拿走; the worker who had it, if any."""
        if task.is_waiting:
            self.waiting[task.post] -= 1
        worker, task.worker = task.worker, None
        task.version += 1
        if worker is not None:
            del self.busy[worker]
        return worker

    def assign(self, day: date) -> list[Cover]:
        """早上排班: who has the power of each post today."""
        posts = range(len(self.queues))
        self.first, self.help = {}, {}
        self.serving = [[] for _ in posts]
        covers = []
        for post in posts:
            cover, workers = self.roster.cover(post, day)
            covers.append(cover)
            for worker in workers:
                self.first.setdefault(worker, []).append(post)
                self.serving[post].append(worker)
        for worker in self.roster.workers:
            if worker.is_away(day) or self.roster.is_silent(worker.post, day):
                continue
            self.help[worker] = list(self.roster.colleagues(worker.post))
            for post in self.help[worker]:
                self.serving[post].append(worker)
        return covers

    def has_power(self, worker: Worker) -> bool:
        """今天在岗，能办事"""
        return worker in self.first or worker in self.help

    def idle(self, post: int) -> Worker | None:
        """一个能办这个岗位的件、手里又空着的人"""
        if not self.open:
            return None
        return next((worker for worker in self.serving[post] if worker not in self.busy), None)

    def take(self, worker: Worker, at: datetime) -> Start | None:
        """取下一项: of the posts whose power he has the one that ends first, then to help a colleague."""
        task = self._pop(self.first.get(worker, [])) or self._pop(self.help.get(worker, []))
        if task is None:
            return None
        self.waiting[task.post] -= 1
        task.worker, task.started_at = worker, at
        self.busy[worker] = task
        return Start(task, task.version, at + timedelta(minutes=task.minutes / worker.share))

    def _pop(self, posts: list[int]) -> Task | None:
        best: int | None = None
        for post in posts:
            queue = self.queues[post]
            while queue and not (queue[0][2].is_waiting and queue[0][3] == queue[0][2].version):
                heapq.heappop(queue)
            if queue and (best is None or queue[0][:2] < self.queues[best][0][:2]):
                best = post
        return None if best is None else heapq.heappop(self.queues[best])[2]

    def put_back(self, at: datetime) -> None:
        """关门: what is in hand goes back to its queue with the minutes that are left."""
        for task in list(self.busy.values()):
            worker, begun = task.worker, task.started_at
            assert worker is not None and begun is not None  # in hand
            task.minutes = max(task.minutes - (at - begun) / timedelta(minutes=1) * worker.share, 0.5)
            task.worker = None
            self.put(task)
        self.busy.clear()
        self.open = False


def when(due: datetime | None) -> datetime:
    """排队用的到期: what has no end now comes last."""
    return due or FAR
