"""What many rooms of tests share: the registry, and one build of the committed sample."""

import os
import pickle
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser.open import open_chromium
from filelock import FileLock
from notebooks.kinds import KINDS

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry, load_registry

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from ivp_analysis.report.analysis.analysis import Analysis
    from ivp_analysis.report.run.reports import Made

ROOT = Path(__file__).parents[1]
TRIED = "tried"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: some tests wait for a browser, a server or the workers that they start."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One for all rooms: a process can drive one browser only."""
    yield from open_chromium()


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_registry(ROOT / "data" / "registry")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def sample_workspace(registry: Registry, shared_folder: Path) -> Workspace:
    """The sample built once for all processes of a run, with what pages about 2023 share kept beside the build; what
    one test keeps there, the next finds.

    Its raw files are copies of the committed ones.
    """
    from ivp_analysis.data.build import build
    from ivp_analysis.report.analysis.analysis import analyse

    workspace = Workspace(shared_folder / "sample", ROOT)
    with FileLock(shared_folder / "sample.lock"):
        if not (workspace.processed / "build.json").is_file():
            shutil.copytree(ROOT / "data" / "raw" / "sample", workspace.raw / "sample")
            build(workspace, registry)
            analysis = analyse(workspace, registry, None, 2023)
            _ = analysis.benchmarks, analysis.second_looks
    return workspace


@pytest.fixture(scope="session")
def made(sample_workspace: Workspace, registry: Registry, shared_folder: Path) -> "Made":
    """A report of every kind about 2023, made once for all processes of a run."""
    from ivp_analysis.report.run.reports import make_reports

    kept = shared_folder / "made.pickle"
    with FileLock(shared_folder / "made.lock"):
        if not kept.is_file():
            kept.write_bytes(
                pickle.dumps(make_reports(sample_workspace, registry, year=2023, only=KINDS, workers=2))
            )
    found: Made = pickle.loads(kept.read_bytes())
    return found


@pytest.fixture(scope="session")
def analysis_2023(sample_workspace: Workspace, registry: Registry) -> "Analysis":
    from ivp_analysis.report.analysis.analysis import analyse

    return analyse(sample_workspace, registry, None, 2023)


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """Count what was tried, by name; the sum over all tests is printed at the end of the run."""
    counts: Counter[str] = Counter()

    def add(name: str, number: int = 1, **kinds: bool) -> None:
        counts[name] += number
        for kind, happened in kinds.items():
            counts[f"{name} {kind}"] += number * happened

    yield add
    request.node.user_properties.append((TRIED, dict(counts)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    total: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            # A count is complete once its test is torn down; the report of the call carries none yet.
            for name, counts in (
                getattr(report, "user_properties", ()) if getattr(report, "when", "") == "teardown" else ()
            ):
                total.update(counts if name == TRIED else {})
    if total:
        told = ", ".join(f"{number} {name}" for name, number in sorted(total.items()))
        terminalreporter.write_line(f"fault room, tried: {told}")
