"""Level and drift of a panel: recovered from simulated truths, and what happens without figures."""

from dataclasses import replace

import numpy as np
import pytest
from forecast_rules import PROJECTION

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.growth import (
    GrowthPool,
    damped_years,
    estimate_growth,
    fit_drifts,
    level_variance,
    shrink_drift,
)

YEARS = np.arange(2012, 2020)


def _estimate(counts, **options):
    return estimate_growth(
        fit_drifts(counts, YEARS, origin=2019, rules=PROJECTION), rules=PROJECTION, **options
    )


def _walks(rng, n, s2, level=400):
    steps = rng.normal(0, np.sqrt(s2), (n, YEARS.size))
    return rng.poisson(level * np.exp(np.cumsum(steps, axis=1))).astype(float)


@pytest.mark.parametrize("s2", [0.004, 0.02])
@pytest.mark.parametrize("level", [30, 400])
def test_level_variance_is_free_of_poisson_chance(s2, level):
    counts = _walks(np.random.default_rng(2), 3000, s2, level)
    assert level_variance(counts, YEARS, rules=PROJECTION) == pytest.approx(s2, rel=0.1, abs=0.001)


@pytest.mark.parametrize("drift", [-0.10, 0.06])
def test_a_drift_is_no_wandering(drift):
    rng = np.random.default_rng(12)
    steps = drift + rng.normal(0, np.sqrt(0.005), (3000, YEARS.size))
    counts = rng.poisson(400 * np.exp(np.cumsum(steps, axis=1))).astype(float)
    assert level_variance(counts, YEARS, rules=PROJECTION) == pytest.approx(0.005, rel=0.06)


def test_small_series_do_not_drown_what_large_ones_tell():
    """A pool of 12 from 15 to 900 a year: the estimate strays half as far as a plain mean of squared steps."""
    rng = np.random.default_rng(13)
    levels = np.geomspace(15, 900, 12)[:, None]
    found, plain = [], []
    for _ in range(150):
        counts = levels * np.exp(np.cumsum(rng.normal(0, np.sqrt(0.006), (12, YEARS.size)), axis=1))
        counts = rng.poisson(counts).astype(float)
        found.append(level_variance(counts, YEARS, rules=PROJECTION))
        later, earlier = counts[:, 1:] + 0.5, counts[:, :-1] + 0.5
        plain.append((np.log(later / earlier) ** 2 - 1 / later - 1 / earlier).mean())
    assert np.mean(found) == pytest.approx(0.006, rel=0.1)
    assert np.std(found) < 0.5 * np.std(plain)


def test_runs_of_years_with_gaps_tell_the_same():
    rng = np.random.default_rng(14)
    counts = _walks(rng, 6000, 0.006, level=200)
    holed = np.where(rng.random(counts.shape) < 0.2, np.nan, counts)
    assert level_variance(holed, YEARS, rules=PROJECTION) == pytest.approx(0.006, rel=0.08)


def test_a_still_level_gets_the_floor():
    counts = np.random.default_rng(3).poisson(300, (3000, YEARS.size)).astype(float)
    assert level_variance(counts, YEARS, rules=PROJECTION) == PROJECTION.min_level_variance


def test_drift_of_steady_trends_is_recovered():
    rng = np.random.default_rng(4)
    slopes = rng.normal(-0.04, 0.03, (3000, 1))
    counts = rng.poisson(300 * np.exp(slopes * (YEARS - 2015.5))).astype(float)
    pool = _estimate(counts)
    assert pool.mean_drift == pytest.approx(-0.04, abs=0.003)
    assert pool.drift_variance == pytest.approx(0.03**2, rel=0.1)
    assert pool.dispersion == pytest.approx(1.0, abs=0.03)
    assert pool.n_series == 3000


def test_equal_trends_get_the_floor():
    rng = np.random.default_rng(5)
    counts = rng.poisson(50 * np.exp(-0.03 * (YEARS - 2015.5)), (3000, YEARS.size)).astype(float)
    assert _estimate(counts).drift_variance == PROJECTION.min_drift_variance


def test_overdispersion_is_seen():
    counts = np.random.default_rng(6).negative_binomial(100 / 2, 1 / 3, (3000, YEARS.size)).astype(float)
    assert _estimate(counts).dispersion == pytest.approx(3.0, rel=0.05)


def test_a_pool_is_its_members():
    rng = np.random.default_rng(7)
    counts = np.vstack([_walks(rng, 20, 0.002), _walks(rng, 20, 0.05)])
    assert _estimate(counts, members=range(20)) == _estimate(counts[:20])
    wide = _estimate(counts, members=range(20), level_members=range(40))
    assert wide.level_variance > _estimate(counts[:20]).level_variance
    assert wide.mean_drift == _estimate(counts[:20]).mean_drift


def test_a_missing_year_is_no_step_and_no_zero():
    counts = np.array([[100, 100, np.nan, 400, 400, 400, 400, 400]] * 3, dtype=float)
    assert level_variance(counts, YEARS, rules=PROJECTION) == PROJECTION.min_level_variance
    gap = np.delete(YEARS, 2)
    assert (
        level_variance(np.delete(counts, 2, axis=1), gap, rules=PROJECTION) == PROJECTION.min_level_variance
    )


def test_only_the_last_years_make_the_drift():
    rng = np.random.default_rng(8)
    years = np.arange(2005, 2020)
    counts = rng.poisson(300, (10, years.size)).astype(float)
    other = counts.copy()
    other[:, : -PROJECTION.drift_window_years] *= 3
    fits = [fit_drifts(c, years, origin=2019, rules=PROJECTION).fits for c in (counts, other)]
    assert fits[0].slope == pytest.approx(fits[1].slope)


def test_shrinkage_between_own_and_peers():
    pool = GrowthPool(0.01, 2.0, -0.05, 0.0008, 12)
    drift = shrink_drift(0.03, 0.02, pool)
    assert drift.own_weight == pytest.approx(0.5)
    assert drift.value == pytest.approx(-0.01)
    assert drift.variance == pytest.approx(0.0004)
    assert shrink_drift(0.03, 1e-6, pool).value == pytest.approx(0.03, abs=1e-6)
    vague = shrink_drift(0.03, 1e4, pool)
    assert (vague.value, vague.variance) == (pytest.approx(-0.05), pytest.approx(0.0008))
    assert shrink_drift(np.nan, np.nan, pool) == replace(vague, value=-0.05, variance=0.0008, own_weight=0.0)


def test_damping():
    assert damped_years(1, damping=0.8) == pytest.approx(0.8)
    assert damped_years(3, damping=0.8) == pytest.approx(0.8 + 0.64 + 0.512)
    assert damped_years(3, damping=1.0) == 3


def test_a_pool_that_shows_nothing_is_refused():
    with pytest.raises(MethodError, match="series cannot show"):
        _estimate(np.zeros((5, YEARS.size)))
    with pytest.raises(MethodError, match="two steps"):
        level_variance(np.full((2, 8), np.nan), YEARS, rules=PROJECTION)
