"""Contributions add up to the change, exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.contribution import attribute_change, sum_years

PAIRS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=8)
PLAIN = settings(derandomize=True, deadline=None, max_examples=100)


def _split(pairs):
    labels = [f"area {i}" for i in range(len(pairs))]
    return attribute_change([b for b, _ in pairs], [a for _, a in pairs], labels=labels)


@PLAIN
@given(PAIRS)
def test_the_items_sum_exactly(pairs):
    found = _split(pairs)
    assert sum(item.change for item in found.items) == found.change == found.after - found.before
    if found.change:
        assert sum(item.share for item in found.items) == pytest.approx(1)
    else:
        assert {item.share for item in found.items} == {None}


@PLAIN
@given(PAIRS, st.integers(0, 500))
def test_a_constant_area_contributes_nothing_and_changes_nothing(pairs, count):
    found, more = _split(pairs), _split([*pairs, (count, count)])
    assert more.items[:-1] == found.items
    assert (more.change, more.items[-1].change, more.items[-1].against) == (found.change, 0, False)


def test_a_municipality_can_rise_while_the_region_falls():
    # Theft from homes, CBS 83651NED, 2018 and 2020: 305 and 225 in the region.
    found = attribute_change([100, 40, 65, 25, 75], [60, 20, 40, 35, 70], labels=list("EGMVK"))
    assert (found.before, found.after, found.change) == (305, 225, -80)
    assert [item.against for item in found.items] == [False, False, False, True, False]
    assert found.items[3].share == pytest.approx(-10 / 80)


def test_what_the_parts_leave_is_the_rest():
    found = attribute_change([100, 30], [80, 35], labels=["a", "b"], whole=(180, 150), rest="other")
    assert [item.label for item in found.items] == ["a", "b", "other"]
    assert [item.change for item in found.items] == [-20, 5, -15]
    assert found.change == -30


def test_a_missing_part_is_not_a_smaller_sum():
    with pytest.raises(MethodError, match="without gaps"):
        attribute_change([1, np.nan], [1, 2], labels=["a", "b"])
    with pytest.raises(MethodError, match="without gaps"):
        attribute_change([1, 2], [1, 2], labels=["a"])


def test_sum_years():
    years = [2019, 2020, 2021, 2022]
    table = [[1, 2, 3, 4], [1, np.nan, 3, 4]]
    assert sum_years(table, years, last_year=2022, n_years=2).tolist() == [7, 7]
    assert np.array_equal(sum_years(table, years, last_year=2022, n_years=3), [9, np.nan], equal_nan=True)
    assert np.isnan(sum_years(table, years, last_year=2020, n_years=3)).all()
