"""量请求：what is counted, and that a wrong answer is no result."""

import os
import subprocess
import sys
import time

import pytest

from portal.bench import measure, processes
from portal.bench.goals import Goal
from portal.bench.measure import Request, Result, Server, Target, WrongAnswer

GOAL = Goal("页", 10, "×")


def target(count=2, primed=False):
    return Target(GOAL, lambda: Request("/page/"), count, primed)


@pytest.fixture
def sent(monkeypatch):
    """发出去的请求, and a clock of processor seconds that each of them moves on."""
    log = []
    monkeypatch.setattr(measure, "send", lambda port, request: log.append((port, request.path)))
    monkeypatch.setattr(measure, "family", lambda pid: [pid, pid + 1])
    costs = {1: 0.001, 2: 0.006}
    monkeypatch.setattr(
        measure, "seconds_used", lambda pids: sum(costs[port] for port, _ in log if pids == [port * 10 + 1])
    )
    return log


OURS, EMPTY = Server(2, 20), Server(1, 10)


def test_each_round_stands_between_two_runs_of_the_empty_view(sent):
    measure.measure(OURS, EMPTY, [target()], rounds=1)
    round_of = [(1, "/")] * measure.EMPTY_REQUESTS + [(2, "/page/")] * 2 + [(1, "/")] * measure.EMPTY_REQUESTS
    assert sent == round_of * 2  # one to warm up, one that counts


def test_the_request_that_fills_the_cache_is_not_counted(sent):
    results = measure.measure(OURS, EMPTY, [target(primed=True)], rounds=3)
    result = results["页"]
    assert len(result.web) == 3
    assert result.web == pytest.approx([0.006] * 3)
    assert result.ratio == pytest.approx(6.0)


def test_a_wrong_answer_is_no_result(monkeypatch, sent):
    def refuse(port, request):
        if port == 2:
            raise WrongAnswer("/page/ 回答了500")

    monkeypatch.setattr(measure, "send", refuse)
    result = measure.measure(OURS, EMPTY, [target()], rounds=2)["页"]
    assert result.ratio is None
    assert result.note == "/page/ 回答了500"


def test_note_tells_milliseconds_and_the_share_of_the_database():
    result = Result(target(), web=[0.004], database=[0.001], empty=[0.0005])
    assert result.note == "4.00 毫秒，数据库另 2.00×"


def test_processor_time_of_a_process_and_its_children():
    used = "import time\nend = time.process_time() + 0.15\nwhile time.process_time() < end: pass\ntime.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", used])
    try:
        assert child.pid in processes.family(os.getpid())
        assert child.pid in processes.children(os.getpid())
        limit = time.monotonic() + 20
        while processes.seconds_used([child.pid]) < 0.15 and time.monotonic() < limit:
            time.sleep(0.05)
        assert 0.15 <= processes.seconds_used([child.pid]) < 2
        assert processes.resident(child.pid) > 3
        assert 0 < processes.proportional([child.pid]) <= processes.resident(child.pid)
    finally:
        child.kill()
        child.wait()
    assert processes.seconds_used([child.pid]) == 0
