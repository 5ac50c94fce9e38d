"""Tables with region keys: OData downloads and StatLine exports with codes (`;`, padded keys, JJ00)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ivp_analysis.data.counts import Counts, read_counts
from ivp_analysis.data.coverage import pack_years
from ivp_analysis.data.cut_off import shorter_last_block
from ivp_analysis.data.regions import BORDERS_FROM, classify_keys, unknown_area
from ivp_analysis.data.tabular import Sheet, find_column, read_header, read_sheet
from ivp_analysis.data.tidy import (
    KEYS,
    Drop,
    Mask,
    Named,
    Reading,
    first_duplicate,
    join_frames,
    join_named,
    tally,
)
from ivp_analysis.errors import InputError
from ivp_analysis.periods import Period, parse_period
from ivp_analysis.registry.records import Registry, Source

DELIMITER = ";"
_END_OF_YEAR = re.compile(r"BevolkingAanHetEindeVanDePeriode(_\d+)?", re.IGNORECASE)
_FIRST_DAY = re.compile(r"(TotaleBevolking|BevolkingOp1Januari)(_\d+)?", re.IGNORECASE)


def read_observations(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    """A table of counts by code, region and period, for every measure of the source that the file has."""
    header = read_header(content, name, DELIMITER)
    region, period, code = (
        find_column(header, column or "", name)
        for column in (source.region_column, source.period_column, source.code_column)
    )
    filters = {find_column(header, column, name): key for column, key in source.filters.items()}
    measures = _measures(header, source, name)
    sheet = read_sheet(content, name, [region, period, code, *filters, *measures], delimiter=DELIMITER)
    notes = shorter_last_block(sheet)
    counts = {column: _counts(sheet, column, source) for column in measures}
    filled = np.logical_or.reduce([~c.values.isna() for c in counts.values()])
    chosen = select_rows(sheet, region, filters, filled, registry)
    rows = chosen.rows
    periods = parse_periods(sheet, period, source)
    codes = _codes(sheet, code, source)
    old = rows & np.array([p.year < BORDERS_FROM for p in periods])[sheet.columns[period].index]
    rows &= ~old
    keys = pd.DataFrame(
        {
            "area_code": sheet.columns[region].select(rows).recode(sheet.columns[region].texts),
            "code": sheet.columns[code].select(rows).recode(codes),
            "period": sheet.columns[period].select(rows).recode([str(p) for p in periods]),
        }
    )
    _refuse_double(keys, sheet, rows)
    frames = [_measure_frame(keys, counts[column], rows, suffix) for column, suffix in measures.items()]
    lost = {
        reason: n * len(measures)
        for reason, n in tally(chosen.dropped, {Drop.BEFORE_REGISTRY: int(old.sum())}).items()
    }
    return Reading(
        {"observations": join_frames(frames)},
        sheet.rows * len(measures),
        lost,
        _with_old(chosen, periods),
        notes=notes,
    )


def read_population(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    """Inhabitants by region and year; the end of year Y is 1 January of Y + 1, in the borders of Y."""
    header = read_header(content, name, DELIMITER)
    # The wide export calls the column "Regio's"; the same table by OData calls it RegioS.
    wanted = source.region_column if source.region_column in header else "RegioS"
    region, period = (
        find_column(header, column, name) for column in (wanted, source.period_column or "Perioden")
    )
    measure, later = _population_column(header, name)
    filters = {find_column(header, column, name): key for column, key in source.filters.items()}
    sheet = read_sheet(content, name, [region, period, *filters, measure], delimiter=DELIMITER)
    counts = read_counts(sheet.columns[measure], name=measure, where=sheet.where, known="exact")
    chosen = select_rows(sheet, region, filters, ~counts.values.isna(), registry)
    rows = chosen.rows
    periods = parse_periods(sheet, period, source)
    index = sheet.columns[period].index
    year = np.array([p.year for p in periods])[index]
    monthly = rows & np.array([p.month is not None for p in periods])[index]
    old = rows & ~monthly & (year < BORDERS_FROM)
    rows &= ~monthly & ~old
    areas = sheet.columns[region].select(rows).recode(sheet.columns[region].texts)
    frame = pd.DataFrame(
        {
            "area_code": areas,
            "year": year[rows].astype(np.int64) + later,
            "january_first": pd.array(counts.values[rows], dtype="Int64"),
            "borders_of": year[rows].astype(np.int64),
        }
    )
    _refuse_double(pd.DataFrame({"area_code": areas, "period": pd.Categorical(frame["year"])}), sheet, rows)
    lost = {Drop.OTHER_MONTHS: int(monthly.sum()), Drop.BEFORE_REGISTRY: int(old.sum())}
    return Reading({"population": frame}, sheet.rows, tally(chosen.dropped, lost), _with_old(chosen, periods))


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows that are kept, and why and which the others are not."""

    rows: Mask
    dropped: dict[str, int]
    named: Named


