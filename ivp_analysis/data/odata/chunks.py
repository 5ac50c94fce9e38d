"""Cutting a request into pieces that a service can answer: few terms in a filter, few rows in the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ivp_analysis.data.odata.service import Way
from ivp_analysis.errors import FetchError

# Servers of this kind refuse a filter of more than 100 nodes (a term takes five) and an address of more than 2,048
# characters (a term takes some 35).
TERMS = 14
_AREA_TERMS = 7


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a table that is wanted, in the table's own keys.

    region, period: columns (None: the table has none). every_…: those are all that the table has, so that no
    filter is needed. year_sizes: how many periods the table has in each year. fixed: columns held at one key.
    cells: at most so many rows per region and period.
    """

    region: str | None
    period: str | None
    areas: tuple[str, ...]
    every_area: bool
    periods: tuple[str, ...]
    every_period: bool
    year_sizes: tuple[tuple[str, int], ...]
    fixed: tuple[tuple[str, str], ...]
    cells: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """One filter. most: no more rows than this can come."""

    way: Way
    where: str
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    most: int


def plan_chunks(scope: Scope, limit: int, way: Way) -> list[Chunk]:
    """Chunks of at most `limit` rows that together are the scope."""
    if scope.cells > limit:
        raise FetchError(
            f"one region and period may hold {scope.cells} rows, but only {limit} can be asked at once",
            where="the request",
            todo="report this: the table needs a smaller cut",
        )
    chunks: list[Chunk] = []
    for areas, area_clause in _area_cuts(scope, limit):
        fit = max(1, limit // (len(areas) * scope.cells))
        terms = TERMS - len(scope.fixed) - (len(areas) if area_clause else 0)
        for periods, period_clause in _period_cuts(scope, fit, terms):
            fixed = [_equals(column, key) for column, key in scope.fixed]
            where = " and ".join(clause for clause in (*fixed, area_clause, period_clause) if clause)
            most = len(areas) * max(1, len(periods)) * scope.cells
            chunks.append(Chunk(way, where, areas, periods, most))
    return chunks


def _area_cuts(scope: Scope, limit: int) -> Iterator[tuple[tuple[str, ...], str]]:
    if scope.region is None or (scope.every_area and len(scope.areas) * scope.cells <= limit):
        yield scope.areas or ("",), ""
        return
    size = min(_AREA_TERMS, limit // scope.cells)
    for some in _batches(scope.areas, size):
        yield some, _any([_equals(scope.region, key) for key in some])


def _period_cuts(scope: Scope, fit: int, most: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """At most `fit` periods at once, in at most `most` terms."""
    if scope.period is None or (scope.every_period and len(scope.periods) <= fit):
        yield scope.periods, ""
        return
    keys: list[str] = []
    terms: list[str] = []
    for unit, term in _units(scope, fit):
        if terms and (len(keys) + len(unit) > fit or len(terms) == most):
            yield tuple(keys), _any(terms)
            keys, terms = [], []
        keys += unit
        terms.append(term)
    if terms:
        yield tuple(keys), _any(terms)


def _units(scope: Scope, fit: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Whole years where all of a year is wanted, else single periods: v3 has no other safe filter on periods.

    A range (ge, le) is not safe, and years and months share the dimension.
    """
    sizes = dict(scope.year_sizes)
    for year, of_year in groupby(scope.periods, key=lambda key: key[:4]):
        keys = tuple(of_year)
        if 1 < len(keys) == sizes[year] <= fit:
            yield keys, f"substringof('{year}',{scope.period})"
        else:
            yield from (((key,), _equals(str(scope.period), key)) for key in keys)


def _batches(keys: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(keys), size):
        yield tuple(keys[start : start + size])


def _equals(column: str, key: str) -> str:
    quoted = key.replace("'", "''")
    return f"{column} eq '{quoted}'"


def _any(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' or '.join(terms)})"
