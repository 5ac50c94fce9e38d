"""Checks on one snapshot: parts and their total, months and their year, municipalities and the country."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.checks import LOOK
from ivp_analysis.data.regions import COUNTRY
from ivp_analysis.errors import BuildError
from ivp_analysis.registry.records import Source

Table = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Cube:
    """Counts [area, period, code] of one measure, NaN where there is none."""

    areas: tuple[str, ...]
    periods: tuple[str, ...]
    codes: tuple[str, ...]
    values: Table

    def label(self, *cell: int) -> str:
        """Area, period and code of a cell, as far as given."""
        return " / ".join(
            names[i] for names, i in zip((self.areas, self.periods, self.codes), cell, strict=False)
        )


def check_sums(frame: pd.DataFrame, source: Source, name: str) -> int:
    """Stop at the first sum of the main measure that does not hold; returns how many sums were compared."""
    cube = _cube(frame, "")
    if not cube.codes:
        return 0
    return _check_consistent(cube, source, name) + _check_complete(cube, source, name)


def doubt_sums(frame: pd.DataFrame, source: Source, name: str) -> list[str]:
    """The first sum that does not hold of each other measure: reports by citizens are shown beside the count only.

    That their months make the year, or their municipalities no more than the country, is nowhere promised.
    """
    found: list[str] = []
    for suffix in sorted(set(source.measures.values()) - {""}):
        cube = _cube(frame, suffix)
        try:
            _check_consistent(cube, source, name)
        except BuildError as error:
            found.append(f"{suffix} do not add up: {error.what}")
    return found


def _check_consistent(cube: _Cube, source: Source, name: str) -> int:
    compared = _check_parts(cube, source, name) + _check_months(cube, source, name)
    return compared + _check_country(cube, source, name)


def _check_parts(cube: _Cube, source: Source, name: str) -> int:
    """No part exceeds the total (by more than rounding makes)."""
    if source.total_code not in cube.codes:
        return 0
    total = cube.values[:, :, cube.codes.index(source.total_code)]
    compared = 0
    for i, code in enumerate(cube.codes):
        away = cube.values[:, :, i] - total
        for area, period in np.argwhere(away > source.rounding - 1):
            said = (
                f"{cube.values[area, period, i]:.0f}, the total {source.total_code} {total[area, period]:.0f}"
            )
            raise BuildError(f"{cube.label(area, period)}: {code} is {said}", where=name, todo=LOOK)
        compared += int((~np.isnan(away)).sum()) if code != source.total_code else 0
    return compared


def _check_complete(cube: _Cube, source: Source, name: str) -> int:
    """All codes together are the total, where the source says so and none of them is missing."""
    if not source.total_is_complete or source.total_code is None or not set(source.codes) <= set(cube.codes):
        return 0
    place = cube.codes.index(source.total_code)
    total = cube.values[:, :, place]
    away = cube.values.sum(axis=2) - 2 * total
    for area, period in np.argwhere(np.abs(away) > source.rounding // 2 * len(cube.codes)):
        said, made = total[area, period], total[area, period] + away[area, period]
        what = f"the codes make {made:.0f}, the total {source.total_code} says {said:.0f}"
        raise BuildError(f"{cube.label(area, period)}: {what}", where=name, todo=LOOK)
    return int((~np.isnan(away)).sum())


def _check_months(cube: _Cube, source: Source, name: str) -> int:
    """Twelve months of a code make its year, in sources that count exactly and publish the code by month."""
    if source.rounding != 1:
        return 0
    place = {period: i for i, period in enumerate(cube.periods)}
    monthly = np.array([code not in source.yearly_only for code in cube.codes], dtype=np.bool_)
    compared = 0
    for year in (period for period in cube.periods if len(period) == 4):
        names = [f"{year}-{month:02d}" for month in range(1, 13)]
        if not set(names) <= place.keys():
            continue
        said = cube.values[:, place[year]]
        away = np.where(monthly, cube.values[:, [place[month] for month in names]].sum(axis=1) - said, np.nan)
        for area, code in np.argwhere(np.nan_to_num(away)):
            made = said[area, code] + away[area, code]
            what = f"the months make {made:.0f}, the year says {said[area, code]:.0f}"
            raise BuildError(f"{cube.label(area, place[year], code)}: {what}", where=name, todo=LOOK)
        compared += int((~np.isnan(away)).sum())
    return compared


def _check_country(cube: _Cube, source: Source, name: str) -> int:
    """Municipalities never exceed the country; less is possible (place unknown, not all selected)."""
    if COUNTRY not in cube.areas:
        return 0
    local = cube.values[np.array([area.startswith("GM") for area in cube.areas], dtype=np.bool_)]
    country = cube.values[cube.areas.index(COUNTRY)]
    sums, filled = np.nansum(local, axis=0), (~np.isnan(local)).sum(axis=0)
    for period, code in np.argwhere(sums > country + source.rounding // 2 * (filled + 1)):
        what = f"municipalities make {sums[period, code]:.0f}, the country {country[period, code]:.0f}"
        raise BuildError(f"{cube.periods[period]} / {cube.codes[code]}: {what}", where=name, todo=LOOK)
    return int(((filled > 0) & ~np.isnan(country)).sum())


def _cube(frame: pd.DataFrame, suffix: str) -> _Cube:
    area, period, code = (frame[key].cat for key in ("area_code", "period", "code"))
    named = [name.partition("|") for name in code.categories]
    codes = tuple(bare for bare, _, tail in named if tail == suffix)
    place = np.array([codes.index(bare) if tail == suffix else -1 for bare, _, tail in named], dtype=np.int64)
    column = place[code.codes.to_numpy()]
    some = column >= 0
    values = np.full((len(area.categories), len(period.categories), len(codes)), np.nan)
    count = frame["count"].array[some].to_numpy(dtype=np.float64, na_value=np.nan)
    values[area.codes.to_numpy()[some], period.codes.to_numpy()[some], column[some]] = count
    return _Cube(tuple(area.categories), tuple(period.categories), codes, values)
