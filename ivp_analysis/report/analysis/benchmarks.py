"""Levels against comparable municipalities: a sum of years of every indicator in every area of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ivp_analysis.data.series import IndicatorSeries
from ivp_analysis.methods.benchmark import (
    BenchmarkResult,
    compare_region,
    compare_with_peers,
    with_benchmark_words,
)
from ivp_analysis.methods.contribution import sum_years
from ivp_analysis.methods.ranks import Rank, rank_units
from ivp_analysis.report.analysis.findings import Area, Finding
from ivp_analysis.report.analysis.rounding import rounding_variances
from ivp_analysis.report.page.words import BENCHMARK_WORDS, LevelWord, Tone, judge

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Levels:
    """One indicator, a sum over `years` in every municipality of the build: counts, person-years, rounding."""

    codes: tuple[str, ...]
    years: tuple[int, int]
    counts: Floats
    exposure: Floats
    rounding: Floats

    def rows(self, codes: Sequence[str]) -> list[int]:
        """Where these municipalities stand."""
        place = {code: row for row, code in enumerate(self.codes)}
        return [place[code] for code in codes]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A level with the word it earned. rank: place among unit and peers from the highest rate, None for a region
    and where there is no comparison. min_peers: the fewest that make one. q_max: what many comparisons allow.
    """

    finding: Finding
    result: BenchmarkResult
    rank: Rank | None
    years: tuple[int, int]
    min_peers: int
    q_max: float

    @property
    def word(self) -> LevelWord:
        """The word in Dutch."""
        assert self.result.word is not None, "judged with the areas of its indicator"
        return BENCHMARK_WORDS[self.result.word]

    @property
    def tone(self) -> Tone:
        """Whether that is good, by the indicator's record."""
        return judge(self.word.direction, self.finding.indicator.polarity)

    @property
    def area(self) -> Area:
        """Whose level it is."""
        return self.finding.area


def open_levels(analysis: Analysis, series: IndicatorSeries, window: tuple[int, int] | None = None) -> Levels:
    """Counts and person-years over the years of a level, or of a `window`; NaN where one of them is missing."""
    first, last = window or (analysis.year - analysis.benchmark_rules.years + 1, analysis.year)
    n, codes = last - first + 1, analysis.pool
    periods = [int(period) for period in series.counts.columns]
    people = analysis.people
    return Levels(
        codes=codes,
        years=(first, last),
        counts=sum_years(series.counts.to_numpy(dtype=float), periods, last_year=last, n_years=n),
        exposure=sum_years(people.to_numpy(dtype=float), list(people.columns), last_year=last, n_years=n),
        rounding=rounding_variances(analysis, series, codes, range(first, last + 1)).sum(axis=1),
    )


def compare_areas(
    analysis: Analysis, indicator: str, levels: Levels, peers: dict[str, tuple[str, ...]]
) -> list[BenchmarkResult]:
    """The municipalities of the plan against their `peers`, the region (if any) against the mix; with their words."""
    rules = analysis.benchmark_rules
    own = []
    for code, row in zip(analysis.plan.areas, levels.rows(analysis.plan.areas), strict=True):
        chosen = levels.rows(peers[code])
        own.append(
            compare_with_peers(
                levels.counts[row],
                levels.exposure[row],
                levels.counts[chosen],
                levels.exposure[chosen],
                rules=rules,
                dispersion=_dispersion(analysis.findings[indicator, code]),
                rounding_variance=float(levels.rounding[row]),
            )
        )
    if analysis.region.is_region:
        spread = _dispersion(analysis.findings[indicator, analysis.region.code])
        rounding = float(np.mean(levels.rounding[levels.rows(analysis.plan.areas)]))
        own.append(compare_region(own, rules, dispersion=spread, rounding_variance=rounding))
    return with_benchmark_words(own, rules, min_peers=analysis.chooser.rules.min_peers)


def assess_benchmarks(analysis: Analysis) -> dict[tuple[str, str], Benchmark]:
    """By indicator id and area code, as the findings are."""
    peers = {code: group.peers for code, group in analysis.peers.items()}
    found = {}
    for series in analysis.series.values():
        levels = open_levels(analysis, series)
        results = compare_areas(analysis, series.indicator, levels, peers)
        for area, result in zip(analysis.areas, results, strict=True):
            finding = analysis.findings[series.indicator, area.code]
            rank = None if area.is_region else _rank(analysis, levels, result, area.code)
            least, q_max = analysis.chooser.rules.min_peers, analysis.benchmark_rules.q_max
            benchmark = Benchmark(finding, result, rank, levels.years, least, q_max)
            found[series.indicator, area.code] = benchmark
    return found


def _rank(analysis: Analysis, levels: Levels, result: BenchmarkResult, code: str) -> Rank | None:
    """Place among the municipality and its peers, never without its interval."""
    if result.n_peers < analysis.chooser.rules.min_peers or not np.isfinite(result.ratio):
        return None
    rows = levels.rows([code, *analysis.peers[code].peers])
    known = [r for r in rows if np.isfinite(levels.counts[r]) and np.isfinite(levels.exposure[r])]
    confidence = analysis.benchmark_rules.limit_inner
    return rank_units(levels.counts[known], levels.exposure[known], units=[0], confidence=confidence)[0]


def _dispersion(finding: Finding) -> float:
    """How much a year scatters around the years of the peers; without a figure as chance alone would have it.

    What all share moves both sides of the ratio; that one year resembles the next, and rounding, come apart.
    """
    trend = finding.trend.relative or finding.trend
    return trend.scatter if np.isfinite(trend.scatter) else 1.0
