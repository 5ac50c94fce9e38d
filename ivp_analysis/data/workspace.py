"""A workspace is a folder with data/ and reports/; its home is the checkout with registry and notebooks."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ivp_analysis.data.files import make_folder, write_text
from ivp_analysis.errors import WorkspaceError

HOME_VARIABLE = "IVP_HOME"
README = "README.txt"
README_TEXT = """Werkmap veiligheidsanalyse
==========================

data/raw/        Wat bronnen zeiden: <bron>/<datum>/<bestand> met <bestand>.origin.json ernaast.
                 Hier nooit zelf iets wijzigen; nieuwe bestanden komen er met "ivp import" of "ivp fetch" in.
data/processed/  Wat de programmatuur ervan maakt met "ivp build". Mag weg: wordt opnieuw gemaakt.
data/registry/   Alleen als deze werkmap eigen definities of plannen heeft; anders gelden die van het project.
narrative/       Uw eigen teksten ("het verhaal achter de cijfers") als <thema>.md of <thema>-<gemeente>.md. De
                 programmatuur leest ze en verandert ze nooit.
reports/         De rapporten die "ivp reports" maakt.

Deze map kan cijfers bevatten die niet openbaar zijn. Bewaar haar op een plek waar dat mag.
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the figures of one user live. `home` holds notebooks and the registry they use."""

    root: Path
    home: Path

    @property
    def is_checkout(self) -> bool:
        """Whether it is the project itself, where the sample lives and real figures should not."""
        return self.root == self.home

    @property
    def advice(self) -> str:
        """For who takes figures into it: in the project they take the place of the sample, and may not be public."""
        if not self.is_checkout:
            return ""
        return (
            "kept in the checkout itself, where the sample no longer counts\n"
            "  -> real figures belong in a workspace of their own: ivp init DIR"
        )

    @property
    def raw(self) -> Path:
        """What sources said."""
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        """What the code made of it."""
        return self.root / "data" / "processed"

    @property
    def reports(self) -> Path:
        """The pages."""
        return self.root / "reports"

    @property
    def narrative(self) -> Path:
        """The analyst's own texts."""
        return self.root / "narrative"

    @property
    def registry(self) -> Path:
        """What people decided: the workspace's own if it has one, else the home's."""
        own = self.root / "data" / "registry"
        return own if _holds_registry(own) else self.home / "data" / "registry"

    @property
    def notebooks(self) -> Path:
        """The notebooks behind the pages."""
        return self.home / "notebooks"


def find_home(start: Path | None = None) -> Path:
    """The checkout: upward from `start` or the current folder, else $IVP_HOME, else beside the package."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if _is_home(folder):
            return folder
    named = os.environ.get(HOME_VARIABLE)
    chosen = Path(named).expanduser().resolve() if named else Path(__file__).resolve().parents[2]
    if _is_home(chosen):
        return chosen
    raise WorkspaceError(
        "no folder with data/registry and notebooks found",
        where=f"{HOME_VARIABLE}={named}" if named else str(here),
        todo=f"run the command inside the project's folder, or set {HOME_VARIABLE} to it",
    )


def open_workspace(path: str | Path | None = None) -> Workspace:
    """The workspace at `path`; without it the home itself."""
    home = find_home()
    if path is None:
        return Workspace(home, home)
    root = _resolved(path)
    if not _is_workspace(root):
        raise WorkspaceError(
            "is not a workspace (no data/raw)", where=str(root), todo=f'make one with: ivp init "{path}"'
        )
    return Workspace(root, home)


def init_workspace(path: str | Path) -> Workspace:
    """Make an empty workspace; on an existing one only what is absent is added."""
    root = _resolved(path)
    if root.exists() and not root.is_dir():
        raise WorkspaceError("is a file, not a folder", where=str(root), todo="choose another folder")
    if root.is_dir() and any(root.iterdir()) and not _is_workspace(root):
        raise WorkspaceError(
            "holds other files and is no workspace", where=str(root), todo="choose an empty or a new folder"
        )
    workspace = Workspace(root, find_home())
    for folder in (workspace.raw, workspace.processed, workspace.reports, workspace.narrative):
        make_folder(folder)
    if not (root / README).exists():
        write_text(root / README, README_TEXT)
    return workspace


def _resolved(path: str | Path) -> Path:
    """The whole path; one that no system takes (too long, a loop) is said at once."""
    try:
        root = Path(path).expanduser().resolve()
        (root / "data" / "raw").exists()
    except (OSError, RuntimeError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        what = f"cannot be a folder ({said})"
        raise WorkspaceError(what, where=f"{path}"[:200], todo="choose a shorter or another path") from error
    return root


def _is_workspace(root: Path) -> bool:
    return (root / "data" / "raw").is_dir()


def _is_home(folder: Path) -> bool:
    return (folder / "data" / "registry").is_dir() and (folder / "notebooks").is_dir()


def _holds_registry(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
