"""Funnel limits: how far a count may lie from what is expected by chance and ordinary difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_counts, as_exposure, as_floats


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """z-scores on the square-root scale, the same winsorised, phi, tau2, and z once tau2 is allowed for."""

    z: Floats
    z_winsorised: Floats
    phi: float
    tau2: float
    z_adjusted: Floats


def sampling_variance(
    expected: ArrayLike, *, dispersion: float = 1.0, rounding_variance: float = 0.0
) -> Floats:
    """Variance of sqrt(O/E): 1/(4E) for a Poisson count, more by dispersion and rounding of the count."""
    e = as_floats(expected)
    return np.asarray((dispersion + rounding_variance / e) / (4 * e))


def measure_overdispersion(
    counts: ArrayLike, expected: ArrayLike, *, winsorise: float, rounding_variance: float = 0.0
) -> Overdispersion:
    """Spiegelhalter (2005), additive random effects: z = (sqrt(O/E) - 1) * 2 sqrt(E).

    tau2 is the moment estimate of DerSimonian and Laird on the square-root scale, from z winsorised at the
    `winsorise` and 1 - `winsorise` quantiles (0: as they are).
    """
    o = as_counts(counts)
    e = as_exposure(expected, o.shape)
    if o.size < 2 or not (np.isfinite(o) & np.isfinite(e)).all():
        raise MethodError("a funnel needs two or more known counts", todo="leave out what is missing")
    variance = sampling_variance(e, rounding_variance=rounding_variance)
    deviation = np.sqrt(o / e) - 1
    z = deviation / np.sqrt(variance)
    low, high = np.quantile(z, [winsorise, 1 - winsorise])
    clipped = np.clip(z, low, high)
    phi = float((clipped**2).mean())
    tau2 = float(between_variance(clipped, variance))
    return Overdispersion(z, clipped, phi, tau2, deviation / np.sqrt(variance + tau2))


def between_variance(z: Floats, variance: Floats) -> Floats:
    """tau2 of each row of z-scores (last axis) with their sampling variances, by moments and never below 0."""
    n, weight = z.shape[-1], 1 / variance
    spread = weight.sum(axis=-1) - (weight**2).sum(axis=-1) / weight.sum(axis=-1)
    return np.asarray(np.maximum(((z**2).sum(axis=-1) - (n - 1)) / spread, 0.0))


def additive_limits(expected: ArrayLike, tau2: float, *, confidence: float) -> tuple[Floats, Floats]:
    """Limits 1 +/- z * sqrt(s2 + tau2) on the ratio itself, as FunnelPlotR draws them; not for a verdict."""
    half = float(special.ndtri((1 + confidence) / 2)) * np.sqrt(sampling_variance(expected) + tau2)
    return np.asarray(1 - half), np.asarray(1 + half)


def verdict_limits(
    expected: ArrayLike, tau2: ArrayLike, *, n_peers: int, confidence: float, rounding_variance: float = 0.0
) -> tuple[Floats, Floats]:
    """Limits of the ratio for the verdict, and for the drawing: (1 +/- t * sqrt(s2 + tau2(1+1/K)))^2.

    tau2 comes from few peers and their mean is uncertain too: hence 1 + 1/K, and t with K-1 degrees.
    """
    quantile = float(special.stdtrit(n_peers - 1, (1 + confidence) / 2))
    variance = sampling_variance(expected, rounding_variance=rounding_variance)
    half = quantile * np.sqrt(variance + as_floats(tau2) * (1 + 1 / n_peers))
    return np.maximum(1 - half, 0.0) ** 2, (1 + half) ** 2


def exact_limits(expected: ArrayLike, *, confidence: float) -> tuple[Floats, Floats]:
    """Exact Poisson limits of the ratio, interpolated between whole counts so that a drawn limit is smooth.

    A count below the lower limit has P(X <= x) <= tail, one above the upper limit P(X >= x) <= tail. The
    interpolation of Spiegelhalter (2005, A.1) takes the upper one a count earlier, past the nominal level.
    """
    # scipy.stats takes longer to import than all else together, and few pages draw a funnel.
    from scipy import stats

    e, tail = as_floats(expected), (1 - confidence) / 2
    low, high = stats.poisson.ppf(tail, e), stats.poisson.ppf(1 - tail, e)
    lower = low - (stats.poisson.cdf(low, e) - tail) / stats.poisson.pmf(low, e)
    upper = high + (stats.poisson.sf(high - 1, e) - tail) / stats.poisson.pmf(high, e)
    return np.asarray(np.maximum(lower, 0.0) / e), np.asarray(upper / e)
