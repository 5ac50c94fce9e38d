"""EARS C1, C2, C3: the short-baseline second opinion on a month that stands out (Hutwagner e.a. 2003)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.methods.arrays import Floats, as_counts, as_floats

# The method as published: C2 and C3 skip the two latest months, C3 looks back over two more.
GAP = 2
BASELINE = 7
ALPHA = 0.001
ALPHA_C3 = 0.025


@dataclass(frozen=True, slots=True, eq=False)
class Ears:
    """Upper bounds, one a month of the series; NaN where a month of the baseline is missing or before it.

    C3 is as `surveillance` 1.20.3 in R computes it: its bound moves along with the count of the month itself,
    so that its alarm says that the two months before stood out together. C1 and C2 judge the month.
    """

    counts: Floats
    c1: Floats
    c2: Floats
    c3: Floats

    def alarms(self, at: int = -1) -> tuple[bool, ...]:
        """Whether the count of a month lies above C1, C2, C3; a bound that is not there gives no alarm."""
        return tuple(bool(self.counts[at] > bound[at]) for bound in (self.c1, self.c2, self.c3))


def fit_ears(counts: ArrayLike) -> Ears:
    """Mean and sd of seven months before each month, C1 directly before it, C2 and C3 two months earlier."""
    y = as_counts(counts)
    z, z3 = -special.ndtri(ALPHA), -special.ndtri(ALPHA_C3)
    mean1, sd1 = _baseline(y, 0)
    mean2, sd2 = _baseline(y, GAP)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = np.maximum((y - mean2) / sd2 - 1, 0.0)
    carried = _earlier(beyond, 1) + _earlier(beyond, 2)
    return Ears(y, mean1 + z * sd1, mean2 + z * sd2, as_floats(y + sd2 * (z3 - carried)))


def _baseline(y: Floats, gap: int) -> tuple[Floats, Floats]:
    mean, sd = np.full(y.size, np.nan), np.full(y.size, np.nan)
    if y.size > BASELINE + gap:
        windows = np.lib.stride_tricks.sliding_window_view(y, BASELINE)[: y.size - BASELINE - gap]
        mean[BASELINE + gap :] = windows.mean(axis=1)
        sd[BASELINE + gap :] = windows.std(axis=1, ddof=1)
    return mean, sd


def _earlier(values: Floats, months: int) -> Floats:
    moved = np.full(values.size, np.nan)
    moved[months:] = values[:-months]
    return moved
