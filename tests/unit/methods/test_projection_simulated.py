"""The printed chance on panels of which the truth is known: calibrated in its own world, and how far off it is
where nothing really changes.
"""

import numpy as np
import pytest
from forecast_rules import PROJECTION

from ivp_analysis.methods.bootstrap import bootstrap_ratio
from ivp_analysis.methods.growth import damped_years, estimate_growth, fit_drifts
from ivp_analysis.methods.projection import project_row
from ivp_analysis.methods.scores import brier_score, inside_interval, score_forecast

N_AREAS, N_PANELS, PAST, AHEAD = 13, 120, 9, 5
YEARS = np.arange(2010, 2010 + PAST + AHEAD)
ORIGIN = 2018
RATIO = 0.85
pytestmark = pytest.mark.slow


def _panel(rng, *, s2, drift_sd, common_sd):
    """The forecast's own model: a wandering level whose drift goes on, damped, or ends for all at once."""
    drift = rng.normal(0, common_sd) + rng.normal(0, drift_sd, (N_AREAS, 1))
    goes_on = rng.random() < PROJECTION.mixture_weight
    ahead = np.array([damped_years(h, damping=PROJECTION.damping) for h in range(1, AHEAD + 1)])
    time = np.concatenate([np.arange(PAST), PAST - 1 + goes_on * ahead])
    walk = np.cumsum(rng.normal(0, np.sqrt(s2), (N_AREAS, YEARS.size)), axis=1)
    return rng.poisson(rng.uniform(30, 600, (N_AREAS, 1)) * np.exp(drift * time + walk)).astype(float)


def _forecasts(seed, **truth):
    """Rows: panel, P(met) for a target at a fixed part of the observed baseline, met, PIT bounds."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(N_PANELS):
        counts = _panel(rng, **truth)
        drifts = fit_drifts(counts, YEARS, origin=ORIGIN, rules=PROJECTION)
        pool = estimate_growth(drifts, rules=PROJECTION)
        for area in range(N_AREAS):
            law = project_row(drifts, area, pool=pool, rules=PROJECTION).law(ORIGIN + AHEAD)
            target, outcome = np.floor(RATIO * counts[area, PAST - 1]), counts[area, -1]
            score = score_forecast(law, outcome)
            rows.append((number, float(law.cdf(target)), outcome <= target, score.pit_lower, score.pit_upper))
    return np.array(rows, dtype=float).T


def _gaps(panel, chance, met):
    """What came true less what was said, per class of five that holds something, with cluster intervals."""
    place = np.minimum((5 * chance).astype(int), 4)
    groups = [place == i for i in range(5) if (place == i).sum() >= 50]
    return [bootstrap_ratio((met - chance)[at], 1.0, panel[at], draws=1000, level=0.95) for at in groups]


def test_chances_are_calibrated_in_their_own_world():
    panel, chance, met, lower, upper = _forecasts(1, s2=0.006, drift_sd=0.04, common_sd=0.03)
    assert brier_score(chance, met).skill > 0
    gaps = _gaps(panel, chance, met)
    assert len(gaps) == 3
    assert all(gap.lower <= 0 <= gap.upper for gap in gaps), gaps
    assert inside_interval(lower, upper, level=0.95).mean() == pytest.approx(0.96, abs=0.02)


def test_a_strong_common_drift_makes_the_chance_a_little_high():
    """The level variance is a mean of squared steps, in which a drift of all areas together counts as well:
    around 30 % the printed chance is then some 4 points too high, at most 2 beyond the cluster interval.
    """
    panel, chance, met, lower, upper = _forecasts(2, s2=0.006, drift_sd=0.02, common_sd=0.06)
    assert brier_score(chance, met).skill > 0
    assert all(gap.lower <= 0 and gap.upper >= -0.02 for gap in _gaps(panel, chance, met))
    assert inside_interval(lower, upper, level=0.95).mean() == pytest.approx(0.96, abs=0.02)


def test_how_far_off_the_chance_is_when_nothing_changes():
    """Constant rates: the default allows for wandering that is not there, so it prints about 10 % where about
    5 % of targets are met by chance. A reader has to be told that distance.
    """
    panel, chance, met, lower, upper = _forecasts(3, s2=0.0, drift_sd=0.0, common_sd=0.0)
    gap = bootstrap_ratio(chance - met, 1.0, panel, draws=1000, level=0.95)
    assert gap.lower > 0.02
    assert gap.upper < 0.08
    assert inside_interval(lower, upper, level=0.95).mean() > 0.97
