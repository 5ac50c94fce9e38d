"""How sure is a mean score? The cluster bootstrap: what happened in one year happened to all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.methods.arrays import Floats, as_floats

# Fixed, so that the same figures give the same report to the byte.
SEED = 20191231


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; limits NaN when one cluster is all there is."""

    value: float
    lower: float
    upper: float


def bootstrap_ratio(
    numerator: ArrayLike, denominator: ArrayLike, clusters: ArrayLike, *, draws: int, level: float
) -> Estimate:
    """sum(numerator) / sum(denominator), with percentile limits from drawing whole clusters again."""
    top, bottom = _sums(numerator, clusters), _sums(denominator, clusters)
    value = float(top.sum() / bottom.sum())
    if top.size < 2:
        return Estimate(value, float("nan"), float("nan"))
    rng = np.random.default_rng(SEED)
    times = rng.multinomial(top.size, np.full(top.size, 1 / top.size), size=draws)
    below = times @ bottom
    drawn = (times @ top)[below > 0] / below[below > 0]
    lower, upper = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(lower), float(upper))


def _sums(values: ArrayLike, clusters: ArrayLike) -> Floats:
    _, place = np.unique(np.asarray(clusters), return_inverse=True)
    weights = np.broadcast_to(as_floats(values), place.shape)
    return as_floats(np.bincount(place, weights=weights))
