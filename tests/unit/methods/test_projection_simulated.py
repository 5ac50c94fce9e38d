"""The printed chance on panels of which the truth is known: calibrated in its own world, and how far off it is
where nothing really changes.
"""

import numpy as np
import pytest
from forecast_rules import PROJECTION

from ivp_analysis.methods.bootstrap import bootstrap_ratio
from ivp_analysis.methods.growth import damped_years, estimate_growth, fit_drifts
from ivp_analysis.methods.projection import project_row
from ivp_analysis.methods.scores import brier_score, inside_interval

N_AREAS, N_PANELS, PAST, AHEAD = 13, 30, 9, 5
HORIZONS = (1, 3, 5)
YEARS = np.arange(2010, 2010 + PAST + AHEAD)
ORIGIN = 2018
RATIOS = (0.75, 0.85, 0.95, 1.1)
SEEDS = (1, 2, 3, 4)
pytestmark = pytest.mark.long


def _panel(rng, *, s2, drift_sd, common_sd):
    """The forecast's own model: a wandering level whose drift goes on, damped, or ends for all at once."""
    drift = rng.normal(0, common_sd) + rng.normal(0, drift_sd, (N_AREAS, 1))
    goes_on = rng.random() < PROJECTION.mixture_weight
    ahead = np.array([damped_years(h, damping=PROJECTION.damping) for h in range(1, AHEAD + 1)])
    time = np.concatenate([np.arange(PAST), PAST - 1 + goes_on * ahead])
    walk = np.cumsum(rng.normal(0, np.sqrt(s2), (N_AREAS, YEARS.size)), axis=1)
    return rng.poisson(rng.uniform(30, 600, (N_AREAS, 1)) * np.exp(drift * time + walk)).astype(float)


def _forecasts(**truth):
    """A row a forecast: panel, years ahead, target as part of the baseline, P(met), met, PIT bounds."""
    rows = []
    for panel in range(len(SEEDS) * N_PANELS):
        rng = np.random.default_rng([SEEDS[panel // N_PANELS], panel])
        counts = _panel(rng, **truth)
        drifts = fit_drifts(counts, YEARS, origin=ORIGIN, rules=PROJECTION)
        pool = estimate_growth(drifts, rules=PROJECTION)
        # Areas of one panel share their luck: a few of many panels tell more than all of a few.
        for area in range(0, N_AREAS, 4):
            projected = project_row(drifts, area, pool=pool, rules=PROJECTION)
            for ahead in HORIZONS:
                law, outcome = projected.law(ORIGIN + ahead), counts[area, PAST - 1 + ahead]
                bounds = float(law.cdf(outcome - 1)), float(law.cdf(outcome))
                targets = [(ratio, np.floor(ratio * counts[area, PAST - 1])) for ratio in RATIOS]
                rows += [(panel, ahead, r, float(law.cdf(t)), outcome <= t, *bounds) for r, t in targets]
    return np.array(rows, dtype=float).T


def _gaps(panel, chance, met):
    """What came true less what was said, per class of five, with cluster intervals."""
    place = np.minimum((5 * chance).astype(int), 4)
    groups = [place == i for i in range(5)]
    return [bootstrap_ratio((met - chance)[at], 1.0, panel[at], draws=1000, level=0.95) for at in groups]


@pytest.mark.parametrize(("drift_sd", "common_sd"), [(0.04, 0.03), (0.02, 0.06)])
def test_chances_are_calibrated_in_their_own_world(drift_sd, common_sd):
    """Over several seeds, targets that ask little and much, few years ahead and many; a strong common drift too."""
    panel, ahead, _, chance, met, lower, upper = _forecasts(s2=0.006, drift_sd=drift_sd, common_sd=common_sd)
    assert brier_score(chance, met).skill > 0.15
    gaps = _gaps(panel, chance, met)
    assert all(gap.lower <= 0 <= gap.upper for gap in gaps), gaps
    assert max(abs(gap.value) for gap in gaps) < 0.06, gaps
    for years in HORIZONS:
        at = ahead == years
        whole = bootstrap_ratio((met - chance)[at], 1.0, panel[at], draws=1000, level=0.95)
        assert whole.lower <= 0 <= whole.upper, (years, whole)
    assert inside_interval(lower, upper, level=0.95).mean() == pytest.approx(0.95, abs=0.02)


def test_how_far_off_the_chance_is_when_nothing_changes():
    """Constant rates: the default allows for wandering that is not there, so it prints about 10 % where about
    5 % of targets are met by chance. A reader has to be told that distance.
    """
    panel, ahead, ratio, chance, met, lower, upper = _forecasts(s2=0.0, drift_sd=0.0, common_sd=0.0)
    at = (ahead == AHEAD) & (ratio == 0.85)
    gap = bootstrap_ratio((chance - met)[at], 1.0, panel[at], draws=1000, level=0.95)
    assert gap.lower > 0.0
    assert gap.upper < 0.08
    assert inside_interval(lower, upper, level=0.95)[ahead == AHEAD].mean() > 0.96
