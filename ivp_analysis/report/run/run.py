"""All report jobs of a year: side by side, each on its own, and what came of each."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from ivp_analysis.errors import IvpError, UsageError
from ivp_analysis.report.run.jobs import Job

# One thread a worker, before numpy is imported in it: two workers with a thread pool each are slower than one.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run reads and writes: the notebooks, the workspace, and the year's folder of pages."""

    notebooks: Path
    workspace: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one job; `inputs` maps a name to the hash of what the page was made from."""

    job: Job
    outcome: Literal["made", "failed", "not started"]
    seconds: float
    inputs: Mapping[str, str]
    error: str = ""


def render_one(job: Job, place: Place, inputs: Mapping[str, str]) -> Outcome:
    """Execute the job's notebook and write its page; a failure is an outcome, not an exception."""
    start = time.perf_counter()
    error = ""
    try:
        _make_page(job, place)
    except IvpError as fault:
        error = str(fault)
    return Outcome(job, "failed" if error else "made", round(time.perf_counter() - start, 3), inputs, error)


def _make_page(job: Job, place: Place) -> None:
    from ivp_analysis.report.page.export import write_page
    from ivp_analysis.report.run.execute import execute_notebook

    executed = place.folder / job.executed
    parameters = {**job.parameters, "workspace": str(place.workspace)}
    execute_notebook(place.notebooks / job.notebook, executed, parameters, cwd=place.notebooks)
    write_page(executed, place.folder / job.output)


def render_all(
    jobs: Sequence[Job],
    render: Callable[[Job], Outcome],
    *,
    executor: Executor,
    keep_going: bool = True,
    on_done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Run the jobs on any concurrent.futures executor; outcomes in the order of the jobs.

    render: a picklable function of one job. keep_going False: jobs not yet started when one fails are left out.
    """
    futures = {executor.submit(render, job): job for job in jobs}
    outcomes: dict[str, Outcome] = {}
    for outcome in _collect(futures):
        outcomes[outcome.job.id] = outcome
        on_done(outcome)
        if outcome.outcome == "failed" and not keep_going:
            for future in futures:
                future.cancel()
    return [outcomes.get(job.id) or Outcome(job, "not started", 0.0, {}) for job in jobs]


def _collect(futures: Mapping[Future[Outcome], Job]) -> Iterator[Outcome]:
    for future in as_completed(futures):
        if future.cancelled():
            continue
        fault = future.exception()
        # A worker that died (memory, kill) ends its own job; the page says so instead of a stack trace.
        yield (
            Outcome(futures[future], "failed", 0.0, {}, f"worker stopped: {fault}")
            if fault
            else future.result()
        )


def open_executor(workers: int) -> ProcessPoolExecutor:
    """Spawned worker processes with one thread each; the same on every system."""
    if workers < 1:
        raise UsageError(f"{workers} workers", where="--workers", todo="give 1 or more")
    os.environ.update(ONE_THREAD)
    return ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn"))
