"""An empty delivery with its explanation, as CSV that Dutch Excel opens in columns, or as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ivp_analysis.data.delivery_cells import known_themes
from ivp_analysis.data.delivery_specs import (
    DATA_SHEET,
    HELP_SHEET,
    TEMPLATES,
    DeliveryColumn,
    DeliveryTemplate,
)
from ivp_analysis.data.files import write_bytes
from ivp_analysis.errors import UsageError
from ivp_analysis.registry.records import Registry

BOM = b"\xef\xbb\xbf"
_ROWS_PREPARED = 2000
_HEAD = ("kolom", "betekenis", "eenheid", "verplicht", "voorbeeld")


def write_template(
    kind: str, registry: Registry, file: Path | None = None, *, workbook: bool | None = None
) -> Path:
    """Write the empty delivery; never over a file that is there, for it may be filled in."""
    if kind not in TEMPLATES:
        raise UsageError(f"there is no template {kind!r}", todo=f"choose from {', '.join(TEMPLATES)}")
    ending = ".xlsx" if workbook else ".csv"
    target = file or Path(f"levering-{kind}{ending}")
    xlsx = target.suffix.lower() == ".xlsx"
    if (workbook and not xlsx) or target.suffix.lower() not in (".csv", ".xlsx"):
        wanted = "with --xlsx the name ends in .xlsx" if workbook else "let the name end in .csv or .xlsx"
        raise UsageError(f"{target.name} is no name for a template", where=str(target), todo=wanted)
    if target.exists():
        raise UsageError("there is a file of that name", where=str(target), todo="choose another with --out")
    template = TEMPLATES[kind]
    write_bytes(target, template_xlsx(template, registry) if xlsx else template_csv(template, registry))
    return target


def template_csv(template: DeliveryTemplate, registry: Registry) -> bytes:
    """Explanation in lines that begin with #, then the header; `;`, BOM and CRLF are what Dutch Excel expects."""
    told = [f"{c.name}: {c.meaning} Eenheid: {c.unit}. Voorbeeld: {c.example}." for c in template.columns]
    lines = [
        template.title,
        "Regels die met # beginnen zijn uitleg en worden niet ingelezen; ze mogen blijven staan.",
        "Vul onder de kolomnamen een regel per gegeven in en bewaar het bestand als CSV UTF-8.",
        *template.remarks,
        *told,
        *(f"{key}: {label}" for key, label in _choices(template, registry)),
    ]
    # A separator within the explanation would spread it over columns.
    text = [f"# {line}".replace(";", ",") for line in lines] + [";".join(template.names)]
    return BOM + ("\r\n".join(text) + "\r\n").encode("utf-8")


def template_xlsx(template: DeliveryTemplate, registry: Registry) -> bytes:
    """Sheet Gegevens with the header, sheet Uitleg with what every column means."""
    from openpyxl import Workbook

    book = Workbook()
    data, help_ = book.worksheets[0], book.create_sheet(HELP_SHEET)
    data.title = DATA_SHEET
    data.append(list(template.names))
    _dress(data, [max(14, len(c.name) + 2, len(c.example) + 4) for c in template.columns])
    for place, column in enumerate(template.columns, 1):
        _prepare(data, place, column)
    help_.append(list(_HEAD))
    for column in template.columns:
        needed = "ja" if column.required else "nee"
        help_.append([column.name, column.meaning, column.unit, needed, column.example])
    _dress(help_, (22, 80, 22, 12, 26))
    for line in (
        "",
        template.title,
        f"Vul het blad {DATA_SHEET} in, een regel per gegeven.",
        *template.remarks,
    ):
        help_.append([line])
    for key, label in _choices(template, registry):
        help_.append([key, label])
    for row in help_.iter_rows(min_row=2):
        for cell in row:
            cell.number_format = "@"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _dress(sheet: Any, widths: Sequence[int]) -> None:
    """A bold header that stays in sight, and columns that are wide enough."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _prepare(sheet: Any, place: int, column: DeliveryColumn) -> None:
    """Keep Excel from making dates of codes ("1.3"), and offer the words that are allowed."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(place)
    if not column.numeric and column.kind != "date":
        sheet.column_dimensions[letter].number_format = "@"
        for row in range(2, 52):
            sheet.cell(row, place).number_format = "@"
    if column.words:
        choice = DataValidation(type="list", formula1=f'"{",".join(column.words)}"', allow_blank=True)
        choice.add(f"{letter}2:{letter}{_ROWS_PREPARED}")
        sheet.add_data_validation(choice)


def _choices(template: DeliveryTemplate, registry: Registry) -> list[tuple[str, str]]:
    """What a column with codes or themes may hold."""
    found: list[tuple[str, str]] = []
    for column in template.columns:
        if column.kind in ("code", "question"):
            found += registry.sources[template.source].codes.items()
        elif column.kind == "theme":
            found += known_themes(registry).items()
    return found
