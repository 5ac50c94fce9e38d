"""`ivp reports`: which jobs must run, the run itself, and what stands in the folder after it.

Nothing here opens a table of figures: that is the workers' part, and only when something must be made.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from ivp_analysis.data.build_facts import (
    Facts,
    choose_year,
    municipalities_held,
    open_facts,
    refuse_absent,
)
from ivp_analysis.data.files import (
    InUseError,
    sha256_bytes,
    sha256_file,
    write_bytes,
)
from ivp_analysis.data.lock import one_at_a_time
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import find_plan
from ivp_analysis.registry.records import Plan, Registry
from ivp_analysis.report.page.banner import BANNER
from ivp_analysis.report.page.pdf import check_pdf_possible
from ivp_analysis.report.run.copies import drop_copies, write_pdfs, write_single_files
from ivp_analysis.report.run.inputs import Inputs
from ivp_analysis.report.run.jobs import Job, choose_areas, declare_guests, declare_jobs, select_jobs
from ivp_analysis.report.run.manifest import Ledger, Made, Outcome, why_run
from ivp_analysis.report.run.overview import Overview, survey
from ivp_analysis.report.run.pool import JOB_SECONDS, WorkerPool
from ivp_analysis.report.run.progress_bar import RunBar
from ivp_analysis.report.run.publish import drop_outdated, prepare_folder, publish, scratch_folder
from ivp_analysis.report.run.room import check_scheduler, open_room
from ivp_analysis.report.run.run import Place, Rendered, render_all
from ivp_analysis.report.run.share import Shared, make_shared, open_everything, open_figures, render_overview

INDEX = "index.html"
# The manifest is written while the run goes on, so that an interrupted run is gone on with, but not for every page.
MANIFEST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes. areas: `plan`, `all`, or codes and names of other municipalities. limit: seconds a job.

    pdf, single_file: also make these copies of the chosen pages.
    """

    only: tuple[str, ...] = ()
    areas: str = "plan"
    workers: int = 1
    scheduler: str = ""
    force: bool = False
    keep_going: bool = True
    limit: float = JOB_SECONDS
    pdf: bool = False
    single_file: bool = False


# Up to so many pages a worker, each opens what it needs itself: preparing all that pages share takes some seconds.
FEW = 2


@dataclass(frozen=True, slots=True)
class Due:
    """A job that must run, and why."""

    job: Job
    why: str
    inputs: dict[str, str]


@dataclass(frozen=True)
class Run:
    """One plan, one year, and the jobs that are known of them. delivered: sources that are not public."""

    workspace: Workspace
    plan: Plan
    year: int
    facts: Facts
    jobs: list[Job]
    options: Options
    delivered: frozenset[str]

    @property
    def folder(self) -> Path:
        """Where its pages stand."""
        return self.workspace.reports / self.plan.id / str(self.year)

    @cached_property
    def inputs(self) -> Inputs:
        """The hashes of what its pages are made from."""
        return Inputs(self.workspace, self.plan, self.year, self.facts, self.delivered)

    def told(self) -> dict[str, Any]:
        """What the manifest says of the run as a whole."""
        simulated = bool(self.facts["simulated"])
        return {
            "plan": self.plan.id,
            "reference_year": self.year,
            "simulated": simulated,
            "data_date": str(self.facts["data_date"]),
            "workers": self.options.workers,
            **({"banner": BANNER} if simulated else {}),
        }

    def shared(self, due: Sequence[Due]) -> Shared:
        """What the workers open and prepare for these jobs, and for the index."""
        paths = dict.fromkeys(self.workspace.notebooks / d.job.notebook for d in due)
        return Shared(
            workspace=str(self.workspace.root),
            plan_id=self.plan.id,
            year=self.year,
            notebooks=tuple(path for path in paths if path.is_file()),
            backtests=any("backtests" in d.job.uses for d in due),
            targets=sum(not d.job.is_guest for d in due) > FEW * self.options.workers,
        )


def listed_jobs(
    workspace: Workspace, registry: Registry, plan_id: str | None, year: int | None, areas: str = "plan"
) -> list[Job]:
    """The jobs for a reference year (the plan's last, if none is given); those of the plan need no build."""
    if areas != "plan":
        return plan_run(workspace, registry, plan_id, year, Options(areas=areas)).jobs
    plan = find_plan(registry, plan_id)
    return declare_jobs(registry, plan, year or plan.last_year)


def plan_run(
    workspace: Workspace, registry: Registry, plan_id: str | None, year: int | None, options: Options
) -> Run:
    """The jobs of a plan for a reference year, and the municipal reports of other areas."""
    plan, facts = find_plan(registry, plan_id), open_facts(workspace)
    refuse_absent(facts, registry, plan, workspace)
    chosen = choose_year(facts, plan.areas, year)
    others = choose_areas(registry, municipalities_held(facts), options.areas)
    guests = declare_guests(registry, plan, chosen, others)
    delivered = frozenset(name for name, source in registry.sources.items() if source.is_delivered)
    jobs = [*declare_jobs(registry, plan, chosen), *guests]
    return Run(workspace, plan, chosen, facts, jobs, options, delivered)


