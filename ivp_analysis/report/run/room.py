"""Where the jobs of a run are made: by this machine's workers, or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.report.run.jobs import Job
from ivp_analysis.report.run.pool import WorkerPool
from ivp_analysis.report.run.run import Place, Rendered, render_one
from ivp_analysis.report.run.share import Shared

Room = tuple[Executor, Callable[[Job, Place], Rendered]]


def check_scheduler(address: str) -> None:
    """Whether one answers there; no address is this machine itself."""
    if address:
        _cluster().check_scheduler(address)


@contextmanager
def open_room(
    scheduler: str, pool: WorkerPool, workspace: Workspace, shared: Shared, *, snapshots: bool, limit: float
) -> Iterator[Room]:
    """The executor, and how one job is run there. scheduler: of a cluster; without one it is the pool."""
    if not scheduler:
        yield pool, render_one
        return
    with _cluster().on_cluster(scheduler, workspace, shared, snapshots=snapshots, limit=limit) as room:
        yield room


def _cluster() -> ModuleType:
    """What knows Dask, which is an extra."""
    try:
        return import_module("ivp_analysis.report.run.cluster")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{error.name} is not installed",
            where="--scheduler",
            todo='install the extra: pip install "ivp-analysis[cluster]"',
        ) from error
