"""What is said of a world without change, held against outcomes drawn from it."""

import numpy as np
import pytest
from forecast_rules import BACKTEST, PROJECTION

from ivp_analysis.methods.projection import project_counts
from ivp_analysis.methods.stillness import LEVELS, measure_stillness


@pytest.mark.parametrize("ratio", [0.8, BACKTEST.target_ratio])
def test_chance_alone_meets_fewer_targets_than_the_forecast_says(ratio):
    found = measure_stillness(PROJECTION, years=BACKTEST.max_train, ahead=5, ratio=ratio)
    assert (found.ratio, found.ahead, found.n) == (ratio, 5, 40 * LEVELS.size)
    assert 0 < found.said - found.true < 0.08


def test_said_and_true_are_those_of_drawn_outcomes():
    """Another seed, outcomes drawn instead of computed, one forecast at a time."""
    rng = np.random.default_rng(8)
    said, met = [], []
    for _ in range(12):
        counts = rng.poisson(LEVELS[:, None], (LEVELS.size, 10)).astype(float)
        for own in range(LEVELS.size):
            found = project_counts(counts[[own]], np.arange(10.0), origin=9, peers=counts, rules=PROJECTION)
            target = np.floor(0.9 * counts[own, -1])
            said.append(found.probability(target, 12))
            met.extend(rng.poisson(LEVELS[own], 50) <= target)
    expected = measure_stillness(PROJECTION, years=10, ahead=3, ratio=0.9)
    assert np.mean(said) == pytest.approx(expected.said, abs=0.02)
    assert np.mean(met) == pytest.approx(expected.true, abs=0.02)
