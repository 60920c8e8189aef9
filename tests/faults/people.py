"""来办事的人：villagers and clerks who send requests whatever happens, keep what they were told, and readers who watch."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from portal.bench.targets import CSRF
from portal.launcher.ports import LOOPBACK

TIMEOUT = 15.0
READ_PACE = 0.1  # seconds between two pages of one reader
ACTS = ("filed", "accepted", "decided", "withdrawn")
CLOSE = 0.5  # seconds before the end in which the two clocks might differ
ENDED = "起生效"  # only the page of a case that has ended by itself says so


@dataclass
class Register:
    """记下来的: what was answered as done, or as done before; how many requests; what readers saw too late or too early."""

    done: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in ACTS})
    done_before: set[tuple[str, str]] = field(default_factory=set)  # by a try whose answer was lost
    operations: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    read_after_end: int = 0
    stale: list[str] = field(default_factory=list)
    hasty: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """又一次操作"""
        with self.lock:
            self.operations[what] += 1


class Visitor(threading.Thread):
    """一个人: does the given jobs one after another, each until it has been answered."""

    def __init__(
        self, register: Register, web_ports: list[int], cookies: str, jobs: Iterator[tuple[str, str, str, str]], pace: float
    ) -> None:
        super().__init__(daemon=True)
        self.register, self.web_ports, self.cookies, self.jobs, self.pace = register, web_ports, cookies, jobs, pace
        self.stopping = threading.Event()
        self.turn = 0

    def run(self) -> None:
        """办事"""
        for kind, number, path, body in self.jobs:
            self._until_answered(kind, number, path, body)
            if self.stopping.is_set():
                return

    def _until_answered(self, kind: str, number: str, path: str, body: str) -> None:
        while not self.stopping.is_set():
            time.sleep(self.pace)
            status, text, began = self.ask(path, body)
            if status is None or status >= 500:
                self.register.unanswered += 1
                continue
            self.register.count(kind)
            if kind in self.register.done:
                self.register.answers[f"{kind} {status}"] += 1
                if status == 302:
                    self.register.done[kind].add(number)
                else:
                    self.register.done_before.add((number, kind))
            self.judge(kind, number, status, text, began)
            return

    def judge(self, kind: str, number: str, status: int, text: str, began: float) -> None:
        """看回答对不对 (readers do)"""

    def ask(self, path: str, body: str) -> tuple[int | None, str, float]:
        """发一个请求，轮流到两个网站; status None where no answer came."""
        self.turn += 1
        began = time.time()
        wire = http.client.HTTPConnection(LOOPBACK, self.web_ports[self.turn % 2], timeout=TIMEOUT)
        headers = {"Cookie": self.cookies}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            wire.request("POST" if body else "GET", path, body or None, headers)
            answer = wire.getresponse()
            return answer.status, answer.read().decode(errors="replace"), began
        except (OSError, http.client.HTTPException):
            return None, "", began
        finally:
            with suppress(OSError):
                wire.close()


class Reader(Visitor):
    """看进度的人: a page asked for after the end must say that the case has ended."""

    def __init__(self, register: Register, web_ports: list[int], cookies: str, numbers: list[str], ends_at: float) -> None:
        super().__init__(register, web_ports, cookies, self._pages(numbers), READ_PACE)
        self.ends_at = ends_at

    def _pages(self, numbers: list[str]) -> Iterator[tuple[str, str, str, str]]:
        while True:
            for number in numbers:
                yield "read", number, f"/progress/{number}/", ""

    def judge(self, kind: str, number: str, status: int, text: str, began: float) -> None:
        """届满以后问的，必须说已经备案；届满以前答完的，不许说"""
        if status != 200:
            self.register.stale.append(f"{number} 回答{status}")
        elif began > self.ends_at:
            self.register.read_after_end += 1
            if ENDED not in text:
                self.register.stale.append(f"{number} 届满{began - self.ends_at:.1f}秒后还是旧的样子")
        elif time.time() < self.ends_at - CLOSE and ENDED in text:
            self.register.hasty.append(f"{number} 届满{self.ends_at - time.time():.1f}秒前就说已经备案")


def form(**values: str) -> str:
    """表单"""
    return urlencode({"csrfmiddlewaretoken": CSRF, **values})


def filings(numbers: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """提交; with the same key each time it is sent again."""
    for number in numbers:
        yield "filed", number, f"/apply/{number}/file/", form(key=(number * 4)[:32])


def acceptances(numbers: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """受理"""
    for number in numbers:
        yield "accepted", number, f"/desk/{number}/accept/", form()


def decisions(numbers: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """决定"""
    for number in numbers:
        yield "decided", number, f"/desk/{number}/decide/", form(outcome="approve", seen="on")


def withdrawals(numbers: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """撤回"""
    for number in numbers:
        yield "withdrawn", number, f"/progress/{number}/withdraw/", form(reason="不办了，明年再说")
