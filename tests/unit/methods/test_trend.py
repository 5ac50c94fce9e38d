"""Trends of many series: window, pools, leave-one-out, relative trend, breaks, and the family of tests."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from method_rules import ROUNDING5, TREND

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.log_linear import fit_log_linear
from ivp_analysis.methods.pooled import measure_scatter, pool_dispersion
from ivp_analysis.methods.trend import assess_trends, break_steps, choose_window, with_adjusted
from ivp_analysis.methods.trend_result import share_undetermined
from ivp_analysis.methods.trend_words import TrendWord

YEARS = np.arange(2012, 2024)
PLAIN = settings(derandomize=True, deadline=None, max_examples=12)


def _panel(seed=1, n=14, level=80.0, slope=-0.03):
    rng = np.random.default_rng(seed)
    mean = level * rng.uniform(0.5, 2, (n, 1)) * np.exp(slope * (YEARS - 2018))
    return rng.poisson(mean).astype(float), rng.uniform(1e4, 3e4, (n, 1)) * np.ones(12)


def _assess(counts, exposure, **options):
    pools = [range(len(counts))] * len(counts)
    defaults = {"pools": pools, "reference_year": 2023, "rules": TREND}
    return assess_trends(counts, exposure, YEARS, **(defaults | options))


@pytest.mark.parametrize(
    ("valid", "reference", "window"),
    [
        (range(2010, 2024), 2023, range(2016, 2024)),
        (range(2010, 2024), 2020, range(2013, 2021)),
        ([2010, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019], 2019, range(2012, 2020)),
        ([2012, 2014, 2015, 2016, 2017, 2018, 2019], 2022, [2012, *range(2014, 2020)]),
        ([2020, 2021], 2023, [2020, 2021]),
        ([2025], 2023, []),
    ],
)
def test_choose_window(valid, reference, window):
    assert choose_window(list(valid), reference, TREND) == tuple(window)


def test_each_series_has_its_own_window():
    counts, exposure = _panel()
    counts[0, YEARS == 2019] = np.nan
    counts[1, YEARS == 2023] = np.nan
    counts[2, YEARS < 2017] = np.nan
    exposure[3, YEARS == 2020] = np.nan
    results = _assess(counts, exposure)
    spans = [(r.first_year, r.last_year, r.n_years) for r in results[:5]]
    assert spans == [(2015, 2023, 8), (2015, 2022, 8), (2017, 2023, 7), (2015, 2023, 8), (2016, 2023, 8)]
    assert results[4].total == counts[4, -8:].sum()
    assert results[4].last_change == counts[4, -1] - counts[4, -2]
    assert results[0].last_count == counts[0, -1]


def test_a_gap_before_the_last_year_has_no_last_change():
    counts, exposure = _panel()
    counts[0, YEARS == 2022] = np.nan
    assert _assess(counts, exposure)[0].last_change is None


def test_years_after_the_reference_year_are_not_looked_at():
    counts, exposure = _panel()
    later = counts.copy()
    later[:, YEARS > 2020] = 999
    one = _assess(counts, exposure, reference_year=2020)
    assert one == _assess(later, exposure, reference_year=2020)
    assert {r.last_year for r in one} == {2020}


def test_slope_interval_and_p_follow_from_the_pool():
    counts, exposure = _panel()
    window = counts[:, -8:]
    fits = fit_log_linear(window, exposure[:, -8:], YEARS[-8:])
    phi = max(1.0, fits.pearson_chi2.sum() / fits.df.sum())
    result = _assess(counts, exposure)[3]
    assert result.slope == pytest.approx(fits.slope[3], rel=1e-9)
    assert result.se == pytest.approx(fits.se[3] * np.sqrt(phi), rel=1e-9)
    assert (result.df, result.dispersion, result.method) == (84, pytest.approx(phi), "pooled")
    assert result.lower < result.lower90 < result.change < result.upper90 < result.upper
    assert result.probability_down == pytest.approx(1 - result.p / 2 if result.slope < 0 else result.p / 2)


def test_own_dispersion_needs_its_degrees_of_freedom():
    counts, exposure = _panel(n=1)
    alone = _assess(counts, exposure, pools=[[]])[0]
    assert (alone.method, alone.relative) == ("none", None)
    assert np.isnan(alone.se)
    assert with_adjusted([alone], TREND)[0].word is TrendWord.UNDETERMINED
    own = _assess(counts, exposure, pools=[[]], rules=replace(TREND, min_own_df=6))[0]
    assert own.method == "own"
    assert own.df == 6


def test_minimum_detectable_change_is_what_80_percent_would_show():
    counts, exposure = _panel(level=60)
    base = _assess(counts, exposure, rules=replace(TREND, max_autocorrelation=1.0))[0]
    rng = np.random.default_rng(3)
    mean = counts[0, -8:].mean() * np.exp(-np.log1p(base.minimum_detectable_change) * np.arange(-3.5, 4))
    fits = fit_log_linear(rng.poisson(mean, (2000, 8)), 1.0, np.arange(8))
    critical = (base.slope - np.log1p(base.lower)) / base.se
    shown = np.abs(fits.slope) / (fits.se * np.sqrt(base.dispersion)) > critical
    assert 0.72 < shown.mean() < 0.88


def test_leave_one_out_sees_the_one_year_that_makes_a_trend():
    steady = 50 * np.exp(-0.06 * np.arange(8))
    jumpy = np.array([60, 60, 61, 60, 60, 61, 60, 20.0])
    counts = np.full((2, 12), np.nan)
    counts[0, -8:], counts[1, -8:] = np.round(steady), jumpy
    counts = np.vstack([counts, _panel()[0]])
    results = _assess(counts, 1e4)
    assert results[0].leave_one_out_same_sign
    assert not results[1].leave_one_out_same_sign


def test_relative_trend_is_that_against_the_others():
    counts, exposure = _panel()
    result = _assess(counts, exposure)[5]
    others = np.delete(np.arange(14), 5)
    rate = counts[others].sum(axis=0) / exposure[others].sum(axis=0)
    fit = fit_log_linear(counts[5, -8:], (exposure[5] * rate)[-8:], YEARS[-8:])
    assert result.relative.slope == pytest.approx(fit.slope[0], rel=1e-9)
    assert result.relative.se_poisson == pytest.approx(fit.se[0], rel=1e-9)
    assert result.relative.relative is None


def test_a_common_up_and_down_falls_out_of_the_relative_trend():
    rng = np.random.default_rng(11)
    common = np.exp(np.cumsum(rng.normal(-0.05, 0.15, 12)))
    counts = rng.poisson(2000 * common, (14, 12)).astype(float)
    results = _assess(counts, 1e4)
    assert results[0].dispersion > 10
    assert results[0].relative.dispersion < 1.5
    assert all(abs(r.relative.slope) < 0.02 for r in results)


def test_a_peer_without_a_year_is_no_peer_for_the_relative_trend():
    counts, exposure = _panel()
    holed = counts.copy()
    holed[13, YEARS == 2020] = np.nan
    without = _assess(holed, exposure, pools=[range(14)] * 14)[0].relative
    never = _assess(counts, exposure, pools=[range(13)] * 14)[0].relative
    assert without == never


def test_excluded_years_leave_the_window_as_it_was():
    counts, exposure = _panel()
    result = _assess(counts, exposure, excluded_years=(2020, 2021))[0]
    assert (result.first_year, result.last_year, result.n_years) == (2016, 2023, 6)
    inside = [4, 5, 6, 7, 10, 11]
    fit = fit_log_linear(counts[0, inside], exposure[0, inside], YEARS[inside])
    assert result.slope == pytest.approx(fit.slope[0], rel=1e-9)
    assert result.relative.n_years == 6


def test_a_step_at_a_break_is_not_taken_for_a_trend():
    rng = np.random.default_rng(12)
    step = np.where(YEARS >= 2019, 1.5, 1.0)
    counts = rng.poisson(400 * step, (14, 12)).astype(float)
    plain = [r.slope for r in _assess(counts, 1e4)]
    with_break = [r.slope for r in _assess(counts, 1e4, breaks=(2019,))]
    assert min(plain) > 0.04
    assert abs(np.mean(with_break)) < 0.015


def test_break_steps_count_the_part_of_the_year():
    steps = break_steps([2016, 2017, 2018, 2019], (2018.5, 2017))
    assert steps.T.tolist() == [[0, 0, 0.5, 1], [0, 1, 1, 1]]
    assert break_steps([2016, 2017], ()) is None


@PLAIN
@given(factor=st.floats(0.001, 1000), seed=st.integers(0, 30))
def test_scale_of_population_changes_no_trend(factor, seed):
    counts, exposure = _panel(seed)
    for one, other in zip(_assess(counts, exposure), _assess(counts, factor * exposure), strict=True):
        assert (other.slope, other.se, other.p) == pytest.approx((one.slope, one.se, one.p), rel=1e-6)
        assert other.relative.p == pytest.approx(one.relative.p, rel=1e-5)


@PLAIN
@given(seed=st.integers(0, 30))
def test_order_of_the_series_changes_no_trend(seed):
    counts, exposure = _panel(seed)
    order = np.random.default_rng(seed).permutation(14)
    one, other = _assess(counts, exposure), _assess(counts[order], exposure[order])
    assert [other[i].p for i in range(14)] == pytest.approx([one[j].p for j in order], rel=1e-9)
    words = [r.word for r in with_adjusted(one, TREND)]
    assert [r.word for r in with_adjusted(other, TREND)] == [words[j] for j in order]


def test_years_out_of_order_are_refused():
    counts, exposure = _panel()
    with pytest.raises(MethodError, match="not rising"):
        assess_trends(counts, exposure, YEARS[::-1], pools=[[]] * 14, reference_year=2023, rules=TREND)


def test_an_area_outside_the_pools_changes_nothing():
    counts, exposure = _panel()
    constant = np.vstack([counts, np.full(12, 70.0)])
    more = _assess(constant, np.vstack([exposure, exposure[:1]]), pools=[range(14)] * 15)
    assert more[:14] == _assess(counts, exposure)


@pytest.mark.parametrize("pools", [[[0]] * 13, [[14]] * 14, [[-1]] * 14])
def test_pools_must_fit(pools):
    counts, exposure = _panel()
    with pytest.raises(MethodError, match="do not fit"):
        _assess(counts, exposure, pools=pools)


def test_an_all_zero_and_an_empty_series_are_no_failure():
    counts, exposure = _panel()
    counts[0], counts[1] = 0, np.nan
    results = with_adjusted(_assess(counts, exposure), TREND)
    assert [r.word for r in results[:2]] == [TrendWord.TOO_SMALL, TrendWord.TOO_FEW_YEARS]
    assert (results[0].q, results[1].q) == (None, None)
    assert np.isnan(results[0].slope)
    assert (results[1].first_year, results[1].last_change, results[1].kendall) == (None, None, None)


def test_the_untested_are_no_part_of_the_family():
    counts, exposure = _panel()
    family = with_adjusted(_assess(counts, exposure), TREND)
    small = replace(family[0], total=12.0, p=1e-9, q=None, word=None)
    longer = with_adjusted([*_assess(counts, exposure), small], TREND)
    assert [r.q for r in longer[:-1]] == [r.q for r in family]
    assert (longer[-1].q, longer[-1].word) == (None, TrendWord.TOO_SMALL)


def test_a_word_depends_on_its_family():
    counts, exposure = _panel(seed=2, level=60, slope=-0.02)
    alone = [with_adjusted([r], TREND)[0].word for r in _assess(counts, exposure)]
    together = [r.word for r in with_adjusted(_assess(counts, exposure), TREND)]
    assert alone != together


def test_share_undetermined():
    counts, exposure = _panel(level=20, slope=0)
    results = with_adjusted(_assess(counts, exposure), TREND)
    expected = sum(r.word is TrendWord.UNDETERMINED for r in results) / 14
    assert share_undetermined(results) == pytest.approx(expected)
    assert np.isnan(share_undetermined([]))


def test_rounding_goes_out_of_the_pool_and_back_at_the_own_mean():
    """Net of rounding, rounded figures give the dispersion of the exact ones (the true one is 2)."""
    rng = np.random.default_rng(13)
    counts = rng.negative_binomial(14, 0.5, (800, 8)).astype(float)
    rounded = 5 * np.round(counts / 5)
    years = np.arange(8)
    pools = []
    for y, variance in ((counts, 0.0), (rounded, ROUNDING5)):
        scatter = measure_scatter(fit_log_linear(y, 1.0, years), years, rounding_variance=variance)
        pools.append(pool_dispersion(scatter, range(800), max_autocorrelation=0.2, min_df=20))
        assert scatter.rounding.mean() == pytest.approx(variance / 14, rel=0.1)
    assert pools[0].value == pytest.approx(2.0, rel=0.06)
    assert pools[1].value == pytest.approx(pools[0].value, rel=0.025)
