"""量请求：processor time of the server for so many requests, the client apart, an empty view in between."""

import http.client
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from portal.bench.goals import Goal, ratio
from portal.bench.processes import family, seconds_used
from portal.launcher.ports import LOOPBACK

ROUNDS = 7
EMPTY_REQUESTS = 150


class WrongAnswer(Exception):
    """答错了: another status or another page than the one to be measured."""


@dataclass(frozen=True, slots=True)
class Request:
    """一个请求, the status it must be answered with, and what its page must contain."""

    path: str
    body: str | None = None
    cookies: str = ""
    status: int = 200
    contains: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """要量的一项: the request of each call, how many make a round, and whether one goes ahead to fill the cache."""

    goal: Goal
    make: Callable[[], Request]
    count: int
    primed: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """一个网站: its port, its gunicorn, and the database that works for it (None for the empty view)."""

    port: int
    master: int
    database: int | None = None

    def workers(self) -> list[int]:
        """网站进程, without the arbiter"""
        return family(self.master)[1:]


@dataclass(slots=True)
class Result:
    """一项的各轮: seconds of web worker, database and empty view for one request."""

    target: Target
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    failure: str = ""

    @property
    def ratio(self) -> float | None:
        """网站进程的倍数; None if one answer was wrong: a fast error page is no result."""
        return None if self.failure else ratio(self.web, self.empty)

    @property
    def note(self) -> str:
        """说明: milliseconds, and what the database spent beside it."""
        if self.failure or not self.web:
            return self.failure
        spent = ratio(self.database, self.empty) or 0.0
        return f"{median(self.web) * 1000:.2f} 毫秒，数据库另 {spent:.2f}×"


def send(port: int, request: Request) -> str:
    """发一个请求 – returns the body; WrongAnswer for any other answer than the expected one."""
    wire = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
    headers = {"Cookie": request.cookies} if request.cookies else {}
    if request.body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        wire.request("GET" if request.body is None else "POST", request.path, request.body, headers)
        answer = wire.getresponse()
        text = answer.read().decode(errors="replace")
    finally:
        wire.close()
    if answer.status != request.status or request.contains not in text:
        raise WrongAnswer(f"{request.path} 回答了{answer.status}")
    return text


def cost(server: Server, requests: Sequence[Request]) -> tuple[float, float]:
    """这些请求平均用了多少秒 – of the web workers, and of the database."""
    workers = server.workers()
    behind = family(server.database) if server.database else []
    before = seconds_used(workers), seconds_used(behind)
    for request in requests:
        send(server.port, request)
    after = seconds_used(workers), seconds_used(behind)
    return (after[0] - before[0]) / len(requests), (after[1] - before[1]) / len(requests)


def measure(site: Server, empty: Server, targets: Sequence[Target], rounds: int = ROUNDS) -> Mapping[str, Result]:
    """量各项 – every round takes all of them, each between two runs of the empty view; round 0 only warms up."""
    results = {target.goal.name: Result(target) for target in targets}
    for turn in range(rounds + 1):
        for result in results.values():
            if not result.failure:
                try:
                    _measure_one(site, empty, result, keep=turn > 0)
                except WrongAnswer as wrong:
                    result.failure = str(wrong)
    return results


def _measure_one(site: Server, empty: Server, result: Result, *, keep: bool) -> None:
    target = result.target
    requests = [target.make() for _ in range(target.count)]
    if target.primed:
        send(site.port, requests[0])
    earlier, _ = cost(empty, [Request("/")] * EMPTY_REQUESTS)
    web, database = cost(site, requests)
    later, _ = cost(empty, [Request("/")] * EMPTY_REQUESTS)
    if keep:
        result.web.append(web)
        result.database.append(database)
        result.empty.append((earlier + later) / 2)
