"""Plain arrays of numbers as the methods take them: float, NaN where nothing is known, never negative."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ivp_analysis.errors import MethodError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]


def as_floats(values: ArrayLike) -> Floats:
    """A fresh float array, so that no caller's numbers are ever changed."""
    return np.array(values, dtype=np.float64)


def as_counts(values: ArrayLike) -> Floats:
    """Counts: finite and not negative, or NaN for a count that is not there."""
    counts = as_floats(values)
    wrong = np.isinf(counts) | (counts < 0)
    if wrong.any():
        raise MethodError(
            f"a count of {counts[wrong][0]:g} cannot be",
            todo="give counts of 0 or more, and NaN for what is missing",
        )
    return counts


def as_exposure(values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """What the counts are set against (people, dwellings): above 0, or NaN when unknown."""
    exposure = np.broadcast_to(as_floats(values), shape).copy()
    wrong = np.isinf(exposure) | (exposure <= 0)
    if wrong.any():
        raise MethodError(
            f"a population of {exposure[wrong][0]:g} cannot carry a rate",
            todo="give populations above 0, and NaN for what is missing",
        )
    return exposure


def as_years(values: ArrayLike) -> Floats:
    """The years of a series: rising, each once."""
    years = as_floats(values)
    if years.ndim != 1 or years.size == 0 or not bool(np.all(np.diff(years) > 0)):
        raise MethodError("the years are not rising", todo="sort the years and keep each one once")
    return years
