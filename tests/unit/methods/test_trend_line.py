"""The drawn line and its margin are those of statsmodels' GLM with the pooled dispersion."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from method_rules import TREND
from scipy import stats

from ivp_analysis.methods.trend import TrendResult, assess_trends
from ivp_analysis.methods.trend_line import trend_line

YEARS = np.arange(2012, 2022)


@pytest.fixture
def panel() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(71)
    people = rng.uniform(9_000, 26_000, (13, 1)) * np.linspace(1, 1.03, YEARS.size)
    return rng.poisson(people / 100 * np.exp(-0.05 * (YEARS - 2012))).astype(float), people


@pytest.fixture
def trend(panel: tuple[np.ndarray, np.ndarray]) -> TrendResult:
    counts, people = panel
    pools = [[j for j in range(13) if j != i] for i in range(13)]
    return assess_trends(counts, people, YEARS, pools=pools, reference_year=2021, rules=TREND)[0]


def test_line_and_margin_are_those_of_the_model(
    panel: tuple[np.ndarray, np.ndarray], trend: TrendResult
) -> None:
    counts, people = panel
    found = trend_line(counts[0], people[0], YEARS, trend=trend, confidence=0.95)
    assert found is not None
    assert found.years == tuple(range(2014, 2022)), "the window is eight years"
    inside = YEARS >= 2014
    X = sm.add_constant((YEARS[inside] - 2014).astype(float))
    fit = sm.GLM(counts[0, inside], X, sm.families.Poisson(), offset=np.log(people[0, inside])).fit(scale=1.0)
    assert found.fitted == pytest.approx(fit.fittedvalues, rel=1e-6)
    se = np.sqrt(np.einsum("ij,jk,ik->i", X, fit.cov_params(), X) * trend.dispersion)
    reach = np.exp(stats.t.ppf(0.975, trend.df) * se)
    assert found.upper == pytest.approx(fit.fittedvalues * reach, rel=1e-5)
    assert found.lower == pytest.approx(fit.fittedvalues / reach, rel=1e-5)


def test_no_fit_has_no_line(panel: tuple[np.ndarray, np.ndarray], trend: TrendResult) -> None:
    counts, people = panel
    absent = replace(trend, slope=float("nan"))
    assert trend_line(counts[0], people[0], YEARS, trend=absent, confidence=0.95) is None
