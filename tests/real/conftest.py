"""Real figures of CBS in a workspace of their own; without the files these tests skip and say why."""

from pathlib import Path

import pytest

from ivp_analysis.data.build import build
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.series import Build, open_build
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.registry import Registry

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
FILES = {
    "cbs-83651": "83651NED_diefstallen_gemeente_2018-2021.csv",
    "cbs-83648": "83648NED_totaal_gemeente_2010-2020.csv",
    "cbs-37230": "37230ned_bevolking_einde_jaar_gemeente_2002-2024.csv",
    "cbs-85039": "85039NED_kerncijfers_gemeente_2021.json",
}


@pytest.fixture(scope="session")
def shared() -> Path:
    absent = [name for name in FILES.values() if not (SHARED / "cbs" / name).is_file()]
    if absent:
        pytest.skip(f"real files are not here: {', '.join(absent)}")
    return SHARED


@pytest.fixture(scope="session")
def real_workspace(shared: Path, registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """init, import and build, as an analyst does."""
    workspace = init_workspace(tmp_path_factory.mktemp("echte cijfers") / "werkmap")
    for source, name in FILES.items():
        import_file(workspace, registry, shared / "cbs" / name, source)
    build(workspace, registry)
    return workspace


@pytest.fixture(scope="session")
def real_build(real_workspace: Workspace) -> Build:
    return open_build(real_workspace)
