"""Pages of an unfinished fetch, kept on disk so that the next try goes on where this one stopped.

data/raw/.fetch/<source>-<hash of the request>/state.json and page-0001.json …; the folder goes when the
snapshot is taken. Pages belong to one state of the table (its Modified): of another they are thrown away.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ivp_analysis.data.files import clean_leftovers, make_folder, write_text
from ivp_analysis.data.odata.chunks import Chunk
from ivp_analysis.data.odata.query import Wanted
from ivp_analysis.data.odata.shape import Shape, shape_from_json, shape_to_json
from ivp_analysis.data.seal import is_whole, sealed
from ivp_analysis.data.workspace import Workspace

FOLDER = ".fetch"
_FORMAT = 1
_STATE, _SEEN = "state.json", "seen.json"


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as kept. chunk: its place in the plan; next_url: None when the chunk ends here."""

    chunk: int
    next_url: str | None
    rows: list[list[Any]]


@dataclass(slots=True)
class PageStore:
    """The folder of one request."""

    folder: Path
    record: Mapping[str, Any]
    modified: str

    def begin(self) -> tuple[Shape, list[Chunk]] | None:
        """What an earlier try left for this state of the table; None (and no folder) if that is nothing."""
        clean_leftovers(self.folder)
        state = _read_json(self.folder / _STATE)
        fits = (
            is_whole(state)
            and state.get("format") == _FORMAT
            and state.get("modified") == self.modified
            and state.get("request") == dict(self.record)
        )
        if not fits:
            self.clear()
            return None
        return shape_from_json(state["shape"]), [_chunk(c) for c in state["chunks"]]

    def plan(self, shape: Shape, chunks: Sequence[Chunk]) -> None:
        """Keep the plan, before the first page of it."""
        state = {
            "format": _FORMAT,
            "modified": self.modified,
            "request": dict(self.record),
            "shape": shape_to_json(shape),
            "chunks": [asdict(chunk) for chunk in chunks],
        }
        make_folder(self.folder)
        write_text(self.folder / _STATE, json.dumps(sealed(state), ensure_ascii=False) + "\n")

    def pages(self) -> Iterator[StoredPage]:
        """The finished pages in order; from the first gap or damaged file on they are removed."""
        number = 1
        while (page := _page(_read_json(self._path(number)))) is not None:
            yield page
            number += 1
        self.drop_from(number)

    def add(self, number: int, page: StoredPage) -> None:
        """Keep a page: whole or not at all."""
        kept = {"chunk": page.chunk, "next_url": page.next_url, "rows": page.rows}
        text = json.dumps(sealed(kept), ensure_ascii=False, separators=(",", ":"))
        write_text(self._path(number), text + "\n")

    def drop_from(self, number: int) -> None:
        """Remove this page and those after it."""
        for path in self.folder.glob("page-*.json"):
            if int(path.stem.removeprefix("page-")) >= number:
                path.unlink()

    def clear(self) -> None:
        """Remove the folder with everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"page-{number:04d}.json"


def open_pages(workspace: Workspace, wanted: Wanted, modified: str) -> PageStore:
    """The store of this request for this state of the table."""
    return PageStore(workspace.raw / FOLDER / wanted.key, wanted.record, modified)


def prune_pages(workspace: Workspace, source: str, modified: str) -> None:
    """Remove unfinished pages of the source that no try will use again: those of an older state."""
    for folder in (workspace.raw / FOLDER).glob(f"{source}-*"):
        state = _read_json(folder / _STATE)
        if not isinstance(state, dict) or state.get("modified") != modified:
            shutil.rmtree(folder, ignore_errors=True)


def list_seen(workspace: Workspace) -> list[dict[str, str]]:
    """States of a table that gave the same bytes as a snapshot that was there: modified, query, sha256."""
    kept = _read_json(workspace.raw / FOLDER / _SEEN)
    return [s for s in kept if isinstance(s, dict)] if isinstance(kept, list) else []


def add_seen(workspace: Workspace, source: str, modified: str, query: str, sha256: str) -> None:
    """Remember such a state, so that unchanged figures are not fetched again every time."""
    new = {"source": source, "modified": modified, "query": query, "sha256": sha256}
    others = [s for s in list_seen(workspace) if (s.get("source"), s.get("query")) != (source, query)]
    write_text(
        workspace.raw / FOLDER / _SEEN, json.dumps([*others, new], indent=1, ensure_ascii=False) + "\n"
    )


def _chunk(kept: Mapping[str, Any]) -> Chunk:
    return Chunk(**{**kept, "areas": tuple(kept["areas"]), "periods": tuple(kept["periods"])})


def _page(kept: Any) -> StoredPage | None:
    return StoredPage(kept["chunk"], kept["next_url"], kept["rows"]) if is_whole(kept) else None


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        # What cannot be read is fetched again: it is a copy of something that the source still has.
        return None
