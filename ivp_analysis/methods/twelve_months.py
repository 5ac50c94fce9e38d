"""Sums of 12 months, which have no season: month by month against a yearly target."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.methods.arrays import Floats, as_counts, as_floats

MONTHS_OF_QUARTER = 3
MONTHS_OF_YEAR = 12


def rolling_sums(monthly: ArrayLike, *, months: int = MONTHS_OF_YEAR) -> Floats:
    """Sum of each month and the 11 before it; NaN where one of them is missing or before the series."""
    counts = as_counts(monthly)
    sums = np.full(counts.shape, np.nan)
    if counts.size >= months:
        sums[months - 1 :] = np.lib.stride_tricks.sliding_window_view(counts, months).sum(axis=1)
    return as_floats(sums)


def is_durable(monthly: ArrayLike, target: float, *, quarters: int) -> bool | None:
    """Whether every 12-month sum of the last `quarters` quarters is at or below the target.

    `monthly` ends with the last month of the reference year; None when a sum is not known.
    """
    sums = rolling_sums(monthly)[-MONTHS_OF_QUARTER * quarters :]
    if sums.size < MONTHS_OF_QUARTER * quarters or not np.isfinite(sums).all():
        return None
    return bool(np.all(sums <= target))
