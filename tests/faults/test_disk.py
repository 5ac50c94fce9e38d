"""A full disk, a folder without rights, a folder that synchronises: told in one message, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import small
from faults.command import Done, ivp

from ivp_analysis.data.build import build
from ivp_analysis.data.files import TEMP_PREFIX
from ivp_analysis.data.snapshots import list_snapshots, open_snapshot, take_snapshot
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.registry import Registry

ROOT = Path(__file__).parents[2]
# For root there are no rights to lack, unless it gives up that privilege.
WITHOUT_PRIVILEGE = ("setpriv", "--bounding-set", "-dac_override,-fowner")
needs_posix = pytest.mark.skipif(os.name != "posix", reason="limits and users as POSIX has them")


@pytest.fixture
def workspace(registry: Registry, tmp_path: Path) -> Iterator[Workspace]:
    """With figures that were built, one file more, and one to take."""
    folder = tmp_path
    place = init_workspace(folder / "w")
    small.fill(place, registry)
    build(place, registry)
    take_snapshot(place, "cbs-83651", small.thefts(plus=3), name="nieuw.csv", taken_on=small.DAY)
    (folder / "levering.csv").write_bytes(small.disputes(registry, count=lambda n, year: 40 + n))
    yield place
    for path in [place.root, *place.root.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)


def check_refused(done: Done, said: str, code: int) -> None:
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "->" in done.stderr


@needs_posix
@pytest.mark.parametrize("limit", [500, 3000])
@pytest.mark.parametrize("command", ["build", "import"])
def test_a_file_that_does_not_fit_leaves_everything_as_it_was(
    workspace: Workspace, registry: Registry, command: str, limit: int
) -> None:
    """The system stops a write half-way, as a full disk or a quota does."""
    before = small.files_of(workspace.root)
    file = str(workspace.root.parent / "levering.csv")
    options = ["--workspace", str(workspace.root)]
    arguments = (
        ["build", *options] if command == "build" else ["import", file, "--source", "police-inp", *options]
    )
    check_refused(ivp(*arguments, limit=limit), "the disk is full", 2)
    assert small.files_of(workspace.root) == before
    done = ivp(*arguments)
    assert done.returncode == 0, done.stderr
    assert not list(workspace.root.rglob(f"{TEMP_PREFIX}*"))
    for snapshot in list_snapshots(workspace):
        open_snapshot(snapshot)


@needs_posix
def test_a_disk_that_is_really_full(registry: Registry, tmp_path: Path) -> None:
    """A file system of 400 kB in memory, where this user may mount one."""
    disk = tmp_path / "schijf"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(disk)], capture_output=True, check=False
    )  # fmt: skip
    if mounted.returncode != 0:
        pytest.skip("this user cannot mount a small file system")
    try:
        place = init_workspace(disk / "w")
        small.fill(place, registry)
        build(place, registry)
        before = small.files_of(place.root)
        ballast = disk / "ballast"
        free = shutil.disk_usage(disk).free
        ballast.write_bytes(bytes(free - 8192))
        take_snapshot(place, "cbs-83651", b"x" * 4000, name="klein.csv", taken_on=small.DAY)
        file = tmp_path / "levering.csv"
        file.write_bytes(small.disputes(registry, years=range(2012, 2024)))
        check_refused(
            ivp("import", str(file), "--source", "police-inp", "--workspace", str(place.root)), "the disk is full", 2
        )  # fmt: skip
        after = small.files_of(place.root)
        assert {name: after[name] for name in before} == before
        ballast.unlink()
        done = ivp("import", str(file), "--source", "police-inp", "--workspace", str(place.root))
        assert done.returncode == 0, done.stderr
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@needs_posix
@pytest.mark.parametrize("command", ["build", "import"])
def test_a_folder_without_rights(workspace: Workspace, command: str) -> None:
    before = small.files_of(workspace.root)
    for path in [*workspace.root.rglob("*"), workspace.root]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    file = str(workspace.root.parent / "levering.csv")
    options = ["--workspace", str(workspace.root)]
    arguments = (
        ["build", *options] if command == "build" else ["import", file, "--source", "police-inp", *options]
    )
    is_root = os.geteuid() == 0
    if is_root and shutil.which(WITHOUT_PRIVILEGE[0]) is None:
        pytest.skip("root cannot be kept from writing here (no setpriv)")
    start = [*(WITHOUT_PRIVILEGE if is_root else ()), sys.executable, "-m", "ivp_analysis"]
    done = subprocess.run(
        [*start, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    check_refused(Done(done.returncode, done.stdout, done.stderr), "no right to write here", 2)
    assert small.files_of(workspace.root) == before


def test_a_synchronised_folder_that_touches_files_changes_nothing(
    workspace: Workspace, registry: Registry
) -> None:
    build(workspace, registry)
    before = small.files_of(workspace.root)
    for age, path in enumerate(sorted(workspace.root.rglob("*"))):
        os.utime(path, (age, 2_000_000_000 - 1000 * age))
    assert build(workspace, registry).unchanged
    assert small.files_of(workspace.root) == before


def test_a_copy_in_conflict_is_told_and_never_used(workspace: Workspace, registry: Registry) -> None:
    """Names that synchronising programs give to what two computers changed at the same time."""
    expected = build(workspace, registry).rows
    (kept,) = (path for path in workspace.raw.rglob("cbs-83651.csv"))
    for name in (
        "cbs-83651-LAPTOP.csv",
        "cbs-83651 (Conflict van Jan 2022-03-01).csv",
        "cbs-83651.csv.origin-LAPTOP.json",
    ):
        (kept.parent / name).write_bytes(b"anders")
    (workspace.processed / "build-LAPTOP.json").write_text("{}", encoding="utf-8")
    result = build(workspace, registry)
    assert result.rows == expected
    assert sum("is not used: it has no origin" in warning for warning in result.warnings) == 3
