"""How far off the printed chance is in a world where nothing changes: a simulation of that world.

The forecast allows for levels that wander, as real ones do. Where none does, targets are met by chance alone, and
the forecast gives them more than that. A reader has to be told how much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ivp_analysis.methods.growth import ProjectionRules, estimate_growth, fit_drifts
from ivp_analysis.methods.projection import project_row

# Fixed, so that the same constants give the same page to the byte; the levels span those of a village and a region.
SEED, N_PANELS = 20181231, 40
LEVELS = np.geomspace(30, 600, 13)


@dataclass(frozen=True, slots=True)
class Stillness:
    """Mean chance that is `said` and that is `true`, of staying at or below `ratio` times the last count,
    `ahead` years on, over `n` forecasts from constant rates.
    """

    said: float
    true: float
    ratio: float
    ahead: int
    n: int


def measure_stillness(rules: ProjectionRules, *, years: int, ahead: int, ratio: float) -> Stillness:
    """Each panel: a municipality and its peers, `years` Poisson counts at its own constant level."""
    rng = np.random.default_rng(SEED)
    when = np.arange(years, dtype=np.float64)
    said, true = [], []
    for _ in range(N_PANELS):
        counts = rng.poisson(LEVELS[:, None], (LEVELS.size, years)).astype(np.float64)
        drifts = fit_drifts(counts, when, origin=years - 1, rules=rules)
        pool = estimate_growth(drifts, rules=rules)
        targets = np.floor(ratio * counts[:, -1])
        for row, target in enumerate(targets.tolist()):
            projected = project_row(drifts, row, pool=pool, rules=rules)
            said.append(projected.probability(target, years - 1 + ahead))
        true.extend(special.pdtr(targets, LEVELS).tolist())
    return Stillness(float(np.mean(said)), float(np.mean(true)), ratio, ahead, len(said))
