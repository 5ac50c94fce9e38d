"""A workspace whose path has a space and an accent, as on the machines of analysts."""

from pathlib import Path

import pytest

from ivp_analysis.data.workspace import Workspace, init_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init_workspace(tmp_path / "wérk map")
