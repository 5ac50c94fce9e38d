"""The same jobs on a Dask cluster: what they read travels once to each worker, what they make travels back.

A worker needs no shared disk, only this package and its libraries in the same versions. It runs jobs as one machine
does, in worker processes of its own, so that a failing, hanging or dying notebook costs that job alone; the jobs of a
worker that is lost are run again by the others.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from distributed import Client, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from ivp_analysis.data.files import TEMP_PREFIX
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import ReportError, UsageError
from ivp_analysis.report.run.inputs import code_hashes
from ivp_analysis.report.run.jobs import Job
from ivp_analysis.report.run.pool import WorkerLostError, WorkerPool
from ivp_analysis.report.run.run import Place, Rendered, failed, render_one
from ivp_analysis.report.run.share import Shared, open_everything

CONNECT_SECONDS = 30
# How often a job is run again after a fault of the cluster itself; a job that fails is not.
RETRIES = 3
Render = Callable[[Job, Place], Rendered]


@contextmanager
def on_cluster(
    address: str, workspace: Workspace, shared: Shared, *, snapshots: bool, limit: float
) -> Iterator[tuple[Executor, Render]]:
    """An executor on the cluster at `address`, and what it runs for a job. snapshots: raw files travel too."""
    shipment = Shipment(shared, pack(workspace, shared, snapshots=snapshots), limit)
    with _connect(address) as client:
        client.register_plugin(shipment)
        try:
            yield client.get_executor(pure=False, retries=RETRIES), partial(render_there, name=shipment.name)
        finally:
            client.unregister_worker_plugin(shipment.name)


def render_there(job: Job, place: Place, *, name: str) -> Rendered:
    """In a task of a cluster's worker: run the job in one of its processes, and bring home what it made.

    place: that of the machine which asked; the worker has its own.
    """
    shipment = get_worker().plugins[name]
    assert isinstance(shipment, Shipment)
    return shipment.render(job)


class Shipment(WorkerPlugin):
    """What a worker of the cluster gets once, when the run starts or when the worker joins it."""

    def __init__(self, shared: Shared, content: bytes, limit: float) -> None:
        self.name, self.code = f"ivp-{uuid.uuid4().hex[:12]}", code_hashes()
        self._shared, self._content, self._limit = shared, content, limit
        self._place: Place | None = None
        self._pool: WorkerPool | None = None

    def setup(self, worker: Any) -> None:
        """Unpack; a worker with other code would make other pages, and is refused."""
        other = [name for name, kept in code_hashes().items() if self.code[name] != kept]
        if other:
            raise ReportError(
                f"has another {' and other '.join(other)} than the machine that asks",
                where=f"worker {worker.address}",
                todo="install the same version with the same lock file on all of them",
            )
        root = Path(tempfile.mkdtemp(prefix=TEMP_PREFIX))
        with zipfile.ZipFile(io.BytesIO(self._content)) as packed:
            packed.extractall(root)
        self._place = Place(root / "notebooks", root, root / "scratch")
        self._place.scratch.mkdir()
        notebooks = tuple(self._place.notebooks / path.name for path in self._shared.notebooks)
        here = replace(self._shared, workspace=str(root), notebooks=notebooks)
        self._pool = WorkerPool(worker.state.nthreads, limit=self._limit, folder=root)
        self._pool.prepare = partial(open_everything, here)

    def render(self, job: Job) -> Rendered:
        """Run a job here; a process that dies is the end of the job, not of the worker."""
        assert self._pool is not None
        assert self._place is not None
        try:
            return self._pool.submit(render_one, job, self._place).result()
        except WorkerLostError as lost:
            return failed(job, self._place, str(lost))

    def teardown(self, worker: Any) -> None:
        """Leave nothing behind."""
        if self._pool is not None:
            self._pool.shutdown()
        if self._place is not None:
            shutil.rmtree(self._place.workspace, ignore_errors=True)


def pack(workspace: Workspace, shared: Shared, *, snapshots: bool) -> bytes:
    """The files that jobs read, as they lie in a workspace that is its own home."""
    root, kept = workspace.root, f"{workspace.reports.relative_to(workspace.root)}/{shared.plan_id}"
    folders = [
        (workspace.registry, Path("data/registry"), "**/*"),
        (workspace.processed, Path("data/processed"), "*"),
        (workspace.narrative, Path("narrative"), "*.md"),
        (root / kept, Path(kept), "*/editions/*/*.json"),
        *([(workspace.raw, Path("data/raw"), "**/*")] if snapshots else []),
    ]
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for notebook in shared.notebooks:
            packed.write(notebook, f"notebooks/{notebook.name}")
        # A workspace is known by this folder.
        packed.mkdir("data/raw")
        for folder, name, pattern in folders:
            for path in sorted(folder.glob(pattern)):
                if path.is_file() and not path.name.startswith(TEMP_PREFIX):
                    packed.write(path, (name / path.relative_to(folder)).as_posix())
    return memory.getvalue()


def check_scheduler(address: str) -> None:
    """Whether one answers there."""
    with _connect(address):
        pass


def _connect(address: str) -> Client:
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers ({error})",
            where=f"--scheduler {address}",
            todo="start one with `dask scheduler`, and workers with `dask worker tcp://HOST:8786`",
        ) from error
