"""Tables that can be read, listened to and copied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ivp_analysis.errors import ReportError
from ivp_analysis.report.page.cells import Column, cell_html, cell_values, column_labels
from ivp_analysis.report.page.cells import Link as Link
from ivp_analysis.report.page.cells import Missing as Missing
from ivp_analysis.report.page.cells import Verdict as Verdict
from ivp_analysis.report.page.safe_html import Html, element, hidden, typeset
from ivp_analysis.report.page.shown import Shown
from ivp_analysis.report.page.table_files import FlatTable, csv_bytes, workbook_bytes

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_SHORT, _LONG = 12, 24
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table(Shown):
    """Rows under columns; the first column names the row.

    rows: mapping of column key to raw value (a share as 0.123), or Verdict, Missing, Link, Html.
    id: unique on the page, lower case; also the name of the CSV.
    group: a column that heads the rows that follow each other with the same value (the safety field).
    total: a last row, set apart.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    id: str = ""
    group: Column | None = None
    total: Row | None = None

    def __post_init__(self) -> None:
        where = f"table {self.id or self.caption!r}"
        if not _ID.fullmatch(self.id):
            todo = "use a-z, 0-9 and -, at most 40 long"
            raise ReportError(f"id {self.id!r} is no name for a file", where=where, todo=todo)
        if not self.caption.strip() or not self.columns:
            raise ReportError("no caption or no columns", where=where)
        wanted = [column.key for column in self._all_columns()]
        for number, row in enumerate(self._all_rows(), start=1):
            absent = [key for key in wanted if key not in row]
            if absent and row is not self.total:
                place = f"{where}, row {number}"
                raise ReportError(f"no value for {absent[0]!r}", where=place, todo="give None for no figure")

    def html(self) -> Html:
        """The table in a region that scrolls by itself, its notes, and a mark for the link to its file."""
        name = f"{self.id}-titel"
        caption = element("caption", element("span", typeset(self.caption)), id=name)
        parts = [caption, self._head(), *self._bodies(), self._foot()]
        table = element("table", *parts)
        reach = {"role": "region", "aria_labelledby": name, "tabindex": "0"}
        region = element("div", table, class_="table-scroll", **reach)
        return element("div", region, self._notes(), files_mark(self.id), class_="table", id=self.id)

    def tables(self) -> list[Table]:
        """Itself."""
        return [self]

    def flat(self) -> FlatTable:
        """The values for files: figures as figures, ranges as two columns, the group as the first column."""
        columns = self._all_columns()
        return FlatTable(
            id=self.id,
            caption=self.caption,
            labels=tuple(label for column in columns for label in column_labels(column)),
            digits=tuple(column.digits for column in columns for _ in column_labels(column)),
            rows=tuple(
                tuple(value for column in columns for value in cell_values(column, row.get(column.key)))
                for row in self._all_rows()
            ),
            notes=tuple(self.notes),
        )

    def _all_columns(self) -> list[Column]:
        return [*([self.group] if self.group else []), *self.columns]

    def _all_rows(self) -> list[Row]:
        return [*self.rows, *([self.total] if self.total else [])]

    def _head(self) -> Html:
        return element("thead", element("tr", *(_heading(column) for column in self.columns)))

    def _bodies(self) -> list[Html]:
        group = self.group
        if group is None:
            return [element("tbody", *(self._row(row) for row in self.rows))]
        return [
            element("tbody", self._group_row(group, label), *(self._row(row) for row in rows))
            for label, rows in groupby(self.rows, key=lambda row: row[group.key])
        ]

    def _group_row(self, group: Column, label: Any) -> Html:
        words = element("span", cell_html(group, label))
        head = element("th", words, scope="rowgroup", colspan=len(self.columns))
        return element("tr", head, class_="group")

    def _row(self, row: Row) -> Html:
        first, *others = self.columns
        head = element("th", cell_html(first, row.get(first.key)), scope="row", class_=_class(first))
        return element("tr", head, *(_cell(column, row) for column in others))

    def _foot(self) -> Html:
        return element("tfoot", self._row(self.total)) if self.total else Html("")

    def _notes(self) -> Html:
        if not self.notes:
            return Html("")
        return element("ul", *(element("li", typeset(note)) for note in self.notes), class_="notes")


def files_mark(table_id: str) -> Html:
    """Where the export puts the link to the table's CSV; a live notebook shows nothing there."""
    return Html(f"<!--ivp:files:{table_id}-->")


def _heading(column: Column) -> Html:
    unit = element("span", hidden(", "), typeset(column.unit), class_="unit") if column.unit else Html("")
    return element("th", typeset(column.label), " " if unit else "", unit, scope="col", class_=_class(column))


def _cell(column: Column, row: Row) -> Html:
    if column.key not in row:  # only a total may leave a column empty
        return element("td", "")
    content = cell_html(column, row[column.key])
    short = len(content) <= _SHORT and " " not in content  # 2016–2023 may not break
    figure = _class(column)
    long = " long" if len(content) > _LONG else ""  # a list of limits may break where a range may not
    return element("td", content, class_=f"{figure}{long}" if figure else "short" if short else None)


def _class(column: Column) -> str | None:
    return "figure" if column.alignment == "right" else None


def table_csv(table: Table) -> bytes:
    """The table for Dutch Excel."""
    return csv_bytes(table.flat())


def tables_workbook(tables: Sequence[Table]) -> bytes:
    """One workbook, a sheet per table."""
    return workbook_bytes([table.flat() for table in tables])
