"""Predictive distributions and their scores against R."""

import numpy as np
import pytest
from forecast_rules import PROJECTION

from ivp_analysis.methods.growth import Drift, GrowthPool
from ivp_analysis.methods.predictive import growth_law
from ivp_analysis.methods.projection import Forecaster, Projection, TrendLine
from ivp_analysis.methods.scores import score_forecast
from ivp_analysis.methods.year_to_date import project_year


def _projection(recent, *, s2=0.01, drift=0.0, variance=0.0):
    pool = GrowthPool(s2, 1.0, 0.0, 0.0002, 12)
    line = TrendLine(*[float("nan")] * 5)
    values = np.array(recent, dtype=float)
    return Projection(2018, values[-1], values, Drift(drift, variance, 1.0), line, pool, PROJECTION)


def test_random_walk_target_probability(vector):
    v = vector("random_walk_target_probability")
    for case, chance, points in zip(
        v["inputs"]["cases"], v["outputs"]["prob"], v["outputs"]["q"], strict=True
    ):
        level = case["x"] + 0.5
        variance = case["h"] * case["s2"] + case["vg"]
        law = growth_law(level, size=level, growth=case["kg"], variance=variance)
        assert float(law.cdf(case["t"])) == pytest.approx(chance, rel=v["rel_tol"])
        assert [law.quantile(p) for p in (0.025, 0.5, 0.975)] == points


def test_a_projection_is_that_law(vector):
    v = vector("random_walk_target_probability")
    for case, chance in zip(v["inputs"]["cases"], v["outputs"]["prob"], strict=True):
        k = 0.8 * (1 - 0.8 ** case["h"]) / 0.2
        projection = _projection([case["x"]], s2=case["s2"], drift=case["kg"] / k, variance=case["vg"] / k**2)
        found = projection.probability(case["t"], 2018 + case["h"], Forecaster.DRIFTING)
        assert found == pytest.approx(chance, rel=v["rel_tol"])


def test_gamma_poisson_predictive(vector):
    v = vector("gamma_poisson_predictive")
    law = _projection(v["inputs"]["counts"]).law(2019, Forecaster.THREE_YEAR_MEAN)
    assert law.size == v["outputs"]["size"]
    assert law.cdf(v["inputs"]["target"]) == pytest.approx(v["outputs"]["cdf"], rel=v["rel_tol"])
    assert [law.quantile(p) for p in (0.025, 0.1, 0.5, 0.9, 0.975)] == v["outputs"]["q"]


def test_year_to_date_target_probability(vector):
    v = vector("year_to_date_target_probability")
    for case, chance in zip(v["inputs"]["cases"], v["outputs"]["prob"], strict=True):
        law = project_year(case["ytd"], case["share"], half=PROJECTION.half)
        assert float(law.cdf(case["t"])) == pytest.approx(chance, rel=v["rel_tol"])


@pytest.mark.parametrize("kind", ["poisson", "nb"])
def test_count_scores(vector, kind):
    v = vector("count_scores")
    expected, tolerance = v["outputs"][kind], v["rel_tol"]
    scores = [score_forecast(law, y) for y, law in _laws(v["inputs"], kind)]
    assert [s.log_score for s in scores] == pytest.approx(expected["logs"], rel=tolerance)
    assert [s.crps for s in scores] == pytest.approx(expected["crps_direct"], rel=tolerance)
    assert [s.dawid_sebastiani for s in scores] == pytest.approx(expected["dss"], rel=tolerance)
    if "ses" in expected:
        assert [s.squared_error for s in scores] == pytest.approx(expected["ses"], rel=tolerance)


@pytest.mark.parametrize("kind", ["poisson", "nb"])
def test_pit_count(vector, kind):
    v = vector("pit_count")
    scores = [score_forecast(law, y) for y, law in _laws(v["inputs"], kind)]
    lower, upper = v["outputs"][f"{kind}_lower"], v["outputs"][f"{kind}_upper"]
    assert [s.pit_lower for s in scores] == pytest.approx(lower, rel=v["rel_tol"])
    assert [s.pit_upper for s in scores] == pytest.approx(upper, rel=v["rel_tol"])


def _laws(inputs, kind):
    sizes = [float("inf")] * len(inputs["y"]) if kind == "poisson" else inputs["size"]
    for y, mean, size in zip(inputs["y"], inputs["mu"], sizes, strict=True):
        yield y, growth_law(mean, size=size)
