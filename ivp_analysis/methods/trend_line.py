"""The line of a fitted trend with the margin of its mean, for a figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.methods.arrays import as_counts, as_floats, as_years
from ivp_analysis.methods.trend_result import TrendResult


@dataclass(frozen=True, slots=True)
class TrendLine:
    """Expected counts with their limits in each year of the window that was seen."""

    years: tuple[int, ...]
    fitted: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


def trend_line(
    counts: ArrayLike, exposure: ArrayLike, years: ArrayLike, *, trend: TrendResult, confidence: float
) -> TrendLine | None:
    """The mean of `trend` over its window; None without a fit.

    The level is that at which the line adds up to the counts, as a Poisson fit does. With the slope's weighted
    mean year t0 as origin the two are independent: var(log mean) = phi (1 / sum(mean) + (t - t0)^2 se^2), the
    GLM's x' Cov x (McCullagh and Nelder 1989, 2.4), and t with the pooled degrees of freedom.
    """
    if trend.first_year is None or trend.last_year is None or not np.isfinite(trend.slope + trend.se):
        return None
    y, people, when = as_counts(counts), as_floats(exposure), as_years(years)
    seen = np.isfinite(y) & np.isfinite(people) & (when >= trend.first_year) & (when <= trend.last_year)
    y, people, when = y[seen], people[seen], when[seen]
    shape = people * np.exp(trend.slope * (when - when.mean()))
    mean = shape * y.sum() / shape.sum()
    centre = (mean @ when) / mean.sum()
    variance = trend.dispersion * (1 / mean.sum() + (when - centre) ** 2 * trend.se_poisson**2)
    reach = np.exp(special.stdtrit(trend.df, (1 + confidence) / 2) * np.sqrt(variance))
    return TrendLine(
        tuple(when.astype(int).tolist()),
        tuple(mean.tolist()),
        tuple((mean / reach).tolist()),
        tuple((mean * reach).tolist()),
    )
