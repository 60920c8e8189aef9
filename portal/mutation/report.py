"""结论：killed of all, survivors with their reasons, and the exit code. Pure."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.mutation.mutants import Mutant
from portal.mutation.trial import Verdict

LEAST = 0.85
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Result:
    """一个变异和它的下场"""

    mutant: Mutant
    verdict: Verdict

    @property
    def killed(self) -> bool:
        """测试发现了, or never came to an end."""
        return self.verdict in {Verdict.KILLED, Verdict.TIMEOUT}


def read_accepted(text: str) -> dict[Key, str]:
    """说明过的幸存者: TOML, each with its reason. ValueError for one without a reason."""
    found = {}
    for row in tomllib.loads(text).get("survivor", []):
        key = (row["module"], row["where"], row["before"], row["after"])
        if len(row.get("reason", "").strip()) < 8:
            raise ValueError(f"幸存者没有写明理由：{key}")
        found[key] = row["reason"].strip()
    return found


def share(results: Sequence[Result]) -> float:
    """发现率: killed of all; survivors that have been explained count as survivors."""
    return sum(result.killed for result in results) / len(results) if results else 0.0


def exit_code(groups: Mapping[str, Sequence[Result]], accepted: Mapping[Key, str]) -> int:
    """退出代码: 1 if one target stays under 85 %, a mutant was never run by its tests, or a survivor has no reason."""
    alive = [result for results in groups.values() for result in results if not result.killed]
    unused = any(result.verdict == Verdict.UNUSED for result in alive)
    unexplained = any(result.mutant.key not in accepted for result in alive)
    return int(unused or unexplained or any(share(results) < LEAST for results in groups.values()))


def lines(groups: Mapping[str, Sequence[Result]], accepted: Mapping[Key, str]) -> list[str]:
    """印出来的: the survivors of each target, then one line for each."""
    found = [line for results in groups.values() for line in _survivors(results, accepted)]
    return [*found, "", *(_summary(name, results, accepted) for name, results in groups.items())]


def unneeded(groups: Mapping[str, Sequence[Result]], accepted: Mapping[Key, str]) -> list[Key]:
    """多余的说明: in a module of which every mutant was tried, none survives as this one."""
    tried = {result.mutant.module for results in groups.values() for result in results}
    alive = {result.mutant.key for results in groups.values() for result in results if not result.killed}
    return [key for key in accepted if key[0] in tried and key not in alive]


def _survivors(results: Iterable[Result], accepted: Mapping[Key, str]) -> list[str]:
    found = []
    for result in results:
        if result.killed:
            continue
        mutant = result.mutant
        found.append(f"\n{mutant.module}:{mutant.line} {mutant.where}　{mutant.kind}：{result.verdict}")
        found += [f"  - {line}" for line in mutant.before.splitlines()]
        found += [f"  + {line}" for line in mutant.after.splitlines()]
        found.append(f"  理由：{accepted.get(mutant.key, '没有写明')}")
    return found


def _summary(name: str, results: Sequence[Result], accepted: Mapping[Key, str]) -> str:
    killed = sum(result.killed for result in results)
    late = sum(result.verdict == Verdict.TIMEOUT for result in results)
    explained = sum(not result.killed and result.mutant.key in accepted for result in results)
    verdict = "合格" if share(results) >= LEAST else f"低于{LEAST:.0%}"
    return (
        f"{name}：{len(results)}个变异，发现{killed}个（其中{late}个超时），{share(results):.1%}，{verdict}；"
        f"没发现{len(results) - killed}个，写明理由的{explained}个。"
    )
