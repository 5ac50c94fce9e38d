"""What many rooms of tests share: the registry, and one build of the committed sample."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser.open import open_chromium

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry, load_registry

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from ivp_analysis.report.analysis.analysis import Analysis

ROOT = Path(__file__).parents[1]
TRIED = "tried"


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One for all rooms: a process can drive one browser only."""
    yield from open_chromium()


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_registry(ROOT / "data" / "registry")


@pytest.fixture(scope="session")
def sample_workspace(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample built once; its raw files are read where they are committed, never copied or changed."""
    root = tmp_path_factory.mktemp("sample")
    sample = root / "data" / "raw" / "sample"
    for file in (ROOT / "data" / "raw" / "sample").rglob("*"):
        if file.is_file():
            target = sample / file.relative_to(ROOT / "data" / "raw" / "sample")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    from ivp_analysis.data.build import build

    workspace = Workspace(root, ROOT)
    build(workspace, registry)
    return workspace


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
