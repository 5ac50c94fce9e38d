"""A file of the user into the workspace: read as what it is said to be, and only then kept as a snapshot."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ivp_analysis.data.clean import Checked, check_file
from ivp_analysis.data.lock import one_at_a_time
from ivp_analysis.data.snapshots import Snapshot, take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import find_source
from ivp_analysis.registry.records import Registry


@one_at_a_time("ivp import")
def import_file(
    workspace: Workspace, registry: Registry, file: Path, source: str, *, taken_on: date | None = None
) -> tuple[Snapshot, Checked]:
    """The snapshot, and how much of it can be used; a file with a fault is not kept at all."""
    record = find_source(registry, source)
    if not file.is_file():
        raise UsageError("no such file", where=str(file), todo="check the path")
    _refuse_locked(file)
    checked = check_file(file, record, registry)
    return take_snapshot(workspace, source, file, taken_on=taken_on), checked


def _refuse_locked(file: Path) -> None:
    """Excel lets nobody read a workbook that it has open in some ways; downloading it again would not help."""
    try:
        file.open("rb").close()
    except PermissionError as error:
        raise UsageError(
            "the file cannot be read: another program has it open, or you have no right to it",
            where=str(file),
            todo="close it in Excel (or copy it to a folder of your own), then import it again",
        ) from error
