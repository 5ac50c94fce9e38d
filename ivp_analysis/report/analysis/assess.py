"""From a table of counts to findings: trends of all municipalities at once, and the region as their sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ivp_analysis.data.series import HIDDEN, IndicatorSeries, youth
from ivp_analysis.methods.multiplicity import adjust
from ivp_analysis.methods.rates import Rate, rate
from ivp_analysis.methods.region import RegionTrend, assess_region
from ivp_analysis.methods.trend import TrendResult, TrendRules, assess_trends, with_adjusted
from ivp_analysis.report.analysis.findings import Area, Finding
from ivp_analysis.report.analysis.rounding import rounding_variances

if TYPE_CHECKING:
    import pandas as pd

    from ivp_analysis.report.analysis.analysis import Analysis

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Panel:
    """One indicator: municipalities `codes` (the plan's first) by years; `pools` are the rows of the peers of each.

    `rounding` is the variance that rounding adds to a count, on average over the years of a trend. `populations` are
    the young people of 12 to 17 where `of_youth`, else all inhabitants.
    """

    series: IndicatorSeries
    codes: tuple[str, ...]
    years: tuple[int, ...]
    counts: Floats
    populations: Floats
    rounding: Floats
    pools: list[list[int]]
    of_youth: bool = False

    def rows(self, codes: Sequence[str]) -> list[int]:
        """Where these municipalities stand."""
        place = {code: row for row, code in enumerate(self.codes)}
        return [place[code] for code in codes]

    def total(self, codes: Sequence[str]) -> Floats:
        """The sum over municipalities by year: also where a part of a known sum is hidden, NaN where one is missing."""
        known = self.series.sums.get(frozenset(codes))
        found: Floats = (
            self.counts[self.rows(codes)].sum(axis=0) if known is None else known["count"].to_numpy(float)
        )
        return found


def open_panel(analysis: Analysis, series: IndicatorSeries) -> Panel:
    """The counts of the plan's municipalities and their peers with their inhabitants; no row is a sum.

    A measure per young person is held against young people, where every year says how many: a series with two kinds of
    denominator would jump.
    """
    codes = analysis.compared
    years = tuple(int(period) for period in series.counts.columns)
    young = _young(analysis, series, codes, years)
    people = young if young is not None else analysis.people.reindex(index=list(codes), columns=list(years))
    window = [y for y in years if y <= analysis.year][-analysis.trend_rules.window_years :]
    row_of = {code: row for row, code in enumerate(codes)}
    pools = [[row_of[p] for p in analysis.peers[c].peers] if c in analysis.peers else [] for c in codes]
    return Panel(
        series=series,
        codes=codes,
        years=years,
        counts=series.counts.loc[list(codes)].to_numpy(dtype=float),
        populations=people.to_numpy(dtype=float),
        rounding=rounding_variances(analysis, series, codes, window or years).mean(axis=1),
        pools=pools,
        of_youth=young is not None,
    )


def _young(
    analysis: Analysis, series: IndicatorSeries, codes: Sequence[str], years: Sequence[int]
) -> pd.DataFrame | None:
    """Young people, for a measure of them, where they are known of every municipality of the plan in every year."""
    if analysis.registry.indicators[series.indicator].denominator != "youth":
        return None
    found = youth(analysis.build, codes, years)
    own = found.loc[list(analysis.plan.areas), [year for year in years if year <= analysis.year]]
    return found if own.notna().all(axis=None) else None


def _trend_pools(analysis: Analysis, panel: Panel) -> tuple[list[list[int]], bool]:
    """Who tells how much years scatter: the peers, and whether they have figures.

    Where only the plan's own municipalities have figures, as in a delivery, they tell it each other.
    """
    own = len(analysis.plan.areas)
    if np.isfinite(panel.counts[own:]).any():
        return panel.pools, True
    return [list(range(own)) if row < own else [] for row in range(len(panel.codes))], False


def judge_findings(analysis: Analysis) -> dict[tuple[str, str], Finding]:
    """All findings of an analysis with the words that their family of tests allows."""
    pending = [
        finding for series in analysis.series.values() for finding in assess_findings(analysis, series)
    ]
    judged = with_adjusted([finding.trend for finding in pending], analysis.trend_rules)
    q = adjust([f.heterogeneity.p if f.heterogeneity else np.nan for f in pending], method="bh")
    differ = [None if np.isnan(one) else bool(one <= analysis.trend_rules.q_max) for one in q]
    return {
        (finding.indicator.id, finding.area.code): replace(finding, trend=trend, areas_differ=differs)
        for finding, trend, differs in zip(pending, judged, differ, strict=True)
    }


def assess_findings(analysis: Analysis, series: IndicatorSeries) -> Iterator[Finding]:
    """The findings of one indicator in every area of the plan; the words come later, from the whole family."""
    panel = open_panel(analysis, series)
    trends = fit_trends(analysis, panel)
    for row, area in enumerate(analysis.areas):
        rows = slice(0, len(area.members)) if area.is_region else slice(row, row + 1)
        counts, people = panel.total(area.members), panel.populations[rows].sum(axis=0)
        status = series.total_status(area.members)
        regional = fit_region(analysis, panel) if area.is_region else None
        recipe = series.recipe
        assert recipe is not None, "a series with figures has a recipe"
        yield Finding(
            indicator=analysis.registry.indicators[series.indicator],
            area=area,
            year=analysis.year,
            years=panel.years,
            counts=tuple(counts.tolist()),
            populations=tuple(people.tolist()),
            source=analysis.registry.sources[recipe.source],
            recipe=recipe,
            rate=_rate(analysis, panel, area, rows),
            trend=regional.trend if regional else trends[row],
            rules=analysis.wording_rules,
            heterogeneity=regional.heterogeneity if regional else None,
            of_youth=panel.of_youth,
            hidden=tuple(year for year, word in zip(panel.years, status, strict=True) if word == HIDDEN),
        )


def fit_trends(
    analysis: Analysis,
    panel: Panel,
    *,
    excluded_years: Sequence[int] = (),
    breaks: Sequence[float] = (),
    relative: bool = True,
    rules: TrendRules | None = None,
) -> list[TrendResult]:
    """Of the municipalities of the plan, in its order; all years and no breaks is the headline.

    rules: others than those of the headline, as for a window that somebody else chose.
    """
    rules = rules or analysis.trend_rules
    pools, with_peers = _trend_pools(analysis, panel)
    return assess_trends(
        panel.counts,
        panel.populations,
        panel.years,
        pools=pools,
        reference_year=analysis.year,
        rules=rules,
        rounding_variance=panel.rounding,
        excluded_years=excluded_years,
        breaks=breaks,
        relative=relative and with_peers,
        units=range(len(analysis.plan.areas)),
    )


def fit_region(
    analysis: Analysis,
    panel: Panel,
    *,
    excluded_years: Sequence[int] = (),
    breaks: Sequence[float] = (),
    relative: bool = True,
    rules: TrendRules | None = None,
) -> RegionTrend:
    """The same of the region."""
    rules = rules or analysis.trend_rules
    pools, with_peers = _trend_pools(analysis, panel)
    return assess_region(
        panel.counts,
        panel.populations,
        panel.years,
        members=range(len(analysis.plan.areas)),
        pools=pools,
        reference_year=analysis.year,
        rules=rules,
        rounding_variance=panel.rounding,
        excluded_years=excluded_years,
        breaks=breaks,
        relative=relative and with_peers,
    )


def _rate(analysis: Analysis, panel: Panel, area: Area, rows: slice) -> Rate | None:
    """The rate of the reference year with its limits; None without a count or without its denominator."""
    indicator = analysis.registry.indicators[panel.series.indicator]
    if analysis.year not in panel.years:
        return None
    column = panel.years.index(analysis.year)
    count = float(panel.total(area.members)[column])
    people = float(panel.populations[rows, column].sum())
    if indicator.denominator == "youth":
        young = youth(analysis.build, panel.codes[rows], [analysis.year])
        people = float(young.to_numpy(dtype=float).sum())
    if indicator.denominator in ("none", "dwellings") or np.isnan(count) or not people > 0:
        return None
    constants = analysis.registry.method.group("rates")
    return rate(
        count,
        people,
        per=float(constants["per"]),
        confidence=float(constants["confidence"]),
        rounding_variance=float(panel.rounding[rows].sum()),
    )
