"""StatLine's wide export of population: titles on top, a column a year, region names, "Bron: CBS" below."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import pandas as pd

from ivp_analysis.data.counts import parse_count
from ivp_analysis.data.coverage import pack_years
from ivp_analysis.data.regions import BORDERS_FROM, area_by_name, known_at, unknown_area
from ivp_analysis.data.tabular import not_utf8
from ivp_analysis.data.tidy import Drop, Reading, join_named, tally
from ivp_analysis.errors import InputError
from ivp_analysis.registry.records import Registry, Source

_YEAR = re.compile(r"((?:19|20)\d\d)(\*{0,2})")
_TITLE_LINES = 12
_AGAIN = "export the table again from StatLine (CSV, ;), with the years in the columns"


def read_wide_population(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    """Inhabitants at the end of Y become those of 1 January Y + 1; empty means that the area is not there."""
    rows = _rows(content, name)
    head, years, first = _header(rows, source, name)
    body = _body(rows, head, len(rows[head]), name)
    end_of_year = _end_of_year([row for _, row in body], rows[head][:first], name)
    records: list[tuple[str, int, int | None, int]] = []
    dropped: dict[str, int] = {}
    named: dict[str, list[str]] = {}
    seen: dict[str, int] = {}
    for number, row in body:
        where = f"{name}, row {number}"
        if row[0] in seen:
            raise InputError(f"{row[0]!r} stands there twice (row {seen[row[0]]})", where=where, todo=_AGAIN)
        seen[row[0]] = number
        values = dict(zip(years, row[first:], strict=True))
        kept, lost = _area_rows(row[0], values, registry, where=where)
        records += [(code, year + end_of_year, value, year) for code, year, value in kept]
        dropped, named = tally(dropped, lost), join_named(named, {reason: [row[0]] for reason in lost})
    if Drop.BEFORE_REGISTRY in named:
        named[Drop.BEFORE_REGISTRY] = [pack_years(year for year in years if year < BORDERS_FROM)]
    frame = pd.DataFrame(records, columns=["area_code", "year", "january_first", "borders_of"])
    _refuse_double(frame, name)
    frame = frame.astype({"area_code": "category", "january_first": "Int64"})
    starred = tuple(cell.rstrip("*") for cell in rows[head][first:] if cell.endswith("*"))
    return Reading({"population": frame}, len(body) * len(years), dropped, named, starred)


def _rows(content: bytes, name: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8")
        return [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=";")
        ]
    except UnicodeDecodeError as error:
        raise not_utf8(error, name) from error
    except csv.Error as error:
        raise InputError(f"the file cannot be read ({error})", where=name, todo=_AGAIN) from error


def _header(rows: Sequence[Sequence[str]], source: Source, name: str) -> tuple[int, list[int], int]:
    """Row with the region column and the years, the years, and the position of the first year."""
    wanted = source.region_column or "Regio's"
    for number, row in enumerate(rows[:_TITLE_LINES]):
        if row and row[0].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") == wanted:
            first = next((i for i, cell in enumerate(row) if _YEAR.fullmatch(cell)), 0)
            matches = [_YEAR.fullmatch(cell) for cell in row[first:]]
            wrong = [cell for cell, match in zip(row[first:], matches, strict=True) if not match]
            years = [int(match[1]) for match in matches if match]
            if first and not wrong and len(set(years)) == len(years):
                return number, years, first
            what = (
                f"{wrong[0]!r} is not a year"
                if first and wrong
                else "no years, or a year that stands there twice"
            )
            raise InputError(what, where=f"{name}, row {number + 1}", todo=_AGAIN)
    raise InputError(
        f"no row begins with {wanted!r} within the first {_TITLE_LINES} rows (another delimiter or table?)",
        where=name,
        todo=_AGAIN,
    )


def _body(rows: Sequence[list[str]], head: int, width: int, name: str) -> list[tuple[int, list[str]]]:
    """Rows of figures with their row number; a file without its last line is cut off."""
    last = max((i for i, row in enumerate(rows) if any(row)), default=0)
    if not rows[last] or not rows[last][0].startswith(("Bron:", "©", "Source:")):
        raise InputError('the last line "Bron: CBS" is missing: the file is cut off', where=name, todo=_AGAIN)
    body = [(i + 1, row) for i, row in enumerate(rows) if head < i < last and any(row)]
    for number, row in body:
        if len(row) != width or any("\n" in cell for cell in row):
            what = f"{len(row)} columns where {width} are expected, or a quotation mark that is not closed"
            raise InputError(what, where=f"{name}, row {number}", todo=_AGAIN)
    if not body:
        raise InputError("the table has no rows", where=name, todo=_AGAIN)
    return body


def _end_of_year(body: Sequence[Sequence[str]], header: Sequence[str], name: str) -> int:
    """1 if the figures are of the end of the period, 0 if of 1 January; one topic only."""
    topics = sorted({" / ".join(row[1 : len(header)]) for row in body})
    if len(topics) != 1:
        raise InputError(
            f"{len(topics)} topics: {'; '.join(topics)[:150]}", where=name, todo="export one topic only"
        )
    if "einde van de periode" in topics[0]:
        return 1
    if "1 januari" in topics[0] or "Totale bevolking" in topics[0]:
        return 0
    raise InputError(f"topic {topics[0]!r} is not the population", where=name, todo=_AGAIN)


def _area_rows(
    title: str, values: dict[int, str], registry: Registry, *, where: str
) -> tuple[list[tuple[str, int, int | None]], dict[str, int]]:
    """(code, year, value) of one region; a name is looked up in the year that it has a figure for."""
    kept: list[tuple[str, int, int | None]] = []
    dropped: dict[str, int] = {}
    code = area_by_name(
        registry, title, min((y for y, v in values.items() if v and y >= BORDERS_FROM), default=BORDERS_FROM)
    )
    for year, text in values.items():
        if year < BORDERS_FROM:
            dropped = tally(dropped, {Drop.BEFORE_REGISTRY: 1})
            continue
        value = _number(text, where=f"{where}, year {year}")
        if isinstance(code, Drop):
            dropped = tally(dropped, {code: 1})
        elif code is None and value is not None:
            raise unknown_area(title, registry, where=where)
        elif code is None:
            dropped = tally(dropped, {Drop.UNKNOWN_EMPTY: 1})
        else:
            bearer = (
                code
                if value is None or known_at(registry, code, year)
                else area_by_name(registry, title, year)
            )
            kept.append((str(bearer), year, value))
    return kept, dropped


def _number(text: str, *, where: str) -> int | None:
    try:
        return parse_count(text)
    except ValueError as error:
        raise InputError(
            str(error), where=where, todo="look at it in the source; never edit it here"
        ) from error


def _refuse_double(frame: pd.DataFrame, name: str) -> None:
    double = frame[frame.duplicated(["area_code", "year"])]
    if len(double):
        area, year = double.iloc[0][["area_code", "year"]]
        raise InputError(
            f"two regions are {area} in {year}", where=name, todo="mend data/registry/municipalities.csv"
        )
