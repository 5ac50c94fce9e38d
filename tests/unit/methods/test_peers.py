"""The peer choice: stable, not symmetric, honest about what could not be used."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.peers import Feature, find_peers

CODES = [f"GM{i:04d}" for i in range(30)]


def _features(seed=1, n=30):
    rng = np.random.default_rng(seed)
    return [
        Feature("population", tuple(rng.lognormal(10, 0.6, n)), "log"),
        Feature("income", tuple(rng.normal(27, 2, n)), "none"),
        Feature("overnight stays", tuple(np.maximum(rng.normal(2, 4, n), 0)), "log1p"),
    ]


def test_the_unit_and_the_excluded_are_no_peers():
    group = find_peers(CODES, _features(), unit="GM0003", k=12, excluded={"GM0001", "GM0002"})
    assert len(group.peers) == 12
    assert not {"GM0001", "GM0002", "GM0003"} & set(group.peers)
    assert list(group.distances) == sorted(group.distances)
    assert [CODES[row] for row in group.rows] == list(group.peers)


def test_fewer_candidates_than_k_give_fewer_peers():
    group = find_peers(CODES, _features(), unit="GM0003", k=12, candidates=CODES[:6])
    assert len(group.peers) == 5


def test_a_smaller_k_keeps_the_nearest():
    large = find_peers(CODES, _features(), unit="GM0003", k=20)
    assert find_peers(CODES, _features(), unit="GM0003", k=8).peers == large.peers[:8]


def test_equal_distances_go_by_code_whatever_the_order_of_the_rows():
    codes = ["GM3", "GM1", "GM2", "GM0"]
    features = [Feature("x", (1.0, 1.0, 1.0, 0.0), "none")]
    assert find_peers(codes, features, unit="GM0", k=2).peers == ("GM1", "GM2")
    back = [Feature("x", (0.0, 1.0, 1.0, 1.0), "none")]
    assert find_peers(codes[::-1], back, unit="GM0", k=2).peers == ("GM1", "GM2")


@settings(derandomize=True, deadline=None, max_examples=40)
@given(factor=st.floats(0.001, 1000), shift=st.floats(-50, 50))
def test_the_unit_of_a_feature_changes_no_distance(factor, shift):
    features = _features()
    income = tuple(factor * x + shift for x in features[1].values)
    people = tuple(factor * x for x in features[0].values)
    other = [Feature("population", people, "log"), Feature("income", income, "none"), features[2]]
    one, two = (find_peers(CODES, f, unit="GM0007", k=12) for f in (features, other))
    assert one.peers == two.peers
    assert one.distances == pytest.approx(two.distances, rel=1e-6)


def test_what_is_missing_or_the_same_everywhere_is_dropped_and_named():
    rng = np.random.default_rng(2)
    holed = (float("nan"), *rng.normal(size=29).tolist())
    features = [*_features(), Feature("border", (0.0,) * 30, "none"), Feature("WOZ", holed, "none")]
    group = find_peers(CODES, features, unit="GM0003", k=12)
    assert group.dropped == (("border", "constant"), ("WOZ", "missing"))
    assert group.peers == find_peers(CODES, _features(), unit="GM0003", k=12).peers


def test_a_municipality_without_any_feature_is_left_out_first():
    features = [Feature(f.name, (*f.values[:29], float("nan")), f.transform) for f in _features()]
    group = find_peers(CODES, features, unit="GM0003", k=29)
    assert CODES[29] not in group.peers
    assert group.dropped == ()
    with pytest.raises(MethodError, match="GM0029 cannot be compared"):
        find_peers(CODES, features, unit="GM0029", k=5)


def test_neighbourhood_is_not_symmetric():
    features = [Feature("x", (0.0, 1.0, 1.1, 1.2), "none")]
    codes = ["a", "b", "c", "d"]
    assert find_peers(codes, features, unit="a", k=1).peers == ("b",)
    assert find_peers(codes, features, unit="b", k=1).peers == ("c",)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(MethodError, match="no logarithm"):
        find_peers(["a", "b"], [Feature("x", (0.0, 1.0), "log")], unit="a", k=1)
    with pytest.raises(MethodError, match="for 2 municipalities"):
        find_peers(["a", "b"], [Feature("x", (1.0,), "none")], unit="a", k=1)
    with pytest.raises(MethodError, match="cannot be compared"):
        find_peers(["a", "b"], [Feature("x", (1.0, 2.0), "none")], unit="c", k=1)
    with pytest.raises(MethodError, match="cannot be compared"):
        find_peers(["a", "b"], [], unit="a", k=1)
