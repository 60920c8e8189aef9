"""扰动：people keep working while processes are killed and stopped, the database restarts and the queue is emptied.

What was answered as done is there, once; nothing comes early; nobody sees the old state after an end; a minute
after the last fault all is written down, and everybody has been told once.
"""

import itertools
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from portal.launcher.ports import LOOPBACK
from tests.faults import people
from tests.faults.people import Reader, Register, Visitor
from tests.faults.site import ROOT, Site, running
from tests.killing import say

SECONDS, EVERY = 180.0, 6.0  # the run, and between two faults
CASES = 60  # of each kind
OPERATIONS, FAULTS = 800, 25  # at least
RECORDED_WITHIN, TOLD_WITHIN = 60.0, 150.0
LAST_DAY_OVER = "2026-11-27 00:00:00"
ONCE = ("filed", "accepted", "decided", "withdrawn", "effect_record", "effect_accept")
SEED = int(os.environ.get("PORTAL_FAULT_SEED", "2"))


@pytest.mark.process
def test_three_minutes_of_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, wrong = run_faults(tmp_path, seed=SEED)

    say(capsys, f"扰动：{found}")
    assert not any(wrong.values()), json.dumps(wrong, ensure_ascii=False, default=str)
    assert found["操作"] >= OPERATIONS
    assert found["扰动"] >= FAULTS
    assert found["届满以后看的"] >= 100
    assert all(count >= 10 for count in found["办成"].values())
    assert found["最后一次扰动后几秒写完"] <= RECORDED_WITHIN


