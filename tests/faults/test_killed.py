"""kill -9 at random points of fetch, import and build: nothing is lost, nothing is half there, the next run completes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from faults.room import times
from standin import made
from standin.server import StandIn

from ivp_analysis.registry import Registry

ROOT = Path(__file__).parents[2]
Tally = Callable[..., None]
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture
def url(registry: Registry) -> Iterator[str]:
    table = made.police_table(registry, "politie-47021", years=range(2022, 2026))
    with StandIn([table], page_rows=200) as server:
        yield server.url


def run(action: str, folder: Path, seeds: range, url: str) -> list[dict[str, Any]]:
    """What came of every seed."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "faults.kill", action, str(folder), *map(str, seeds), "--url", url]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=3600
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@needs_fork
@pytest.mark.slow
@pytest.mark.parametrize(
    ("action", "seeds"), [("import", times(3, 60)), ("build", times(3, 60)), ("fetch", times(3, 60))]
)
def test_whole_old_or_whole_new(action: str, seeds: int, tmp_path: Path, url: str, tally: Tally) -> None:
    folder = tmp_path / "een map met é en spaties"
    folder.mkdir()
    told = run(action, folder, range(seeds), url)
    assert len(told) == seeds
    tally(f"kills of {action}", sum(one["killed"] for one in told))
    assert [one for one in told if one["fault"]] == []
    # The test itself works: most runs did not get away.
    assert sum(one["killed"] for one in told) > seeds / 2
