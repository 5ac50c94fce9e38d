"""A workspace that the first release (0.1.0) made opens in this one: its files count, its build is made anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from faults import small

from ivp_analysis.data.build import build
from ivp_analysis.data.series import indicator_counts, open_build
from ivp_analysis.data.snapshots import list_snapshots, open_snapshot
from ivp_analysis.data.verify import verify
from ivp_analysis.data.workspace import Workspace, open_workspace
from ivp_analysis.errors import WorkspaceError
from ivp_analysis.registry import Registry

KEPT = Path(__file__).with_name("first_release")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    shutil.copytree(KEPT, tmp_path / "w", ignore=shutil.ignore_patterns(".gitattributes"))
    return open_workspace(str(tmp_path / "w"))


def test_its_figures_are_those_of_then(workspace: Workspace, registry: Registry) -> None:
    for snapshot in list_snapshots(workspace):
        open_snapshot(snapshot)
    with pytest.raises(WorkspaceError, match="ivp build"):
        open_build(workspace)
    before = {name: content for name, content in small.files_of(workspace.root).items() if "/raw/" in name}
    result = build(workspace, registry)
    assert (result.rows["observations"], result.rows["population"]) == (208, 54)
    counts = indicator_counts(open_build(workspace), registry, "residential_burglary", small.FIVE).counts
    # 30 + 7n mod 23 of the n-th row of the file.
    assert counts.loc["GM1903"].tolist() == [30 + 7 * n % 23 for n in range(8)]
    after = small.files_of(workspace.root)
    assert {name: after[name] for name in before} == before


def test_nothing_of_it_is_damaged(workspace: Workspace, registry: Registry) -> None:
    build(workspace, registry)
    assert verify(workspace).ok
