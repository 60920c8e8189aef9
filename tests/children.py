"""别的进程：what a race or kill test runs beside itself – `python -m tests.children VERB NUMBER [options]`.

Options as JSON: `slow` names a function (module:name) that waits `seconds` before it runs – without `seconds`,
until it is asked for its answer – printing READY first; `unlocked` takes every row lock away (the negative
control); `login` says who acts.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from typing import Any

import django

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def start(url: str, verb: str, number: str, **options: Any) -> "subprocess.Popen[str]":
    """起一个进程; its last line is its answer: OK, or REFUSED with the error's name."""
    environ = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "tests.children", verb, number, json.dumps(options)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environ, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def wait_ready(process: "subprocess.Popen[str]") -> None:
    """等它走到慢的那一步"""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("READY"):
            return
    raise AssertionError("进程没有走到那一步就结束了")


def answer(process: "subprocess.Popen[str]") -> str:
    """它的回答, its last line; one that stands still without a time goes on now."""
    out, _ = process.communicate(timeout=60)
    return out.strip().splitlines()[-1] if out.strip() else ""


def main() -> None:
    """子进程的入口"""
    verb, number, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    django.setup()
    if options.get("unlocked"):
        _take_locks_away()
    if options.get("slow"):
        _slow_down(options["slow"], options.get("seconds"))
    try:
        _act(verb, number, options)
    except Exception as error:  # the parent judges what came up
        print(f"REFUSED {type(error).__name__} {error}".splitlines()[0], flush=True)
    else:
        print("OK", flush=True)


def _act(verb: str, number: str, options: dict[str, Any]) -> None:
    from approvals import actions
    from approvals.settling import settle_application
    from portal import outbox
    from portal.models import User
    from services.models import Application

    application = Application.objects.get(number=number)
    by = User.objects.get(login=options["login"]) if options.get("login") else None
    verbs: dict[str, Any] = {
        "settle": lambda: settle_application(application.pk),
        "deliver": outbox.deliver_waiting,
        "decide": lambda: actions.decide(application=application, by=by, outcome="approve", seen=True),
        "accept": lambda: actions.accept(application=application, by=by),
        "withdraw": lambda: actions.withdraw(application=application, by=by, reason="不办了"),
        "correct": lambda: actions.correct(
            application=application, by=by, points=[(application.rules.materials[0].key, "看不清")]
        ),
        "file": lambda: actions.file(application=application, by=by, key=options["key"]),
    }
    verbs[verb]()


def _take_locks_away() -> None:
    from django.db.models import QuerySet

    from approvals import writing

    QuerySet.select_for_update = lambda self, *args, **kwargs: self  # type: ignore[method-assign] # negative control
    writing.ROW_LOCK = ""


def _slow_down(target: str, seconds: float | None) -> None:
    module_name, name = target.split(":")
    module = importlib.import_module(module_name)
    real = getattr(module, name)
    waited: list[bool] = []

    def slow(*args: Any, **kwargs: Any) -> Any:
        if not waited:  # only the first time, so that the lock is not held beyond its time-out
            waited.append(True)
            print("READY", flush=True)
            if seconds is None:
                sys.stdin.read()  # ends when the parent asks for the answer
            else:
                time.sleep(seconds)
        return real(*args, **kwargs)

    setattr(module, name, slow)


if __name__ == "__main__":
    main()
