"""A place among comparable municipalities, never without its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.methods.arrays import Floats
from ivp_analysis.methods.shrinkage import fit_gamma_prior, shrink_rates

# Numerical setting: midpoints of equal slices of the posterior, no policy.
SLICES = 200


@dataclass(frozen=True, slots=True)
class Rank:
    """Place from the highest rate (1) to the lowest (`n`): posterior median and interval."""

    rank: int
    lower: int
    upper: int
    expected: float
    n: int


def rank_units(counts: ArrayLike, exposure: ArrayLike, *, units: ArrayLike, confidence: float) -> list[Rank]:
    """Ranks of the rows `units` among all rows, from their gamma posteriors, by quadrature (no simulation).

    Given the unit's rate, the number of others above it is a sum of independent yes-or-nos (a Poisson
    binomial); that distribution is averaged over the unit's posterior. When the rates do not differ, every
    place is as likely as another.
    """
    prior = fit_gamma_prior(counts, exposure)
    shrunken = shrink_rates(prior, counts, exposure, confidence=confidence)
    n, places = shrunken.rates.size, np.asarray(units, dtype=np.intp)
    if np.isinf(prior.shape):
        return [_summary(np.full(n, 1 / n), confidence) for _ in places]
    spread = [_rank_distribution(shrunken.shapes, shrunken.scales, int(unit)) for unit in places]
    return [_summary(chances, confidence) for chances in spread]


def _rank_distribution(shapes: Floats, scales: Floats, unit: int) -> Floats:
    """Probability of each place 1..n."""
    slices = (np.arange(SLICES) + 0.5) / SLICES
    rate = special.gammaincinv(shapes[unit], slices) / scales[unit]
    others = np.delete(np.arange(shapes.size), unit)
    above = special.gammaincc(shapes[others], rate[:, None] * scales[others])
    chances = np.zeros((SLICES, shapes.size))
    chances[:, 0] = 1.0
    for column in above.T:
        moved = chances * column[:, None]
        chances -= moved
        chances[:, 1:] += moved[:, :-1]
    return np.asarray(chances.mean(axis=0))


def _summary(chances: Floats, confidence: float) -> Rank:
    cumulative, n = np.cumsum(chances), chances.size
    tail = (1 - confidence) / 2

    def place(probability: float) -> int:
        # Rounding may leave the sum a hair below 1.
        return min(int(np.searchsorted(cumulative, probability - 1e-12)) + 1, n)

    expected = float((chances * np.arange(1, n + 1)).sum())
    return Rank(place(0.5), place(tail), place(1 - tail), expected, n)
