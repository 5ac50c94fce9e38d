"""A delimited file as columns of distinct texts: fast for millions of rows, exact about where a fault is."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from ivp_analysis.data.files import read_bytes
from ivp_analysis.data.tidy import Mask, categories
from ivp_analysis.errors import InputError

BOM = b"\xef\xbb\xbf"
_AGAIN = "download or copy the file again"
_SUFFIX = re.compile(r"_\d+$")
# StatLine offers the same table as it looks on the screen, with titles and labels: no reader can trust those.
_RAW = "export the table again as the raw data set with codes (StatLine: Onbewerkte dataset, CSV), or use ivp fetch"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: per row the position of its text in `texts` (stripped of padding)."""

    index: npt.NDArray[np.integer[Any]]
    texts: tuple[str, ...]

    def row_of(self, position: int) -> int:
        """The first row that holds this text."""
        return int(np.argmax(self.index == position))

    def select(self, keep: Mask) -> Column:
        """The same column with fewer rows."""
        return Column(self.index[keep], self.texts)

    def recode(self, new: Sequence[str]) -> pd.Categorical[str]:
        """The column with text i replaced by new[i]; texts that become equal are joined."""
        kept = sorted(set(new))
        place = {text: i for i, text in enumerate(kept)}
        lookup = np.array([place[text] for text in new], dtype=np.int32)
        return categories(lookup[self.index], kept)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns that were asked for; `first` is the row number of the first data row in the file."""

    name: str
    columns: dict[str, Column]
    rows: int
    first: int = 2

    def where(self, row: int) -> str:
        """The place of a data row as the user sees it in an editor."""
        return f"{self.name}, row {row + self.first}"


def load_text(path: Path) -> bytes:
    """The bytes of a text file; an empty file, a web page or UTF-16 is an InputError."""
    content = read_bytes(path)
    start = content[:200].removeprefix(BOM).lstrip().lower()
    if not start:
        raise InputError("the file is empty", where=path.name, todo=_AGAIN)
    if start.startswith(b"<"):
        raise InputError("this is a web page (an error message?), not a table", where=path.name, todo=_AGAIN)
    if start.startswith(b"pk\x03\x04"):
        raise InputError(
            "this is an Excel or zip file", where=path.name, todo="save it as CSV (UTF-8) with ;"
        )
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("the file is UTF-16, not UTF-8", where=path.name, todo="save it as CSV UTF-8")
    return content.removeprefix(BOM)


def read_header(content: bytes, name: str, delimiter: str) -> list[str]:
    """Column names; another delimiter, a repeated or undecodable name is an InputError."""
    line = content.split(b"\n", 1)[0].rstrip(b"\r")
    try:
        text = line.decode("utf-8")
        names = [field.strip() for field in next(csv.reader([text], delimiter=delimiter, strict=True), [])]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"the first row cannot be read ({error})", where=f"{name}, row 1", todo=_AGAIN
        ) from error
    if _is_title(text) and delimiter.encode() in content.partition(b"\n")[2]:
        what = f"it begins with a title, {text[:60]}: this is the table as StatLine shows it"
        raise InputError(what, where=f"{name}, row 1", todo=_RAW)
    other = next((d for d in ";,\t" if d != delimiter and text.count(d) > text.count(delimiter)), None)
    if len(names) < 2 or other:
        found = {",": "commas", "\t": "tabs", ";": "semicolons"}.get(other or "", "something else")
        raise InputError(
            f"columns are separated by {found}, not by {delimiter!r}",
            where=f"{name}, row 1",
            todo=f"export the file again with {delimiter!r} between the columns",
        )
    repeated = sorted(name for name, times in Counter(names).items() if times > 1)
    if repeated:
        raise InputError(f"column {repeated[0]!r} stands there twice", where=f"{name}, row 1", todo=_AGAIN)
    return names


def _is_title(text: str) -> bool:
    """One text in quotation marks, however many separators stand within it."""
    return text.startswith('"') and all(len(next(csv.reader([text], delimiter=d))) == 1 for d in ";,\t")


def find_column(names: Sequence[str], wanted: str, name: str) -> str:
    """The column as the file calls it; the number at the end drifts between releases of a table."""
    if wanted in names:
        return wanted
    stem = _SUFFIX.sub("", wanted)
    similar = [n for n in names if _SUFFIX.sub("", n) == stem] if stem != wanted else []
    if len(similar) == 1:
        return similar[0]
    label = next((n for n in names if n != wanted and _letters(n) == _letters(stem)), None)
    if label is not None:
        what = f"column {wanted!r} is missing; {label!r} is its title, so this export has titles, not codes"
        raise InputError(what, where=f"{name}, row 1", todo=_RAW)
    raise InputError(
        f"column {wanted!r} is missing (found: {', '.join(names)[:200]})",
        where=f"{name}, row 1",
        todo="check that this is the right table and that the column was selected in the export",
    )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def read_sheet(
    content: bytes, name: str, columns: Sequence[str], *, delimiter: str, whole: bool = True
) -> Sheet:
    """Read the named columns. whole: the file must end with a line end, else its last figure may be cut."""
    names = read_header(content, name, delimiter)
    if whole and not content.endswith(b"\n"):
        row = content.count(b"\n") + 1
        raise InputError(
            "the last row is not ended: the file may be cut off", where=f"{name}, row {row}", todo=_AGAIN
        )
    try:
        table = _parse(content, names, columns, delimiter)
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError) as error:
        raise _explain(content, name, delimiter, len(names), str(error)) from error
    if table.num_rows == 0:
        raise InputError(
            "the table has a header but no rows", where=name, todo="check the selection in the export"
        )
    rows = table.num_rows
    if rows != content.count(b"\n") - whole and rows != _filled_lines(content) - 1:
        # Quotation marks that open in one row and close in another swallow the rows between them.
        raise _explain(content, name, delimiter, len(names), "rows disappear within quotation marks")
    found: dict[str, Column] = {}
    for column in columns:
        found[column] = _column(table.column(column))
        table = table.drop_columns(column)  # so that millions of rows are not held twice
    return Sheet(name, found, rows)


def _parse(content: bytes, names: Sequence[str], columns: Sequence[str], delimiter: str) -> pa.Table:
    """Every column as a dictionary of texts: numbers and gaps are judged later, once per distinct text."""
    return pacsv.read_csv(
        pa.BufferReader(content),
        read_options=pacsv.ReadOptions(
            column_names=list(names), skip_rows=1, block_size=1 << 24, use_threads=False
        ),
        parse_options=pacsv.ParseOptions(delimiter=delimiter),
        convert_options=pacsv.ConvertOptions(
            include_columns=list(columns),
            column_types={column: pa.dictionary(pa.int32(), pa.string()) for column in columns},
            strings_can_be_null=False,
        ),
    )


def _column(chunks: pa.ChunkedArray) -> Column:
    """Every chunk has a dictionary of its own: bring them to one, sorted and stripped."""
    texts = [[text.strip() for text in chunk.dictionary.to_pylist()] for chunk in chunks.chunks]
    distinct = sorted({text for some in texts for text in some})
    place = {text: i for i, text in enumerate(distinct)}
    kind = np.int16 if len(distinct) < np.iinfo(np.int16).max else np.int32
    parts = [
        np.array([place[text] for text in some], dtype=kind)[chunk.indices.to_numpy()]
        for some, chunk in zip(texts, chunks.chunks, strict=True)
    ]
    return Column(np.concatenate(parts), tuple(distinct))


def not_utf8(error: UnicodeDecodeError, name: str) -> InputError:
    """Which byte, in which row."""
    row = error.object.count(b"\n", 0, error.start) + 1
    what = f"byte {error.object[error.start : error.start + 1]!r} is not UTF-8"
    return InputError(what, where=f"{name}, row {row}", todo="save the file as CSV UTF-8")


def _filled_lines(content: bytes) -> int:
    return sum(1 for line in content.split(b"\n") if line.rstrip(b"\r"))


def _explain(content: bytes, name: str, delimiter: str, width: int, message: str) -> InputError:
    """Find the row at fault; only on the way to an error, so it may be slow."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return not_utf8(error, name)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    where, last = name, 0
    try:
        for fields in reader:
            row, last = last + 1, reader.line_num
            where = f"{name}, row {row}"
            if last > row:
                return InputError(
                    "a quotation mark opens here and closes in a later row", where=where, todo=_AGAIN
                )
            if fields and len(fields) != width:
                what = f"{len(fields)} columns where {width} are expected: the file is cut off or damaged"
                return InputError(what, where=where, todo=_AGAIN)
    except csv.Error as error:
        message, where = str(error), f"{name}, row {last + 1}"
    return InputError(f"the file cannot be read ({message[:200]})", where=where, todo=_AGAIN)
