"""One vectorised fit: equal to statsmodels, right at zeros and gaps, honest when there is no fit."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.log_linear import fit_log_linear

YEARS = np.arange(2012, 2024)
PLAIN = settings(derandomize=True, deadline=None, max_examples=60)


def _panel(seed, n=300):
    rng = np.random.default_rng(seed)
    exposure = rng.uniform(5e3, 5e4, (n, 1)) * np.exp(rng.normal(0, 0.01, (n, 12)))
    level = np.exp(rng.normal(2.5, 1.8, (n, 1)))
    counts = rng.poisson(level * np.exp(rng.normal(-0.03, 0.05, (n, 1)) * (YEARS - 2018))).astype(float)
    counts[rng.random(counts.shape) < 0.05] = np.nan
    return counts, exposure


def _statsmodels(counts, exposure, covariates=None):
    """The GLM run to its end: its default tolerance leaves 1e-5 in the standard error."""
    seen = np.isfinite(counts)
    columns = [np.ones(12), YEARS - 2018.0] + ([] if covariates is None else list(covariates.T))
    model = sm.GLM(
        counts[seen],
        np.column_stack(columns)[seen],
        offset=np.log(exposure[seen]),
        family=sm.families.Poisson(),
    )
    return model.fit(tol=1e-13, maxiter=200)


@pytest.mark.parametrize("extra", [False, True])
def test_equal_to_statsmodels(extra):
    counts, exposure = _panel(3, n=120)
    step = np.column_stack([(YEARS >= 2018), np.isin(YEARS, [2020, 2021])]).astype(float) if extra else None
    fits = fit_log_linear(counts, exposure, YEARS, covariates=step, origin=2018)
    # With covariates a series of zeros before a break has no maximum; statsmodels runs on, we say so.
    rows = np.flatnonzero(fits.converged & (np.nansum(counts, axis=1) > 30))
    assert rows.size > 60
    for row in rows:
        other = _statsmodels(counts[row], exposure[row], step)
        found = (
            fits.slope[row],
            fits.se[row],
            fits.intercept[row],
            fits.pearson_chi2[row],
            fits.deviance[row],
        )
        expected = (other.params[1], other.bse[1], other.params[0], other.pearson_chi2, other.deviance)
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-10)
        assert fits.df[row] == other.df_resid
        assert fits.pearson_chi2[row] / fits.df[row] == pytest.approx(
            other.pearson_chi2 / other.df_resid, rel=1e-6
        )


def test_small_counts_with_zeros_are_equal_too():
    counts = np.random.default_rng(4).poisson(0.7, (60, 12)).astype(float)
    fits = fit_log_linear(counts, np.ones((60, 12)), YEARS)
    for row in np.flatnonzero(fits.converged):
        other = _statsmodels(counts[row], np.ones(12))
        assert (fits.slope[row], fits.se[row]) == pytest.approx(
            (other.params[1], other.bse[1]), rel=1e-6, abs=1e-9
        )


@PLAIN
@given(
    st.lists(
        st.one_of(st.none(), st.just(0), st.integers(0, 3), st.integers(0, 5000)), min_size=12, max_size=12
    )
)
def test_a_fit_is_the_maximum_whenever_there_is_one(counts):
    y = np.array([np.nan if c is None else c for c in counts], dtype=float)
    fit = fit_log_linear(y, 1.0, YEARS)
    seen = np.flatnonzero(np.isfinite(y))
    positive = np.flatnonzero(np.nan_to_num(y) > 0)
    # The likelihood has no maximum when all counts lie in the first or the last known year.
    at_an_end = positive.size == 1 and positive[0] in (seen[0], seen[-1])
    exists = seen.size >= 2 and positive.size > 0 and not at_an_end
    assert fit.converged[0] == exists
    if exists:
        rest = (y - fit.fitted[0])[seen]
        scale = max(np.nansum(y), 1.0)
        assert abs(rest.sum()) < 1e-7 * scale
        assert abs((rest * (seen - 5.5)).sum()) < 1e-6 * scale


@pytest.mark.parametrize(
    "counts",
    [
        [0] * 12,
        [np.nan] * 12,
        [np.nan] * 11 + [5],
        [0] * 11 + [80],
        [80] + [0] * 11,
    ],
    ids=["all zero", "all missing", "one year", "all in the last year", "all in the first year"],
)
def test_no_fit_says_so(counts):
    fits = fit_log_linear([counts, list(range(10, 22))], 1.0, YEARS)
    assert fits.converged.tolist() == [False, True]
    numbers = (fits.slope, fits.se, fits.intercept, fits.pearson_chi2, fits.deviance, fits.df)
    assert [bool(np.isnan(x[0])) for x in numbers] == [True] * 6
    assert np.isfinite([x[1] for x in numbers]).all()


@PLAIN
@given(factor=st.floats(0.01, 1e6), seed=st.integers(0, 20))
def test_scale_of_population_moves_only_the_level(factor, seed):
    counts, exposure = _panel(seed, n=5)
    one, other = fit_log_linear(counts, exposure, YEARS), fit_log_linear(counts, factor * exposure, YEARS)
    for name in ("slope", "se", "pearson_chi2", "fitted"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-7, abs=1e-9, nan_ok=True)
    assert other.intercept == pytest.approx(one.intercept - np.log(factor), rel=1e-7, abs=1e-9, nan_ok=True)


def test_time_turned_round_turns_the_slope():
    counts, exposure = _panel(5)
    one = fit_log_linear(counts, exposure, YEARS)
    other = fit_log_linear(counts[:, ::-1], exposure[:, ::-1], YEARS)
    assert other.slope == pytest.approx(-one.slope, rel=1e-7, abs=1e-10, nan_ok=True)
    assert other.se == pytest.approx(one.se, rel=1e-7, nan_ok=True)


def test_a_series_does_not_depend_on_its_neighbours():
    counts, exposure = _panel(6)
    together = fit_log_linear(counts, exposure, YEARS)
    order = np.random.default_rng(0).permutation(len(counts))
    assert np.array_equal(
        fit_log_linear(counts[order], exposure[order], YEARS).slope, together.slope[order], equal_nan=True
    )
    alone = fit_log_linear(counts[7], exposure[7], YEARS)
    assert alone.slope[0] == pytest.approx(together.slope[7], rel=1e-12)


def test_a_break_outside_a_series_is_left_out_there():
    counts = np.random.default_rng(7).poisson(60, (2, 12)).astype(float)
    counts[1, :7] = np.nan
    step = (YEARS >= 2016).astype(float)[:, None]
    fits = fit_log_linear(counts, 1.0, YEARS, covariates=step)
    assert fits.df.tolist() == [9, 3]
    assert fits.slope[1] == pytest.approx(fit_log_linear(counts[1], 1.0, YEARS).slope[0], rel=1e-9)


def test_a_slope_that_a_break_swallows_is_no_fit():
    counts = np.full(12, np.nan)
    counts[[0, 11]] = 40, 60
    fits = fit_log_linear(counts, 1.0, YEARS, covariates=(YEARS >= 2018).astype(float))
    assert not fits.converged[0]


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(MethodError, match="not rising"):
        fit_log_linear([1, 2, 3], 1.0, [2012, 2014, 2013])
    with pytest.raises(MethodError, match="counts for"):
        fit_log_linear([1, 2, 3], 1.0, [2012, 2013])
    with pytest.raises(MethodError, match="cannot carry a rate"):
        fit_log_linear([1, 2, 3], [1, 0, 1], [2012, 2013, 2014])
    with pytest.raises(MethodError, match="cannot be"):
        fit_log_linear([1, -2, 3], 1.0, [2012, 2013, 2014])
