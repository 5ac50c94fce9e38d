"""Figures of indicators and inhabitants as tables of areas by periods: what methods and reports work with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.disclosure import hide_small, summed_areas, threshold, wholes_of
from ivp_analysis.data.opened import MISSING, Build, CodeTable, Frequency, open_build
from ivp_analysis.data.tidy import STATUSES
from ivp_analysis.errors import UsageError
from ivp_analysis.registry.records import Recipe, Registry

__all__ = [
    "HIDDEN", "Build", "Frequency", "IndicatorSeries", "indicator_counts", "key_figures", "open_build",
    "populations", "recipe_counts", "whole_years",
]  # fmt: skip
HIDDEN = "suppressed"
Reason = Literal["", "no source", "no figures"]
Flags = npt.NDArray[np.bool_]
_FREQUENCIES: tuple[Frequency, ...] = ("year", "month")


@dataclass(frozen=True, slots=True)
class IndicatorSeries:
    """Counts of one indicator by area (rows) and period (columns), all from one recipe.

    counts: NaN where any part is missing or the number is hidden. status: a word of the data model per cell.
    reason: why all is empty: no recipe has a source in this build, or the source has no figure for these areas.
    sums: counts and status of groups of areas whose sum is known although some of its parts are hidden.
    """

    indicator: str
    frequency: Frequency
    counts: pd.DataFrame
    status: pd.DataFrame
    recipe: Recipe | None = None
    reason: Reason = ""
    sums: Mapping[frozenset[str], pd.DataFrame] = field(default_factory=dict)

    @property
    def source(self) -> str | None:
        """The source that the figures come from."""
        return None if self.recipe is None else self.recipe.source

    def total(self, area_codes: Iterable[str] | None = None) -> pd.Series:
        """The sum over areas (all of them by default); one missing area makes the sum missing."""
        known = self._known_sum(area_codes)
        if known is not None:
            return known["count"]
        chosen = self.counts if area_codes is None else self.counts.reindex(list(area_codes))
        return chosen.sum(axis=0, skipna=False, min_count=1)

    def total_status(self, area_codes: Iterable[str] | None = None) -> pd.Series:
        """The status of that sum: the most doubtful of its parts, missing if one is."""
        known = self._known_sum(area_codes)
        if known is not None:
            return known["status"]
        chosen = (
            self.status if area_codes is None else self.status.reindex(list(area_codes)).fillna("missing")
        )
        ranks = chosen.apply(lambda column: column.map(STATUSES.index))
        worst = [_worst(ranks[period].to_numpy()) for period in ranks]
        return pd.Series([STATUSES[rank] for rank in worst], index=chosen.columns, dtype="str")

    def _known_sum(self, area_codes: Iterable[str] | None) -> pd.DataFrame | None:
        return self.sums.get(frozenset(self.counts.index if area_codes is None else area_codes))


def indicator_counts(
    build: Build,
    registry: Registry,
    indicator_id: str,
    area_codes: Iterable[str],
    frequency: Frequency = "year",
) -> IndicatorSeries:
    """The indicator from the preferred recipe among those with figures for the most of these municipalities.

    A recipe leads only if it is long enough for a trend, or no recipe after it is longer: the one figure that the
    police delivered for a base year must not take the place of a series. Never two recipes in one table. Country,
    province and police region come from their own rows, and are empty where the source has none.
    """
    if indicator_id not in registry.indicators:
        raise UsageError(
            f"unknown indicator {indicator_id!r}", todo="use an id of data/registry/indicators.toml"
        )
    areas = list(dict.fromkeys(area_codes))
    local = [a for a in areas if a.startswith("GM")] or areas
    recipes = registry.indicators[indicator_id].recipes
    found = [recipe_counts(build, registry, indicator_id, recipe, areas, frequency) for recipe in recipes]
    most = max((_held(series, local) for series in found), default=0)
    if most:
        widest = [series for series in found if _held(series, local) == most]
        return _leading(widest, local, registry.method.group("trend")["min_years"])
    held = [r for r in recipes if r.source in build.sources]
    return _empty(indicator_id, areas, frequency, held[0] if held else None)


def whole_years(series: IndicatorSeries, area_codes: Sequence[str]) -> list[str]:
    """The years with a figure, shown or hidden, for each of these areas that the series has figures for at all."""
    areas = list(area_codes)
    known = series.counts.reindex(areas).notna() | (series.status.reindex(areas) == HIDDEN)
    own = known[known.any(axis=1)]
    return sorted({str(period)[:4] for period in own.columns[own.all()]}) if len(own) else []


def _held(series: IndicatorSeries, areas: Sequence[str]) -> int:
    """For how many areas it has a figure."""
    return int(series.counts.reindex(list(areas)).notna().any(axis=1).sum())


def _leading(found: Sequence[IndicatorSeries], areas: Sequence[str], least: int) -> IndicatorSeries:
    lengths = [len(whole_years(series, areas)) for series in found]
    return next(
        series for i, series in enumerate(found) if lengths[i] >= min(least, max(lengths[i:], default=0))
    )


def recipe_counts(
    build: Build,
    registry: Registry,
    indicator_id: str,
    recipe: Recipe,
    area_codes: Iterable[str],
    frequency: Frequency = "year",
) -> IndicatorSeries:
    """The sum of the codes of one recipe, also an alternative one; a missing code makes the sum missing.

    Small numbers of a delivery are hidden here, so that no page, file, figure or method ever holds them.
    """
    areas = list(dict.fromkeys(area_codes))
    if recipe.source not in build.sources or not registry.sources[recipe.source].is_delivered:
        return _add_codes(build, indicator_id, recipe, areas, frequency)
    groups = summed_areas(registry)
    wholes = wholes_of(registry, build.areas(recipe.source))
    parts = (area for group in (*groups, *wholes.values()) for area in group)
    everyone = list(dict.fromkeys([*areas, *wholes, *parts]))
    whole = {f: _add_codes(build, indicator_id, recipe, everyone, f) for f in _FREQUENCIES}
    tables = [whole[f].counts for f in _FREQUENCIES]
    hidden = hide_small(tables, groups, threshold(registry), wholes)
    return _cut_down(whole[frequency], areas, *hidden[_FREQUENCIES.index(frequency)])


def _cut_down(
    whole: IndicatorSeries, areas: list[str], cells: Flags, sums: Mapping[frozenset[str], Flags]
) -> IndicatorSeries:
    """Without what is hidden, for the areas that were asked for; with the sums that may be shown."""
    known = {
        group: pd.DataFrame(
            {
                "count": whole.total(sorted(group)).mask(gone),
                "status": whole.total_status(sorted(group)).mask(gone, HIDDEN),
            }
        )
        for group, gone in sums.items()
    }
    counts, status = whole.counts.mask(cells), whole.status.mask(cells, HIDDEN)
    return replace(whole, counts=counts.loc[areas], status=status.loc[areas], sums=known)


def _add_codes(
    build: Build, indicator_id: str, recipe: Recipe, areas: list[str], frequency: Frequency
) -> IndicatorSeries:
    tables = [build.code_table(recipe.source, code, frequency) for code in recipe.codes]
    whole = [table for table in tables if table is not None]
    if len(whole) < len(tables) or not whole:
        return _empty(indicator_id, areas, frequency, recipe if recipe.source in build.sources else None)
    periods = pd.Index(sorted(set().union(*(table.periods for table in whole))))
    picked = [_pick(table, areas, periods) for table in whole]
    values = np.sum([value for value, _ in picked], axis=0)
    states = _worst(np.stack([state for _, state in picked]))
    words = np.array(STATUSES, dtype=object)[states]
    return IndicatorSeries(
        indicator_id,
        frequency,
        pd.DataFrame(values, index=areas, columns=periods),
        # One block of objects: a column of strings for each of many months costs more than all the rest.
        pd.DataFrame(words, index=areas, columns=periods, dtype=object),
        recipe,
        "" if np.isfinite(values).any() else "no figures",
    )


def populations(
    build: Build,
    area_codes: Iterable[str],
    years: Iterable[int],
    *,
    measure: Literal["average", "january_first"] = "average",
) -> pd.DataFrame:
    """Inhabitants by area and year (NaN if unknown): the average of the year, or those of 1 January."""
    areas, wanted = list(dict.fromkeys(area_codes)), list(years)
    frame = build.population
    if not len(frame):
        return pd.DataFrame(np.nan, index=areas, columns=wanted)
    some = frame[frame["area_code"].isin(areas).to_numpy() & frame["year"].isin(wanted).to_numpy()]
    index = pd.MultiIndex.from_frame(some[["area_code", "year"]].astype({"area_code": "str"}))
    values = some[measure].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    wide = pd.Series(values, index=index).unstack()
    return wide.reindex(index=areas, columns=wanted).rename_axis(index=None, columns=None)


def key_figures(build: Build, area_codes: Iterable[str] | None = None) -> pd.DataFrame:
    """Features by area: of each the newest year that the build has."""
    frame = build.key_figures
    areas = None if area_codes is None else list(dict.fromkeys(area_codes))
    if not len(frame):
        return pd.DataFrame(index=areas or [])
    newest = frame.groupby("feature", observed=True)["year"].transform("max")
    some = frame[(frame["year"] == newest).to_numpy()]
    some = some.drop_duplicates(["area_code", "feature"], keep="last")
    wide = some.astype({"area_code": "str", "feature": "str"}).pivot(
        index="area_code", columns="feature", values="value"
    )
    wide = wide.rename_axis(index=None, columns=None)
    return wide if areas is None else wide.reindex(areas)


def youth(build: Build, area_codes: Iterable[str], years: Iterable[int]) -> pd.DataFrame:
    """Young people of 12 to 17 by area and year; NaN where the key figures of that year do not tell."""
    frame = build.key_figures
    some = frame[(frame["feature"] == "youth_12_17").to_numpy()] if len(frame) else frame
    areas, wanted = list(dict.fromkeys(area_codes)), list(years)
    if not len(some):
        return pd.DataFrame(np.nan, index=areas, columns=wanted)
    some = some.astype({"area_code": "str"}).drop_duplicates(["area_code", "year"], keep="last")
    wide = some.pivot(index="area_code", columns="year", values="value")
    return wide.reindex(index=areas, columns=wanted).rename_axis(index=None, columns=None)


def _pick(table: CodeTable, areas: Sequence[str], periods: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = table.areas.get_indexer(pd.Index(areas)), table.periods.get_indexer(periods)
    values, states = table.values[np.ix_(rows, columns)], table.states[np.ix_(rows, columns)]
    outside = (rows < 0)[:, None] | (columns < 0)[None, :]
    return np.where(outside, np.nan, values), np.where(outside, MISSING, states)


def _worst(states: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
    """Missing or suppressed wherever one part is; else the most doubtful of the parts."""
    gone = np.isin(states, [MISSING, STATUSES.index("suppressed")])
    highest = states.max(axis=0)
    worst: npt.NDArray[np.int8] = np.where(gone.any(axis=0), np.where(gone, states, 0).max(axis=0), highest)
    return worst


def _empty(
    indicator: str, areas: Sequence[str], frequency: Frequency, recipe: Recipe | None
) -> IndicatorSeries:
    nothing = pd.DataFrame(index=list(areas), dtype=float)
    reason: Reason = "no source" if recipe is None else "no figures"
    return IndicatorSeries(indicator, frequency, nothing, nothing.astype(object), recipe, reason)
