"""A file of the user on its way in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from unit.data.given import FIVE, nuisance_cells, nuisance_table

from ivp_analysis.data.intake import import_file
from ivp_analysis.data.snapshots import list_snapshots, list_strays
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import Registry


def test_a_workbook_that_excel_holds_is_to_be_closed(
    workspace: Workspace, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal is Windows's, which has no other way of happening here."""
    file = tmp_path / "levering.xlsx"
    file.write_bytes(b"PK")
    opened = Path.open

    def refuse(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self == file:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UsageError, match="another program has it open") as caught:
        import_file(workspace, registry, file, "halt")
    assert caught.value.todo.startswith("close it in Excel")
    assert list_snapshots(workspace) == []


def test_a_column_that_no_template_has_is_told(
    workspace: Workspace, registry: Registry, tmp_path: Path
) -> None:
    file = tmp_path / "bezoek.csv"
    file.write_text("gemeente;jaar;overnachtingen;Bron\nVaals;2024;5;VVV\n", encoding="utf-8")
    _, checked = import_file(workspace, registry, file, "visitors")
    assert checked.notes == ("not read, for the template has no such columns: Bron",)


def test_a_table_that_may_be_cut_at_a_line_end_is_told(
    workspace: Workspace, registry: Registry, tmp_path: Path
) -> None:
    """Thirteen periods of nine codes in each of five municipalities; the file misses its last ten lines."""
    lines = nuisance_table(nuisance_cells(FIVE, [2018])).splitlines(keepends=True)
    for name, kept, notes in (("heel.csv", lines, 0), ("kort.csv", lines[:-10], 1)):
        file = tmp_path / name
        file.write_bytes(b"".join(kept))
        _, checked = import_file(workspace, registry, file, "politie-47021")
        assert len(checked.notes) == notes
    assert "RegioS GM0994, the last in the file, has 107 rows where the others have 117" in checked.notes[0]


def test_what_windows_leaves_in_a_folder_is_no_stray(workspace: Workspace, tmp_path: Path) -> None:
    folder = workspace.raw / "halt" / "2025-01-01"
    folder.mkdir(parents=True)
    for name in ("desktop.ini", "Thumbs.db", ".DS_Store", "halt.csv"):
        (folder / name).write_bytes(b"x")
    assert [path.name for path in list_strays(workspace)] == ["halt.csv"]
