"""Rates and shares with limits that hold at small counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_counts, as_floats


@dataclass(frozen=True, slots=True)
class Rate:
    """A count per so many inhabitants (or dwellings), with its limits; NaN where the count is missing."""

    value: float
    lower: float
    upper: float
    count: float
    population: float
    per: float
    method: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a survey's answers, between 0 and 1, with its limits. `effective`: how many answers drawn by
    simple chance would tell as much as these `n`.
    """

    value: float
    lower: float
    upper: float
    n: float
    effective: float
    method: str


def poisson_limits(
    count: ArrayLike, confidence: float, *, rounding_variance: float = 0.0
) -> tuple[Floats, Floats]:
    """Exact (Garwood 1936) limits of the Poisson mean behind each count.

    `rounding_variance` is the variance that the publisher's rounding adds to a count (25/12 when rounded
    to 5). It joins the distance between count and limit as variances do: sqrt(distance^2 + z^2 * variance).
    """
    counts = as_counts(count)
    tail = (1 - confidence) / 2
    # A gamma with shape 0 is no distribution: the lower limit of a zero count is 0 by definition.
    lower = np.where(counts > 0, special.gammaincinv(np.where(counts > 0, counts, 1.0), tail), counts)
    upper = special.gammainccinv(counts + 1, tail)
    if rounding_variance > 0:
        extra = special.ndtri(tail) ** 2 * rounding_variance
        lower = np.maximum(counts - np.sqrt((counts - lower) ** 2 + extra), 0.0)
        upper = counts + np.sqrt((upper - counts) ** 2 + extra)
    return as_floats(lower), as_floats(upper)


def rate(
    count: float, population: float, *, per: float, confidence: float, rounding_variance: float = 0.0
) -> Rate:
    """The rate per `per` inhabitants with exact limits."""
    if not population > 0:
        raise MethodError(f"a population of {population} cannot carry a rate", todo="give one above 0")
    lower, upper = poisson_limits(count, confidence, rounding_variance=rounding_variance)
    scale = per / population
    method = "garwood" if rounding_variance == 0 else "garwood+rounding"
    return Rate(count * scale, float(lower) * scale, float(upper) * scale, count, population, per, method)


def average_population(january_first: ArrayLike, next_january_first: ArrayLike) -> Floats:
    """People in a year: the mean of 1 January and 31 December (the next 1 January); NaN if one is unknown."""
    return (as_floats(january_first) + as_floats(next_january_first)) / 2


def wilson_share(share: float, n: float, *, confidence: float, design_effect: float = 1.0) -> Share:
    """Wilson (1927) limits of a survey share; a design effect shrinks the number of answers that count."""
    if not (0 <= share <= 1 and n > 0 and design_effect > 0):
        raise MethodError(
            f"share {share}, answers {n}, design effect {design_effect} do not make a survey",
            todo="give a share between 0 and 1, and a number of answers and design effect above 0",
        )
    z2 = float(special.ndtri((1 + confidence) / 2)) ** 2
    effective = n / design_effect
    centre = (share + z2 / (2 * effective)) / (1 + z2 / effective)
    half = np.sqrt(z2 * share * (1 - share) / effective + (z2 / (2 * effective)) ** 2) / (1 + z2 / effective)
    # Rounding error may push a limit a hair past 0 or 1.
    lower, upper = max(float(centre - half), 0.0), min(float(centre + half), 1.0)
    return Share(share, lower, upper, n, effective, "wilson")
