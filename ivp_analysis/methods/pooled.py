"""Dispersion: how much more than chance the years scatter around their trends, pooled over series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.methods.arrays import Floats, Indices, as_floats, as_years
from ivp_analysis.methods.log_linear import LogLinearFits
from ivp_analysis.methods.serial import (
    SerialCurves,
    correlation_p,
    estimate_correlation,
    serial_curves,
    slope_inflation,
)


@dataclass(frozen=True, slots=True)
class Dispersion:
    """`value` multiplies the Poisson variance of a slope: pooled Pearson chi2/df, at least 1, times the factor
    for serial correlation. NaN when fewer than `min_df` degrees of freedom carry it.

    `raw` is before all that; `autocorrelation` the correlation of following years, freed from what any line
    through so few years does to its residuals.
    """

    value: float
    raw: float
    df: float
    autocorrelation: float
    n_series: int

    @property
    def of_a_year(self) -> float:
        """What multiplies the Poisson variance of one year's count: without the factor for the slope."""
        return max(self.raw, 1.0)

    @property
    def serial_factor(self) -> float:
        """What serial correlation adds to the variance of a slope: 1 when the rule was not met."""
        return self.value / self.of_a_year


@dataclass(frozen=True, slots=True)
class Scatter:
    """What each series adds to a pool: sums of its Pearson residuals; `rounding` in units of dispersion."""

    chi2: Floats
    df: Floats
    lagged: Floats
    squared: Floats
    rounding: Floats
    curves: SerialCurves


def measure_scatter(
    fits: LogLinearFits,
    years: ArrayLike,
    *,
    rounding_variance: ArrayLike = 0.0,
    covariates: ArrayLike | None = None,
) -> Scatter:
    """Sums per series; a series without a fit, or without a degree of freedom, adds nothing.

    Rounded figures have variance phi * mean + v. The Pearson chi2 already holds that v (about v/mean a year),
    so it is taken out of the pool here and put back for each series at its own mean: a small rounded series
    is not judged by the rounding of its larger peers, nor an exact one by that of rounded peers.
    `covariates` are those of the fits.
    """
    usable = fits.converged & (fits.df > 0)
    seen = usable[:, None] & np.isfinite(fits.residuals)
    e = np.where(seen, fits.residuals, 0.0)
    next_year = np.diff(as_years(years)) == 1
    inverse = np.nanmean(np.where(fits.converged[:, None], 1 / fits.fitted, 0.0), axis=1)
    rounding = np.broadcast_to(as_floats(rounding_variance), inverse.shape) * inverse
    df = np.where(usable, fits.df, 0.0)
    return Scatter(
        chi2=np.where(usable, fits.pearson_chi2, 0.0) - rounding * df,
        df=df,
        lagged=(e[:, 1:] * e[:, :-1] * next_year).sum(axis=1),
        squared=(e**2).sum(axis=1),
        rounding=rounding,
        curves=serial_curves(seen, years, covariates),
    )


def pool_dispersion(
    scatter: Scatter,
    members: Sequence[int] | Indices,
    *,
    max_autocorrelation: float,
    min_df: float,
    autocorrelation_p: float = 1.0,
) -> Dispersion:
    """Dispersion pooled by degrees of freedom over the series `members`.

    The lag-1 correlation of residuals is turned into the correlation rho of the years behind them. When that
    exceeds `max_autocorrelation`, with a chance below `autocorrelation_p` among independent years, the
    dispersion is multiplied by what rho does to a slope over such a window. The plain rule (residual r above
    0.2, times (1+r)/(1-r)) is out of reach with 6 to 8 years, where r is -0.33 to -0.25 on average without any
    correlation: simulated with rho 0.7 it was never met, and 24 % of the tests were false at nominal 5 %.
    """
    rows = np.unique(np.asarray(members, dtype=np.intp))
    carrying = rows[scatter.df[rows] > 0]
    df, squared = float(scatter.df[carrying].sum()), float(scatter.squared[carrying].sum())
    raw = float(scatter.chi2[carrying].sum()) / df if df > 0 else float("nan")
    r = float(scatter.lagged[carrying].sum()) / squared if squared > 0 else 0.0
    rho = estimate_correlation(scatter.curves, carrying, r) if squared > 0 else 0.0
    if df < min_df:
        return Dispersion(float("nan"), raw, df, rho, carrying.size)
    sure = rho > max_autocorrelation and correlation_p(scatter.curves, carrying, r) < autocorrelation_p
    factor = slope_inflation(scatter.curves, carrying, scatter.df, rho) if sure else 1.0
    return Dispersion(max(raw, 1.0) * factor, raw, df, rho, carrying.size)


def own_dispersion(dispersion: Dispersion, scatter: Scatter, series: int) -> float:
    """The pooled dispersion with this series' own rounding put back."""
    return dispersion.value + float(scatter.rounding[series])
