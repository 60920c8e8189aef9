"""进程的用量：processor time and memory as the kernel counts them in /proc."""

import os
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1 << 20


def family(root: int) -> list[int]:
    """一个进程和它的全部后代, the process itself first."""
    parents = {int(e.name): fields[1] for e in PROC.iterdir() if e.name.isdigit() and (fields := _stat(int(e.name)))}
    found = [root]
    for ancestor in found:  # grows while it is walked
        found += [pid for pid, parent in parents.items() if int(parent) == ancestor]
    return found


def children(root: int) -> list[int]:
    """直接的子进程"""
    return [pid for pid in family(root)[1:] if (fields := _stat(pid)) and int(fields[1]) == root]


def seconds_used(pids: Iterable[int]) -> float:
    """用掉的处理器秒数: user and system; to the nanosecond where the kernel counts so, else in its ticks."""
    return sum(_seconds(pid) for pid in pids)


def _seconds(pid: int) -> float:
    try:
        threads = [int((task / "schedstat").read_text().split()[0]) for task in (PROC / str(pid) / "task").iterdir()]
        return sum(threads) / 1e9
    except (OSError, ValueError, IndexError):
        fields = _stat(pid)
        return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0


def seconds_with_dead(pids: Iterable[int]) -> float:
    """连同已经结束的子进程用掉的秒数, for a family that starts and ends short-lived processes."""
    return seconds_used(pids) + sum((int(f[13]) + int(f[14])) / TICKS for f in map(_stat, pids) if f)


def _stat(pid: int) -> list[str]:
    """/proc/<pid>/stat without pid and name: [0] state, [1] parent, [11] utime, [12] stime, [13] cutime, [14] cstime."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def resident(pid: int) -> float:
    """常驻内存（MB）, pages shared with others counted in full."""
    return _kilobytes(PROC / str(pid) / "status", "VmRSS:") * 1024 / MEGABYTE


def proportional(pids: Iterable[int]) -> float:
    """按比例分摊的内存（MB, PSS）: shared pages counted once among those that share them."""
    return sum(_kilobytes(PROC / str(pid) / "smaps_rollup", "Pss:") for pid in pids) * 1024 / MEGABYTE


def _kilobytes(path: Path, name: str) -> int:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
