"""试一个变异：a forked child in which the module is the mutated one runs the pure tests; nothing else is imported again."""

import importlib
import importlib.abc
import importlib.util
import marshal
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType

OPTIONS = (
    "-x",
    "-q",
    "--noconftest",
    "--tb=no",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:warnings",
)
NEVER_LOADED = 70
MEMORY = 2 << 30  # a mutant that collects without end is stopped before the machine is
PAUSE = 0.02


class Verdict(StrEnum):
    """结果"""

    KILLED = "测试发现"
    TIMEOUT = "超时"
    SURVIVED = "没人发现"
    UNUSED = "没有用到"


@dataclass(frozen=True, slots=True)
class Outcome:
    """一次试验: the verdict and the processor time it took, in seconds."""

    verdict: Verdict
    seconds: float


class Replacement(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """换掉一个模块: whoever imports it gets this code."""

    def __init__(self, module: str, code: CodeType) -> None:
        self.module, self.code, self.used = module, code, False

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        self.used = True
        exec(self.code, module.__dict__)


def prepare(before: Sequence[str], modules: Sequence[str]) -> None:
    """预先引用一次; RuntimeError if that loads what is to be mutated."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PORTAL_NIGHTLY", None)
    sys.path.insert(0, os.getcwd())
    for name in ("pytest", *before):
        importlib.import_module(name)
    hypothesis = importlib.import_module("hypothesis")
    # a failure is enough; nobody reads the smallest example
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutation", phases=phases, report_multiple_bugs=False)
    hypothesis.settings.load_profile("mutation")
    loaded = sorted(set(modules) & set(sys.modules))
    if loaded:
        raise RuntimeError(f"预先引用的模块用到了要变异的 {'、'.join(loaded)}")


def attempt(module: str, code: bytes, tests: Sequence[str], seconds: float) -> Outcome:
    """试一个变异 – `code` is marshalled; `seconds` of processor time, ten times as many on the wall.

    UNUSED where the tests never imported the module: that says nothing about them.
    """
    child = os.fork()
    if child == 0:
        _run(module, marshal.loads(code), tests, seconds)
    status, usage = _wait(child, seconds * 10)
    used = usage.ru_utime + usage.ru_stime
    if os.WIFSIGNALED(status):
        return Outcome(Verdict.TIMEOUT, used)
    verdicts = {0: Verdict.SURVIVED, NEVER_LOADED: Verdict.UNUSED}
    return Outcome(verdicts.get(os.WEXITSTATUS(status), Verdict.KILLED), used)


def _wait(child: int, seconds: float) -> tuple[int, resource.struct_rusage]:
    until = time.monotonic() + seconds
    while True:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid:
            return status, usage
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            until += seconds
        time.sleep(PAUSE)


def _run(module: str, code: CodeType, tests: Sequence[str], seconds: float) -> None:
    """在子进程里; never returns."""
    answer = 1
    try:
        whole = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        replacement = Replacement(module, code)
        sys.meta_path.insert(0, replacement)
        answer = int(importlib.import_module("pytest").main([*OPTIONS, *tests]))
        if not replacement.used:
            answer = NEVER_LOADED
    finally:
        os._exit(answer)
