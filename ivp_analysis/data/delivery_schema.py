"""The rows of a delivery held against its columns with pandera: every fault at once, by row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from ivp_analysis.data.delivery_cells import cell_readers, outside
from ivp_analysis.data.delivery_specs import DeliveryColumn, DeliveryTemplate
from ivp_analysis.registry.records import Registry, Source

if TYPE_CHECKING:
    from pandera.pandas import Column, DataFrameSchema

_ROW = "row"
MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A row as its file has it, with its number there; `faults` are of the row as a whole."""

    number: int
    cells: Mapping[str, str]
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Faults:
    """What is wrong, by row number and column ("" is the row itself)."""

    found: dict[tuple[int, str], str] = field(default_factory=dict)

    def add(self, row: int, column: str, what: str) -> None:
        """Keep the first fault of a cell."""
        self.found.setdefault((row, column), what)

    def lines(self, order: Sequence[str]) -> list[str]:
        """In the order of the file."""
        places = {name: i for i, name in enumerate(order)}
        ordered = sorted(self.found.items(), key=lambda one: (one[0][0], places.get(one[0][1], -1)))
        return [f"row {row}{f', {column}' if column else ''}: {what}" for (row, column), what in ordered]


def check_rows(
    rows: Sequence[Row], template: DeliveryTemplate, source: Source, registry: Registry
) -> tuple[pd.DataFrame, Faults]:
    """The values, indexed by row number, and everything that is wrong with them."""
    faults = Faults()
    readers = cell_readers(template, source, registry)
    values: dict[str, list[Any]] = {name: [] for name in template.names}
    whole = [row for row in rows if not row.faults]
    for row in rows:
        for fault in row.faults:
            faults.add(row.number, "", fault)
    for row in whole:
        if len(faults.found) >= MOST_FAULTS:
            # Nobody mends a thousand cells one by one, and what is like an unknown name takes time to find.
            return pd.DataFrame(columns=list(template.names)), faults
        for name in template.names:
            try:
                value = readers[name](row.cells[name], row.cells)
            except ValueError as error:
                value = None
                faults.add(row.number, name, str(error))
            values[name].append(value)
    index = pd.Index([row.number for row in whole], name=_ROW, dtype="int64")
    frame = pd.DataFrame(
        {c.name: pd.array(values[c.name], dtype=_dtype(c)) for c in template.columns}, index=index
    )
    if len(frame):
        _validate(frame, {row.number: row for row in whole}, template, faults)
    return frame, faults


def _dtype(column: DeliveryColumn) -> Any:
    if column.kind == "decimal":
        return "Float64"
    return "Int64" if column.numeric else "object"


def _validate(
    frame: pd.DataFrame, rows: Mapping[int, Row], template: DeliveryTemplate, faults: Faults
) -> None:
    from pandera.errors import SchemaErrors

    judged = set(faults.found)
    try:
        delivery_schema(template).validate(frame, lazy=True)
    except SchemaErrors as errors:
        for case in errors.failure_cases.to_dict("records"):
            # Every check is of a cell; a failure without a row would be our own mistake and must not pass.
            number, column = int(case["index"]), template.column(str(case["column"]))
            faults.add(number, column.name, _say(rows[number].cells[column.name], column))
    _find_doubles(frame, template, judged, faults)


def delivery_schema(template: DeliveryTemplate) -> DataFrameSchema:
    """The pandera schema of the values: types, what must be filled in, and what numbers can be."""
    from pandera.pandas import DataFrameSchema

    return DataFrameSchema({c.name: _column(c) for c in template.columns}, strict=True, name=template.source)


def _column(column: DeliveryColumn) -> Column:
    from pandera.pandas import Check, Column

    checks = [Check.in_range(column.low, column.high)] if column.numeric else []
    if column.words:
        checks = [Check.isin(column.words)]
    return Column(_dtype(column) if column.numeric else None, checks, nullable=not column.required)


def _say(text: str, column: DeliveryColumn) -> str:
    if text == "":
        return "is empty: fill it in"
    return outside(text, column)


def _find_doubles(
    frame: pd.DataFrame, template: DeliveryTemplate, judged: set[tuple[int, str]], faults: Faults
) -> None:
    """Rows that say the same again. A month beside its whole year is another row; an unread key is none."""
    key = list(template.key)
    readable = [all((int(n), name) not in judged for name in key) for n in frame.index]
    keys = frame.loc[readable, key]
    first: dict[tuple[Any, ...], int] = {}
    for number, values in zip(keys.index, keys.astype("object").itertuples(index=False), strict=True):
        seen = tuple(None if pd.isna(value) else value for value in values)
        if (earlier := first.setdefault(seen, int(number))) != number:
            faults.add(int(number), "", f"the same {', '.join(key)} as row {earlier}")
