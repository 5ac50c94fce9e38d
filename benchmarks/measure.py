"""What all benches share: seconds of repeated work, rows of the table, and what a workspace costs in memory."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
CORES = os.cpu_count() or 1
Row = tuple[str, str, str]
Work = Callable[[], object]
WORKER = "ivp_analysis.report.run.worker"


@dataclass(frozen=True)
class Times:
    """Seconds of each repetition. cpu: of this process and all that it waited for, which others do not stretch."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Of the wall time."""
        return statistics.median(self.wall)


def timed(work: Work, repetitions: int, *, before: Work = lambda: None) -> Times:
    """Do the work some times; `before` is done each time and is not counted."""
    times = Times()
    for _ in range(repetitions):
        before()
        start, used = time.perf_counter(), _cpu()
        work()
        times.wall.append(time.perf_counter() - start)
        times.cpu.append(_cpu() - used)
    return times


def _cpu() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def spread(times: Times) -> str:
    """Median with the fastest and the slowest, and the processor time behind it."""
    wall, cpu = times.wall, statistics.median(times.cpu)
    return f"{times.median:.2f} s ({min(wall):.2f}-{max(wall):.2f}, n={len(wall)}; {cpu:.2f} s of CPU)"


def ratio(times: Times, other: Times) -> str:
    """How the medians compare."""
    cpu = statistics.median(times.cpu) / statistics.median(other.cpu)
    return f"{times.median / other.median:.2f} (CPU: {cpu:.2f})"


def run(*arguments: str, cwd: Path = ROOT) -> None:
    """A command of this environment; one that fails stops the bench."""
    bin_folder = Path(sys.executable).parent
    done = subprocess.run(
        [str(bin_folder / arguments[0]), *arguments[1:]], cwd=cwd, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def clear(root: Path, *, kept: bool = True) -> None:
    """Back to a fresh build: no pages and (kept) no results kept beside it."""
    shutil.rmtree(root / "reports", ignore_errors=True)
    for pattern in ("kept-*", "backtest-*") if kept else ():
        for path in (root / "data" / "processed").glob(pattern):
            path.unlink()


class Peak:
    """The most memory that was in use at once, in bytes; pages that processes share are counted once (PSS)."""

    def __init__(self) -> None:
        self.all = self.worker = 0

    @contextmanager
    def watched(self, seconds: float = 0.5) -> Iterator[None]:
        """Look at all that this process starts."""
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(done, seconds))
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _watch(self, done: threading.Event, seconds: float) -> None:
        while not done.wait(seconds):
            own = {p: _pss(p) for p in psutil.Process().children(recursive=True)}
            workers = [p for p in own if _is_worker(p) and not any(_is_worker(up) for up in _parents(p))]
            # A worker with the child that runs its notebook.
            each = [own[w] + sum(size for p, size in own.items() if w in _parents(p)) for w in workers]
            self.all, self.worker = max(self.all, sum(own.values())), max([self.worker, *each])


def _pss(process: psutil.Process) -> int:
    try:
        found = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(found, "pss", found.rss))


def _parents(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.parents()
    except psutil.Error:
        return []


def _is_worker(process: psutil.Process) -> bool:
    try:
        return WORKER in process.cmdline()
    except psutil.Error:
        return False
