"""Snapshots: a source's file byte for byte as it came, with its origin beside it; every vintage is kept.

data/raw/<source>/<taken_on>/<file> and <file>.origin.json. The file is written first and the origin last:
a file without an origin is not a snapshot.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ivp_analysis import __version__
from ivp_analysis.data.file_names import ORIGIN, file_text, safe_name
from ivp_analysis.data.files import (
    TEMP_PREFIX,
    atomic_path,
    clean_leftovers,
    sha256_file,
    write_bytes,
    write_text,
)
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import SnapshotError, UsageError, WorkspaceError

SAMPLE = "sample"
_REQUIRED = {"source": str, "file": str, "sha256": str, "bytes": int, "taken_on": str, "simulated": bool}
# What Windows and macOS leave in a folder by themselves.
_OF_THE_SYSTEM = ("desktop.ini", "thumbs.db", ".ds_store")
_SOURCE_ID = re.compile(r"[a-z][a-z0-9-]{1,38}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One vintage of one source. `sequence` orders what was taken on one day."""

    source: str
    taken_on: date
    path: Path
    sha256: str
    bytes: int
    original: str
    simulated: bool
    sequence: int = 1
    url: str = ""
    query: str = ""
    modified: str = ""

    @property
    def id(self) -> str:
        """The short hash that marks every figure made from it."""
        return self.sha256[:12]

    @property
    def age(self) -> tuple[date, int, str]:
        """Sort key: the newest is the largest."""
        return (self.taken_on, self.sequence, self.path.name)


def take_snapshot(
    workspace: Workspace,
    source: str,
    content: Path | bytes,
    *,
    name: str | None = None,
    taken_on: date | None = None,
    url: str = "",
    query: str = "",
    modified: str = "",
    simulated: bool = False,
) -> Snapshot:
    """Copy a file, or bytes with a `name`, into the workspace; the same content is the same snapshot."""
    if not _SOURCE_ID.fullmatch(source) or source == SAMPLE:
        raise UsageError(f"source {source!r} is no source id", todo="use an id of data/registry/sources.toml")
    original = file_text(name or (content.name if isinstance(content, Path) else ""))
    if not original:
        raise UsageError("bytes need a name to be kept under", todo="pass name=")
    day = taken_on or today_for(workspace, source)
    room = (workspace.raw / SAMPLE if simulated else workspace.raw) / source
    staged, digest = _stage(content, room / day.isoformat())
    earlier = [s for s in _read_folder(room) if s.sha256 == digest]
    if earlier:
        _put_right(staged, earlier[-1])
        return earlier[-1]
    path = _settle(staged, original, digest)
    sequence = 1 + max((s.sequence for s in _read_folder(room) if s.taken_on == day), default=0)
    size = path.stat().st_size
    snapshot = Snapshot(source, day, path, digest, size, original, simulated, sequence, url, query, modified)
    write_text(_origin_path(path), json.dumps(_origin(snapshot), indent=2, ensure_ascii=False) + "\n")
    _drop_interrupted(room, snapshot)
    return snapshot


def today_for(workspace: Workspace, source: str) -> date:
    """Today. Before the newest snapshot of the source it cannot be: the order of vintages would be false."""
    day = date.today()
    newest = max((s.taken_on for s in _read_folder(workspace.raw / source)), default=day)
    if day < newest:
        raise WorkspaceError(
            f"the clock says {day}, but the newest snapshot of {source} was taken on {newest}",
            where=str(workspace.raw / source),
            todo="set the date of this computer right, then run the command again",
        )
    return day


def list_snapshots(workspace: Workspace, source: str | None = None) -> list[Snapshot]:
    """All vintages, oldest first per source; those of the simulated sample if nothing real was taken."""
    real = _read_room(workspace.raw)
    chosen = real or _read_room(workspace.raw / SAMPLE)
    return [s for s in chosen if source is None or s.source == source]


def list_strays(workspace: Workspace) -> list[Path]:
    """Files under data/raw that are no snapshot for lack of an origin: an interrupted or a manual copy."""
    rooms = [workspace.raw, workspace.raw / SAMPLE]
    return sorted(p for room in rooms for folder in _source_folders(room) for p in _strays_in(folder))


def _is_stray(path: Path) -> bool:
    ours = path.name.endswith(ORIGIN) or path.name.lower() in _OF_THE_SYSTEM
    return not ours and not _origin_path(path).exists()


def open_snapshot(snapshot: Snapshot) -> Path:
    """The file, after its hash was found to be what it was when taken."""
    if not snapshot.path.is_file():
        what = "the file is gone but its origin is there"
        raise SnapshotError(what, where=str(snapshot.path), todo=_remedy(snapshot))
    found = sha256_file(snapshot.path)
    if found != snapshot.sha256:
        raise SnapshotError(
            f"the file changed since it was taken on {snapshot.taken_on}"
            f" (sha256 {found[:12]}, its origin says {snapshot.id})",
            where=str(snapshot.path),
            todo=_remedy(snapshot),
        )
    return snapshot.path


