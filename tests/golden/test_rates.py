"""Exact limits of counts and of the ratio of two counts, against R."""

import pytest

from ivp_analysis.methods.rates import poisson_limits
from ivp_analysis.methods.two_periods import compare_periods


@pytest.mark.parametrize(("confidence", "suffix"), [(0.95, "95"), (0.998, "998")])
def test_garwood_exact_poisson(vector, confidence, suffix):
    v = vector("garwood_exact_poisson")
    lower, upper = poisson_limits(v["inputs"]["counts"], confidence)
    assert lower == pytest.approx(v["outputs"][f"lower{suffix}"], rel=v["rel_tol"])
    assert upper == pytest.approx(v["outputs"][f"upper{suffix}"], rel=v["rel_tol"])


@pytest.mark.parametrize("number", range(8))
def test_exact_rate_ratio(vector, number):
    v = vector("exact_rate_ratio")
    case, expected = v["inputs"]["cases"][number], v["outputs"]["results"][number]
    result = compare_periods(
        case["x1"],
        case["x2"],
        later_exposure=case["t1"],
        earlier_exposure=case["t2"],
        confidence=0.95,
    )
    assert result.method == "exact"
    assert result.ratio == pytest.approx(expected["ratio"], rel=v["rel_tol"])
    assert (result.lower, result.upper) == pytest.approx(tuple(expected["ci95"]), rel=v["rel_tol"])
    assert result.p == pytest.approx(expected["p_exact_cond"], rel=v["rel_tol"])
