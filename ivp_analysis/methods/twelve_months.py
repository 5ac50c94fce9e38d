"""Sums of 12 months, which have no season: month by month against a yearly target."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_counts, as_floats
from ivp_analysis.methods.predictive import growth_law

MONTHS_OF_QUARTER = 3
MONTHS_OF_YEAR = 12


class PathWord(StrEnum):
    """Where a sum stands beside the path to a target; around it chance alone explains the difference."""

    BELOW = "below"
    AROUND = "around"
    ABOVE = "above"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class PathJudgement:
    """Sums from `lower` to `upper` are what chance makes of a level on the path; NaN where there is no path."""

    word: PathWord
    path: float
    lower: float
    upper: float


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


def judge_path(total: float, path: float, *, dispersion: float, p: float) -> PathJudgement:
    """Beyond chance when fewer than `p` (two-sided) of the sums at the level of the path lie as far from it.

    The sums are NB1: `dispersion` is the variance of a year over its mean, 1 or more.
    """
    if not path > 0:
        return PathJudgement(PathWord.NOT_ASSESSABLE, *[float("nan")] * 3)
    if not (0 < p < 1 and dispersion >= 1):
        raise MethodError(
            f"no judgement at p {p} and dispersion {dispersion}", todo="give 0 < p < 1 and 1 or more"
        )
    law = growth_law(path, size=path / (dispersion - 1) if dispersion > 1 else float("inf"))
    lower, upper = law.interval(1 - p)
    if not np.isfinite(total):
        return PathJudgement(PathWord.NOT_ASSESSABLE, path, lower, upper)
    word = PathWord.BELOW if total < lower else PathWord.ABOVE if total > upper else PathWord.AROUND
    return PathJudgement(word, path, lower, upper)
