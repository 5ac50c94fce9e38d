"""Where a count is heading: a wandering level with and without a damped drift, and what rivals would say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats
from ivp_analysis.methods.growth import (
    Drift,
    DriftPanel,
    GrowthPool,
    ProjectionRules,
    damped_years,
    estimate_growth,
    fit_drifts,
    shrink_drift,
)
from ivp_analysis.methods.predictive import Predictive, growth_law, mix_laws

__all__ = [
    "Forecaster",
    "GrowthPool",
    "PathPoint",
    "Projection",
    "ProjectionRules",
    "project_counts",
    "project_row",
]


class Forecaster(StrEnum):
    """The default, its two halves, and the rivals that stand beside it."""

    DEFAULT = "default"
    DRIFTLESS = "driftless"
    DRIFTING = "drifting"
    LAST_YEAR = "last_year"
    THREE_YEAR_MEAN = "three_year_mean"
    LOG_LINEAR = "log_linear"
    QUASI_POISSON = "quasi_poisson"


# They say the same of every year ahead.
STEADY = (Forecaster.LAST_YEAR, Forecaster.THREE_YEAR_MEAN)


@dataclass(frozen=True, slots=True)
class PathPoint:
    """The projection of one year: median and the interval of the rules."""

    year: int
    median: int
    lower: int
    upper: int
    mean: float


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The log-linear Poisson trend that the plan's footnote speaks of: log mean in the last year, slope, and
    the entries of its covariance (without dispersion); NaN when the series has none.
    """

    log_level: float
    slope: float
    var_level: float
    covariance: float
    var_slope: float

    def log_mean(self, horizon: int) -> float:
        """Extrapolated log mean."""
        return self.log_level + horizon * self.slope

    def log_variance(self, horizon: int) -> float:
        """Variance of the extrapolated log mean from parameter uncertainty, for dispersion 1."""
        return self.var_level + 2 * horizon * self.covariance + horizon**2 * self.var_slope


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Everything that can be said about the years after `last_year`, the last one with a count.

    `recent` are the last three valid counts, for the three-year mean.
    """

    last_year: int
    last_count: float
    recent: Floats
    drift: Drift
    line: TrendLine
    pool: GrowthPool
    rules: ProjectionRules

    def law(self, year: int, forecaster: Forecaster = Forecaster.DEFAULT) -> Predictive:
        """The distribution of the count of `year` according to one forecaster."""
        horizon = year - self.last_year
        if horizon < 1:
            raise MethodError(
                f"{year} is not after {self.last_year}", todo="project years after the last count"
            )
        laws = {
            Forecaster.DEFAULT: self._default,
            Forecaster.DRIFTLESS: self._driftless,
            Forecaster.DRIFTING: self._drifting,
            Forecaster.LAST_YEAR: self._last_year,
            Forecaster.THREE_YEAR_MEAN: self._three_year_mean,
            Forecaster.LOG_LINEAR: self._log_linear,
            Forecaster.QUASI_POISSON: self._quasi_poisson,
        }
        return laws[forecaster](horizon)

    def probability(self, target: float, year: int, forecaster: Forecaster = Forecaster.DEFAULT) -> float:
        """P(count of `year` <= target)."""
        return float(self.law(year, forecaster).cdf(target))

    def path(
        self, years: Sequence[int], forecaster: Forecaster = Forecaster.DEFAULT
    ) -> tuple[PathPoint, ...]:
        """Median and interval of each year; the interval is that of the year by itself."""
        return tuple(self._point(year, self.law(year, forecaster)) for year in years)

    def _point(self, year: int, law: Predictive) -> PathPoint:
        lower, upper = law.interval(self.rules.interval)
        return PathPoint(year, law.median, lower, upper, law.mean)

    @property
    def _level(self) -> float:
        return self.last_count + self.rules.half

    def _default(self, horizon: int) -> Predictive:
        still, moving = self._driftless(horizon), self._drifting(horizon)
        return mix_laws(still, moving, weight=self.rules.mixture_weight)

    def _driftless(self, horizon: int) -> Predictive:
        return growth_law(self._level, size=self._level, variance=horizon * self.pool.level_variance)

    def _drifting(self, horizon: int) -> Predictive:
        k = damped_years(horizon, damping=self.rules.damping)
        variance = horizon * self.pool.level_variance + k**2 * self.drift.variance
        return growth_law(self._level, size=self._level, growth=k * self.drift.value, variance=variance)

    def _last_year(self, horizon: int) -> Predictive:
        """NB(x + 1/2, p = 1/2): the level of last year, known as well as one Poisson count tells it."""
        return growth_law(self._level, size=self._level)

    def _three_year_mean(self, horizon: int) -> Predictive:
        """Gamma-Poisson with the Jeffreys prior: NB(sum + 1/2, p = n/(n+1))."""
        size = float(self.recent.sum()) + self.rules.half
        return growth_law(size / self.recent.size, size=size)

    def _log_linear(self, horizon: int) -> Predictive:
        """The extrapolated trend taken for the truth."""
        return growth_law(float(np.exp(self._log_mean(horizon))), size=float("inf"))

    def _quasi_poisson(self, horizon: int) -> Predictive:
        """The same line with its parameter uncertainty, and scatter phi times Poisson (NB1 at the line)."""
        mean, excess = float(np.exp(self._log_mean(horizon))), self.pool.dispersion - 1
        size = mean / excess if excess > 0 else float("inf")
        variance = self.pool.dispersion * self.line.log_variance(horizon)
        return growth_law(mean, size=size, variance=variance)

    def _log_mean(self, horizon: int) -> float:
        if not np.isfinite(self.line.slope):
            raise MethodError("this series has no log-linear trend", todo="leave this rival out here")
        return self.line.log_mean(horizon)


def project_counts(
    counts: ArrayLike, years: ArrayLike, *, origin: int, peers: ArrayLike, rules: ProjectionRules
) -> Projection:
    """Project one series (a municipality, or a region as the sum of its own) from what was known at `origin`.

    `peers` (series x the same years) are the comparable series from which level and drift variance come.
    """
    pool = estimate_growth(fit_drifts(peers, years, origin=origin, rules=rules), rules=rules)
    return project_row(fit_drifts(counts, years, origin=origin, rules=rules), 0, pool=pool, rules=rules)


def project_row(panel: DriftPanel, row: int, *, pool: GrowthPool, rules: ProjectionRules) -> Projection:
    """Project one row of a panel whose drifts are fitted already."""
    known = np.flatnonzero(np.isfinite(panel.counts[row]))
    if known.size == 0:
        raise MethodError("a series without any count cannot be projected", todo="give one year at least")
    last = int(known[-1])
    fits = panel.fits
    return Projection(
        last_year=int(panel.years[last]),
        last_count=float(panel.counts[row, last]),
        recent=panel.counts[row, known[-3:]],
        drift=shrink_drift(float(fits.slope[row]), float(fits.se[row]), pool),
        line=_trend_line(panel, row, last),
        pool=pool,
        rules=rules,
    )


def _trend_line(panel: DriftPanel, row: int, last: int) -> TrendLine:
    fitted = panel.fits.fitted[row]
    used = np.isfinite(fitted)
    if not used.any():
        return TrendLine(*[float("nan")] * 5)
    t = panel.years[used] - panel.years[last]
    weight = fitted[used]
    gram = np.array([[weight.sum(), weight @ t], [weight @ t, weight @ t**2]])
    (level, covariance), (_, slope) = np.linalg.inv(gram)
    line = np.log(fitted[last]), panel.fits.slope[row], level, covariance, slope
    return TrendLine(*[float(value) for value in line])
