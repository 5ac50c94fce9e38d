"""Scores against their definitions, and calibration measures on forecasts that are right or known to be wrong."""

import numpy as np
import pytest

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.predictive import growth_law
from ivp_analysis.methods.scores import (
    brier_score,
    central_mass,
    inside_interval,
    pit_histogram,
    reliability,
    score_forecast,
)


@pytest.mark.parametrize("outcome", [0, 3, 8, 30, 900])
def test_crps_is_the_expected_distance_less_half_the_spread(outcome):
    """Gneiting and Raftery 2007, equation 21, summed over all pairs of counts."""
    law = growth_law(8.5, size=8.5, variance=0.1)
    k = np.arange(400)
    mass = law.pmf(k)
    distance = mass @ np.abs(k - outcome)
    spread = mass @ np.abs(k[:, None] - k) @ mass
    assert score_forecast(law, outcome).crps == pytest.approx(distance - spread / 2, rel=1e-8)


def test_an_outcome_beyond_the_table_is_scored_all_the_same():
    law = growth_law(1000.0, size=np.inf)
    low, high = score_forecast(law, 100), score_forecast(law, 3000)
    assert low.crps == pytest.approx(1000 - 100, rel=0.03)
    assert high.crps == pytest.approx(3000 - 1000, rel=0.03)
    assert (low.pit_lower, low.pit_upper) == (0.0, 0.0)
    assert high.pit_lower == high.pit_upper == pytest.approx(1)
    assert high.log_score > low.log_score > 100


def test_half_a_crime_is_no_outcome():
    with pytest.raises(MethodError):
        score_forecast(growth_law(3.0, size=np.inf), 2.5)


@pytest.fixture(scope="module")
def drawn():
    """Small counts drawn from their own forecasts: PIT bounds of 4,000 right forecasts."""
    rng = np.random.default_rng(1)
    means = rng.uniform(1, 20, 4000)
    laws = [growth_law(mean, size=5.0) for mean in means]
    scores = [
        score_forecast(law, y) for law, y in zip(laws, rng.negative_binomial(5, 5 / (5 + means)), strict=True)
    ]
    return np.array([[s.pit_lower, s.pit_upper] for s in scores]).T


def test_right_forecasts_fill_the_classes_evenly(drawn):
    counts = pit_histogram(*drawn, bins=10)
    assert counts.sum() == pytest.approx(4000)
    assert np.abs(counts / 400 - 1).max() < 0.12


def test_right_forecasts_hold_what_they_say(drawn):
    assert inside_interval(*drawn, level=0.8).mean() > 0.8, "small counts cannot be covered exactly"
    assert central_mass(*drawn, level=0.8).mean() == pytest.approx(0.8, abs=0.015)


def test_coverage_is_that_of_the_interval():
    law = growth_law(12.5, size=12.5, variance=0.03)
    lower, upper = law.interval(0.95)
    for y in range(60):
        s = score_forecast(law, y)
        assert bool(inside_interval([s.pit_lower], [s.pit_upper], level=0.95)[0]) == (lower <= y <= upper)


def test_an_outcome_far_out_stays_in_one_class():
    assert pit_histogram([1.0, 0.0], [1.0, 0.0], bins=4).tolist() == [1, 0, 0, 1]
    assert central_mass([1.0, 0.5], [1.0, 0.5], level=0.8).tolist() == [0, 1]


def test_brier_score_of_plain_cases():
    assert brier_score([1, 0, 1, 0], [1, 0, 1, 0]).skill == 1
    useless = brier_score([0.25] * 4, [1, 0, 0, 0])
    assert (useless.value, useless.skill) == (pytest.approx(0.1875), pytest.approx(0))
    assert brier_score([0.1, 0.9], [1, 0]).skill < 0
    assert np.isnan(brier_score([0.2, 0.3], [0, 0]).skill)


def test_reliability_sets_what_was_said_beside_what_came():
    found = reliability([0.05, 0.15, 0.9, 1.0, 1.0], [0, 1, 1, 1, 0], bins=5)
    assert [(c.n, c.observed) for c in found] == [(2, 0.5), (3, pytest.approx(2 / 3))]
    assert found[0].predicted == pytest.approx(0.1)


@pytest.mark.parametrize(("chances", "events"), [([], []), ([1.2], [1]), ([0.5, 0.5], [1]), ([np.nan], [0])])
def test_what_is_no_chance_is_refused(chances, events):
    with pytest.raises(MethodError):
        brier_score(chances, events)
