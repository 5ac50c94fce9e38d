"""Limits of rates and shares hold at small counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from method_rules import ROUNDING5

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.rates import average_population, poisson_limits, rate, wilson_share


@settings(derandomize=True, deadline=None, max_examples=50)
@given(
    count=st.integers(0, 2000), population=st.integers(500, 200_000), factor=st.sampled_from([10, 100, 1000])
)
def test_the_unit_of_a_rate_changes_nothing_but_its_scale(count, population, factor):
    one = rate(count, population, per=1.0, confidence=0.95)
    many = rate(count, population, per=factor, confidence=0.95)
    scaled = [factor * x for x in (one.value, one.lower, one.upper)]
    assert [many.value, many.lower, many.upper] == pytest.approx(scaled, rel=1e-12)


@pytest.mark.parametrize("mean", [0.5, 3.0, 12.0, 80.0])
@pytest.mark.parametrize("rounded", [False, True])
def test_limits_hold_the_truth_at_least_as_often_as_they_say(mean, rounded):
    counts = np.random.default_rng(1).poisson(mean, 20_000).astype(float)
    if rounded:
        counts = 5 * np.round(counts / 5)
    lower, upper = poisson_limits(counts, 0.95, rounding_variance=ROUNDING5 if rounded else 0.0)
    assert ((lower <= mean) & (mean <= upper)).mean() >= 0.945


def test_rounding_widens_and_says_so():
    exact, rounded = (
        rate(30, 10_000, per=1000, confidence=0.95, rounding_variance=v) for v in (0.0, ROUNDING5)
    )
    assert rounded.lower < exact.lower < exact.upper < rounded.upper
    assert (exact.method, rounded.method) == ("garwood", "garwood+rounding")


def test_a_missing_count_stays_missing():
    lower, upper = poisson_limits([4, np.nan, 0], 0.95)
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [False, True, False]


@pytest.mark.parametrize("count", [-1.0, np.inf])
def test_an_impossible_count_is_refused(count):
    with pytest.raises(MethodError, match="cannot be"):
        poisson_limits(count, 0.95)


@pytest.mark.parametrize("population", [0.0, -5.0, float("nan")])
def test_a_rate_needs_people(population):
    with pytest.raises(MethodError, match="cannot carry a rate"):
        rate(3, population, per=1000, confidence=0.95)


def test_average_population():
    assert average_population([9800, 9900], [9900, np.nan])[0] == 9850
    assert np.isnan(average_population([9800, 9900], [9900, np.nan])[1])


def test_wilson_meets_newcombe_1998():
    # Newcombe (1998), Statistics in Medicine 17: table I, method 3, score interval.
    for count, n, limits in [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
    ]:
        found = wilson_share(count / n, n, confidence=0.95)
        assert (found.lower, found.upper) == pytest.approx(limits, abs=5e-5)


def test_a_design_effect_counts_as_fewer_answers():
    plain, clustered = (
        wilson_share(0.27, 200, confidence=0.95),
        wilson_share(0.27, 400, confidence=0.95, design_effect=2),
    )
    assert (clustered.lower, clustered.upper) == pytest.approx((plain.lower, plain.upper))


def test_a_share_in_percent_is_refused():
    with pytest.raises(MethodError, match="do not make a survey"):
        wilson_share(27, 200, confidence=0.95)
