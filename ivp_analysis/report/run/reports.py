"""`ivp reports`: the jobs of a plan and year, run side by side; then the index and the manifest."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tqdm import tqdm

from ivp_analysis.data.files import clean_leftovers, make_folder, sha256_file
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry.records import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.run.dashboard import write_index
from ivp_analysis.report.run.jobs import Job, declare_jobs, select_jobs
from ivp_analysis.report.run.manifest import hash_inputs, write_manifest
from ivp_analysis.report.run.run import Outcome, Place, open_executor, render_all, render_one


@dataclass(frozen=True, slots=True)
class Made:
    """What a run made: outcomes in the order of the jobs, the index, and the wall time."""

    outcomes: list[Outcome]
    index: Path
    seconds: float


def plan_jobs(workspace: Workspace, registry: Registry, plan_id: str | None, year: int | None) -> list[Job]:
    """The jobs of a plan for a reference year."""
    analysis = analyse(workspace, registry, plan_id, year)
    return declare_jobs(registry, analysis.plan, analysis.year)


def make_reports(
    workspace: Workspace,
    registry: Registry,
    *,
    plan_id: str | None = None,
    year: int | None = None,
    only: Iterable[str] = (),
    workers: int = 1,
    keep_going: bool = True,
) -> Made:
    """Run the chosen jobs; a job that fails leaves the page of an earlier run as it was."""
    start = time.perf_counter()
    analysis = analyse(workspace, registry, plan_id, year)
    jobs = declare_jobs(registry, analysis.plan, analysis.year)
    place = Place(
        workspace.notebooks, workspace.root, workspace.reports / analysis.plan.id / str(analysis.year)
    )
    make_folder(place.folder)
    clean_leftovers(place.folder)
    outcomes = _run(select_jobs(jobs, only), place, analysis, workers, keep_going)
    _record(place.folder, jobs, outcomes, analysis)
    index = write_index(place.folder, analysis, jobs, outcomes)
    return Made(outcomes, index, time.perf_counter() - start)


def _run(jobs: list[Job], place: Place, analysis: Analysis, workers: int, keep_going: bool) -> list[Outcome]:
    shared = hash_inputs(analysis.workspace, analysis.build)
    render = partial(render_with_notebook, place=place, shared=shared)
    with (
        open_executor(min(workers, len(jobs))) as executor,
        tqdm(total=len(jobs), desc="reports", unit="page", disable=None, file=_console()) as bar,
    ):
        return render_all(jobs, render, executor=executor, keep_going=keep_going, on_done=partial(_show, bar))


def render_with_notebook(job: Job, *, place: Place, shared: dict[str, str]) -> Outcome:
    """One job, with the hash of its own notebook among its inputs."""
    notebook = place.notebooks / job.notebook
    own = {"notebook": sha256_file(notebook)} if notebook.is_file() else {}
    return render_one(job, place, {**shared, **own})


def _console() -> object:
    import sys

    return sys.stderr


def _show(bar: tqdm[None], outcome: Outcome) -> None:
    bar.set_postfix_str(outcome.job.id)
    bar.update()


def _record(folder: Path, jobs: list[Job], outcomes: list[Outcome], analysis: Analysis) -> None:
    facts = {
        "plan": analysis.plan.id,
        "reference_year": analysis.year,
        "simulated": analysis.build.simulated,
        "data_date": analysis.build.data_date,
        "workers": os.cpu_count(),
        "known_jobs": [job.id for job in jobs],
    }
    if analysis.build.simulated:
        from ivp_analysis.report.page.head import BANNER

        facts["banner"] = BANNER
    write_manifest(folder, outcomes, facts)
