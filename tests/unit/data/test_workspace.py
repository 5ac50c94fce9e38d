"""Where figures live, and where the registry and notebooks come from."""

from pathlib import Path

import pytest

from ivp_analysis.data.workspace import HOME_VARIABLE, find_home, init_workspace, open_workspace
from ivp_analysis.errors import WorkspaceError

ROOT = Path(__file__).parents[3]


def test_init_makes_what_is_needed_and_can_be_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "Gegevens één" / "2026 map"
    workspace = init_workspace(folder)
    (workspace.narrative / "vaals.md").write_text("eigen tekst", encoding="utf-8")
    before = (folder / "README.txt").read_bytes()
    again = init_workspace(folder)
    assert again == workspace == open_workspace(folder)
    assert (folder / "README.txt").read_bytes() == before
    assert (workspace.narrative / "vaals.md").read_text(encoding="utf-8") == "eigen tekst"
    assert all(path.is_dir() for path in (workspace.raw, workspace.processed, workspace.reports))


def test_the_readme_is_dutch_and_names_every_folder(tmp_path: Path) -> None:
    init_workspace(tmp_path / "w")
    text = (tmp_path / "w" / "README.txt").read_text(encoding="utf-8")
    for folder in ("data/raw/", "data/processed/", "data/registry/", "narrative/", "reports/"):
        assert folder in text
    assert "nooit zelf iets wijzigen" in text


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"")
    with pytest.raises(WorkspaceError, match="no workspace"):
        init_workspace(tmp_path)
    with pytest.raises(WorkspaceError, match="not a folder"):
        init_workspace(tmp_path / "foto.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["foto.jpg"]


@pytest.mark.parametrize("path", ["a" * 300, "~nobody-of-that-name/x", "nul\0byte"])
def test_a_path_that_no_system_takes_is_a_message(path: str, tmp_path: Path) -> None:
    for use in (init_workspace, open_workspace):
        with pytest.raises(WorkspaceError, match="cannot be a folder") as caught:
            use(path if path.startswith("~") else tmp_path / path)
        assert caught.value.todo
    assert list(tmp_path.iterdir()) == []


def test_opening_what_is_no_workspace_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="ivp init"):
        open_workspace(tmp_path)


def test_the_default_workspace_is_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "tests" / "unit")
    assert open_workspace().root == ROOT
    assert open_workspace().notebooks == ROOT / "notebooks"


def test_the_registry_is_the_workspaces_own_if_it_has_one(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path / "w")
    assert workspace.registry == workspace.home / "data" / "registry"
    own = workspace.root / "data" / "registry"
    own.mkdir()
    assert workspace.registry == workspace.home / "data" / "registry"
    (own / "sources.toml").write_text("", encoding="utf-8")
    assert workspace.registry == own


def test_home_is_found_upward_then_by_name_then_beside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "project"
    (home / "data" / "registry").mkdir(parents=True)
    (home / "notebooks").mkdir()
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    assert find_home(home / "data") == home
    assert find_home(tmp_path) == ROOT
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    assert find_home(tmp_path) == home
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))
    with pytest.raises(WorkspaceError, match=HOME_VARIABLE):
        find_home(tmp_path)


def test_only_the_checkout_itself_is_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert open_workspace().is_checkout
    assert not init_workspace(tmp_path / "w").is_checkout
