"""A statement read as a development: the trend over the years that it speaks of."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ivp_analysis.methods.ledger import Evidence, Untested, equivalence_p
from ivp_analysis.methods.trend import TrendResult, TrendRules
from ivp_analysis.methods.trend_words import is_tested
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.assess import fit_region, fit_trends, open_panel
from ivp_analysis.report.ledger.subjects import Reading, Subject, absent, subject_series


def read_trends(analysis: Analysis, subject: Subject) -> list[list[Reading]]:
    """One reading for each area of the plan, in its order."""
    series = subject_series(analysis, subject)
    if series is None:
        return [[absent("time", subject)] for _ in analysis.areas]
    panel, rules = open_panel(analysis, series), analysis.trend_rules
    first, last = subject.window
    if subject.window != (analysis.year - rules.window_years + 1, analysis.year):
        # Years before a window of somebody's own must not slide in where a year inside it is missing.
        inside = np.where(np.asarray(panel.years) >= first, panel.counts, np.nan)
        panel, rules = replace(panel, counts=inside), replace(rules, window_years=last - first + 1)
    then = replace(analysis, year=last)
    own = fit_trends(then, panel, relative=False, rules=rules)
    region = fit_region(then, panel, relative=False, rules=rules)
    members = panel.counts[: len(analysis.plan.areas)]
    counts = [*members, members.sum(axis=0)]
    return [
        [_read(trend, dict(zip(panel.years, row, strict=True)), subject, rules)]
        for trend, row in zip([*own, region.trend], counts, strict=True)
    ]


def _read(trend: TrendResult, counts: dict[int, float], subject: Subject, rules: TrendRules) -> Reading:
    if trend.first_year is None or trend.last_year is None:
        return absent("time", subject)
    years = trend.first_year, trend.last_year
    before, after = (float(counts[year]) for year in years)
    return Reading("time", subject.measure, years, before, after, _evidence(trend, rules))


def _evidence(trend: TrendResult, rules: TrendRules) -> Evidence:
    low, high = math.log1p(-rules.equivalence), math.log1p(rules.equivalence)
    same = equivalence_p(trend.slope, trend.se, trend.df, lower=low, upper=high)
    return Evidence(trend.change, trend.lower, trend.upper, trend.p, same, untested=_untested(trend, rules))


def _untested(trend: TrendResult, rules: TrendRules) -> Untested | None:
    if not is_tested(trend.n_years, trend.total, rules):
        return Untested.TOO_FEW_YEARS if trend.n_years < rules.min_years else Untested.TOO_SMALL
    return Untested.NO_SCATTER if math.isnan(trend.p) else None
