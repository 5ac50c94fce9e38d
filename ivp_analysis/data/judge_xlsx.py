"""A workbook of somebody else, judged before it is opened: size, what could run or fetch, and the order of its cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from ivp_analysis.errors import InputError

MAX_PARTS, MAX_UNPACKED, MAX_RATIO = 500, 64 << 20, 200
# Of the elements in a sheet or its texts, and in any other part: Excel itself stops at 65,490 styles.
MAX_ELEMENTS, MAX_OTHER_ELEMENTS = 4_000_000, 400_000
# Cells when every row is filled up to its last one, as openpyxl does; and the last row of Excel.
MAX_CELLS, LAST_ROW = 3_000_000, 1 << 20
# Bytes of one tag: reading takes the square of it.
MAX_TAG, _PIECE = 1 << 19, 1 << 16
OPEN_AGAIN = "open it in Excel and save it as an ordinary workbook (.xlsx)"
# A small file may shrink a lot without harm: the ratio counts from here.
_RATIO_FROM = 4 << 20
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FORBIDDEN = (
    (re.compile(r"vbaproject\.bin$|/macrosheets/", re.I), "holds macros", "save it as .xlsx without macros"),
    (
        re.compile(r"/externallinks/|/connections\.xml$|/querytables/", re.I),
        "has links to other files",
        "break the links (Data, Edit links) so that only values remain",
    ),
    (re.compile(r"/embeddings/|/activex/", re.I), "has other files inside", "remove the embedded objects"),
)


def judge_archive(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what is too large, no workbook, holds macros or links, or would be read other than it looks."""
    _judge_size(archive, name)
    names = archive.namelist()
    if len({n.lower() for n in names}) < len(names) or not any(n.lower() == "xl/workbook.xml" for n in names):
        raise InputError("is a zip file but no Excel workbook", where=name, todo=OPEN_AGAIN)
    for pattern, what, todo in _FORBIDDEN:
        if any(pattern.search(f"/{n}") for n in names):
            raise InputError(what, where=name, todo=todo)
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")):
            _judge_xml(archive, part, name)


def _judge_size(archive: zipfile.ZipFile, name: str) -> None:
    """The sizes are what the archive declares; zipfile never unpacks a part beyond what it declares."""
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED:
        what = f"unpacks to {total / 1e6:,.0f} MB in {len(parts)} parts, far more than a delivery holds"
        raise InputError(what, where=name, todo="leave only the sheet with the figures")
    if total > _RATIO_FROM and total > MAX_RATIO * packed:
        what = f"unpacks to {total // packed} times its size: this is not an ordinary workbook"
        raise InputError(what, where=name, todo=OPEN_AGAIN)


def _judge_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    judge = _Judge(part.filename, name)
    parser.StartElementHandler = judge.start
    parser.StartDoctypeDeclHandler = judge.refuse_entities
    fed = 0
    with archive.open(part) as stream:
        try:
            while piece := stream.read(_PIECE):
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > MAX_TAG:
                    raise InputError(
                        f"part {part.filename} has a tag without end", where=name, todo=OPEN_AGAIN
                    )
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            what = f"part {part.filename} is not plain XML ({error})"
            raise InputError(what, where=name, todo=OPEN_AGAIN) from error


@dataclass(slots=True)
class _Judge:
    """Sees every element of one part. row, column: of the last cell; cells: so far, gaps filled."""

    part: str
    name: str
    root: str = ""
    elements: int = 0
    row: int = 0
    column: int = 0
    cells: int = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A sheet is followed cell by cell; elsewhere links and macros are looked for."""
        kind = tag.rpartition(" ")[2]
        self.root = self.root or kind
        self.elements += 1
        if self.elements > (MAX_ELEMENTS if self.root in ("worksheet", "sst") else MAX_OTHER_ELEMENTS):
            raise InputError(
                f"part {self.part} holds more than {self.elements - 1:,} elements",
                where=self.name,
                todo="copy the figures, as values, to a new workbook",
            )
        if self.root == "worksheet" and kind in ("row", "c"):
            self._follow(kind, attributes.get("r"))
        elif kind == "Relationship":
            self._refuse_links(attributes)
        elif "macroEnabled" in attributes.get("ContentType", ""):
            raise InputError("holds macros", where=self.name, todo="save it as .xlsx without macros")

    def refuse_entities(self, *_: object) -> NoReturn:
        """Entities may grow while they are read."""
        raise InputError(
            f"part {self.part} is not plain XML (it declares a DOCTYPE)", where=self.name, todo=OPEN_AGAIN
        )

    def _follow(self, kind: str, place: str | None) -> None:
        """openpyxl drops without a word what is out of order, and fills up every gap."""
        before = (self.row, self.column)
        if kind == "row":
            self.row = self.row + 1 if place is None else int(place) if place.isdecimal() else 0
            self.column, fits = 0, before[0] < self.row <= LAST_ROW
        else:
            found = _PLACE.fullmatch(place or "")
            self.column = self.column + 1 if place is None else _number(found[1]) if found else 0
            fits = self.column > before[1] and (found is None or int(found[2]) == self.row)
            self.cells += self.column - before[1]
        if not fits or self.cells > MAX_CELLS:
            what = "out of order" if not fits else "far away from the others"
            raise InputError(
                f"{self.part} has a {'row' if kind == 'row' else 'cell'} {what} ({(place or '')[:20]})",
                where=self.name,
                todo=OPEN_AGAIN,
            )

    def _refuse_links(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("TargetMode", "").lower() == "external" and not attributes.get("Type", "").endswith(
            "/hyperlink"
        ):
            raise InputError(
                "has links to other files",
                where=self.name,
                todo="break the links so that only values remain",
            )


def _number(letters: str) -> int:
    """Of a column: A is 1, XFD 16384."""
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total