def select_rows(
    sheet: Sheet, region: str, filters: dict[str, str], filled: Mask, registry: Registry
) -> Selection:
    """Which rows are kept, and why the others are not; an unknown area with figures stops the reading."""
    rows = np.ones(sheet.rows, dtype=np.bool_)
    for column, key in filters.items():
        keys = sheet.columns[column]
        if key not in keys.texts:
            raise InputError(
                f"no row has {column} = {key!r}", where=sheet.name, todo="include that choice in the export"
            )
        rows &= keys.index == keys.texts.index(key)
    dropped = {Drop.FILTER: int((~rows).sum())}
    areas = sheet.columns[region]
    kinds = classify_keys(areas.texts, registry)
    unknown = np.array(kinds.unknown)[areas.index] & rows
    if (unknown & filled).any():
        row = int(np.argmax(unknown & filled))
        raise unknown_area(
            areas.texts[areas.index[row]], registry, where=f"{sheet.where(row)}, column {region}"
        )
    named: dict[str, list[str]] = {}
    for reason in (Drop.LEVEL, Drop.UNPLACED):
        out = np.array([d == reason for d in kinds.drops])[areas.index] & rows
        dropped[reason] = int(out.sum())
        named[reason] = [text for text, d in zip(areas.texts, kinds.drops, strict=True) if d == reason]
        rows &= ~out
    dropped[Drop.UNKNOWN_EMPTY] = int(unknown.sum())
    named[Drop.UNKNOWN_EMPTY] = [areas.texts[i] for i in np.unique(areas.index[unknown])]
    return Selection(rows & ~unknown, tally(dropped), join_named(named))


def _with_old(chosen: Selection, periods: Sequence[Period]) -> Named:
    """And the years that are dropped because they lie before the registry."""
    old = pack_years(p.year for p in periods if p.year < BORDERS_FROM)
    return join_named(chosen.named, {Drop.BEFORE_REGISTRY: [old]} if old else {})


def parse_periods(sheet: Sheet, column: str, source: Source) -> list[Period]:
    """The periods of the distinct texts; a year or month where the table has none is an InputError."""
    found: list[Period] = []
    for i, text in enumerate(sheet.columns[column].texts):
        where = f"{sheet.where(sheet.columns[column].row_of(i))}, column {column}"
        try:
            period = parse_period(text)
        except InputError as error:
            raise InputError(error.what, where=where, todo=error.todo) from error
        if (
            kind := "year" if period.month is None else "month"
        ) not in source.frequencies and source.kind != "population":
            raise InputError(
                f"period {text!r} is a {kind}, {source.id} has {', '.join(source.frequencies)} figures only",
                where=where,
                todo="check that this is the right table, or leave these periods out of the export",
            )
        found.append(period)
    return found


def _measures(header: Sequence[str], source: Source, name: str) -> dict[str, str]:
    """Column -> suffix. The main measure must be there; an export may leave the others out."""
    found: dict[str, str] = {}
    for column, suffix in source.measures.items():
        try:
            found[find_column(header, column, name)] = suffix
        except InputError:
            if not suffix:
                raise
    return found


def _counts(sheet: Sheet, column: str, source: Source) -> Counts:
    known = "rounded5" if source.rounding == 5 else "exact"
    return read_counts(sheet.columns[column], name=column, where=sheet.where, known=known)


def _codes(sheet: Sheet, column: str, source: Source) -> tuple[str, ...]:
    texts = sheet.columns[column].texts
    for i, text in enumerate(texts):
        if source.codes and text not in source.codes:
            raise InputError(
                f"unknown code {text!r} in {source.id}",
                where=f"{sheet.where(sheet.columns[column].row_of(i))}, column {column}",
                todo="if the source has a new code, add it with its name to data/registry/sources.toml",
            )
    return texts


def _measure_frame(keys: pd.DataFrame, counts: Counts, rows: Mask, suffix: str) -> pd.DataFrame:
    frame = keys.copy()
    if suffix:
        named = [f"{code}|{suffix}" for code in frame["code"].cat.categories]
        frame["code"] = frame["code"].cat.rename_categories(named)
    frame["count"] = pd.array(counts.values[rows], dtype="Int32")
    frame["status"] = counts.status[rows]
    return frame


def _refuse_double(keys: pd.DataFrame, sheet: Sheet, rows: Mask) -> None:
    columns = [column for column in KEYS if column in keys]
    position = first_duplicate([keys[column].array for column in columns])
    if position is not None:
        row = int(np.flatnonzero(rows)[position])
        key = " / ".join(str(keys[column].iloc[position]) for column in columns)
        raise InputError(
            f"{key} stands in the table twice",
            where=sheet.where(row),
            todo="export again with one value per choice",
        )


def _population_column(header: Sequence[str], name: str) -> tuple[str, int]:
    """The column, and how many years later its 1 January is."""
    for pattern, later in ((_FIRST_DAY, 0), (_END_OF_YEAR, 1)):
        found = [column for column in header if pattern.fullmatch(column)]
        if found:
            return found[0], later
    raise InputError(
        f"no column with the population (found: {', '.join(header)[:200]})",
        where=f"{name}, row 1",
        todo="select the population on 1 January or at the end of the period",
    )