@one_at_a_time("ivp reports")
def make_reports(
    workspace: Workspace,
    /,
    registry: Registry,
    *,
    plan_id: str | None = None,
    year: int | None = None,
    options: Options | None = None,
    **changes: Any,
) -> Made:
    """Run the chosen jobs that are not up to date; a job that fails leaves the page of an earlier run as it was.

    changes: single options by name.
    """
    start = time.perf_counter()
    run = plan_run(workspace, registry, plan_id, year, replace(options or Options(), **changes))
    chosen = select_jobs(run.jobs, run.options.only)
    if run.options.pdf:
        check_pdf_possible()
    prepare_folder(run.folder)
    ledger = Ledger(run.folder, run.jobs, run.told())
    due, outcomes = _sort_out(run, chosen, ledger)
    with WorkerPool(run.options.workers, limit=run.options.limit) as pool:
        try:
            if due:
                outcomes |= _make_due(run, due, ledger, pool)
            unstarted = [job for job in chosen if outcomes[job.id].outcome == "not started"]
            _write_index(run, survey(run.folder, run.jobs, ledger, unstarted), ledger, pool)
        finally:
            ledger.write()
    _copy(run, [job for job in chosen if outcomes[job.id].outcome in ("made", "skipped")])
    return Made([outcomes[job.id] for job in chosen], run.folder / INDEX, time.perf_counter() - start)


def _copy(run: Run, jobs: Sequence[Job]) -> None:
    """The copies that were asked for; what lies there already is as new as its page."""
    if run.options.pdf:
        write_pdfs(run.folder, [*(job.output for job in jobs), INDEX], workers=run.options.workers)
    if run.options.single_file:
        write_single_files(run.folder, jobs)


def _sort_out(run: Run, chosen: Sequence[Job], ledger: Ledger) -> tuple[list[Due], dict[str, Outcome]]:
    """The jobs that must run, the longest first so that no worker waits for it at the end; and the others."""
    due, outcomes = [], {}
    for job in chosen:
        inputs, earlier = run.inputs.of(job), ledger.earlier(job)
        why = why_run(job, inputs, earlier, run.folder, force=run.options.force)
        if why:
            due.append(Due(job, why, inputs))
            outcomes[job.id] = Outcome(job, "not started", 0.0, {}, why, {})
        else:
            files = earlier["files"]
            outcomes[job.id] = Outcome(job, "skipped", earlier["seconds"], inputs, "nothing changed", files)
            ledger.enter(outcomes[job.id])
    due.sort(key=lambda d: _turn(d.job, ledger))
    return due, outcomes


def _turn(job: Job, ledger: Ledger) -> tuple[float, bool]:
    """By what it took before; unknown ones first, and of these the pages of the whole plan, which take longest."""
    return -float(ledger.earlier(job).get("seconds", math.inf)), ":" in job.id


def _make_due(run: Run, due: Sequence[Due], ledger: Ledger, pool: WorkerPool) -> dict[str, Outcome]:
    """Run them, write what each gives as soon as it is there, and remember it."""
    shared, by_id, outcomes = run.shared(due), {d.job.id: d for d in due}, {}
    # Before the shared work, which takes long: a wrong address is told at once.
    check_scheduler(run.options.scheduler)
    with scratch_folder(run.folder) as scratch, RunBar(len(due)) as bar, ExitStack() as stack:
        _share(shared, pool, len(due))
        room = open_room(
            run.options.scheduler,
            pool,
            run.workspace,
            shared,
            snapshots=any("snapshots" in d.job.uses for d in due),
            limit=run.options.limit,
        )
        executor, render = stack.enter_context(room)
        place = Place(run.workspace.notebooks, run.workspace.root, scratch)
        jobs, written = [d.job for d in due], time.monotonic()
        bar.say("reports")
        for rendered in render_all(
            jobs, render, place=place, executor=executor, keep_going=run.options.keep_going
        ):
            outcome = _take(run, rendered, by_id[rendered.job.id])
            outcomes[outcome.job.id] = outcome
            ledger.enter(outcome)
            bar.advance(outcome.job.id, outcome.outcome)
            if time.monotonic() - written > MANIFEST_SECONDS:
                ledger.write()
                written = time.monotonic()
    return outcomes


def _share(shared: Shared, pool: WorkerPool, pages: int) -> None:
    """First the work that the pages share, by all workers; then each opens it for the pages that it makes.

    For a single page one worker starts: another would take longer to start than it helps, when nothing is missing.
    """
    pool.prepare = partial(open_figures, shared)
    pool.start(pages)
    make_shared(shared, pool)
    pool.prepare = partial(open_everything, shared)


def _take(run: Run, rendered: Rendered, due: Due) -> Outcome:
    """Write its files; of a job that failed only the notebook as far as it came."""
    try:
        files = publish(run.folder, rendered.files)
    except InUseError as fault:
        return Outcome(due.job, "failed", rendered.seconds, due.inputs, due.why, {}, str(fault))
    if rendered.outcome == "made":
        drop_outdated(run.folder, due.job.output, files)
        drop_copies(run.folder, due.job.output)
    return Outcome(due.job, rendered.outcome, rendered.seconds, due.inputs, due.why, files, rendered.error)


def _write_index(run: Run, overview: Overview, ledger: Ledger, pool: WorkerPool) -> None:
    """Unless it lies there already, made from the same."""
    path, shared = run.folder / INDEX, run.shared([])
    inputs = sha256_bytes(f"{sorted(run.inputs.shared.items())}{overview.hash()}".encode())
    kept = sha256_file(path) if path.is_file() else ""
    if not kept or ledger.index != {"inputs": inputs, "sha256": kept}:
        if pool.prepare is None:
            pool.prepare = partial(open_everything, shared)
        content = pool.submit(render_overview, shared, overview).result()
        write_bytes(path, content)
        drop_copies(run.folder, INDEX)
        ledger.index = {"inputs": inputs, "sha256": sha256_bytes(content)}