def run_faults(folder: Path, *, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """扰动一回: the figures, and what is wrong."""
    stage: dict[str, Any] = {}

    def begin(site: Site) -> None:
        site.prepare("world")
        site.set_clock("2026-11-23 09:00:00")
        stage.update(_json(site.prepare(str(CASES), "early")))
        site.set_clock("2026-11-25 10:00:00")
        stage.update(_json(site.prepare(str(CASES), "late")))

    with running(folder, begin) as site:
        _wait_until_served(site)
        site.query(
            "UPDATE portal_clock_shift SET shift = %s::timestamptz - %s * interval '1 second' - clock_timestamp()",
            [f"{LAST_DAY_OVER}+08", SECONDS / 2],
        )
        register, ends_at = Register(), time.time() + SECONDS / 2
        visitors = _visitors(site, register, stage, ends_at)
        _disturb(site, register, Random(seed))
        last = site.faults[-1][0]
        within = _wait(site, last, RECORDED_WITHIN + 30, "approvals_case WHERE next_look_at <= portal_now()")
        for visitor in visitors:
            visitor.stopping.set()
        for visitor in visitors:
            visitor.join(people.TIMEOUT + 5)
        told = _wait(site, last, TOLD_WITHIN, "portal_message WHERE state = 'waiting' AND next_attempt_at <= portal_now()")
        figures = {"最后一次扰动后几秒写完": within, "几秒通知完": told}
        return _figures(site, register) | figures, _wrong(site, register, stage)


def _json(text: str) -> dict[str, Any]:
    return dict(json.loads(text.strip().splitlines()[-1]))


def _wait_until_served(site: Site) -> None:
    limit = time.monotonic() + 90
    for port in site.web_ports:
        while True:
            try:
                urllib.request.urlopen(f"http://{LOOPBACK}:{port}/", timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert time.monotonic() < limit, (site.data / "log" / "web1.log").read_text()[-2000:]
                site.look()
                time.sleep(0.2)


def _visitors(site: Site, register: Register, stage: dict[str, Any], ends_at: float) -> list[Visitor]:
    filed, cookies = stage["filed"], stage["cookies"]
    half = len(filed) // 2
    jobs = (
        ("an", people.filings(stage["drafts"])),
        ("an", people.withdrawals(filed[half:])),
        ("wang", people.acceptances(filed[:half])),
        ("shi", people.decisions(stage["accepted"])),
    )
    pace = 0.8 * SECONDS / CASES  # so that there is something under way whenever a fault comes
    found: list[Visitor] = [Visitor(register, site.web_ports, cookies[name], job, pace) for name, job in jobs]
    found += [Reader(register, site.web_ports, cookies["an"], stage["ending"], ends_at) for _ in range(2)]
    for visitor in found:
        visitor.start()
    return found


def _disturb(site: Site, register: Register, chance: Random) -> None:
    """每六秒一次，三分钟; a machine too slow for that many requests is given as long again, with as many faults."""
    began = time.monotonic()
    for turn in itertools.count(1):
        while time.monotonic() < began + turn * EVERY:
            site.look()
            time.sleep(0.1)
        enough = register.operations.total() >= OPERATIONS
        if turn * EVERY >= (SECONDS if enough else 2 * SECONDS):
            return
        site.disturb(chance)


def _wait(site: Site, last: float, most: float, rows: str) -> float:
    """最后一次扰动以后几秒，再没有这样的行"""
    while time.monotonic() - last < most:
        site.look()
        if site.query(f"SELECT count(*) FROM {rows}") == [(0,)]:
            break
        time.sleep(0.2)
    return round(time.monotonic() - last, 1)


def _figures(site: Site, register: Register) -> dict[str, Any]:
    return {
        "操作": register.operations.total(),
        "届满以后看的": register.read_after_end,
        "没有回答": register.unanswered,
        "扰动": len(site.faults),
        "哪些扰动": dict(Counter(said for _, said in site.faults)),
        "回答": dict(register.answers),
        "办成": {kind: len(numbers) for kind, numbers in register.done.items()},
    }


def _wrong(site: Site, register: Register, stage: dict[str, Any]) -> dict[str, Any]:
    """没有一样可以有"""
    events = Counter(
        (stream.removeprefix("case:"), kind)
        for stream, kind in site.query("SELECT stream, kind FROM portal_event WHERE stream LIKE 'case:%'")
    )
    early = site.query(
        "SELECT stream, kind FROM portal_event WHERE kind LIKE 'effect_%' AND recorded_at < (payload->>'at')::timestamptz"
    )
    effects = "SELECT stream, payload->>'key' FROM portal_event WHERE kind LIKE 'effect_%' GROUP BY 1, 2 HAVING count(*) > 1"
    answered = register.done_before | {(number, kind) for kind, numbers in register.done.items() for number in numbers}
    return {
        "丢了": [key for key in answered if not events[key]],
        "重了": [key for key, count in events.items() if key[1] in ONCE and count > 1] + site.query(effects),
        "早了": [*early, *register.hasty],
        "看见旧的": register.stale[:5],
        "没写下": [number for number in stage["ending"] if not events[number, "effect_record"]],
        "没告诉恰好一次": _not_told_once(site, stage["ending"]),
        "对不上": _projection(site),
    }


def _not_told_once(site: Site, numbers: list[str]) -> list[Any]:
    """每个渠道恰好一次: a row for every default and channel, none doubled, each short message in the gateway's file once."""
    rows = "SELECT subject_number, channel, count(*) FROM portal_message WHERE kind = 'deemed_recorded' GROUP BY 1, 2"
    told = {(number, channel): count for number, channel, count in site.query(rows)}
    expected = {(number, channel): 1 for number in numbers for channel in ("in_site", "sms", "email")}
    doubled = "SELECT event_id, recipient_id, channel, kind FROM portal_message GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"
    texts = "SELECT id, kind, state, attempts, error, sent_at, next_attempt_at FROM portal_message WHERE channel = 'sms'"
    due = f"{texts} AND (state <> 'waiting' OR next_attempt_at <= portal_now())"
    sent = Counter(int(line.split("\t")[0]) for line in _lines(site.data / "sms.log"))
    return [
        *(told.items() ^ expected.items()),
        *site.query(doubled),
        *((sent[row[0]], row) for row in site.query(due) if sent[row[0]] != 1),
    ]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _projection(site: Site) -> str:
    """refolds every case of the run"""
    command = [sys.executable, str(ROOT / "manage.py"), "verify_projection"]
    done = subprocess.run(command, env=site.environ, cwd=ROOT, capture_output=True, text=True, timeout=120)
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-1500:]
