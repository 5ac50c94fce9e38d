"""The projection of one series: what it is made of, what it may not know, and its rivals against statsmodels."""

import numpy as np
import pytest
from forecast_rules import PROJECTION
from scipy import stats

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.growth import estimate_growth, fit_drifts
from ivp_analysis.methods.projection import Forecaster, project_counts

YEARS = np.arange(2010, 2024)
ORIGIN = 2018


@pytest.fixture(scope="module")
def peers():
    rng = np.random.default_rng(11)
    walk = np.cumsum(rng.normal(-0.03, 0.08, (12, YEARS.size)), axis=1)
    return rng.poisson(250 * np.exp(walk)).astype(float)


@pytest.fixture(scope="module")
def own():
    return np.random.default_rng(12).poisson(180 * 0.97 ** np.arange(YEARS.size)).astype(float)


@pytest.fixture(scope="module")
def projection(own, peers):
    return project_counts(own, YEARS, origin=ORIGIN, peers=peers, rules=PROJECTION)


def test_what_comes_after_the_origin_changes_nothing(own, peers, projection):
    later = YEARS > ORIGIN
    changed = project_counts(
        np.where(later, 9.0, own),
        YEARS,
        origin=ORIGIN,
        peers=np.where(later, np.nan, peers),
        rules=PROJECTION,
    )
    assert (changed.drift, changed.pool, changed.line) == (projection.drift, projection.pool, projection.line)
    for forecaster in Forecaster:
        k = np.arange(100, 300, 7)
        assert (
            changed.law(2023, forecaster).cdf(k).tolist() == projection.law(2023, forecaster).cdf(k).tolist()
        )


def test_the_formula_of_the_drifting_half(own, peers, projection):
    past = peers[:, YEARS <= ORIGIN]
    panel = fit_drifts(past, YEARS[YEARS <= ORIGIN], origin=ORIGIN, rules=PROJECTION)
    pool = estimate_growth(panel, rules=PROJECTION)
    assert pool == projection.pool
    fit = fit_drifts(own, YEARS, origin=ORIGIN, rules=PROJECTION).fits
    noise = pool.dispersion * fit.se[0] ** 2
    weight = pool.drift_variance / (pool.drift_variance + noise)
    g = pool.mean_drift + weight * (fit.slope[0] - pool.mean_drift)
    k = 0.8 * (1 - 0.8**5) / 0.2
    spread = np.sqrt(5 * pool.level_variance + k**2 * weight * noise)
    x = own[YEARS == ORIGIN][0] + 0.5
    z = np.random.default_rng(13).normal(k * g, spread, 400_000)
    drawn = np.random.default_rng(14).negative_binomial(x, 1 / (1 + np.exp(z)))
    for target in (110, 150, 190):
        found = projection.probability(target, 2023, Forecaster.DRIFTING)
        assert found == pytest.approx((drawn <= target).mean(), abs=0.004)


def test_default_is_the_equal_mixture(projection):
    for target in (120, 160, 200):
        halves = [
            projection.probability(target, 2022, f) for f in (Forecaster.DRIFTLESS, Forecaster.DRIFTING)
        ]
        assert projection.probability(target, 2022) == pytest.approx(np.mean(halves), abs=1e-12)


def test_the_path_widens_and_holds_its_median(projection):
    path = projection.path(range(2019, 2024))
    widths = [point.upper - point.lower for point in path]
    assert [point.year for point in path] == [2019, 2020, 2021, 2022, 2023]
    assert widths == sorted(widths)
    assert all(point.lower < point.median < point.upper for point in path)
    law = projection.law(2021)
    assert path[2].lower == law.quantile(0.1)
    assert path[2].upper == law.quantile(0.9)


def test_a_missing_last_year_makes_the_way_longer(own, peers):
    shorter = np.where(YEARS == ORIGIN, np.nan, own)
    found = project_counts(shorter, YEARS, origin=ORIGIN, peers=peers, rules=PROJECTION)
    assert (found.last_year, found.last_count) == (2017, own[YEARS == 2017][0])
    direct = project_counts(own, YEARS, origin=2017, peers=peers, rules=PROJECTION)
    assert found.law(2023, Forecaster.LAST_YEAR).median == direct.law(2023, Forecaster.LAST_YEAR).median


def test_plain_rivals_are_what_they_say(own, projection):
    x, recent = own[YEARS == ORIGIN][0], own[(YEARS > 2015) & (YEARS <= ORIGIN)]
    k = np.arange(100, 250)
    last = projection.law(2023, Forecaster.LAST_YEAR)
    assert last.cdf(k) == pytest.approx(stats.nbinom.cdf(k, x + 0.5, 0.5), abs=1e-10)
    mean = projection.law(2023, Forecaster.THREE_YEAR_MEAN)
    assert mean.cdf(k) == pytest.approx(stats.nbinom.cdf(k, recent.sum() + 0.5, 0.75), abs=1e-10)


def test_trend_rivals_extrapolate_as_statsmodels_does(own, projection):
    import statsmodels.api as sm

    window = (ORIGIN - PROJECTION.drift_window_years < YEARS) & (YEARS <= ORIGIN)
    design = sm.add_constant(YEARS[window].astype(float))
    fit = sm.GLM(own[window], design, family=sm.families.Poisson()).fit(tol=1e-12)
    ahead = np.array([[1.0, 2022.0]])
    mean = float(fit.predict(ahead)[0])
    variance = float((ahead @ fit.cov_params() @ ahead.T)[0, 0])
    assert projection.law(2022, Forecaster.LOG_LINEAR).mean == pytest.approx(mean, rel=1e-6)
    assert projection.line.log_variance(4) == pytest.approx(variance, rel=1e-6)
    phi = projection.pool.dispersion
    quasi = projection.law(2022, Forecaster.QUASI_POISSON)
    growth = np.exp(phi * variance / 2)
    within = phi * mean + mean**2 * (growth**4 - growth**2) + mean * (growth - 1)
    assert quasi.mean == pytest.approx(mean * growth, rel=1e-6)
    assert quasi.variance == pytest.approx(within, rel=0.05)


def test_a_region_is_projected_as_one_series(peers):
    parts = peers[:5]
    whole = project_counts(parts.sum(axis=0), YEARS, origin=ORIGIN, peers=peers[5:], rules=PROJECTION)
    assert whole.last_count == parts[:, YEARS == ORIGIN].sum()
    assert (
        whole.pool == project_counts(parts[0], YEARS, origin=ORIGIN, peers=peers[5:], rules=PROJECTION).pool
    )


def test_a_series_of_zeros_has_a_forecast_but_no_trend_line(peers):
    found = project_counts(np.zeros(YEARS.size), YEARS, origin=ORIGIN, peers=peers, rules=PROJECTION)
    assert found.law(2023).median == 0
    assert found.drift.own_weight == 0
    with pytest.raises(MethodError, match="no log-linear trend"):
        found.law(2023, Forecaster.LOG_LINEAR)


def test_what_cannot_be_projected_is_refused(own, peers, projection):
    with pytest.raises(MethodError, match="not after"):
        projection.law(ORIGIN)
    with pytest.raises(MethodError, match="without any count"):
        project_counts(np.full(YEARS.size, np.nan), YEARS, origin=ORIGIN, peers=peers, rules=PROJECTION)
    with pytest.raises(MethodError, match="cannot be"):
        project_counts(-own, YEARS, origin=ORIGIN, peers=peers, rules=PROJECTION)
