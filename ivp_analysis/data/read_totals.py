"""83648NED by region name: a file that passed through a spreadsheet, in which gaps became 0.0."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ivp_analysis.data.counts import Counts, read_counts
from ivp_analysis.data.read_odata import Selection, parse_periods
from ivp_analysis.data.regions import BORDERS_FROM, area_by_name, known_at, unknown_area
from ivp_analysis.data.tabular import Sheet, find_column, read_header, read_sheet
from ivp_analysis.data.tidy import (
    STATUSES,
    Drop,
    Mask,
    Reading,
    as_category,
    first_duplicate,
    join_named,
    statuses,
    tally,
)
from ivp_analysis.errors import InputError
from ivp_analysis.registry.records import Registry, Source

DELIMITER = ","


def read_totals(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    """Counts by code title, region name and year. No municipality has a year without crime: 0 is a gap."""
    header = read_header(content, name, DELIMITER)
    code, region, period = (
        find_column(header, column or "", name)
        for column in (source.code_column, source.region_column, source.period_column)
    )
    measure = find_column(header, next(iter(source.measures)), name)
    sheet = read_sheet(content, name, [code, region, period, measure], delimiter=DELIMITER)
    codes, periods = _codes(sheet, code, source), parse_periods(sheet, period, source)
    total = np.array([c == source.total_code for c in codes])[sheet.columns[code].index]
    counts = _counts(sheet, measure, source, total)
    year = np.array([p.year for p in periods])[sheet.columns[period].index]
    areas, chosen = _areas(sheet, region, year, ~np.asarray(counts.values.isna()), registry)
    rows = chosen.rows
    frame = pd.DataFrame(
        {
            "area_code": as_category(areas[rows]),
            "code": sheet.columns[code].select(rows).recode(codes),
            "period": sheet.columns[period].select(rows).recode([str(p) for p in periods]),
            "count": pd.array(counts.values[rows], dtype="Int32"),
            "status": counts.status[rows],
        }
    )
    frame = _zero_is_gap_where_not_there(frame, registry)
    double = first_duplicate([frame[key].array for key in ("area_code", "code", "period")])
    if double is not None:
        where = sheet.where(int(np.flatnonzero(rows)[double]))
        raise InputError(
            "this region, code and year stand there twice", where=where, todo="export the table again"
        )
    return Reading({"observations": frame}, sheet.rows, chosen.dropped, chosen.named)


def _counts(sheet: Sheet, column: str, source: Source, total: Mask) -> Counts:
    """The counts, in which a total of 0 is a gap."""
    known = "rounded5" if source.rounding == 5 else "exact"
    counts = read_counts(sheet.columns[column], name=column, where=sheet.where, known=known)
    gap = np.asarray(counts.values.isna()) | (
        total & (counts.values.to_numpy(dtype=np.int64, na_value=0) == 0)
    )
    counts.values[gap] = pd.NA
    return Counts(counts.values, statuses(np.where(gap, STATUSES.index("missing"), counts.status.codes)))


def _codes(sheet: Sheet, column: str, source: Source) -> list[str]:
    """Codes of the distinct texts, given as a code or as the title of one."""
    by_title = {title: code for code, title in source.codes.items()}
    found: list[str] = []
    for i, text in enumerate(sheet.columns[column].texts):
        bare = text.lstrip("0123456789 ")  # StatLine writes "11 Diefstal/verduistering en inbraak"
        code = text if text in source.codes else by_title.get(text) or by_title.get(bare)
        if code is None:
            raise InputError(
                f"unknown code {text!r} in {source.id}",
                where=f"{sheet.where(sheet.columns[column].row_of(i))}, column {column}",
                todo="if the source has a new code, add it with its name to data/registry/sources.toml",
            )
        found.append(code)
    return found


def _areas(
    sheet: Sheet, column: str, year: np.ndarray, filled: Mask, registry: Registry
) -> tuple[np.ndarray, Selection]:
    """Area code per row, which rows are kept, and why the others are not."""
    regions = sheet.columns[column]
    areas = np.full(sheet.rows, "", dtype=object)
    rows = year >= BORDERS_FROM
    dropped = tally({Drop.BEFORE_REGISTRY: int((~rows).sum())})
    named: dict[str, list[str]] = {}
    for i, title in enumerate(regions.texts):
        own = (regions.index == i) & rows
        code = area_by_name(registry, title, int(year[own & filled].min(initial=2100)))
        if code is None and (own & filled).any():
            where = f"{sheet.where(int(np.argmax(own & filled)))}, column {column}"
            raise unknown_area(title, registry, where=where)
        if code is None or isinstance(code, Drop):
            dropped = tally(dropped, {code or Drop.UNKNOWN_EMPTY: int(own.sum())})
            named.setdefault(code or Drop.UNKNOWN_EMPTY, []).append(title)
            rows &= ~own
        else:
            areas[own] = code
            _rename_where_not_valid(areas, own & filled, title, code, year, registry)
    return areas, Selection(rows, dropped, join_named(named))


def _rename_where_not_valid(
    areas: np.ndarray, own: Mask, title: str, code: str, year: np.ndarray, registry: Registry
) -> None:
    """One name may have been borne by two municipalities after each other."""
    for row in np.flatnonzero(own):
        if not known_at(registry, code, int(year[row])):
            areas[row] = area_by_name(registry, title, int(year[row]))


def _zero_is_gap_where_not_there(frame: pd.DataFrame, registry: Registry) -> pd.DataFrame:
    """A 0 of a type in a year that the municipality did not exist is the same filled gap."""
    zero = frame["count"].eq(0).fillna(False).to_numpy(dtype=np.bool_)
    pairs = zip(frame["area_code"][zero], frame["period"][zero], strict=True)
    there = np.array(
        [known_at(registry, str(area), int(str(period))) for area, period in pairs], dtype=np.bool_
    )
    gap = zero.copy()
    gap[zero] = ~there
    frame.loc[gap, "count"] = pd.NA
    frame.loc[gap, "status"] = "missing"
    return frame
