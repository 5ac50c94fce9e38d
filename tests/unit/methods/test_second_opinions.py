"""Adjusted p values and Mann-Kendall at their edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.mann_kendall import fit_mann_kendall
from ivp_analysis.methods.multiplicity import adjust

PLAIN = settings(derandomize=True, deadline=None, max_examples=80)
PROBABILITIES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@PLAIN
@given(PROBABILITIES, st.sampled_from(["bh", "by", "holm"]))
def test_adjusting_never_lowers_a_p_nor_changes_an_order(p, method):
    adjusted = adjust(p, method=method)
    assert (adjusted >= np.array(p) - 1e-12).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12).all()


@PLAIN
@given(PROBABILITIES, st.sampled_from(["bh", "by", "holm"]))
def test_what_was_not_tested_does_not_count(p, method):
    mixed = np.insert(np.array(p), 0, np.nan)
    adjusted = adjust([*mixed, np.nan], method=method)
    assert np.isnan(adjusted[[0, -1]]).all()
    assert adjusted[1:-1] == pytest.approx(adjust(p, method=method))


def test_an_empty_family():
    assert adjust([], method="bh").size == 0
    assert np.isnan(adjust([np.nan], method="bh")).all()


def test_no_probability_is_refused():
    with pytest.raises(MethodError, match="outside 0 to 1"):
        adjust([0.1, 1.2], method="bh")


@PLAIN
@given(st.lists(st.integers(0, 40), min_size=4, max_size=12), st.integers(1, 5))
def test_mann_kendall_agrees_with_scipy(values, gap):
    years = np.arange(len(values)) * gap
    found = fit_mann_kendall(values, years, confidence=0.95)
    if len(set(values)) == 1:
        assert np.isnan([found.tau, found.p, found.sen_slope]).all()
        return
    assert found.tau == pytest.approx(stats.kendalltau(years, values).statistic)
    sen = stats.theilslopes(values, years)
    assert found.sen_slope == pytest.approx(sen.slope)
    assert found.lower <= found.sen_slope <= found.upper
    turned = fit_mann_kendall(values[::-1], years, confidence=0.95)
    assert (turned.s, turned.z, turned.p) == pytest.approx((-found.s, -found.z, found.p))


def test_mann_kendall_leaves_missing_years_out():
    with_gap = fit_mann_kendall([5, np.nan, 7, 6, 9, 10], [1, 2, 3, 4, 5, 6], confidence=0.95)
    assert with_gap == fit_mann_kendall([5, 7, 6, 9, 10], [1, 3, 4, 5, 6], confidence=0.95)
    assert np.isnan(fit_mann_kendall([5, 7], confidence=0.95).p)
