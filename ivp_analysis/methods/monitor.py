"""Does the latest month stand out? A seasonal count model of the years before it, and a stated budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_counts, as_floats
from ivp_analysis.methods.predictive import Predictive, growth_law
from ivp_analysis.methods.seasonal import (
    QuasiPoissonFit,
    anscombe_consistency,
    anscombe_weights,
    fit_quasi_poisson,
    season_design,
)


class MonitorWord(StrEnum):
    """Of the latest month (or quarter, or 12 months)."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    QUIET = "quiet"
    LOW = "low"
    VERY_LOW = "very_low"
    NOT_ASSESSABLE = "not_assessable"


class Resolution(StrEnum):
    """What is watched: months, or for small counts quarters or sums of 12 months."""

    MONTH = "month"
    QUARTER = "quarter"
    TWELVE_MONTHS = "twelve_months"


@dataclass(frozen=True, slots=True)
class MonitorRules:
    """The policy constants of monitoring; group `monitor` of the method file."""

    years: int
    min_years: int
    harmonics: int
    notable_p: float
    very_notable_p: float
    min_mean: float
    downweight_residual: float


@dataclass(frozen=True, slots=True)
class Signal:
    """What was counted beside what was to be expected. Counts outside `lower` to `upper` are notable.

    `false_chance` is the chance of a notable count, either side, when nothing happened: with counts it is less
    than twice the rule's p, and the budget is made of it. All NaN when there was nothing to judge by.
    """

    resolution: Resolution
    count: float
    expected: float
    lower: float
    upper: float
    p_high: float
    p_low: float
    word: MonitorWord
    false_chance: float
    dispersion: float
    n_history: int


STEPS = {Resolution.MONTH: 12, Resolution.QUARTER: 4}


def assess_latest(
    monthly: ArrayLike,
    *,
    first_month: int,
    rules: MonitorRules,
    half: float,
    covariates: ArrayLike | None = None,
) -> Signal:
    """Judge the last month of a series (NaN = missing) by the `years` before it.

    A mean below `min_mean` a month makes it the last complete quarter, below that a quarter the last 12
    months. `first_month` is the calendar month (1-12) of the first figure; `covariates` (months x p) are
    breaks, with what they are in the last month.
    """
    counts = as_counts(monthly)
    extra = np.zeros((counts.size, 0)) if covariates is None else as_floats(covariates)
    extra = extra.reshape(counts.size, -1)
    history = counts[:-1][-12 * rules.years :]
    if _mean(history) >= rules.min_mean:
        return _assess_season(counts, extra, Resolution.MONTH, rules)
    quarters, causes = _quarters(counts, extra, first_month)
    if _mean(quarters[:-1][-4 * rules.years :]) >= rules.min_mean:
        return _assess_season(quarters, causes, Resolution.QUARTER, rules)
    return _assess_twelve_months(counts, rules, half)


def assess_recent(
    monthly: ArrayLike,
    *,
    months: int,
    first_month: int,
    rules: MonitorRules,
    half: float,
    covariates: ArrayLike | None = None,
) -> tuple[Signal, ...]:
    """Each of the last `months` months as it was judged when it was the latest: by what came before it."""
    counts = as_counts(monthly)
    extra = None if covariates is None else as_floats(covariates).reshape(counts.size, -1)
    ends = range(max(counts.size - months, 0) + 1, counts.size + 1)
    return tuple(
        assess_latest(
            counts[:end],
            first_month=first_month,
            rules=rules,
            half=half,
            covariates=None if extra is None else extra[:end],
        )
        for end in ends
    )


def expected_false_signals(signals: Sequence[Signal]) -> float:
    """The budget: notable months (quarters, 12-month sums) a year to expect where nothing happened."""
    times = {Resolution.MONTH: 12, Resolution.QUARTER: 4, Resolution.TWELVE_MONTHS: 12}
    return float(sum(times[s.resolution] * s.false_chance for s in signals if np.isfinite(s.false_chance)))


def judge(count: float, law: Predictive, rules: MonitorRules) -> tuple[MonitorWord, float, float]:
    """The word with P(Y >= count) and P(Y <= count)."""
    p_high, p_low = 1 - float(law.cdf(count - 1)), float(law.cdf(count))
    if p_high < rules.notable_p:
        return (MonitorWord.VERY_HIGH if p_high < rules.very_notable_p else MonitorWord.HIGH), p_high, p_low
    if p_low < rules.notable_p:
        return (MonitorWord.VERY_LOW if p_low < rules.very_notable_p else MonitorWord.LOW), p_high, p_low
    return MonitorWord.QUIET, p_high, p_low


