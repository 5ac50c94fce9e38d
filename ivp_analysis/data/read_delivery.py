"""Deliveries: figures that are not open data, in our own template (CSV or XLSX). All faults are reported at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

from ivp_analysis.data.delivery_schema import MOST_FAULTS, Row, check_rows
from ivp_analysis.data.delivery_specs import TEMPLATES, DeliveryTemplate
from ivp_analysis.data.delivery_tables import delivery_tables
from ivp_analysis.data.read_xlsx import TextRow, is_workbook, read_workbook
from ivp_analysis.data.tabular import not_utf8, read_header
from ivp_analysis.data.tidy import Reading
from ivp_analysis.errors import InputError
from ivp_analysis.registry.records import Registry, Source

SHOWN = 100
COMMENT = "#"
_BEGIN = "begin with the template of ivp template"


def read_delivery(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    """Read a delivery of this source into its tables; one InputError lists every faulty cell."""
    if source.id not in TEMPLATES:
        raise InputError(
            f"there is no template for {source.id}", where=name, todo=f"use {', '.join(TEMPLATES)}"
        )
    template = TEMPLATES[source.id]
    workbook = is_workbook(content)
    texts = read_workbook(content, name) if workbook else _csv_rows(content, name)
    texts = _filled_up(texts) if workbook else texts
    rows = _named_rows(texts, name, template)
    frame, faults = check_rows(rows, template, source, registry)
    if lines := faults.lines(template.names):
        raise _all_at_once(lines, name)
    more = [text for text in texts[0][1] if text and text.lower() not in template.names]
    notes = (f"not read, for the template has no such columns: {', '.join(more)[:200]}",) if more else ()
    return replace(delivery_tables(frame, source), notes=notes)


def _csv_rows(content: bytes, name: str) -> list[TextRow]:
    """Rows with their number as Excel shows it; explanation begins with # and is left out."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(error, name) from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    rows: list[TextRow] = []
    number, todo = 0, "look at the quotation marks in that row"
    try:
        for number, cells in enumerate(reader, 1):
            if any("\n" in cell and ";" in cell for cell in cells):
                what = "a quotation mark opens here and closes in a later row"
                raise InputError(what, where=f"{name}, row {number}", todo=todo)
            stripped = [cell.strip() for cell in cells]
            if any(stripped) and not stripped[0].startswith(COMMENT):
                rows.append((number, stripped))
    except csv.Error as error:
        raise InputError(f"cannot be read ({error})", where=f"{name}, row {number + 1}", todo=todo) from error
    if rows and len(rows[0][1]) == 1:
        # Says which sign stands between the columns instead.
        read_header(rows[0][1][0].encode("utf-8"), name, ";")
    return rows


def _filled_up(texts: Sequence[TextRow]) -> list[TextRow]:
    """A row of a worksheet ends at its last filled cell; in a CSV a short row means a lost separator."""
    width = len(texts[0][1]) if texts else 0
    return [(number, cells + [""] * (width - len(cells))) for number, cells in texts]


def _named_rows(texts: Sequence[TextRow], name: str, template: DeliveryTemplate) -> list[Row]:
    """The cells by column name; the first row is the header."""
    if not texts:
        raise InputError("the file has no header", where=name, todo=_BEGIN)
    number, header = texts[0][0], [text.lower() for text in texts[0][1]]
    while header and not header[-1]:
        header.pop()
    missing = [c.name for c in template.columns if c.name not in header and not c.may_lack]
    if missing:
        which = f"column {missing[0]!r} is" if len(missing) == 1 else f"columns {', '.join(missing)} are"
        found = ", ".join(header)[:200]
        raise InputError(f"{which} missing (found: {found})", where=f"{name}, row {number}", todo=_BEGIN)
    double = sorted({column for column in template.names if header.count(column) > 1})
    if double:
        what = f"column {double[0]!r} stands there twice"
        raise InputError(what, where=f"{name}, row {number}", todo="keep one of them")
    if len(texts) == 1:
        what = "the delivery has a header but no rows"
        raise InputError(what, where=name, todo="fill in at least one row")
    return [_row(number, cells, header, template) for number, cells in texts[1:]]


def _row(number: int, cells: list[str], header: Sequence[str], template: DeliveryTemplate) -> Row:
    while len(cells) > len(header) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != len(header):
        what = f"{len(cells)} columns where {len(header)} are expected; use ; between the columns"
        return Row(number, {}, (what,))
    lacking = dict.fromkeys(template.names, "")
    return Row(number, lacking | dict(zip(header, cells, strict=True)))


def _all_at_once(lines: Sequence[str], name: str) -> InputError:
    shown = [*lines[:SHOWN], *([f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])]
    least = "at least " if len(lines) >= MOST_FAULTS else ""
    tally = "1 fault" if len(lines) == 1 else f"{least}{len(lines)} faults"
    return InputError(
        f"{tally}\n     " + "\n     ".join(shown),
        where=name,
        todo="mend these rows in your own file and import it again; nothing was changed or kept",
    )
