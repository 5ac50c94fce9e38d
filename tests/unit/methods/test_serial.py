"""Serial correlation from the residuals of a few years: recovered from AR(1) series of which it is known."""

import numpy as np
import pytest

from ivp_analysis.methods.serial import (
    CORRELATIONS,
    correlation_p,
    estimate_correlation,
    serial_curves,
    slope_inflation,
)


def _curves(n_years, n_series=1):
    return serial_curves(np.ones((n_series, n_years), dtype=bool), np.arange(float(n_years)))


def _series(rho, n_years, n_series, seed=1):
    rng = np.random.default_rng(seed)
    e = rng.normal(0, 1, (n_series, n_years))
    for year in range(1, n_years):
        e[:, year] = rho * e[:, year - 1] + np.sqrt(1 - rho**2) * e[:, year]
    return e


def _residuals(e):
    X = np.column_stack([np.ones(e.shape[1]), np.arange(e.shape[1])])
    return e - (X @ np.linalg.lstsq(X, e.T, rcond=None)[0]).T


def _seen(residuals):
    return (residuals[:, 1:] * residuals[:, :-1]).sum() / (residuals**2).sum()


@pytest.mark.parametrize(("n_years", "bias"), [(8, -0.25), (6, -1 / 3)])
def test_independent_years_leave_a_negative_correlation(n_years, bias):
    residuals = _residuals(_series(0.0, n_years, 40_000))
    assert _seen(residuals) == pytest.approx(bias, abs=0.01)
    assert estimate_correlation(_curves(n_years), np.array([0]), bias) == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("n_years", [6, 7, 8, 12])
@pytest.mark.parametrize("rho", [-0.4, 0.0, 0.3, 0.6])
def test_the_correlation_behind_residuals_is_recovered(n_years, rho):
    seen = _seen(_residuals(_series(rho, n_years, 60_000)))
    assert estimate_correlation(_curves(n_years), np.array([0]), seen) == pytest.approx(rho, abs=0.04)


@pytest.mark.parametrize("n_years", [6, 8])
def test_chance_has_its_share_of_the_correlations(n_years):
    """Pools of 13 independent series: one in ten is below a p of 0.1."""
    residuals = _residuals(_series(0.0, n_years, 13 * 2000)).reshape(2000, 13, n_years)
    curves, rows = _curves(n_years, 13), np.arange(13)
    p = np.array([correlation_p(curves, rows, _seen(pool)) for pool in residuals])
    assert np.mean(p < 0.1) == pytest.approx(0.1, abs=0.025)
    assert np.mean(p < 0.5) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize("n_years", [6, 8, 20])
@pytest.mark.parametrize("rho", [0.3, 0.7])
def test_the_factor_is_what_the_correlation_does_to_a_slope(n_years, rho):
    """Variance of simulated slopes over what the scatter of their residuals says of it."""
    e = _series(rho, n_years, 60_000)
    t = np.arange(n_years) - (n_years - 1) / 2
    slopes = e @ t / (t @ t)
    told = (_residuals(e) ** 2).sum(axis=1).mean() / (n_years - 2) / (t @ t)
    factor = slope_inflation(_curves(n_years), np.array([0]), np.array([n_years - 2.0]), rho)
    assert factor == pytest.approx(slopes.var() / told, rel=0.04)


def test_a_long_window_has_the_factor_of_the_books():
    factor = slope_inflation(_curves(400), np.array([0]), np.array([398.0]), 0.5)
    assert factor == pytest.approx((1 + 0.5) / (1 - 0.5), rel=0.02)


def test_series_of_several_windows_are_read_together():
    """Half of the series miss two years: as many series of each window show the mean of their curves."""
    seen = np.ones((4, 8), dtype=bool)
    seen[2:, :2] = False
    curves = serial_curves(seen, np.arange(8.0))
    e = _series(0.5, 8, 30_000)
    whole, part = _residuals(e), _residuals(e[:, 2:])
    lagged = sum((r[:, 1:] * r[:, :-1]).sum() for r in (whole, part))
    observed = lagged / sum((r**2).sum() for r in (whole, part))
    assert estimate_correlation(curves, np.arange(4), observed) == pytest.approx(0.5, abs=0.04)


def test_a_step_takes_its_share_of_the_correlation():
    """With a break in the model its residuals lean against each other even more."""
    plain = _curves(8)
    stepped = serial_curves(np.ones((1, 8), dtype=bool), np.arange(8.0), np.r_[np.zeros(4), np.ones(4)])
    zero = int(np.argmin(abs(CORRELATIONS)))
    r = [(c.lagged / c.squared)[0, zero] for c in (plain, stepped)]
    assert r[1] < r[0] - 0.05


def test_nothing_left_to_scatter_shows_nothing():
    curves = serial_curves(np.ones((1, 2), dtype=bool), np.arange(2.0))
    assert estimate_correlation(curves, np.array([0]), 0.3) == 0
    assert slope_inflation(curves, np.array([0]), np.array([0.0]), 0.5) == 1
    assert correlation_p(curves, np.array([0]), 0.3) == 1


def test_one_degree_of_freedom_is_no_chance():
    """The residuals of three years can only be a multiple of 1, -2, 1: their correlation is always the same."""
    curves = serial_curves(np.ones((1, 3), dtype=bool), np.arange(3.0))
    assert correlation_p(curves, np.array([0]), -2 / 3) == 1
