"""Shrunken rates, overdispersed funnel and nearest neighbours, against R."""

import numpy as np
import pytest

from ivp_analysis.methods.funnel import additive_limits, measure_overdispersion
from ivp_analysis.methods.peers import Feature, find_peers
from ivp_analysis.methods.shrinkage import shrink_marshall


def test_marshall_global_eb(vector):
    v = vector("marshall_global_eb")
    found = shrink_marshall(v["inputs"]["count"], v["inputs"]["population"])
    assert found.rates == pytest.approx(v["outputs"]["eb_rate"], rel=v["rel_tol"])
    assert found.variance == pytest.approx(v["outputs"]["a"], rel=v["rel_tol"])
    assert found.mean == pytest.approx(v["outputs"]["b"], rel=v["rel_tol"])


def test_funnel_overdispersion_spiegelhalter(vector):
    v = vector("funnel_overdispersion_spiegelhalter")
    inputs, expected, tolerance = v["inputs"], v["outputs"], v["rel_tol"]
    found = measure_overdispersion(inputs["numerator"], inputs["expected"], winsorise=inputs["trim_by"])
    assert found.z == pytest.approx(expected["z"], rel=tolerance)
    assert found.z_winsorised == pytest.approx(expected["z_winsorised"], rel=tolerance)
    assert found.phi == pytest.approx(expected["phi"], rel=tolerance)
    assert found.tau2 == pytest.approx(expected["tau2"], rel=tolerance)
    assert found.z_adjusted == pytest.approx(expected["z_adjusted"], rel=tolerance)


@pytest.mark.parametrize(("confidence", "suffix"), [(0.95, "95"), (0.998, "998")])
def test_funnel_limits(vector, confidence, suffix):
    v = vector("funnel_overdispersion_spiegelhalter")
    expected = v["outputs"]
    lower, upper = additive_limits(v["inputs"]["limits_at_expected"], expected["tau2"], confidence=confidence)
    assert lower == pytest.approx(expected[f"od_ll{suffix}"], rel=v["rel_tol"])
    assert upper == pytest.approx(expected[f"od_ul{suffix}"], rel=v["rel_tol"])


@pytest.mark.parametrize("unit", [1, 5])
def test_nearest_neighbours(vector, unit):
    v = vector("nearest_neighbours")
    columns = np.array(v["inputs"]["X"], dtype=float).T
    names, transforms = v["inputs"]["columns"], v["inputs"]["transform"]
    features = [Feature(n, tuple(c), t) for n, c, t in zip(names, columns, transforms, strict=True)]
    group = find_peers([str(i) for i in range(1, 9)], features, unit=str(unit), k=7)
    assert [int(code) for code in group.peers] == v["outputs"][f"order{unit}"]
    distances = [v["outputs"][f"dist_row{unit}"][int(code) - 1] for code in group.peers]
    assert group.distances == pytest.approx(distances, rel=v["rel_tol"])
    assert group.features == tuple(names)
