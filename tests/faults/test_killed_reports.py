"""kill -9 at random points of `ivp reports`: a page is whole old or whole new, and the next run completes."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from faults import small
from faults.room import times

from ivp_analysis.data.build import build
from ivp_analysis.data.files import TEMP_PREFIX
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.registry import Registry

ROOT = Path(__file__).parents[2]
JOB = "municipality:vaals"
# Ends its own process at the n-th moment at which the command touches the folder of the pages.
AT_WRITE = """
import atexit, os, signal, sys
from pathlib import Path
from faults.kill import watch_writes
folder, moment = Path(sys.argv[1]), int(sys.argv[2])
touched = [0]
def on_write(n):
    touched[0] = n
    if n == moment:
        os.kill(os.getpid(), signal.SIGKILL)
watch_writes(folder, on_write)
here, count = os.getpid(), folder.parent.parent / "touched"
atexit.register(lambda: os.getpid() == here and count.write_text(str(touched[0])))
sys.argv = ["ivp", *sys.argv[3:]]
from ivp_analysis.__main__ import main
main()
"""
NEVER = 1_000_000
Tally = Callable[..., None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no kill -9"),
]


def start(place: Workspace, moment: int = 0) -> subprocess.Popen[bytes]:
    """`ivp reports` for one page; it dies at a write, or not by itself."""
    asked = ["reports", "--workspace", str(place.root), "--only", JOB, "--workers", "1"]
    command = ["-c", AT_WRITE, str(place.reports), str(moment)] if moment else ["-m", "ivp_analysis"]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    with log(place).open("wb") as told:
        return subprocess.Popen(
            [sys.executable, *command, *asked],
            env={**os.environ, "PYTHONPATH": path},
            cwd=ROOT,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )


def log(place: Workspace) -> Path:
    return place.root.parent / "told.txt"


def finish(process: subprocess.Popen[bytes], place: Workspace) -> None:
    assert process.wait(timeout=300) == 0, log(place).read_text(encoding="utf-8")


def end(process: subprocess.Popen[bytes]) -> bool:
    """Kill it with its workers, as a power cut would; whether it was still there."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait(timeout=300) == -signal.SIGKILL


def pages(place: Workspace) -> dict[str, bytes]:
    """What readers open, by its place."""
    found = small.files_of(place.reports)
    return {
        name: content
        for name, content in found.items()
        if name.endswith((".html", ".csv", ".xlsx")) and TEMP_PREFIX not in name
    }


def is_whole(name: str, content: bytes) -> bool:
    """What holds times of a run differs every time, but it can be read."""
    if name.endswith((".json", ".ipynb")):
        return isinstance(json.loads(content), dict)
    return bool(content)


@pytest.fixture
def made(registry: Registry, tmp_path: Path) -> tuple[Workspace, float]:
    """A workspace with pages of older figures and a newer build; and what it takes to make them, in seconds."""
    place = init_workspace(tmp_path / "een map met é en spaties" / "w")
    small.fill(place, registry)
    build(place, registry)
    began = time.monotonic()
    finish(start(place, moment=NEVER), place)
    seconds = time.monotonic() - began
    later = small.DAY.replace(year=2023)
    take_snapshot(place, "cbs-83651", small.thefts(plus=5), name="nieuw.csv", taken_on=later)
    build(place, registry)
    return place, seconds


def test_a_page_is_whole_old_or_whole_new(
    made: tuple[Workspace, float], tmp_path: Path, tally: Tally
) -> None:
    place, seconds = made
    kept = shutil.copytree(place.root, tmp_path / "voor")
    old, new = pages(place), dict[str, bytes]()
    moments = int((place.root.parent / "touched").read_text(encoding="ascii"))
    for seed in range(times(1, 26)):
        chance = random.Random(seed)
        process = start(place, moment=chance.randint(1, moments) if seed % 3 != 2 else 0)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=300 if seed % 3 != 2 else chance.random() * seconds)
        tally("kills of reports", int(end(process)))
        between = pages(place)
        finish(start(place), place)
        after = pages(place)
        new = new or after
        assert after == new, f"seed {seed}"
        assert [n for n, one in between.items() if one not in (old.get(n), new.get(n))] == [], f"seed {seed}"
        assert old.keys() - between.keys() <= old.keys() - new.keys(), f"seed {seed}: a page is gone"
        left = small.files_of(place.root)
        assert [name for name in left if TEMP_PREFIX in name] == []
        assert [name for name, content in left.items() if not is_whole(name, content)] == []
        shutil.rmtree(place.root)
        shutil.copytree(kept, place.root)
    assert old != new
