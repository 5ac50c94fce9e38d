"""A file of the user on its way in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ivp_analysis.data.intake import import_file
from ivp_analysis.data.snapshots import list_snapshots
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
