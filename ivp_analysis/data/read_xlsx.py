"""A workbook of somebody else as rows of text: nothing in it is run, followed, unpacked without limit or hidden."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from ivp_analysis.data.delivery_specs import DATA_SHEET, HELP_SHEET
from ivp_analysis.data.judge_xlsx import OPEN_AGAIN, judge_archive
from ivp_analysis.errors import InputError

MAX_ROWS, MAX_COLUMNS = 100_000, 64
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
            judge_archive(archive, name)
    except InputError:
        raise
    except Exception as error:
        # zipfile and the unpackers below it have no error in common for a damaged or a false archive.
        what = f"is not a whole Excel file ({type(error).__name__}: {str(error)[:120]})"
        raise InputError(what, where=name, todo=OPEN_AGAIN) from error
    return _read(content, name)


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
        raise InputError(what, where=name, todo=OPEN_AGAIN) from error


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
