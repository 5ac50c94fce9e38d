"""Worker processes as an executor: one thread each, a time limit a call, and a death that ends one call only."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from ivp_analysis.errors import ReportError, UsageError
from ivp_analysis.report.run.worker import CAN_FORK, FORKING, PLAIN

P = ParamSpec("P")
T = TypeVar("T")
# Two workers with a thread pool each are slower than one; and a process that forks may have one thread only.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
# What a kernel sets before matplotlib is imported: figures become outputs of their cell.
SHOWN_IN_CELLS = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
JOB_SECONDS = 900.0


class WorkerLostError(ReportError):
    """The process that ran a call ended before it answered, or was ended because its time was up."""


class WorkerPool(Executor):
    """Runs each call in one of `workers` processes, which start when they are first needed.

    prepare: what each process does once before its first call (and again when it is changed); where the system
    can fork, calls run in children that inherit it. limit: seconds for one call. folder: where processes start.
    """

    def __init__(
        self,
        workers: int,
        *,
        limit: float = JOB_SECONDS,
        fork: bool = CAN_FORK,
        folder: Path | None = None,
    ) -> None:
        if workers < 1:
            raise UsageError(f"{workers} workers", where="--workers", todo="give 1 or more")
        self.prepare: Callable[[], object] | None = None
        self.workers, self._limit, self._fork, self._folder = workers, limit, fork, folder
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="ivp-worker")
        self._mine, self._all = threading.local(), list[_Worker]()
        self._lock = threading.Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a picklable call in a worker."""
        return self._threads.submit(self._call, partial(fn, *args, **kwargs))

    def start(self, calls: int) -> None:
        """Start and prepare the workers for so many calls at once, without waiting for them."""
        for _ in range(min(calls, self.workers)):
            self.submit(os.getpid)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers after their calls."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        for worker in self._all:
            worker.close()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """After a fault (Ctrl-C) nobody waits for what still runs."""
        if kind is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            for worker in self._all:
                worker.kill()
        self.shutdown()

    def _call(self, work: Callable[[], T]) -> T:
        worker: _Worker | None = getattr(self._mine, "worker", None)
        if worker is None or not worker.is_alive:
            worker = self._mine.worker = _Worker(fork=self._fork, folder=self._folder)
            with self._lock:
                self._all.append(worker)
        worker.be_prepared(self.prepare)
        return worker.call(work, limit=self._limit)  # type: ignore[no-any-return]


class _Worker:
    """One process and the line to it; used by one thread."""

    def __init__(self, *, fork: bool, folder: Path | None) -> None:
        command = [sys.executable, "-m", "ivp_analysis.report.run.worker", FORKING if fork else PLAIN]
        shown = SHOWN_IN_CELLS if fork else {}
        # A session of its own: its children and kernels end with it, and Ctrl-C is for the driver to handle.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, **shown},
            cwd=folder,
            start_new_session=os.name == "posix",
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._line_in, self._line_out = self._process.stdin, self._process.stdout
        self._prepared: Callable[[], object] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it can take another call."""
        return self._process.poll() is None

    def be_prepared(self, prepare: Callable[[], object] | None) -> None:
        """Do once what all calls share; a fault in it is the fault of the call that needs it."""
        if prepare is not None and prepare != self._prepared:
            self._ask(True, prepare)
            self._prepared = prepare

    def call(self, work: Callable[[], Any], *, limit: float) -> Any:
        """What the work returns or raises; WorkerLostError after `limit` seconds or when the process ends."""
        late = threading.Event()
        timer = threading.Timer(limit, self._end_late, (late,))
        timer.start()
        try:
            return self._ask(False, work)
        except WorkerLostError as lost:
            if not late.is_set():
                raise
            raise WorkerLostError(
                f"stopped after {limit:g} seconds", todo="look why it takes so long, or give --time-limit"
            ) from lost
        finally:
            timer.cancel()

    def _ask(self, stays: bool, work: Callable[[], Any]) -> Any:
        try:
            pickle.dump((stays, work), self._line_in)
            self._line_in.flush()
            word, value = pickle.load(self._line_out)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self.kill()
            raise WorkerLostError(f"the process stopped (exit code {self._process.wait()})") from error
        if word == "raised":
            raise value
        if word == "lost":
            raise WorkerLostError(f"the process stopped ({value})")
        return value

    def _end_late(self, late: threading.Event) -> None:
        late.set()
        self.kill()

    def kill(self) -> None:
        """End it now, with all that it started."""
        if os.name == "posix":
            # It may have ended, and its children not yet.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def close(self) -> None:
        """Let it end by itself."""
        with suppress(OSError):
            self._line_in.close()
        self._process.wait()
        self._line_out.close()
