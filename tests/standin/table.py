"""A table of the stand-in: keys with their padding, measures, and its metadata sets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
WIDTH = 6


@dataclass(frozen=True)
class Dim:
    """A dimension; keys as the source writes them (`pad`), each with its title."""

    column: str
    title: str
    type: str
    keys: tuple[tuple[str, str], ...]
    provisional: tuple[str, ...] = ()

    def position(self, key: str) -> int:
        """Exactly this key, padding and all: -1 for another."""
        return next((i for i, (known, _) in enumerate(self.keys) if known == key), -1)


@dataclass(frozen=True)
class Measure:
    """A topic; `group` is the title of the heading above it."""

    key: str
    title: str
    unit: str = "aantal"
    group: str = ""


@dataclass
class Table:
    """Rows in the order of their ID. index: per row and dimension the position of its key; NaN is a gap."""

    id: str
    title: str
    modified: str
    dims: tuple[Dim, ...]
    measures: tuple[Measure, ...]
    index: npt.NDArray[np.int32]
    values: list[Values]
    first_id: int = 0

    def rows(
        self, chosen: npt.NDArray[np.int64], select: Sequence[str], *, typed: bool
    ) -> list[dict[str, Any]]:
        """The rows as JSON objects."""
        columns: dict[str, list[Any]] = {"ID": [self.first_id + int(i) for i in chosen]}
        for d, dim in enumerate(self.dims):
            keys = [key for key, _ in dim.keys]
            columns[dim.column] = [keys[i] for i in self.index[chosen, d]]
        for measure, values in zip(self.measures, self.values, strict=True):
            columns[measure.key] = [_value(v, typed=typed) for v in values[chosen].tolist()]
        wanted = [name for name in columns if not select or name in select]
        return [
            dict(zip(wanted, row, strict=True)) for row in zip(*(columns[n] for n in wanted), strict=True)
        ]

    def equals(self, column: str, key: str) -> Mask:
        """Rows with this key."""
        d = self._dim(column)
        return np.asarray(self.index[:, d] == self.dims[d].position(key))

    def contains(self, column: str, part: str) -> Mask:
        """Rows whose key has this part."""
        d = self._dim(column)
        hits = [i for i, (key, _) in enumerate(self.dims[d].keys) if part in key]
        return np.isin(self.index[:, d], hits)

    def metadata(self, name: str) -> list[dict[str, Any]] | None:
        """The rows of TableInfos, DataProperties or a dimension; None for another set."""
        if name == "TableInfos":
            return [
                {
                    "ID": 0,
                    "Title": self.title,
                    "Identifier": self.id,
                    "Modified": self.modified,
                    "Language": "nl",
                }
            ]
        if name == "DataProperties":
            return self._properties()
        dim = next((d for d in self.dims if d.column == name), None)
        if dim is None:
            return None
        rows = [{"Key": k, "Title": t, "Description": ""} for k, t in dim.keys]
        if dim.type == "TimeDimension":
            return [
                row | {"Status": "Voorlopig" if row["Key"] in dim.provisional else "Definitief"}
                for row in rows
            ]
        return rows

    def _properties(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [
            {"ID": i, "ParentID": None, "Type": d.type, "Key": d.column, "Title": d.title}
            for i, d in enumerate(self.dims)
        ]
        groups = list(dict.fromkeys(m.group for m in self.measures if m.group))
        place = {group: len(rows) + i for i, group in enumerate(groups)}
        rows += [
            {"ID": place[g], "ParentID": None, "Type": "TopicGroup", "Key": "", "Title": g} for g in groups
        ]
        for measure in self.measures:
            rows.append(
                {"ID": len(rows), "ParentID": place.get(measure.group), "Type": "Topic", "Key": measure.key,
                 "Title": measure.title, "Unit": measure.unit, "Datatype": "Long"}
            )  # fmt: skip
        return rows

    def _dim(self, column: str) -> int:
        return [d.column for d in self.dims].index(column)


def pad(
    keys: Sequence[str], titles: Sequence[str] | None = None, width: int = WIDTH
) -> tuple[tuple[str, str], ...]:
    """Keys padded on the right, with titles."""
    return tuple((key.ljust(width), title) for key, title in zip(keys, titles or keys, strict=True))


def full_index(dims: Sequence[Dim]) -> npt.NDArray[np.int32]:
    """Every combination of keys, the last dimension running fastest."""
    grid = np.indices([len(d.keys) for d in dims], dtype=np.int32)
    return np.ascontiguousarray(grid.reshape(len(dims), -1).T)


def renamed(table: Table, old: str, *, key: str, title: str) -> Table:
    """The same table after a release in which a measure got another key and title."""
    measures = tuple(replace(m, key=key, title=title) if m.key == old else m for m in table.measures)
    return replace(table, measures=measures)


def recut(table: Table, old: Sequence[str], new: tuple[str, str], modified: str) -> Table:
    """The whole history in new borders: the `old` regions become one, as the police re-cut theirs."""
    d = next(i for i, dim in enumerate(table.dims) if dim.type.startswith("Geo"))
    dim = table.dims[d]
    gone = [i for i, (key, _) in enumerate(dim.keys) if key.strip() in old]
    kept = [i for i in range(len(dim.keys)) if i not in gone]
    cut = replace(dim, keys=(*(dim.keys[i] for i in kept), (new[0].ljust(WIDTH), new[1])))
    place = {i: j for j, i in enumerate(kept)} | {i: len(kept) for i in gone}
    index = table.index.copy()
    index[:, d] = [place[i] for i in index[:, d]]
    whole, group = np.unique(index, axis=0, return_inverse=True)
    values = [np.zeros(len(whole)) for _ in table.values]
    for sums, old_values in zip(values, table.values, strict=True):
        np.add.at(sums, group, old_values.astype(float))
    dims = (*table.dims[:d], cut, *table.dims[d + 1 :])
    return replace(table, dims=dims, index=whole.astype(np.int32), values=values, modified=modified)


def _value(value: Any, *, typed: bool) -> Any:
    gap = value is None or (isinstance(value, float) and math.isnan(value))
    if gap:
        return None if typed else "       ."
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if typed or isinstance(value, str) else str(value).rjust(8)
