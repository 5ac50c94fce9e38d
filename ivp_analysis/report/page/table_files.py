"""Tables as files: a CSV that Dutch Excel opens well, and one workbook with all tables of a page."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import FileValue

# A spreadsheet takes a text that starts so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MADE = datetime(2000, 1, 1)
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table without markup. digits: how many decimals a column's figures show."""

    id: str
    caption: str
    labels: tuple[str, ...]
    digits: tuple[int, ...]
    rows: tuple[tuple[FileValue, ...], ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the display data of a notebook."""
        return {
            "id": self.id,
            "caption": self.caption,
            "labels": list(self.labels),
            "digits": list(self.digits),
            "rows": [list(row) for row in self.rows],
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FlatTable:
        """The inverse of as_json."""
        return cls(
            id=data["id"],
            caption=data["caption"],
            labels=tuple(data["labels"]),
            digits=tuple(data["digits"]),
            rows=tuple(tuple(row) for row in data["rows"]),
            notes=tuple(data["notes"]),
        )


def csv_bytes(table: FlatTable) -> bytes:
    """Semicolons, decimal comma, byte order mark, CRLF: one double click in a Dutch Excel."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(label) for label in table.labels])
    for row in table.rows:
        writer.writerow([_csv_value(value, digits) for value, digits in zip(row, table.digits, strict=True)])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def workbook_bytes(tables: Sequence[FlatTable]) -> bytes:
    """One sheet a table, figures as figures; the same tables give the same bytes."""
    book = Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = _MADE
    book.properties.creator = "ivp-analysis"
    book.properties.language = "nl-NL"
    for table in tables:
        _fill(book.create_sheet(_sheet_name(table.id, book.sheetnames)), table)
    if not tables:
        book.create_sheet("geen tabellen")
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_times(buffer.getvalue())


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _csv_value(value: FileValue, digits: int) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    return str(value) if isinstance(value, int) else numbers.plain(value, digits)


def _fill(sheet: Worksheet, table: FlatTable) -> None:
    _write(sheet.cell(1, 1), table.caption, 0).font = Font(bold=True, size=13)
    for column, label in enumerate(table.labels, start=1):
        cell = _write(sheet.cell(3, column), label, 0)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = _width(table, column - 1)
    for row, values in enumerate(table.rows, start=4):
        for column, (value, digits) in enumerate(zip(values, table.digits, strict=True), start=1):
            _write(sheet.cell(row, column), value, digits)
    for row, note in enumerate(table.notes, start=len(table.rows) + 5):
        _write(sheet.cell(row, 1), note, 0)
    sheet.freeze_panes = "B4"


def _write(cell: Cell, value: FileValue, digits: int) -> Cell:
    cell.value = value
    if isinstance(value, str):
        # openpyxl turns a text that starts with "=" into a formula; this keeps it a text, also after an edit.
        cell.data_type = "s"
        cell.quotePrefix = value.lstrip(" ").startswith(_FORMULA)
    elif isinstance(value, float):
        cell.number_format = "#,##0" + ("." + "0" * digits if digits else "")
    return cell


def _width(table: FlatTable, column: int) -> int:
    longest = max((len(str(row[column])) for row in table.rows if row[column] is not None), default=0)
    return min(max(longest, 12), 60) + 2


def _sheet_name(table_id: str, taken: list[str]) -> str:
    name = _NOT_IN_SHEET_NAMES.sub("-", table_id)[:31]
    return name if name not in taken else f"{name[:27]}-{len(taken) + 1}"


def _without_times(data: bytes) -> bytes:
    """The same archive without the moment and the system it was made on."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + _MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, content)
    return buffer.getvalue()
