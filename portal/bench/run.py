"""跑一遍：data, then figures beside the empty view, then memory and idling of everything that `up` starts."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.urls import NoReverseMatch

from portal.bench import data, goals, measure, sites, statements, sweeping, targets
from portal.bench.goals import Figure, Goal
from portal.bench.measure import Target
from portal.demo import forms, people, seed
from portal.launcher import console, ports, site
from services.models import Application, ServiceItem

WORKER = Goal("一个网站进程的常驻内存", 130, " MB")
ALL = Goal("up 启动的全部进程（PSS）", 800, " MB")
IDLE = Goal("空转（一个核的百分比）", 1, "%")
DEMO_CASES = 80
SPARE = 5
STARTED = 60  # seconds: the worker loads its tasks at its first minute, and that is starting, not idling
FEWER, DUE = 10, 100  # of the open cases: a tenth first, and a hundredth is due at a time


def bench(rows: int, rounds: int, idle: int, cases: int, *, only_sweep: bool = False) -> int:
    """量全部（或者只量巡查），印出表 – the exit code."""
    begun = time.monotonic()
    with _step("建表、演示乡镇"):
        site.migrate(os.environ)
        draft = _world()
    figures = [] if only_sweep else _pages(draft, rows, rounds, idle)
    with _step(f"量巡查：先{cases // FEWER}件、后{cases}件在办，每次{cases // DUE}件到期"):
        figures += sweeping.figures(cases, cases // FEWER, cases // DUE)
    console.say("\n".join(["", *goals.table(figures)]))
    console.say(f"用时{time.monotonic() - begun:.0f}秒。")
    console.say("请求的倍数＝网站进程的处理器时间 ÷ 同一轮里空视图的，数据库另计；巡查的倍数连数据库在内，除以最少要做的。")
    return goals.exit_code(figures)


def _pages(draft: Application, rows: int, rounds: int, idle: int) -> list[Figure]:
    with _step(f"灌数据：{rows}件在办，{rows}条结果"):
        copied = data.fill(rows, rows, _drafts(rounds), draft)
        visitors = targets.visitors()
    with _step("数语句"):
        statements_sent = Figure(targets.STATEMENTS, _filing_statements(copied, visitors))
        connection.close()
    wanted = targets.targets(copied, visitors)
    with _step(f"量请求：{rounds}轮，每项夹在两次空视图之间"):
        figures = [*_requests(wanted, rounds), statements_sent]
    with _step(f"量内存和空转（{idle}秒）"):
        return figures + _whole([target for target in wanted if target.goal != targets.FILING], idle)


def _world() -> Application:
    """演示乡镇，和一份填好没交的申请"""
    seed.seed(DEMO_CASES, lambda _line: None)
    cast = people.find_cast()
    item = ServiceItem.objects.select_related("current").get(township__slug="qinghe", code=targets.ITEM)
    chance = random.Random(3)
    draft = forms.start(item, cast.villagers["qinghe"][0], None, chance)
    forms.fill(draft, chance, soon=False)
    return draft


def _drafts(rounds: int) -> int:
    return targets.FILINGS * (rounds + 1) + SPARE


def _filing_statements(copied: dict[str, data.Copied], visitors: targets.Visitors) -> float | None:
    try:
        first, second = (targets.filing(copied["drafts"].numbers.pop(), visitors.villager) for _ in range(2))
    except NoReverseMatch:
        return None
    statements.statements_of(first)  # calendars and rules of this process are loaded once
    return len(statements.statements_of(second))


def _requests(wanted: list[Target], rounds: int) -> list[Figure]:
    ready = [target for target in wanted if _exists(target)]
    with sites.two_sites() as (ours, empty):
        results = measure.measure(ours, empty, ready, rounds)
    figures = []
    for target in wanted:
        result = results.get(target.goal.name)
        figures.append(Figure(target.goal, result.ratio if result else None, result.note if result else "没有这一页"))
    return figures


def _exists(target: Target) -> bool:
    try:
        target.make()
    except NoReverseMatch:
        return False
    return True


def _whole(wanted: list[Target], idle: int) -> list[Figure]:
    port = ports.free_port()
    with sites.everything(port) as roots:
        sites.warm(port, [target.make() for target in wanted if _exists(target)])
        worker, everything = sites.memory(roots)
        time.sleep(STARTED)
        share = sites.idle(roots, idle)
    return [Figure(WORKER, worker), Figure(ALL, everything), Figure(IDLE, share, f"{idle}秒")]


@contextmanager
def _step(text: str) -> Iterator[None]:
    console.step(text)
    yield
