"""What a job costs by itself: a hundred notebooks that do next to nothing, by worker processes and by Dask."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import nbformat
from distributed import LocalCluster
from measure import CORES, ROOT, Row, run, spread, timed

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import find_plan, load_registry
from ivp_analysis.report.run.cluster import on_cluster
from ivp_analysis.report.run.jobs import Job
from ivp_analysis.report.run.pool import JOB_SECONDS, WorkerPool
from ivp_analysis.report.run.run import Place, render_all, render_one
from ivp_analysis.report.run.share import Shared, make_shared, open_everything, open_figures

JOBS = 100
CELLS = (
    'area_code: str = "GM0981"\nworkspace: str = ""\nplan_id: str = ""\nreference_year: int = 0',
    """from ivp_analysis.report.picture import notebook as report
analysis = report.open_analysis(workspace, plan_id, reference_year, area_code)
report.page_head(analysis, analysis.region, title="Proef", slug="proef")""",
    'report.Summary(["Een zin."])',
)


def measure_jobs(repetitions: int) -> Iterator[Row]:
    """From the start of the workers, or of the client of a cluster that is there, to the last page."""
    with tempfile.TemporaryDirectory() as folder:
        place = _workspace(Path(folder))
        plan, year = find_plan(load_registry(place.registry), None), 2023
        notebook = _notebook(place.home / "notebooks" / "trivial.ipynb")
        given = {"area_code": "GM0981", "plan_id": plan.id, "reference_year": year}
        jobs = [Job(f"t:{n}", notebook.name, given, f"t{n}.html", "", "", "") for n in range(JOBS)]
        shared = Shared(str(place.root), plan.id, year, (notebook,), backtests=False, targets=False)
        with WorkerPool(CORES) as pool:
            pool.prepare = partial(open_figures, shared)
            make_shared(shared, pool)
        for name, work in (("worker processes", _by_processes), ("Dask, local cluster", _by_dask)):
            with LocalCluster(n_workers=CORES, threads_per_worker=1, dashboard_address=None) as cluster:
                seconds = timed(partial(work, place, shared, jobs, cluster.scheduler_address), repetitions)
            yield f"{JOBS} trivial jobs, {name}", spread(seconds), f"{CORES} workers, their start included"
            yield (
                f"a job, {name}",
                f"{min(seconds.wall) / JOBS * 1000:.0f} ms",
                "wall time of the fastest run / jobs",
            )


def _workspace(root: Path) -> Workspace:
    place = Workspace(root / "w", root / "home")
    for folder in ("data", "notebooks"):
        (place.home / folder).mkdir(parents=True)
    (place.home / "data" / "registry").symlink_to(ROOT / "data" / "registry")
    place.root.mkdir()
    (place.root / "data").mkdir()
    (place.root / "data" / "raw").symlink_to(ROOT / "data" / "raw")
    run("ivp", "build", "--workspace", str(place.root))
    return place


def _notebook(path: Path) -> Path:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    return path


def _by_processes(place: Workspace, shared: Shared, jobs: list[Job], address: str) -> None:
    with tempfile.TemporaryDirectory() as scratch, WorkerPool(CORES) as pool:
        pool.prepare = partial(open_everything, shared)
        where = Place(place.notebooks, place.root, Path(scratch))
        _count(list(render_all(jobs, render_one, place=where, executor=pool)))


def _by_dask(place: Workspace, shared: Shared, jobs: list[Job], address: str) -> None:
    with on_cluster(address, place, shared, snapshots=False, limit=JOB_SECONDS) as (executor, render):
        where = Place(place.notebooks, place.root, place.root)
        _count(list(render_all(jobs, render, place=where, executor=executor)))


def _count(rendered: list[object]) -> None:
    faults = [r.error for r in rendered if r.outcome != "made"]  # type: ignore[attr-defined]
    if faults or len(rendered) != JOBS:
        raise SystemExit(f"{len(rendered)} of {JOBS} jobs, {len(faults)} failed: {faults[:1]}")
