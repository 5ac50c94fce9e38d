"""A statement read as a level ("relatief veel"): beside comparable municipalities, and beside the plan's others."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from ivp_analysis.methods.benchmark import BenchmarkResult
from ivp_analysis.methods.benchmark_words import BenchmarkRules
from ivp_analysis.methods.ledger import Evidence, Untested, equivalence_p
from ivp_analysis.methods.two_periods import PeriodComparison, compare_periods
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.benchmarks import Levels, compare_areas, open_levels
from ivp_analysis.report.ledger.subjects import Reading, Subject, absent, subject_series


def read_levels(analysis: Analysis, subject: Subject) -> list[list[Reading]]:
    """The readings of each area of the plan, in its order; a region has no other municipalities of the plan."""
    series = subject_series(analysis, subject)
    if series is None:
        return [[absent("peers", subject)] for _ in analysis.areas]
    levels = open_levels(analysis, series, subject.window)
    peers = {code: group.peers for code, group in analysis.peers.items()}
    results = compare_areas(analysis, subject.indicator, levels, peers)
    found = [[_beside_peers(analysis, subject, result)] for result in results]
    if len(analysis.plan.areas) > 1:
        for readings, code in zip(found, analysis.plan.areas, strict=False):
            readings.append(_beside_others(analysis, subject, levels, code))
    return found


def _beside_peers(analysis: Analysis, subject: Subject, result: BenchmarkResult) -> Reading:
    if not np.isfinite(result.ratio):
        return absent("peers", subject)
    few = result.n_peers < analysis.chooser.rules.min_peers
    rules = analysis.benchmark_rules
    evidence = Evidence(
        result.ratio - 1,
        result.same[0] - 1,
        result.same[1] - 1,
        result.p,
        _peers_p_same(result, rules),
        _relevant(rules),
        Untested.TOO_FEW_PEERS if few else None,
    )
    return Reading("peers", subject.measure, subject.window, result.expected, result.count, evidence)


def _peers_p_same(result: BenchmarkResult, rules: BenchmarkRules) -> float:
    """On the square-root scale of the verdict, from the interval that the word "about equal" looks at."""
    df, centre = result.n_peers - 1, math.sqrt(result.ratio)
    quantile = float(special.stdtrit(df, (1 + rules.same_confidence) / 2))
    se = (math.sqrt(result.same[1]) - centre) / quantile
    lower, upper = math.sqrt(rules.same_low), math.sqrt(rules.same_high)
    return equivalence_p(centre, se, df, lower=lower, upper=upper)


def _relevant(rules: BenchmarkRules) -> float:
    """A level within the limits of the words is neither higher nor lower, however certain the difference."""
    return min(1 - rules.ratio_low, rules.ratio_high - 1)


def _beside_others(analysis: Analysis, subject: Subject, levels: Levels, code: str) -> Reading:
    """Against these very municipalities together, which are no sample of others: chance alone, as years scatter."""
    rows = levels.rows([code, *(other for other in analysis.plan.areas if other != code)])
    count, people, rounding = (
        (float(values[rows[0]]), float(values[rows[1:]].sum()))
        for values in (levels.counts, levels.exposure, levels.rounding)
    )
    if not np.isfinite([*count, *people]).all() or count[1] == 0:
        return absent("others", subject)
    trend, rules = analysis.findings[subject.indicator, code].trend, analysis.benchmark_rules
    known = np.isfinite(trend.dispersion)

    def against(ratio: float) -> PeriodComparison:
        return compare_periods(
            *count,
            later_exposure=people[0] * ratio,
            earlier_exposure=people[1],
            confidence=rules.same_confidence,
            dispersion=trend.dispersion if known else 1.0,
            df=trend.df if known else np.inf,
            rounding_variance=max(rounding),
        )

    found = against(1.0)
    # The two-sided p at either margin is never smaller than the one-sided p that sameness asks for.
    inside = rules.same_low < found.ratio < rules.same_high
    same = max(against(rules.same_low).p, against(rules.same_high).p) if inside else 1.0
    evidence = Evidence(found.ratio - 1, found.lower - 1, found.upper - 1, found.p, same, _relevant(rules))
    expected = count[1] / people[1] * people[0]
    return Reading("others", subject.measure, subject.window, expected, count[0], evidence)
