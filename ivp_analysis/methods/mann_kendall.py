"""Mann-Kendall and Sen: a second opinion on a trend that supposes no form and no distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.methods.arrays import Floats, as_floats


@dataclass(frozen=True, slots=True)
class MannKendall:
    """`sen_slope` is in units of the values a year; NaN with fewer than three values or all values equal."""

    s: float
    variance: float
    tau: float
    z: float
    p: float
    sen_slope: float
    lower: float
    upper: float


_NOTHING = float("nan")


def fit_mann_kendall(values: ArrayLike, years: ArrayLike | None = None, *, confidence: float) -> MannKendall:
    """Mann (1945), Kendall (1975) with ties and continuity correction; Sen (1968) slope with its interval."""
    y = as_floats(values)
    t = np.arange(y.size, dtype=np.float64) if years is None else as_floats(years)
    y, t = y[~np.isnan(y)], t[~np.isnan(y)]
    first, second = np.triu_indices(y.size, k=1)
    rises, spans = y[second] - y[first], t[second] - t[first]
    s, variance, n = float(np.sign(rises).sum()), _variance(y), y.size
    if n < 3 or variance <= 0:
        return MannKendall(s, max(variance, 0.0), *([_NOTHING] * 6))
    z = float((s - np.sign(s)) / np.sqrt(variance))
    tau = s / float(np.sqrt((rises != 0).sum() * (n * (n - 1) / 2)))
    lower, upper = _sen_limits(np.sort(rises / spans), variance, confidence)
    p = float(2 * special.ndtr(-abs(z)))
    return MannKendall(s, variance, tau, z, p, float(np.median(rises / spans)), lower, upper)


def _variance(y: Floats) -> float:
    """Variance of S without a trend, smaller by its ties."""
    n, ties = y.size, np.unique(y, return_counts=True)[1].astype(np.float64)
    return float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)


def _sen_limits(slopes: Floats, variance: float, confidence: float) -> tuple[float, float]:
    """The slopes whose ranks lie z * sd(S) apart around the middle (Gilbert 1987)."""
    spread = float(special.ndtri((1 + confidence) / 2) * np.sqrt(variance))
    low = max(round((slopes.size - spread) / 2), 1)
    high = min(round((slopes.size + spread) / 2 + 1), slopes.size)
    return float(slopes[low - 1]), float(slopes[high - 1])