def fit_season(
    counts: ArrayLike, covariates: ArrayLike, *, period: int, rules: MonitorRules
) -> QuasiPoissonFit | None:
    """Trend, season and breaks over all the counts given, with earlier outliers down-weighted."""
    y = as_counts(counts)
    # A quarter has one pair of harmonics and half of a second; cos(pi t) is kept, sin(pi t) is 0 and goes.
    design = season_design(np.arange(y.size), period=period, harmonics=rules.harmonics, covariates=covariates)
    first = fit_quasi_poisson(y, design)
    if first is None:
        return None
    threshold = rules.downweight_residual
    weights = anscombe_weights(first, y, threshold=threshold)
    return fit_quasi_poisson(y, design, weights=weights, consistency=anscombe_consistency(threshold))


def _assess_season(counts: Floats, covariates: Floats, resolution: Resolution, rules: MonitorRules) -> Signal:
    period = STEPS[resolution]
    start = max(counts.size - 1 - period * rules.years, 0)
    y, extra = counts[start:], covariates[start:]
    # A break from before these years, or in none of them, cannot be told from the level.
    extra = extra[:, extra.min(axis=0) < extra.max(axis=0)]
    known = int(np.isfinite(y[:-1]).sum())
    if known < period * rules.min_years or not np.isfinite(y[-1]):
        return _nothing(resolution, float(y[-1]), known)
    fit = fit_season(y[:-1], extra[:-1], period=period, rules=rules)
    times = np.arange(y.size)
    row = season_design(times, period=period, harmonics=rules.harmonics, covariates=extra)[-1]
    # sin(pi t) is 0 only to rounding; a column left out of the fit must not ask for it.
    law = None if fit is None else fit.law(np.where(np.abs(row) < 1e-9, 0.0, row))
    if fit is None or law is None:
        return _nothing(resolution, float(y[-1]), known)
    return _signal(resolution, float(y[-1]), law, fit.dispersion, known, rules)


def _assess_twelve_months(counts: Floats, rules: MonitorRules, half: float) -> Signal:
    """The last 12 months against the 12-month blocks before them, by the gamma-Poisson predictive."""
    whole = counts[counts.size % 12 :].reshape(-1, 12).sum(axis=1)
    latest = float(whole[-1]) if whole.size else float("nan")
    before = whole[:-1][-rules.years :]
    before = before[np.isfinite(before)]
    if before.size < rules.min_years or not np.isfinite(latest):
        return _nothing(Resolution.TWELVE_MONTHS, latest, int(before.size))
    size = float(before.sum()) + half
    law = growth_law(size / before.size, size=size)
    return _signal(Resolution.TWELVE_MONTHS, latest, law, 1.0, int(before.size), rules)


def _signal(
    resolution: Resolution, count: float, law: Predictive, dispersion: float, n: int, rules: MonitorRules
) -> Signal:
    word, p_high, p_low = judge(count, law, rules)
    first, cdf = law.table()
    # The largest count with P(Y >= k) still at the rule's p, and the smallest with P(Y <= k) there.
    upper = first + int(np.flatnonzero(1 - np.concatenate([[0.0], cdf]) >= rules.notable_p)[-1])
    lower = first + int(np.flatnonzero(cdf >= rules.notable_p)[0])
    false = 1 - float(law.cdf(upper)) + float(law.cdf(lower - 1))
    return Signal(resolution, count, law.mean, lower, upper, p_high, p_low, word, false, dispersion, n)


def _nothing(resolution: Resolution, count: float, n: int) -> Signal:
    nan = float("nan")
    return Signal(resolution, count, nan, nan, nan, nan, nan, MonitorWord.NOT_ASSESSABLE, nan, nan, n)


def _mean(counts: Floats) -> float:
    known = counts[np.isfinite(counts)]
    return float(known.mean()) if known.size else float("inf")


def _quarters(counts: Floats, covariates: Floats, first_month: int) -> tuple[Floats, Floats]:
    """Complete calendar quarters; one with a missing month is missing, and a break is the part it covers."""
    if not 1 <= first_month <= 12:
        raise MethodError(f"{first_month} is no month of the year", todo="give 1 (January) to 12")
    skipped = (1 - first_month) % 3
    n = max((counts.size - skipped) // 3, 1)
    padded = counts[skipped : skipped + 3 * n]
    if padded.size < 3:
        return np.full(1, np.nan), np.zeros((1, covariates.shape[1]))
    parts = covariates[skipped : skipped + 3 * n].reshape(n, 3, -1).mean(axis=1)
    return as_floats(padded.reshape(n, 3).sum(axis=1)), as_floats(parts)
