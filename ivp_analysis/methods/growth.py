"""How levels wander and drift: what a panel of comparable series says about the growth of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, Indices, as_counts, as_years
from ivp_analysis.methods.log_linear import LogLinearFits, fit_log_linear

# Numerical settings of the weighting, no policy.
MAX_ROUNDS = 100
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ProjectionRules:
    """The policy constants of the projection; group `projection` of the method file."""

    damping: float
    half: float
    prior_variance: float
    min_drift_variance: float
    min_level_variance: float
    mixture_weight: float
    interval: float
    drift_window_years: int


@dataclass(frozen=True, slots=True)
class GrowthPool:
    """What the peers' series share; all on the log scale, a year.

    `level_variance` (s2) is that of a year's step beyond Poisson chance, `dispersion` (phi) the scatter
    around the log-linear trends, `mean_drift` (g0) and `drift_variance` (B) the peers' slopes.
    """

    level_variance: float
    dispersion: float
    mean_drift: float
    drift_variance: float
    n_series: int


@dataclass(frozen=True, slots=True)
class Drift:
    """The slope a year that a series is given, with its variance and the weight of its own slope in it."""

    value: float
    variance: float
    own_weight: float


@dataclass(frozen=True, slots=True, eq=False)
class DriftPanel:
    """Counts of some rows up to an origin, and their log-linear fits over the drift window."""

    counts: Floats
    years: Floats
    fits: LogLinearFits


def fit_drifts(counts: ArrayLike, years: ArrayLike, *, origin: int, rules: ProjectionRules) -> DriftPanel:
    """Own log slopes of all rows over the last `drift_window_years` valid years up to and including `origin`.

    Years after the origin are cut off here, once, so that nothing behind this line can see them.
    """
    every = as_years(years)
    past = every <= origin
    y = np.atleast_2d(as_counts(counts))[:, past]
    valid = np.isfinite(y)
    following = np.cumsum(valid[:, ::-1], axis=1)[:, ::-1]
    window = np.where(following <= rules.drift_window_years, y, np.nan)
    return DriftPanel(y, every[past], fit_log_linear(window, 1.0, every[past]))


def estimate_growth(
    panel: DriftPanel,
    *,
    rules: ProjectionRules,
    members: Sequence[int] | Indices | None = None,
    level_members: Sequence[int] | Indices | None = None,
) -> GrowthPool:
    """The pool of the rows `members` (all when None).

    The level variance may come from more rows (`level_members`: the same peers, all indicators of a group),
    because squared steps of a few small series say little.
    """
    everyone = np.arange(len(panel.counts))
    rows = everyone if members is None else np.asarray(members, dtype=np.intp)
    wide = rows if level_members is None else np.asarray(level_members, dtype=np.intp)
    fits = panel.fits
    rows = rows[fits.converged[rows] & (fits.df[rows] > 0)]
    if rows.size < 2:
        raise MethodError(
            f"{rows.size} series cannot show how series grow",
            todo="give a pool of at least two series with three years each",
        )
    dispersion = max(float(fits.pearson_chi2[rows].sum() / fits.df[rows].sum()), 1.0)
    noise = dispersion * fits.se[rows] ** 2
    weight = 1 / (noise + rules.prior_variance)
    mean = float(weight @ fits.slope[rows] / weight.sum())
    between = float(fits.slope[rows].var(ddof=1) - noise.mean())
    level = level_variance(panel.counts[wide], panel.years, rules=rules)
    return GrowthPool(level, dispersion, mean, max(between, rules.min_drift_variance), rows.size)


def level_variance(counts: Floats, years: Floats, *, rules: ProjectionRules) -> float:
    """s2: how much the log level moves in a year beyond Poisson chance and beyond the drift of its series.

    Per series, over steps d = diff(log(y + 1/2)) of following years around their own mean: a mean of squares
    about zero would hold the drift, which the forecast adds by itself (simulated: chances some 2 points off).
    With v = 1/(y1 + 1/2) + 1/(y0 + 1/2) what Poisson chance adds to a step, a series says s2 + v with the
    precision (n-1)/(s2 + v)^2: by those weights large series outweigh small ones, whose steps are chance
    mostly. Figures rounded by their publisher need nothing more: the rounding of both years is in these
    steps, as it is in the step from the last figure to the one that will be published.
    """
    following = np.diff(years) == 1
    inverse = 1 / (counts + rules.half)
    steps = np.where(following, np.diff(np.log(counts + rules.half), axis=1), np.nan)
    several = np.isfinite(steps).sum(axis=1) > 1
    if not several.any():
        raise MethodError(
            "no two steps of a series to see a level move", todo="give a pool with longer series"
        )
    steps, inverse = steps[several], inverse[several]
    seen, n = np.isfinite(steps), np.isfinite(steps).sum(axis=1)
    chance = np.where(seen, inverse[:, 1:] + inverse[:, :-1], 0.0).sum(axis=1)
    squares = ((np.where(seen, steps, 0.0) - seen * np.nanmean(steps, axis=1, keepdims=True)) ** 2).sum(
        axis=1
    )
    # In the mean of the steps only the ends of each run of years are left.
    ends = np.pad(seen, ((0, 0), (1, 0))) != np.pad(seen, ((0, 0), (0, 1)))
    in_mean = np.where(ends, inverse, 0.0).sum(axis=1) / n
    told = (squares - chance + in_mean) / (n - 1)
    # By the mean count: single low years widen the steps too, and would weigh down what they tell.
    typical = 2 / (np.nanmean(counts[several], axis=1) + rules.half)
    return _weigh(told, n, typical, rules.min_level_variance)


def _weigh(told: Floats, n: Indices, chance: Floats, least: float) -> float:
    """The mean of what each series tells, weighted by the precision that it implies itself."""
    found = max(float(told.mean()), least)
    for _ in range(MAX_ROUNDS):
        weight = (n - 1) / (found + chance) ** 2
        before, found = found, max(float(weight @ told / weight.sum()), least)
        if abs(found - before) <= TOLERANCE * found:
            break
    return found


def shrink_drift(slope: float, se: float, pool: GrowthPool) -> Drift:
    """g = g0 + w (b - g0) with w = B / (B + phi se^2), and its variance w phi se^2.

    Without an own slope (NaN) the series gets the peers' mean with the peers' variance: the limit se -> inf.
    """
    if not np.isfinite(slope):
        return Drift(pool.mean_drift, pool.drift_variance, 0.0)
    noise = pool.dispersion * se**2
    weight = pool.drift_variance / (pool.drift_variance + noise)
    return Drift(pool.mean_drift + weight * (slope - pool.mean_drift), weight * noise, weight)


def damped_years(horizon: int, *, damping: float) -> float:
    """k = d (1 - d^h) / (1 - d): how many full years of drift the coming h years hold."""
    if damping == 1:
        return float(horizon)
    return damping * (1 - damping**horizon) / (1 - damping)
