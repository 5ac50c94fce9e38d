"""What many rooms of tests share: the registry, and one build of the committed sample."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry, load_registry

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis

ROOT = Path(__file__).parents[1]


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
