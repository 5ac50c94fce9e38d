"""A workbook of somebody else as rows of text: nothing in it is run, followed, unpacked without limit or hidden."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from ivp_analysis.data.delivery_specs import DATA_SHEET, HELP_SHEET
from ivp_analysis.errors import InputError

MAX_PARTS, MAX_UNPACKED, MAX_RATIO = 500, 64 << 20, 200
MAX_ROWS, MAX_COLUMNS = 100_000, 64
# A small file may shrink a lot without harm: the ratio counts from here.
_RATIO_FROM = 4 << 20
_CHUNK = 1 << 20
_OPEN_AGAIN = "open it in Excel and save it as an ordinary workbook (.xlsx)"
_OTHER_FILE = re.compile(rb'<Relationship\b[^>]*TargetMode\s*=\s*["\']External["\'][^>]*>', re.I)
_FORBIDDEN = (
    (re.compile(r"vbaproject\.bin$|/macrosheets/", re.I), "holds macros", "save it as .xlsx without macros"),
    (
        re.compile(r"/externallinks/|/connections\.xml$|/querytables/", re.I),
        "has links to other files",
        "break the links (Data, Edit links) so that only values remain",
    ),
    (re.compile(r"/embeddings/|/activex/", re.I), "has other files inside", "remove the embedded objects"),
)
TextRow = tuple[int, list[str]]


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are an Excel file, new (zip) or old or locked (OLE)."""
    return content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_workbook(content: bytes, name: str) -> list[TextRow]:
    """The rows that hold something, each with its row number in Excel; the rest of the file is judged first."""
    if not content.startswith(b"PK"):
        what = "is an old Excel file (.xls) or has a password"
        raise InputError(what, where=name, todo="save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _judge_size(archive, name)
            _judge_parts(archive, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InputError(f"is not a whole Excel file ({error})", where=name, todo=_OPEN_AGAIN) from error
    return _read(content, name)


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
        raise InputError(what, where=name, todo=_OPEN_AGAIN)


def _judge_parts(archive: zipfile.ZipFile, name: str) -> None:
    names = archive.namelist()
    if len({n.lower() for n in names}) < len(names) or not any(n.lower() == "xl/workbook.xml" for n in names):
        raise InputError("is a zip file but no Excel workbook", where=name, todo=_OPEN_AGAIN)
    for pattern, what, todo in _FORBIDDEN:
        if any(pattern.search(f"/{n}") for n in names):
            raise InputError(what, where=name, todo=todo)
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")):
            _judge_xml(archive, part, name)


def _judge_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """No entities that grow while they are read, no macros by type, no link to a file elsewhere."""
    tail = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            text = tail + piece
            if b"\x00" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise InputError(f"part {part.filename} is not plain XML", where=name, todo=_OPEN_AGAIN)
            if b"macroEnabled" in text and part.filename == "[Content_Types].xml":
                raise InputError("holds macros", where=name, todo="save it as .xlsx without macros")
            if any(b"/hyperlink" not in link for link in _OTHER_FILE.findall(text)):
                raise InputError(
                    "has links to other files", where=name, todo="break the links so that only values remain"
                )
            tail = text[-2000:]


def _read(content: bytes, name: str) -> list[TextRow]:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # Of parts that openpyxl does not keep, such as drop-down lists: they do not matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            try:
                return _data_rows(book, name)
            finally:
                book.close()
    except InputError:
        raise
    except Exception as error:
        what = f"cannot be read as a workbook ({type(error).__name__}: {str(error)[:120]})"
        raise InputError(what, where=name, todo=_OPEN_AGAIN) from error


def _data_rows(book: Any, name: str) -> list[TextRow]:
    """The rows of the sheet with figures; figures on any other sheet would be lost, so they are refused."""
    held: dict[str, list[TextRow]] = {}
    for sheet in book.worksheets:
        if sheet.title != HELP_SHEET or sheet.sheet_state != "visible":
            held[sheet.title] = list(_sheet_rows(sheet, name))
        if sheet.sheet_state != "visible" and held[sheet.title]:
            raise InputError(
                f"sheet {sheet.title!r} is hidden and holds data",
                where=f"{name}, {sheet.title} row {held[sheet.title][0][0]}",
                todo="show the sheet and remove it, or put its figures on the sheet Gegevens",
            )
    filled = [title for title, rows in held.items() if rows]
    if not filled:
        raise InputError("has no sheet with data", where=name, todo="begin with the template of ivp template")
    chosen = DATA_SHEET if DATA_SHEET in filled else filled[0]
    if len(filled) > 1:
        other = next(title for title in filled if title != chosen)
        raise InputError(
            f"sheets {chosen!r} and {other!r} both hold data",
            where=f"{name}, {other} row {held[other][0][0]}",
            todo=f"keep the figures on one sheet, {DATA_SHEET}",
        )
    return held[chosen]


def _sheet_rows(sheet: Any, name: str) -> Iterator[TextRow]:
    # What the sheet says of its own size may be wrong.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        if number > MAX_ROWS or len(texts) > MAX_COLUMNS:
            what = f"has data beyond row {MAX_ROWS} or column {MAX_COLUMNS}"
            raise InputError(what, where=f"{name}, {sheet.title} row {number}", todo="remove what is there")
        yield number, texts


def _text(cell: Any) -> str:
    """What the cell shows, in the form of the CSV template; a formula stays a formula, to be refused by name."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" and not str(value).startswith("="):
        return "=..."
    match value:
        case bool():
            return str(value).upper()
        case datetime() | date():
            return value.strftime("%Y-%m-%d")
        case time():
            return value.isoformat()
        case int() | float():
            return _number(value, str(cell.number_format or ""))
        case _:
            return str(value).strip()


def _number(value: float, number_format: str) -> str:
    if "%" in number_format:
        return f"{value * 100:.10g}%"
    return f"{value:.15g}"
