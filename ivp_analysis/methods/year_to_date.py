"""The running year: what the elapsed months say of its total, and how they compare with last year's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, as_counts, as_floats
from ivp_analysis.methods.predictive import Predictive, growth_law
from ivp_analysis.methods.two_periods import PeriodComparison, compare_periods

MONTHS = 12


@dataclass(frozen=True, slots=True)
class YearToDate:
    """The months that both years have, and nothing else. `months` counts from 1."""

    months: tuple[int, ...]
    count: float
    previous: float
    comparison: PeriodComparison | None


def seasonal_profile(monthly: ArrayLike) -> Floats:
    """The share of each month in the year, pooled over all complete years of all series (… x 12)."""
    counts = as_counts(monthly).reshape(-1, MONTHS)
    complete = counts[np.isfinite(counts).all(axis=1)]
    total = float(complete.sum())
    if total == 0:
        raise MethodError("no complete year with counts to see a season in", todo="pool over more series")
    return as_floats(complete.sum(axis=0) / total)


def share_elapsed(profile: ArrayLike, counts: ArrayLike) -> float:
    """The expected share of the year in the months that have a count; a missing month is still to come."""
    return float(as_floats(profile)[_seen(counts)].sum())


def project_year(year_to_date: float, share: float, *, half: float, dispersion: float = 1.0) -> Predictive:
    """Year total = what is counted + NB(x + 1/2, prob = share) for what is not (gamma-Poisson, Jeffreys).

    `dispersion` widens the variance of the remainder that many times at the same mean.
    """
    if not (0 < share < 1 and year_to_date >= 0 and dispersion >= 1):
        raise MethodError(
            f"no forecast from {year_to_date} counted in a share {share} of the year",
            todo="give a share between 0 and 1; a complete year needs no forecast",
        )
    mean = (year_to_date + half) * (1 - share) / share
    law = growth_law(mean, size=mean / (dispersion / share - 1))
    return Predictive(law.size, law.means, law.weights, int(year_to_date))


def compare_year_to_date(
    counts: ArrayLike, previous: ArrayLike, *, confidence: float, dispersion: float = 1.0, df: float = np.inf
) -> YearToDate:
    """This year against the same months of last year; no comparison without a common month."""
    both = _seen(counts) & _seen(previous)
    now, then = float(as_counts(counts)[both].sum()), float(as_counts(previous)[both].sum())
    months = tuple(int(month) + 1 for month in np.flatnonzero(both))
    if not months:
        return YearToDate((), float("nan"), float("nan"), None)
    test = compare_periods(now, then, confidence=confidence, dispersion=dispersion, df=df)
    return YearToDate(months, now, then, test)


def _seen(counts: ArrayLike) -> Flags:
    values = as_counts(counts)
    if values.shape != (MONTHS,):
        raise MethodError(f"{values.size} months are no year", todo="give 12, NaN for what is not there")
    return np.asarray(np.isfinite(values))
