"""Two periods: the wider of the exact and the quasi form is reported."""

import math

import numpy as np
import pytest
from method_rules import ROUNDING5

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.two_periods import compare_periods


def test_plain_counts_are_compared_exactly():
    # Four of the plan's targets cannot be told from chance even if exactly met: 233 -> 200 has p = .12.
    result = compare_periods(200, 233, confidence=0.95)
    assert result.method == "exact"
    assert result.p == pytest.approx(0.12, abs=0.005)
    assert result.lower < 1 < result.upper


def test_dispersion_widens():
    exact = compare_periods(400, 498, confidence=0.95)
    quasi = compare_periods(400, 498, confidence=0.95, dispersion=3.0, df=78)
    assert quasi.method == "quasi"
    assert quasi.lower < exact.lower < exact.upper < quasi.upper
    assert exact.p < 0.05 < quasi.p
    assert quasi.ratio == exact.ratio == pytest.approx(400 / 498)


def test_dispersion_below_one_never_narrows():
    assert compare_periods(40, 60, confidence=0.95, dispersion=0.5, df=78).method == "exact"


def test_rounding_widens():
    plain = compare_periods(20, 30, confidence=0.95, dispersion=2.0, df=60)
    rounded = compare_periods(20, 30, confidence=0.95, dispersion=2.0, df=60, rounding_variance=ROUNDING5)
    assert rounded.lower < plain.lower < plain.upper < rounded.upper
    assert rounded.p > plain.p


@pytest.mark.parametrize("dispersion", [1.0, 2.5])
def test_zeros_have_limits(dispersion):
    none_left = compare_periods(0, 5, confidence=0.95, dispersion=dispersion, df=40)
    assert (none_left.ratio, none_left.lower) == (0, 0)
    assert 1 < none_left.upper < math.inf
    new = compare_periods(5, 0, confidence=0.95, dispersion=dispersion, df=40)
    assert (new.ratio, new.upper) == (math.inf, math.inf)
    assert new.lower == pytest.approx(1 / none_left.upper)
    nothing = compare_periods(0, 0, confidence=0.95, dispersion=dispersion, df=40)
    assert math.isnan(nothing.ratio)
    assert (nothing.lower, nothing.upper, nothing.p) == (0, math.inf, 1)


def test_exposure_is_allowed_for():
    same = compare_periods(300, 100, later_exposure=3.0, earlier_exposure=1.0, confidence=0.95)
    assert same.ratio == pytest.approx(1)
    assert same.p > 0.9


@pytest.mark.parametrize(("phi", "method"), [(1.0, "exact"), (3.0, "quasi")])
def test_no_change_is_called_change_at_most_as_often_as_said(phi, method):
    rng = np.random.default_rng(2)
    size = 100 / (phi - 1) if phi > 1 else None
    draw = rng.poisson(100, (1000, 2)) if size is None else rng.negative_binomial(size, 1 / phi, (1000, 2))
    results = [compare_periods(*pair, confidence=0.95, dispersion=phi, df=78) for pair in draw.tolist()]
    assert 0.02 < np.mean([r.p < 0.05 for r in results]) < 0.06
    assert np.mean([r.lower <= 1 <= r.upper for r in results]) > 0.94
    assert {r.method for r in results} == {method}


@pytest.mark.parametrize("counts", [(-1, 5), (2.5, 5), (float("nan"), 5)])
def test_what_is_no_count_is_refused(counts):
    with pytest.raises(MethodError):
        compare_periods(*counts, confidence=0.95)


def test_a_period_without_exposure_is_refused():
    with pytest.raises(MethodError):
        compare_periods(1, 2, later_exposure=0, confidence=0.95)
