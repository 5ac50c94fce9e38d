"""From a request in our words to the part of the table in its own keys, with what the table does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from ivp_analysis.data.odata.chunks import Scope
from ivp_analysis.data.odata.columns import Found, find_columns, find_dimension
from ivp_analysis.data.odata.query import Wanted
from ivp_analysis.data.odata.shape import Dimension, Shape
from ivp_analysis.errors import FetchError, InputError
from ivp_analysis.periods import parse_period

_TOTAL = ("totaal", "totale", "total")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The scope, the columns to keep, the codes to keep (None: all), and what a person should know."""

    scope: Scope
    columns: tuple[Found, ...]
    code_column: str | None
    codes: frozenset[str] | None
    fixed: dict[str, str]
    absent: tuple[str, ...]
    notes: tuple[str, ...]


def resolve(shape: Shape, wanted: Wanted) -> Resolved:
    """Find everything that is wanted in the table, or say what is not there."""
    columns, notes = find_columns(shape, wanted.wishes)
    region = shape.of_kind("region") or _named(shape, wanted.region_column)
    period = shape.of_kind("period")
    code = find_dimension(shape, wanted.code_column) if wanted.code_column else None
    fixed = _fixed(shape, wanted, [d for d in (region, period, code) if d is not None])
    areas, absent = _areas(shape, region, wanted)
    periods, sizes = _periods(shape, period, wanted)
    cells = prod(len(d.keys) for d in shape.dimensions if d not in (region, period) and d.column not in fixed)
    scope = Scope(
        region=None if region is None else region.column,
        period=None if period is None else period.column,
        areas=areas,
        every_area=region is None or len(areas) == len(region.keys),
        periods=periods,
        every_period=period is None or len(periods) == len(period.keys),
        year_sizes=sizes,
        fixed=tuple(sorted(fixed.items())),
        cells=cells,
    )
    codes = None if wanted.codes is None else frozenset(wanted.codes)
    notes += _code_notes(code, codes)
    plain = {column: key.strip() for column, key in fixed.items()}
    return Resolved(
        scope, tuple(columns), None if code is None else code.column, codes, plain, absent, tuple(notes)
    )


def _named(shape: Shape, column: str | None) -> Dimension | None:
    """A dimension of regions that the table does not mark as one ("Gebieden in Nederland")."""
    return next((d for d in shape.dimensions if d.column == column), None)


def _fixed(shape: Shape, wanted: Wanted, free: Sequence[Dimension]) -> dict[str, str]:
    """Column -> padded key of every dimension that would otherwise multiply the rows."""
    chosen = {find_dimension(shape, name).column: key for name, key in wanted.filters.items()}
    found: dict[str, str] = {}
    for dimension in (d for d in shape.dimensions if d not in free):
        key = chosen[dimension.column] if dimension.column in chosen else _total_of(dimension, shape)
        if key not in dimension.padded:
            raise FetchError(
                f"dimension {dimension.column} has no key {key!r} (there are {_some(dimension)})",
                where=f"table {shape.table}",
                todo="mend [source.filters] of this source in data/registry/sources.toml",
            )
        found[dimension.column] = dimension.padded[key]
    return found


def _total_of(dimension: Dimension, shape: Shape) -> str:
    totals = [key.strip() for key, title in dimension.keys if title.lower().startswith(_TOTAL)]
    if len(totals) == 1:
        return totals[0]
    raise FetchError(
        f"{len(totals)} keys of dimension {dimension.column} are a total (there are {_some(dimension)})",
        where=f"table {shape.table}",
        todo=f"choose one in data/registry/sources.toml: [source.filters] {dimension.column} = ...",
    )


def _areas(shape: Shape, region: Dimension | None, wanted: Wanted) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if region is None or wanted.areas is None:
        return (() if region is None else tuple(key for key, _ in region.keys)), ()
    padded = region.padded
    there = tuple(padded[area] for area in wanted.areas if area in padded)
    if not there:
        raise FetchError(
            f"none of the areas is in the table: {', '.join(wanted.areas[:10])}",
            where=f"table {shape.table}, dimension {region.column}",
            todo="check the codes given with --areas",
        )
    return there, tuple(area for area in wanted.areas if area not in padded)


def _periods(
    shape: Shape, period: Dimension | None, wanted: Wanted
) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    if period is None:
        return (), ()
    sizes = Counter(key[:4] for key, _ in period.keys)
    kept = tuple(key for key, _ in period.keys if _is_wanted(key, wanted))
    if not kept:
        raise FetchError(
            f"the table has no {' or '.join(wanted.frequencies)} from {wanted.from_year} on",
            where=f"table {shape.table}, dimension {period.column}",
            todo="choose an earlier year with --from",
        )
    return kept, tuple(sorted(sizes.items()))


def _is_wanted(key: str, wanted: Wanted) -> bool:
    try:
        found = parse_period(key)
    except InputError:
        return False  # quarters, seasons and the like, which we do not keep
    frequency = "year" if found.month is None else "month"
    return found.year >= wanted.from_year and frequency in wanted.frequencies


def _code_notes(code: Dimension | None, codes: frozenset[str] | None) -> list[str]:
    if code is None or codes is None or not (gone := sorted(codes - code.padded.keys())):
        return []
    return [f"codes that the table does not have: {', '.join(gone[:10])}"]


def _some(dimension: Dimension) -> str:
    return ", ".join(f"{key.strip()} {title}" for key, title in dimension.keys[:5])