def is_whole(snapshot: Snapshot) -> bool:
    """Whether the file is there and still what it was."""
    return snapshot.path.is_file() and sha256_file(snapshot.path) == snapshot.sha256


def _remedy(snapshot: Snapshot) -> str:
    """How to get the very bytes back, and what to do when nobody has them any more."""
    if snapshot.simulated:
        return "put the sample back as the project has it: git checkout data/raw/sample"
    source = f"--source {snapshot.source}"
    again = f"ivp fetch {source}" if snapshot.url else f'ivp import "{snapshot.original}" {source}'
    return (
        f"take it again with: {again}; the same content is put back. If the source gives other figures by now, remove "
        f"this file and its {ORIGIN}: this vintage is then lost"
    )


def _put_right(staged: Path, kept: Snapshot) -> None:
    """The same content came again: it takes the place of a kept file that is gone or was changed."""
    folder = staged.parent
    if is_whole(kept):
        staged.unlink()
    else:
        with atomic_path(kept.path) as temp:
            staged.replace(temp)
    _remove_if_empty(folder)


def _stage(content: Path | bytes, folder: Path) -> tuple[Path, str]:
    """A copy under a temporary name in the folder of the day, and its hash."""
    clean_leftovers(folder)
    staged = folder / f"{TEMP_PREFIX}arriving"
    _copy(content, staged)
    return staged, sha256_file(staged)


def _settle(staged: Path, original: str, digest: str) -> Path:
    path = _free_name(staged.parent, safe_name(original), digest)
    with atomic_path(path) as temp:
        staged.replace(temp)
    return path


def _copy(content: Path | bytes, staged: Path) -> None:
    if isinstance(content, bytes):
        write_bytes(staged, content)
        return
    if not content.is_file():
        raise UsageError("no such file", where=str(content), todo="check the path")
    try:
        with content.open("rb") as stream, atomic_path(staged) as temp, temp.open("wb") as copy:
            while piece := stream.read(1 << 20):
                copy.write(piece)
    except PermissionError as error:
        raise UsageError(
            "the file cannot be read", where=str(content), todo="close it in Excel first"
        ) from error


def _free_name(folder: Path, name: str, digest: str) -> Path:
    stem, dot, extensions = name.partition(".")
    candidate, number = folder / name, 1
    # A file without an origin and with this very content is our own interrupted copy: it is finished now.
    while candidate.exists() and (_origin_path(candidate).exists() or sha256_file(candidate) != digest):
        number += 1
        candidate = folder / f"{stem}-{number}{dot}{extensions}"
    return candidate


def _strays_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and _is_stray(path)]


def _drop_interrupted(room: Path, kept: Snapshot) -> None:
    """A try on an earlier day that stopped before its origin was written left these very bytes: they are kept now."""
    for path in _strays_in(room):
        if path.stat().st_size == kept.bytes and sha256_file(path) == kept.sha256:
            path.unlink()
            _remove_if_empty(path.parent)


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _origin_path(path: Path) -> Path:
    return path.with_name(path.name + ORIGIN)


def _origin(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "source": snapshot.source,
        "file": snapshot.path.name,
        "sha256": snapshot.sha256,
        "bytes": snapshot.bytes,
        "taken_on": snapshot.taken_on.isoformat(),
        "sequence": snapshot.sequence,
        "original": snapshot.original,
        "url": snapshot.url,
        "query": snapshot.query,
        "modified": snapshot.modified,
        "simulated": snapshot.simulated,
        "version": __version__,
    }


def _source_folders(room: Path) -> list[Path]:
    if not room.is_dir():
        return []
    # .fetch holds the pages of unfinished fetches: they are no snapshots, and no strays either.
    return sorted(p for p in room.iterdir() if p.is_dir() and p.name != SAMPLE and p.name[0] != ".")


def _read_room(room: Path) -> list[Snapshot]:
    return [snapshot for folder in _source_folders(room) for snapshot in _read_folder(folder)]


def _read_folder(folder: Path) -> list[Snapshot]:
    origins = folder.glob(f"*/*{ORIGIN}") if folder.is_dir() else ()
    whole = (path for path in origins if not path.name.startswith(TEMP_PREFIX))
    return sorted((_read_origin(path) for path in whole), key=lambda s: s.age)


def _read_origin(path: Path) -> Snapshot:
    todo = "remove it together with its file and import the file again"
    try:
        origin: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        wrong = [k for k, kind in _REQUIRED.items() if not isinstance(origin[k], kind)]
        taken_on = date.fromisoformat(origin["taken_on"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SnapshotError(f"the origin cannot be read ({error})", where=str(path), todo=todo) from error
    if wrong or f"{origin['file']}{ORIGIN}" != path.name:
        raise SnapshotError(f"the origin is wrong in {wrong or ['file']}", where=str(path), todo=todo)
    return Snapshot(
        origin["source"],
        taken_on,
        path.with_name(origin["file"]),
        origin["sha256"],
        origin["bytes"],
        origin.get("original") or origin["file"],
        origin["simulated"],
        origin.get("sequence", 1),
        origin.get("url", ""),
        origin.get("query", ""),
        origin.get("modified", ""),
    )
