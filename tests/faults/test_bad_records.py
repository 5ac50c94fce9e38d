"""What the program wrote itself, damaged on the disk: read whole, or one clear error; never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from faults import small
from faults.damage import damaged, misshaped
from faults.room import calm
from hypothesis import given
from hypothesis import strategies as st
from standin import made

from ivp_analysis.data.boundaries import SOURCE, load_boundaries, select_surroundings
from ivp_analysis.data.build import build
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.opened import open_build
from ivp_analysis.data.snapshots import list_snapshots, list_strays, open_snapshot
from ivp_analysis.data.store import TABLES
from ivp_analysis.data.verify import verify
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.errors import InputError, IvpError, WorkspaceError
from ivp_analysis.registry import Registry
from ivp_analysis.report.progress.editions import check_edition, list_editions
from ivp_analysis.report.run.manifest import read_manifest

Tally = Callable[..., None]
EDITION = {
    "format": 1, "plan": "p", "year": 2021, "status": "vastgesteld", "day": "2022-05-01", "simulated": False,
    "files": {"figures.json": "0" * 64},
}  # fmt: skip


@pytest.fixture(scope="module")
def kept(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = init_workspace(tmp_path_factory.mktemp("kept") / "w")
    small.fill(place, registry)
    build(place, registry)
    return place.root


@pytest.fixture
def workspace(kept: Path, tmp_path: Path) -> Workspace:
    return Workspace(Path(shutil.copytree(kept, tmp_path / "w")), Path(__file__).parents[2])


def outcome(action: Callable[[], object]) -> bool:
    """Whether it went well; anything but an IvpError that says what to do is a fault of ours."""
    try:
        action()
    except IvpError as error:
        refused = error
    else:
        return True
    assert refused.todo
    return False


def _snapshots(workspace: Workspace) -> None:
    for snapshot in list_snapshots(workspace):
        open_snapshot(snapshot)
    list_strays(workspace)


def _tables(workspace: Workspace) -> None:
    opened = open_build(workspace)
    for name in TABLES:
        getattr(opened, name)


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        ("data/raw/cbs-83651/*/*.origin.json", _snapshots),
        ("data/raw/cbs-83651/*/*.csv", _snapshots),
        ("data/processed/build.json", _tables),
        ("data/processed/observations.parquet", _tables),
        ("data/processed/key_figures.parquet", _tables),
    ],
)
def test_a_damaged_record(
    workspace: Workspace, pattern: str, read: Callable[[Workspace], None], tally: Tally
) -> None:
    (path,) = workspace.root.glob(pattern)
    whole = path.read_bytes()
    ways = st.one_of(damaged(whole), misshaped(whole)) if path.suffix == ".json" else damaged(whole)

    @calm(8, 200)
    @given(content=ways)
    def attempt(content: bytes) -> None:
        path.write_bytes(content)
        tally("inputs", read=outcome(lambda: read(workspace)))
        verify(workspace)

    attempt()


def test_a_build_that_was_damaged_is_made_anew(workspace: Workspace, registry: Registry) -> None:
    whole = {path.name: path.read_bytes() for path in workspace.processed.iterdir()}
    facts = json.loads(whole["build.json"])
    for content in (
        b"",
        b"[]",
        json.dumps({**facts, "simulated": True}).encode(),
        json.dumps({**facts, "format": 99}).encode(),
    ):
        (workspace.processed / "build.json").write_bytes(content)
        with pytest.raises(WorkspaceError, match=r"build\.json"):
            open_build(workspace)
        (warning,) = build(workspace, registry).warnings
        assert "nothing was compared with it" in warning
        build(workspace, registry)
        assert {path.name: path.read_bytes() for path in workspace.processed.iterdir()} == whole


def test_a_damaged_edition(workspace: Workspace, tally: Tally) -> None:
    folder = workspace.reports / "p" / "2021" / "editions" / "2022-05-01-vastgesteld"
    folder.mkdir(parents=True)
    whole = json.dumps(EDITION).encode()

    @calm(30, 400)
    @given(content=st.one_of(damaged(whole), misshaped(whole)))
    def attempt(content: bytes) -> None:
        (folder / "edition.json").write_bytes(content)
        tally(
            "inputs",
            read=outcome(lambda: [check_edition(one) for one in list_editions(workspace, "p", 2021)]),
        )

    attempt()


def test_a_damaged_manifest_is_made_anew(workspace: Workspace, tally: Tally) -> None:
    whole = json.dumps({"format": 1, "jobs": [{"id": "region", "outcome": "made", "inputs": {}}]}).encode()

    @calm(20, 300)
    @given(content=st.one_of(damaged(whole), misshaped(whole)))
    def attempt(content: bytes) -> None:
        (workspace.reports / "manifest.json").write_bytes(content)
        found = read_manifest(workspace.reports)
        tally("inputs", read=bool(found))
        assert all(isinstance(job["id"], str) for job in found.get("jobs", []))

    attempt()


def test_a_damaged_map(workspace: Workspace, registry: Registry, tmp_path: Path, tally: Tally) -> None:
    whole = json.dumps(made.boundaries(registry, 2023)).encode()
    file = tmp_path / "kaart.geojson"
    file.write_bytes(whole)
    import_file(workspace, registry, file, SOURCE)
    drawn = select_surroundings(load_boundaries(workspace, registry), small.FIVE, margin=0.1)
    assert set(small.FIVE) <= {feature["properties"]["statcode"] for feature in drawn}

    @calm(30, 400)
    @given(content=st.one_of(damaged(whole), misshaped(whole)))
    def attempt(content: bytes) -> None:
        file.write_bytes(content)
        before = list_snapshots(workspace)

        def take_and_draw() -> None:
            import_file(workspace, registry, file, SOURCE)
            select_surroundings(load_boundaries(workspace, registry), small.FIVE, margin=0.1)

        read = outcome(take_and_draw)
        tally("inputs", read=read)
        assert read or list_snapshots(workspace) == before, "what cannot be drawn is not kept"

    attempt()


def test_a_map_that_is_none_says_so(workspace: Workspace, registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "kaart.geojson"
    file.write_bytes(b'{"features": [{"properties": {"statcode": "GM0981"}, "geometry": null}]}')
    with pytest.raises(InputError, match="GeoJSON"):
        import_file(workspace, registry, file, SOURCE)
