"""Dask: the same jobs on separate worker processes, one of which is killed on the way; no report is lost."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from notebooks.tiny import copy_workspace, make_home, write_notebook

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import Registry, load_registry
from ivp_analysis.report.run.reports import make_reports

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    # Dask's own: a connection that a killed worker leaves behind is closed when it is collected.
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning", "ignore::pytest.PytestUnhandledThreadExceptionWarning"
    ),
]
YEAR = 2023


class Cluster:
    """A scheduler and workers, each a process started as the README says."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self.processes = folder, list[subprocess.Popen[bytes]]()
        told = folder / "scheduler.json"
        self._start(
            "scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(told)
        )
        _wait_for(lambda: told.is_file() and told.read_text(encoding="utf-8").endswith("}"))
        self.address = json.loads(told.read_text(encoding="utf-8"))["address"]
        self.workers = [
            self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
            for _ in range(workers)
        ]

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + kind, *options]
        with (self.folder / f"{kind}.log").open("ab") as log:
            # Elsewhere than the checkout: a worker has nothing but the package and what is shipped to it.
            process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def close(self) -> None:
        """Workers before their scheduler; Dask does not always end at the first request."""
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(ready: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():  # type: ignore[operator]
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path, workers=2)
    yield made
    made.close()


@pytest.mark.long
def test_a_killed_worker_costs_no_report_and_pages_are_those_of_one_machine(
    cluster: Cluster, sample_workspace: Workspace, registry: Registry, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home")
    write_notebook(home, version=1, extra="import time; time.sleep(1)")
    place = copy_workspace(sample_workspace, tmp_path / "w", home)
    registry = load_registry(place.registry)
    victim = cluster.workers[0]

    def kill_when_something_is_there() -> None:
        _wait_for(lambda: any(place.reports.rglob("*.html")), 300)
        victim.send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_when_something_is_there)
    killer.start()
    areas = "Coevorden, Losser"
    there = make_reports(place, registry, year=YEAR, areas=areas, scheduler=cluster.address)
    killer.join()
    assert victim.wait(timeout=5) == -signal.SIGKILL
    assert [o.error for o in there.outcomes if o.outcome != "made"] == []
    assert len(there.outcomes) == 7
    pages = {
        p.name: p.read_bytes()
        for p in there.index.parent.rglob("*")
        if p.suffix in (".html", ".csv", ".xlsx")
    }
    make_reports(place, registry, year=YEAR, areas=areas, force=True)
    assert {
        p.name: p.read_bytes()
        for p in there.index.parent.rglob("*")
        if p.suffix in (".html", ".csv", ".xlsx")
    } == pages


@pytest.mark.long
def test_a_notebook_that_fails_or_dies_there_ends_its_own_job_only(
    cluster: Cluster, sample_workspace: Workspace, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home")
    mishaps = "if area.slug == 'vaals':\n    1 / 0\nif area.slug == 'meerssen':\n    import os; os.kill(os.getpid(), 9)"
    write_notebook(home, version=1, extra=mishaps)
    place = copy_workspace(sample_workspace, tmp_path / "w", home)
    made = make_reports(place, load_registry(place.registry), year=YEAR, scheduler=cluster.address)
    errors = {o.job.area: o.error for o in made.outcomes if o.outcome == "failed"}
    assert set(errors) == {"Vaals", "Meerssen"}
    assert "ZeroDivisionError" in errors["Vaals"]
    assert "signal 9" in errors["Meerssen"]
    assert (made.index.parent / "gemeente-meerssen.ipynb").is_file()
    assert all(worker.poll() is None for worker in cluster.workers)


def test_without_a_scheduler_the_error_says_how_to_start_one(
    sample_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ivp_analysis.report.run import cluster as module

    monkeypatch.setattr(module, "CONNECT_SECONDS", 1)
    place = copy_workspace(sample_workspace, tmp_path / "w", make_home(tmp_path / "home"))
    with pytest.raises(UsageError, match="no Dask scheduler answers") as caught:
        make_reports(place, load_registry(place.registry), year=YEAR, scheduler="tcp://127.0.0.1:9")
    assert "dask scheduler" in caught.value.todo
    folder = place.reports / "ivp-heuvelland-2020-2023" / str(YEAR)
    assert [path.name for path in folder.iterdir()] == ["manifest.json"]
