"""跑一遍：mutants of each target, tried by as many processes as there are cores; table, survivors, exit code."""

import marshal
import multiprocessing
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from portal.launcher import console
from portal.mutation import report, targets, trial
from portal.mutation.mutants import Mutant, mutants
from portal.mutation.report import Result
from portal.mutation.targets import Target
from portal.mutation.trial import Verdict

ACCEPTED = Path(__file__).with_name("accepted.toml")
FIRST_SECONDS = 120.0  # the unchanged module may take this long
SPARE = 3.0  # a mutant may take so many times what the unchanged module takes
STEP = 50
Trial = tuple[Mutant, bytes]


class Unsound(RuntimeError):
    """没有变异，测试也不过: then nothing can be said about mutants."""


def mutate(name: str, sample: int, jobs: int) -> int:
    """变异测试 – the exit code: 1 under 85 % killed in one target, for a survivor without a reason, a reason without one."""
    chosen = targets.find(name)
    if not chosen:
        known = "、".join(part for target in targets.TARGETS for part in (target.name, *target.modules))
        console.say(f"没有「{name}」这个靶子。可以写：{known}")
        return 2
    accepted = report.read_accepted(ACCEPTED.read_text(encoding="utf-8"))
    begun = time.monotonic()
    groups = {target.name: _try_target(target, sample, jobs) for target in chosen}
    console.say("\n".join(report.lines(groups, accepted)))
    unneeded = [] if sample else report.unneeded(groups, accepted)
    for module, where, before, after in unneeded:
        console.say(f"多余的说明：{module} {where}：{before} → {after}")
    console.say(f"用时{time.monotonic() - begun:.0f}秒。")
    return report.exit_code(groups, accepted) or int(bool(unneeded))


def trials(target: Target, sample: int) -> list[Trial]:
    """要试的变异 – all, or `sample` of each module, always the same ones."""
    found: list[Trial] = []
    for module in target.modules:
        every = [(mutant, marshal.dumps(code)) for mutant, code in mutants(module, source(module))]
        few = range(len(every))
        if 0 < sample < len(every):
            few = sorted(random.Random(module).sample(few, sample))  # type: ignore[assignment] # indices either way
        found += [every[place] for place in few]
    return found


def source(module: str) -> str:
    """模块的源代码, without importing it."""
    return Path(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")


def _try_target(target: Target, sample: int, jobs: int) -> list[Result]:
    wanted = trials(target, sample)
    console.step(f"{target.name}：{len(wanted)}个变异")
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("fork"), trial.prepare, (target.before, target.modules)
    )
    try:
        limit = max(_unchanged(pool, module, target) for module in target.modules) * SPARE + 2
        verdicts = _verdicts(pool, wanted, target.tests, limit)
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C does not wait for what has not begun
    return [Result(mutant, verdict) for (mutant, _), verdict in zip(wanted, verdicts, strict=True)]


def _verdicts(
    pool: ProcessPoolExecutor, wanted: Sequence[Trial], tests: tuple[str, ...], limit: float
) -> list[Verdict]:
    running = {
        pool.submit(trial.attempt, mutant.module, code, tests, limit): place
        for place, (mutant, code) in enumerate(wanted)
    }
    verdicts = [Verdict.UNUSED] * len(wanted)
    for done, future in enumerate(as_completed(running), 1):
        verdicts[running[future]] = future.result().verdict
        if done % STEP == 0:
            console.say(f"  {done}/{len(wanted)}")
    return verdicts


def _unchanged(pool: ProcessPoolExecutor, module: str, target: Target) -> float:
    """没有变异时要多久, in seconds of processor time; Unsound if the tests fail or never import the module."""
    code = marshal.dumps(compile(source(module), f"<{module}>", "exec", dont_inherit=True))
    outcome = pool.submit(trial.attempt, module, code, target.tests, FIRST_SECONDS).result()
    if outcome.verdict != Verdict.SURVIVED:
        raise Unsound(f"{module} 没有改动，测试的结果却是「{outcome.verdict}」：先让测试通过。")
    return outcome.seconds
