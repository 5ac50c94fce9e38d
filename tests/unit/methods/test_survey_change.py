"""Differences between two surveys, against Newcombe's paper, statsmodels and R's power.prop.test."""

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.rates import Share, wilson_share
from ivp_analysis.methods.survey_change import compare_shares, detectable_fall


def _share(count: int, n: int, effect: float = 1.0) -> Share:
    return wilson_share(count / n, n, confidence=0.95, design_effect=effect)


@pytest.mark.parametrize(
    ("first", "second", "lower", "upper"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090)],
)
def test_newcombe_1998_table_ii_method_10(first, second, lower, upper):
    """Tables of the paper give the first share less the second."""
    found = compare_shares(_share(*second), _share(*first), confidence=0.95, power=0.8)
    assert (found.lower, found.upper) == (pytest.approx(lower, abs=5e-5), pytest.approx(upper, abs=5e-5))
    assert found.is_certain


@pytest.mark.parametrize(
    ("before", "after"), [((111, 412), (101, 478)), ((0, 50), (4, 60)), ((30, 30), (9, 25))]
)
def test_the_interval_is_that_of_statsmodels(before, after):
    found = compare_shares(_share(*before), _share(*after), confidence=0.95, power=0.8)
    low, high = confint_proportions_2indep(*after, *before, method="newcomb", compare="diff")
    assert (found.lower, found.upper) == (pytest.approx(low), pytest.approx(high))


def test_the_smallest_fall_is_that_of_power_prop_test():
    """R: power.prop.test(p1 = .50, p2 = .75, power = .90) asks n = 76.7 in each group; 0.75 falls to 0.50."""
    assert detectable_fall(0.75, 76.7, 76.7, confidence=0.95, power=0.9) == pytest.approx(0.25, abs=2e-4)
    larger = detectable_fall(0.27, 400, 400, confidence=0.95, power=0.8)
    assert 0.05 < larger < 0.12
    assert detectable_fall(0.27, 4000, 4000, confidence=0.95, power=0.8) < larger / 2.5
    assert np.isnan(detectable_fall(0.05, 20, 20, confidence=0.95, power=0.8)), "not even a fall to 0 shows"


def test_the_smallest_fall_is_found_as_often_as_it_says():
    rng = np.random.default_rng(81)
    n, share = 400, 0.27
    fall = detectable_fall(share, n, n, confidence=0.95, power=0.8)
    counts = zip(rng.binomial(n, share, 2000), rng.binomial(n, share - fall, 2000), strict=True)
    found = [
        compare_shares(_share(a, n), _share(b, n), confidence=0.95, power=0.8).is_certain for a, b in counts
    ]
    assert np.mean(found) == pytest.approx(0.8, abs=0.03)


def test_a_design_effect_widens_and_needs_more():
    plain = compare_shares(_share(111, 412), _share(101, 478), confidence=0.95, power=0.8)
    designed = compare_shares(_share(111, 412, 1.5), _share(101, 478, 1.5), confidence=0.95, power=0.8)
    assert designed.upper - designed.lower > 1.15 * (plain.upper - plain.lower)
    assert designed.detectable > 1.1 * plain.detectable
    with pytest.raises(MethodError, match="no detectable fall"):
        detectable_fall(1.2, 10, 10, confidence=0.95, power=0.8)
