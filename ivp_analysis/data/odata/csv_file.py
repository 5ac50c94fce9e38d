"""Kept pages into one file: a `;` table, keys padded, a gap empty, the same bytes for the same figures.

The rows stand in the order of the table's own ID, in whatever pieces and order they came. The rows of a whole
country do not fit in memory: they go to a loose file first, and only their places are sorted.
"""

from __future__ import annotations

import csv
import gzip
from array import array
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedRandom
from pathlib import Path

import numpy as np

from ivp_analysis.data.files import atomic_path, temporary_name, writing
from ivp_analysis.data.odata.resume import StoredPage
from ivp_analysis.errors import FetchError

ORDER = "ID"
_DELIMITER = ";"
_BOM = b"\xef\xbb\xbf"
_BATCH = 10_000


class OverlapError(FetchError):
    """Two pages hold the same row."""


class _Loose:
    """Lines in the order in which they came; csv writes each with one call."""

    def __init__(self, file: BufferedRandom) -> None:
        self.file, self.ids, self.ends = file, array("q"), array("q", [0])

    def write(self, line: str) -> int:
        data = line.encode("utf-8")
        self.ends.append(self.ends[-1] + len(data))
        return self.file.write(data)

    def sorted_lines(self) -> Iterator[bytes]:
        """The lines by ID, some thousands at a time."""
        ids, ends = np.frombuffer(self.ids, dtype=np.int64), np.frombuffer(self.ends, dtype=np.int64)
        order = np.argsort(ids, kind="stable")
        _refuse_double(ids[order])
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            places = zip(ends[some].tolist(), ends[some + 1].tolist(), strict=True)
            yield b"".join(self._line(begin, end) for begin, end in places)

    def _line(self, begin: int, end: int) -> bytes:
        if self.file.tell() != begin:
            self.file.seek(begin)
        return self.file.read(end - begin)


def write_table(
    path: Path,
    headings: Sequence[str],
    pages: Iterable[StoredPage],
    only: tuple[int, frozenset[str]] | None = None,
) -> int:
    """Write the rows, whose first value is their ID; returns how many. only: place of the codes, which."""
    loose_path = temporary_name(path)
    try:
        with writing(path), loose_path.open("w+b") as file:
            loose = _Loose(file)
            writer = csv.writer(loose, delimiter=_DELIMITER, lineterminator="\n")
            for page in pages:
                rows = [r for r in page.rows if only is None or str(r[only[0]]).strip() in only[1]]
                loose.ids.extend(int(row[0]) for row in rows)
                writer.writerows(rows)  # None becomes an empty cell
            _pack(path, headings, loose)
            return len(loose.ids)
    finally:
        loose_path.unlink(missing_ok=True)


def _pack(path: Path, headings: Sequence[str], loose: _Loose) -> None:
    # No name and no time in the archive: the same rows must give the same hash.
    with (
        atomic_path(path) as temp,
        temp.open("wb") as stream,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=stream, mtime=0) as archive,
    ):
        archive.write(_BOM + _DELIMITER.join(headings).encode("utf-8") + b"\n")
        for lines in loose.sorted_lines():
            archive.write(lines)


def _refuse_double(ids: np.ndarray) -> None:
    """Pages that overlap also leave rows out elsewhere; only the double ones can be seen."""
    twice = ids[1:][ids[1:] == ids[:-1]]
    if twice.size:
        raise OverlapError(
            f"{twice.size} rows came twice (the first has ID {twice[0]}): the pages of the source overlap, so"
            " others may be missing",
            where="the pages of the table",
            todo="try again later: all its pages will be fetched anew",
        )
