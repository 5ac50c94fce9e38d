"""Adjusted p values and Mann-Kendall with Sen's slope, against R."""

import pytest

from ivp_analysis.methods.mann_kendall import fit_mann_kendall
from ivp_analysis.methods.multiplicity import adjust


@pytest.mark.parametrize("method", ["bh", "by", "holm"])
def test_benjamini_hochberg(vector, method):
    v = vector("benjamini_hochberg")
    adjusted = adjust(v["inputs"]["p"], method=method)
    assert adjusted == pytest.approx(v["outputs"][method], rel=v["rel_tol"])


def test_the_paper_rejects_four(vector):
    v = vector("benjamini_hochberg")
    assert (adjust(v["inputs"]["p"], method="bh") <= 0.05).sum() == v["outputs"]["n_reject_bh_005"]


@pytest.mark.parametrize(
    ("series", "result"), [("nile", "nile"), ("annual", "annual"), ("small_with_ties", "small")]
)
def test_mann_kendall_sen(vector, series, result):
    v = vector("mann_kendall_sen")
    expected = v["outputs"][result]
    found = fit_mann_kendall(v["inputs"][series], confidence=0.95)
    assert found.s == expected["S"]
    assert found.variance == pytest.approx(expected["varS"], rel=v["rel_tol"])
    assert found.tau == pytest.approx(expected["tau"], rel=v["rel_tol"])
    assert found.z == pytest.approx(expected["z"], rel=v["rel_tol"])
    assert found.p == pytest.approx(expected["p"], rel=v["rel_tol"])
    assert found.sen_slope == pytest.approx(expected["sen_slope"], rel=v["rel_tol"])
    assert (found.lower, found.upper) == pytest.approx(tuple(expected["sen_ci95"]), rel=v["rel_tol"])
