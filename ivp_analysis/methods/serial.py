"""How much neighbouring years hang together, as far as the residuals of a short window can tell.

Residuals of a line lean against each other: over 8 independent years their lag-1 correlation is -0.25 on average,
over 6 years -0.33. What is seen is therefore set against what each true correlation would show in that window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.methods.arrays import Flags, Floats, Indices, as_floats, as_years

# Numerical settings, no policy: the AR(1) correlations between which is interpolated, and what counts as none.
CORRELATIONS = np.linspace(-0.9, 0.95, 38)
NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True)
class SerialCurves:
    """What residuals show at each of `CORRELATIONS`, in units of the variance of one year; a row a window.

    With M the residual maker of a window, Sigma the correlations of its years and L the lag: `squared` is
    tr(M Sigma), `lagged` tr(M L M Sigma), and `slope` the variance of the slope over that without correlation;
    `spread` is tr((M L M)^2). `window` tells the window of each series.
    """

    window: Indices
    squared: Floats
    lagged: Floats
    slope: Floats
    spread: Floats


def serial_curves(seen: Flags, years: ArrayLike, covariates: ArrayLike | None = None) -> SerialCurves:
    """The curves of each pattern of years in `seen` (series x years), a line and `covariates` taken out."""
    when = as_years(years)
    extra = [] if covariates is None else list(np.reshape(as_floats(covariates), (when.size, -1)).T)
    full = np.column_stack([when - when.mean(), np.ones_like(when), *extra])
    patterns, which = np.unique(seen, axis=0, return_inverse=True)
    found = np.array([_of_window(full[p], when[p]) for p in patterns]).reshape(-1, 4, CORRELATIONS.size)
    return SerialCurves(np.reshape(which, -1).astype(np.intp), *np.moveaxis(found, 1, 0))


def _of_window(design: Floats, years: Floats) -> Floats:
    """The curves of one window (the spread is flat); zeros where nothing is left to scatter."""
    if years.size <= np.linalg.matrix_rank(design):
        return np.zeros((4, CORRELATIONS.size))
    inverse = np.linalg.pinv(design.T @ design)
    maker = np.eye(years.size) - design @ inverse @ design.T
    apart = np.abs(np.subtract.outer(years, years))
    correlation = CORRELATIONS[:, None, None] ** apart
    lagged = maker @ (0.5 * (apart == 1)) @ maker
    weights = (inverse @ design.T)[0]
    slope = np.einsum("i,rij,j->r", weights, correlation, weights) / (weights @ weights)
    spread = np.full_like(slope, float((lagged**2).sum()))
    return np.array([*(np.einsum("ij,rij->r", one, correlation) for one in (maker, lagged)), slope, spread])


def estimate_correlation(curves: SerialCurves, rows: Indices, observed: float) -> float:
    """The AR(1) correlation at which these series together show the lag-1 correlation `observed`.

    What lies beyond the curve gets its end; series that cannot scatter show none.
    """
    times = _times(curves, rows)
    squared = times @ curves.squared
    if not squared.all():
        return 0.0
    return float(np.interp(observed, times @ curves.lagged / squared, CORRELATIONS))


def correlation_p(curves: SerialCurves, rows: Indices, observed: float) -> float:
    """Chance of a lag-1 correlation as high as `observed` among as many residuals of independent years (normal).

    With r0 its mean, the sum of e'(L - r0)e over series has variance 2 tr((M L M - r0 M)^2).
    """
    times, none = _times(curves, rows), int(np.abs(CORRELATIONS).argmin())
    squared, lagged, spread = (
        float(times @ c[:, none]) for c in (curves.squared, curves.lagged, curves.spread)
    )
    if squared == 0:
        return 1.0
    mean = lagged / squared
    variance = 2 * (spread - 2 * mean * lagged + mean**2 * squared)
    # Residuals with one degree of freedom left can only point one way: they show no correlation and no chance.
    if variance <= NO_SPREAD * squared:
        return 1.0
    return float(special.ndtr(-(observed - mean) * squared / np.sqrt(variance)))


def slope_inflation(curves: SerialCurves, rows: Indices, df: Floats, correlation: float) -> float:
    """How many times the variance of a slope is what the scatter of the residuals says, at that correlation.

    Over a long window (1 + rho) / (1 - rho). Over few years less: an AR(1) error hides partly in the line, and
    8 years can hold no more than a wandering of 8 years.
    """
    weight, times = _times(curves, rows, df[rows]), _times(curves, rows)
    if not weight.any():
        return 1.0
    squared, slope = (
        np.array([np.interp(correlation, CORRELATIONS, curve) for curve in family])
        for family in (curves.squared, curves.slope)
    )
    return float(weight @ slope / (times @ squared))


def _times(curves: SerialCurves, rows: Indices, weights: Floats | None = None) -> Floats:
    """How many of the series have each window, or the sum of their weights."""
    return np.bincount(curves.window[rows], weights=weights, minlength=len(curves.squared)).astype(np.float64)
