"""Dispersion: how much more than chance the years scatter around their trends, pooled over series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.methods.arrays import Floats, Indices, as_floats, as_years
from ivp_analysis.methods.log_linear import LogLinearFits


@dataclass(frozen=True, slots=True)
class Dispersion:
    """`value` multiplies the Poisson variance: pooled Pearson chi2/df, at least 1, times the correction for
    serial correlation. NaN when fewer than `min_df` degrees of freedom carry it. `raw` is before all that.
    """

    value: float
    raw: float
    df: float
    autocorrelation: float
    n_series: int


@dataclass(frozen=True, slots=True)
class Scatter:
    """What each series adds to a pool: sums of its Pearson residuals; `rounding` in units of dispersion."""

    chi2: Floats
    df: Floats
    lagged: Floats
    squared: Floats
    rounding: Floats


def measure_scatter(fits: LogLinearFits, years: ArrayLike, *, rounding_variance: ArrayLike = 0.0) -> Scatter:
    """Sums per series; a series without a fit, or without a degree of freedom, adds nothing.

    Rounded figures have variance phi * mean + v. The Pearson chi2 already holds that v (about v/mean a year),
    so it is taken out of the pool here and put back for each series at its own mean: a small rounded series
    is not judged by the rounding of its larger peers, nor an exact one by that of rounded peers.
    """
    usable = fits.converged & (fits.df > 0)
    e = np.where(usable[:, None] & np.isfinite(fits.residuals), fits.residuals, 0.0)
    next_year = np.diff(as_years(years)) == 1
    inverse = np.nanmean(np.where(fits.converged[:, None], 1 / fits.fitted, 0.0), axis=1)
    rounding = np.broadcast_to(as_floats(rounding_variance), inverse.shape) * inverse
    df = np.where(usable, fits.df, 0.0)
    chi2 = np.where(usable, fits.pearson_chi2, 0.0) - rounding * df
    return Scatter(chi2, df, (e[:, 1:] * e[:, :-1] * next_year).sum(axis=1), (e**2).sum(axis=1), rounding)


def pool_dispersion(
    scatter: Scatter, members: Sequence[int] | Indices, *, max_autocorrelation: float, min_df: float
) -> Dispersion:
    """Dispersion pooled by degrees of freedom over the series `members`.

    When the lag-1 correlation r of the residuals exceeds `max_autocorrelation`, times (1+r)/(1-r): the factor
    by which a positive AR(1) error widens the variance of a slope.
    """
    rows = np.unique(np.asarray(members, dtype=np.intp))
    df, squared = float(scatter.df[rows].sum()), float(scatter.squared[rows].sum())
    n = int((scatter.df[rows] > 0).sum())
    r = float(scatter.lagged[rows].sum()) / squared if squared > 0 else 0.0
    raw = float(scatter.chi2[rows].sum()) / df if df > 0 else float("nan")
    if df < min_df:
        return Dispersion(float("nan"), raw, df, r, n)
    return Dispersion(max(raw, 1.0) * ((1 + r) / (1 - r) if r > max_autocorrelation else 1.0), raw, df, r, n)


def own_dispersion(dispersion: Dispersion, scatter: Scatter, series: int) -> float:
    """The pooled dispersion with this series' own rounding put back."""
    return dispersion.value + float(scatter.rounding[series])
