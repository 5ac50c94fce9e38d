"""The Poisson trend, its quasi form and the pooled dispersion, against R's glm."""

import numpy as np
import pytest
from method_rules import TREND
from scipy import stats

from ivp_analysis.methods.log_linear import fit_log_linear
from ivp_analysis.methods.pooled import measure_scatter, pool_dispersion
from ivp_analysis.methods.trend import assess_trends, with_adjusted


@pytest.fixture
def one(vector):
    inputs = vector("poisson_trend")["inputs"]
    return fit_log_linear(inputs["count"], inputs["population"], inputs["year"], origin=2018)


def test_poisson_trend(vector, one):
    v = vector("poisson_trend")
    expected, tolerance = v["outputs"], v["rel_tol"]
    assert (one.intercept[0], one.slope[0]) == pytest.approx(tuple(expected["coef"]), rel=tolerance)
    assert one.se[0] == pytest.approx(expected["se"][1], rel=tolerance)
    assert one.pearson_chi2[0] == pytest.approx(expected["pearson_chi2"], rel=tolerance)
    assert one.deviance[0] == pytest.approx(expected["deviance"], rel=tolerance)
    assert one.df[0] == expected["df_resid"]
    assert 100 * np.expm1(one.slope[0]) == pytest.approx(expected["apc_percent"], rel=tolerance)


def test_quasipoisson_trend(vector, one):
    v = vector("quasipoisson_trend")
    expected, tolerance, years = v["outputs"], v["rel_tol"], v["inputs"]["year"]
    own = pool_dispersion(measure_scatter(one, years), [0], max_autocorrelation=1.0, min_df=1)
    assert own.raw == pytest.approx(expected["dispersion"], rel=tolerance)
    assert own.value == 1.0, "less scatter than Poisson is not believed"
    se = one.se[0] * np.sqrt(own.raw)
    assert se == pytest.approx(expected["se"][1], rel=tolerance)
    assert one.slope[0] / se == pytest.approx(expected["t_slope"], rel=tolerance)
    half = stats.t.ppf(0.975, own.df) * se
    limits = [100 * np.expm1(one.slope[0] - half), 100 * np.expm1(one.slope[0] + half)]
    assert limits == pytest.approx(expected["apc_ci95_t"], rel=tolerance)
    mean = np.exp(one.intercept[0] + 5 * one.slope[0]) * v["inputs"]["new"]["population"]
    assert mean == pytest.approx(expected["mean_2023"], rel=tolerance)


@pytest.fixture
def panel(vector):
    inputs = vector("pooled_dispersion_trend")["inputs"]
    return np.array(inputs["counts"], dtype=float), np.array(inputs["t"]) + 2019.5


def test_pooled_dispersion(vector, panel):
    v = vector("pooled_dispersion_trend")
    counts, years = panel
    fits = fit_log_linear(counts, 1.0, years)
    pooled = pool_dispersion(measure_scatter(fits, years), range(12), max_autocorrelation=0.2, min_df=20)
    assert fits.slope == pytest.approx(v["outputs"]["slope"], rel=v["rel_tol"])
    assert fits.pearson_chi2 / fits.df == pytest.approx(v["outputs"]["phi_own"], rel=v["rel_tol"])
    assert pooled.value == pytest.approx(v["outputs"]["phi_pooled"], rel=v["rel_tol"])
    assert pooled.df == v["outputs"]["df"]


def test_pooled_trend_test(vector, panel):
    """R stops at epsilon 1e-8 with the weights of the step before: its standard errors are off by up to 1e-5.

    So they are compared twice: ours with R's at 2e-5, and R's own stop, rebuilt here, with R's at 1e-9.
    """
    expected = vector("pooled_dispersion_trend")["outputs"]
    counts, years = panel
    years = years - 0.5
    results = assess_trends(counts, 1.0, years, pools=[range(12)] * 12, reference_year=2023, rules=TREND)
    results = with_adjusted(results, TREND)
    assert [r.se_poisson for r in results] == pytest.approx(expected["se_poisson"], rel=2e-5)
    assert [r.slope / r.se for r in results] == pytest.approx(expected["t"], rel=2e-5)
    assert [r.p for r in results] == pytest.approx(expected["p"], rel=2e-5)
    assert [r.q for r in results] == pytest.approx(expected["bh"], rel=2e-5)
    stopped = [_se_where_r_stops(row, years - years.mean()) for row in counts]
    assert stopped == pytest.approx(expected["se_poisson"], rel=1e-9)


def _se_where_r_stops(y, t):
    X, mean, last = np.column_stack([np.ones_like(t), t]), y + 0.1, np.inf
    while True:
        gram = X.T @ (mean[:, None] * X)
        eta = X @ np.linalg.solve(gram, X.T @ (mean * np.log(mean) + y - mean))
        mean = np.exp(eta)
        deviance = 2 * float((y * np.log(y / mean) - (y - mean)).sum())
        if abs(deviance - last) / (abs(deviance) + 0.1) < 1e-8:
            return float(np.sqrt(np.linalg.inv(gram)[1, 1]))
        last = deviance
