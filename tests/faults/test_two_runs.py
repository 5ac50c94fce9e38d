"""Two runs in one workspace: the second waits a moment, then says who is busy; a dead one holds nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from faults import small

from ivp_analysis.data import lock
from ivp_analysis.data.build import build
from ivp_analysis.data.files import TEMP_PREFIX
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.lock import OWNER, hold
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.errors import WorkspaceError
from ivp_analysis.registry import Registry

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from ivp_analysis.data.lock import hold
from ivp_analysis.data.workspace import Workspace
with hold(Workspace(Path(sys.argv[1]), Path(sys.argv[1])), "ivp fetch"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init_workspace(tmp_path / "een map met é")


@contextmanager
def somebody_else(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the workspace until its input ends, or until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(workspace.root)], cwd=ROOT, text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


def test_the_second_says_who_is_busy_and_changes_nothing(
    workspace: Workspace, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.2)
    small.fill(workspace, registry)
    file = workspace.root.parent / "nieuw.csv"
    file.write_bytes(small.thefts(plus=1))
    with somebody_else(workspace) as process:
        before = small.files_of(workspace.root)
        for run in (
            lambda: build(workspace, registry),
            lambda: import_file(workspace, registry, file, "cbs-83651"),
        ):
            with pytest.raises(
                WorkspaceError, match=f"ivp fetch, process {process.pid} on .*, since .* \\(0 min\\)"
            ):
                run()
        assert small.files_of(workspace.root) == before
    assert build(workspace, registry).rows


def test_the_second_waits_for_a_short_first(workspace: Workspace, registry: Registry) -> None:
    small.fill(workspace, registry)
    with somebody_else(workspace) as process:
        assert process.stdin is not None
        threading.Timer(0.5, process.stdin.close).start()
        assert build(workspace, registry).rows


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_a_killed_run_holds_nothing_and_its_leftovers_go(workspace: Workspace) -> None:
    with somebody_else(workspace) as process:
        day = workspace.raw / "cbs-83651" / "2022-02-15"
        day.mkdir(parents=True)
        left = [day / f"{TEMP_PREFIX}arriving", workspace.processed / f"{TEMP_PREFIX}0a-observations.parquet"]
        for path in left:
            path.write_bytes(b"half")
        (workspace.raw / f"{TEMP_PREFIX}folder").mkdir()
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
    with hold(workspace, "ivp build"):
        assert list(workspace.root.rglob(f"{TEMP_PREFIX}*")) == []
    assert not (workspace.raw.parent / OWNER).exists()


@pytest.mark.parametrize(
    "owner", ["", "{}", "[]", '{"command": 1, "pid": 2, "host": 3, "since": "gisteren"}']
)
def test_an_owner_that_cannot_be_read_is_left_out(
    workspace: Workspace, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.1)
    with somebody_else(workspace):
        (workspace.raw.parent / OWNER).write_text(owner, encoding="utf-8")
        with pytest.raises(WorkspaceError) as caught, hold(workspace, "ivp build"):
            pass
    assert caught.value.what == "another run is busy in this workspace"


def test_a_clock_that_was_set_back_gives_no_age_below_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.1)
    ahead = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    with somebody_else(workspace):
        told = {"command": "ivp build", "pid": 1, "host": "pc", "since": ahead}
        (workspace.raw.parent / OWNER).write_text(json.dumps(told), encoding="utf-8")
        with pytest.raises(WorkspaceError, match=r"\(0 min\)"), hold(workspace, "ivp build"):
            pass
