"""The shape of a table as its metadata sets tell it: dimensions with padded keys, measures with titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ivp_analysis.data.provisional import is_provisional
from ivp_analysis.errors import FetchError

Row = Mapping[str, Any]
Kind = Literal["region", "period", "other"]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column of keys. keys: exactly as the source writes them, padding and all, each with its title.

    provisional: the periods among them whose figures are not final.
    """

    column: str
    title: str
    kind: Kind
    keys: tuple[tuple[str, str], ...]
    provisional: tuple[str, ...] = ()

    @property
    def padded(self) -> dict[str, str]:
        """Key without padding -> key as the source wants it in a filter."""
        return {key.strip(): key for key, _ in self.keys}


@dataclass(frozen=True, slots=True)
class Topic:
    """A measure. group: the titles of the headings above it."""

    key: str
    title: str
    unit: str
    group: str

    @property
    def label(self) -> str:
        """What a person needs to see which measure it is."""
        parts = (self.key, self.group, self.title, self.unit)
        return " | ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything about a table but its figures."""

    table: str
    title: str
    modified: str
    dimensions: tuple[Dimension, ...]
    topics: tuple[Topic, ...]

    def of_kind(self, kind: Kind) -> Dimension | None:
        """The dimension of regions or of periods, if there is one."""
        return next((d for d in self.dimensions if d.kind == kind), None)


def shape_to_json(shape: Shape) -> dict[str, Any]:
    """For keeping beside unfinished pages."""
    return asdict(shape)


def shape_from_json(kept: Mapping[str, Any]) -> Shape:
    """The reverse."""
    dimensions = tuple(
        Dimension(
            d["column"],
            d["title"],
            d["kind"],
            tuple((key, title) for key, title in d["keys"]),
            tuple(d.get("provisional", ())),
        )
        for d in kept["dimensions"]
    )
    topics = tuple(Topic(**topic) for topic in kept["topics"])
    return Shape(kept["table"], kept["title"], kept["modified"], dimensions, topics)


def bare_dimensions(properties: Sequence[Row]) -> list[tuple[str, str, Kind]]:
    """Column, title and kind of the dimensions that DataProperties lists."""
    return [
        (str(row["Key"]), str(row["Title"] or ""), _kind(str(row["Type"])))
        for row in properties
        if _is_dimension(str(row.get("Type") or ""))
    ]


def topics_of(properties: Sequence[Row]) -> tuple[Topic, ...]:
    """The measures, each with the path of its headings."""
    groups = {row["ID"]: row for row in properties if row.get("Type") == "TopicGroup"}
    return tuple(
        Topic(str(row["Key"]), str(row["Title"] or ""), str(row.get("Unit") or ""), _path(row, groups))
        for row in properties
        if row.get("Type") == "Topic"
    )


def make_dimension(column: str, title: str, kind: Kind, rows: Sequence[Row], table: str) -> Dimension:
    """A dimension from the rows of its own set."""
    keys = tuple((str(row["Key"]), str(row.get("Title") or "").strip()) for row in rows)
    if not keys or len({key.strip() for key, _ in keys}) < len(keys):
        raise FetchError(
            f"dimension {column} has {'a key twice' if keys else 'no keys'}",
            where=f"table {table}",
            todo="try again later; if it stays, report it to the publisher of the table",
        )
    open_ones = (str(row["Key"]).strip() for row in rows if is_provisional(str(row.get("Status") or "")))
    return Dimension(column, title, kind, keys, tuple(open_ones) if kind == "period" else ())


def _is_dimension(kind: str) -> bool:
    return kind == "Dimension" or kind.startswith(("Geo", "Time"))


def _kind(kind: str) -> Kind:
    if kind.startswith("Geo"):
        return "region"
    return "period" if kind.startswith("Time") else "other"


def _path(row: Row, groups: Mapping[Any, Row]) -> str:
    titles: list[str] = []
    above = row.get("ParentID")
    while above in groups and len(titles) < len(groups):
        titles.insert(0, str(groups[above]["Title"] or "").strip())
        above = groups[above].get("ParentID")
    return " / ".join(titles)
