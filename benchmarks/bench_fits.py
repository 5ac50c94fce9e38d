"""All series at once against a loop over statsmodels, in the same run and on the same counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import statsmodels.api as sm
from measure import Row, spread, timed

from ivp_analysis.methods.log_linear import fit_log_linear

AREAS, CODES, YEARS = 342, 40, 12
# A loop over all series takes minutes: a part of it is timed, and its time per series is what is compared.
LOOPED = 400


def measure_fits() -> Iterator[Row]:
    """Seconds for 342 x 40 series of 12 years, and the ratio per series."""
    rng = np.random.default_rng(1)
    years = np.arange(2012, 2012 + YEARS)
    level = rng.gamma(1.5, 30, size=(AREAS * CODES, 1))
    counts = rng.poisson(level * np.exp(-0.03 * (years - years[0])))
    people = np.full(counts.shape, 20_000.0)
    ours = timed(lambda: fit_log_linear(counts, people, years), 5)
    looped = timed(lambda: [_fit(row, people[0], years) for row in counts[:LOOPED]], 3)
    yield f"trend fits, {AREAS} areas x {CODES} codes x {YEARS} years", spread(ours), "vectorised"
    yield f"statsmodels GLM, {LOOPED} of those series one by one", spread(looped), ""
    ratio = (looped.median / LOOPED) / (ours.median / len(counts))
    yield "ratio per series", f"{ratio:.0f} times", "statsmodels / ours"


def _fit(counts: np.ndarray, people: np.ndarray, years: np.ndarray) -> object:
    design = sm.add_constant(years - years[-1])
    if not counts.any():
        return None
    return sm.GLM(counts, design, family=sm.families.Poisson(), offset=np.log(people)).fit()
