"""All report jobs of a year: side by side, each on its own, and what came of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ivp_analysis.errors import IvpError
from ivp_analysis.report.run.jobs import Job


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job reads and works: the notebooks, the workspace, and a folder that is gone after the run."""

    notebooks: Path
    workspace: Path
    scratch: Path


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one run of a job gave. files: content by the name under the year's folder; of a job that failed only the
    notebook, as far as it came.
    """

    job: Job
    outcome: Literal["made", "failed"]
    seconds: float
    files: Mapping[str, bytes] = field(repr=False)
    error: str = ""


def render_one(job: Job, place: Place) -> Rendered:
    """Execute the job's notebook and make its page and tables; a failure is an outcome, not an exception."""
    start = time.perf_counter()
    try:
        files = _make_files(job, place)
    except IvpError as fault:
        return failed(job, place, str(fault), time.perf_counter() - start)
    return Rendered(job, "made", round(time.perf_counter() - start, 3), files)


def failed(job: Job, place: Place, error: str, seconds: float = 0.0) -> Rendered:
    """A job that failed or whose process ended, with what it left of its notebook."""
    partial = place.scratch / job.executed
    files = {job.executed: partial.read_bytes()} if partial.is_file() else {}
    return Rendered(job, "failed", round(seconds, 3), files, error)


def _make_files(job: Job, place: Place) -> dict[str, bytes]:
    from ivp_analysis.report.page.export import render_page
    from ivp_analysis.report.run.execute import execute_notebook

    executed = place.scratch / job.executed
    parameters = {**job.parameters, "workspace": str(place.workspace)}
    execute_notebook(place.notebooks / job.notebook, executed, parameters, cwd=place.notebooks)
    page = render_page(executed, stem=Path(job.output).stem, notebook=job.executed)
    # The page last: it leads to the others.
    return {**page.files, job.executed: executed.read_bytes(), job.output: page.html}


def render_all(
    jobs: Sequence[Job],
    render: Callable[[Job, Place], Rendered],
    *,
    place: Place,
    executor: Executor,
    keep_going: bool = True,
) -> Iterator[Rendered]:
    """Run the jobs on any concurrent.futures executor; results as they come, each forgotten once it is taken.

    render: picklable. keep_going False: jobs not yet started when one fails are left out.
    """
    waiting = {executor.submit(render, job, place): job for job in jobs}
    for future in as_completed(list(waiting)):
        job = waiting.pop(future)
        if future.cancelled():
            continue
        fault = future.exception()
        # A worker that died (memory, kill, time) ends its own job only; the page says so instead of a stack trace.
        result = future.result() if fault is None else failed(job, place, str(fault))
        if result.outcome == "failed" and not keep_going:
            for other in waiting:
                other.cancel()
        yield result
