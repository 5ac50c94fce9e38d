"""Regions made of peers: who is in them, and how many independent witnesses their sums are."""

from itertools import permutations

import numpy as np
import pytest
from method_rules import ROUNDING5

from ivp_analysis.methods.log_linear import fit_log_linear
from ivp_analysis.methods.pooled import Dispersion, measure_scatter, pool_dispersion
from ivp_analysis.methods.region_sums import effective_df, made_regions, pool_sums, sum_groups

YEARS = np.arange(2016.0, 2024.0)
ALONE = Dispersion(1.0, 1.0, 100, 0.0, 20)


def _lists(*groups):
    return [group.tolist() for group in groups]


def test_the_nth_peer_of_every_member():
    made = made_regions([0, 1], [[5, 6, 7], [8, 9, 10]])
    assert _lists(*made) == [[5, 8], [6, 9], [7, 10]]


def test_a_municipality_stands_once_in_a_group():
    made = made_regions([0, 1, 2], [[5, 6, 7], [5, 6, 7], [5, 6, 7]])
    assert _lists(*made) == [[5, 6, 7], [6, 7, 5], [7, 5, 6]]
    assert made_regions([0, 1], [[5], [5]]) == []


def test_the_order_in_which_members_are_given_changes_nothing():
    """A plan lists its municipalities as it likes, and its members have the first rows in that order."""
    peers = ([5, 6, 7], [5, 8, 6], [8, 5, 9])
    for order in permutations(range(3)):
        made = _lists(*made_regions(range(3), [peers[member] for member in order]))
        by_member = [[group[order.index(member)] for member in range(3)] for group in made]
        assert by_member == [[5, 8, 9], [6, 8, 5], [7, 6, 9]]


def test_members_are_no_peers_and_the_shortest_list_ends_it():
    assert _lists(*made_regions([0, 1], [[1, 5, 6], [7, 8]])) == [[5, 7], [6, 8]]
    assert made_regions([0, 1], [[5, 6], []]) == []
    assert made_regions([], []) == []


def test_a_missing_member_makes_its_sum_missing():
    values = np.array([[1.0, 2], [10, np.nan], [100, 200]])
    assert sum_groups(values, [np.array([0, 2]), np.array([0, 1])])[0].tolist() == [101, 202]
    assert np.isnan(sum_groups(values, [np.array([0, 1])])[0, 1])
    assert sum_groups(values, []).shape == (0, 2)


@pytest.mark.parametrize(("shared", "series"), [(0.0, 13), (0.5, 13), (1.0, 13), (0.2, 5)])
def test_effective_df_of_correlated_squares(shared, series):
    """Normal residuals with correlation `shared` between any two series: df (tr C)^2 / tr C^2."""
    rng = np.random.default_rng(1)
    n, draws = 6, 400
    truth = n * series**2 / (series + series * (series - 1) * shared**2)
    common, own = rng.normal(size=(draws, 1, n)), rng.normal(size=(draws, series, n))
    residuals = np.sqrt(shared) * common + np.sqrt(1 - shared) * own
    found = [effective_df(e, n) for e in residuals]
    assert 1 / np.mean(1 / np.array(found)) == pytest.approx(truth, rel=0.25)
    assert n <= min(found) <= max(found) <= n * series


def test_sums_of_independent_series_scatter_as_one_of_them():
    rng = np.random.default_rng(2)
    counts = rng.negative_binomial(100, 0.5, (400, 5, 8)).sum(axis=1).astype(float)
    found = pool_sums(counts, np.ones_like(counts), YEARS, np.zeros(400), steps=None, single=ALONE)
    assert found.value == pytest.approx(2.0, rel=0.06)


def test_what_municipalities_share_stays_in_their_sum():
    """A wave of standard deviation 0.1 at 500 a year adds 500 * 0.01 = 5 to the dispersion, whatever the parts."""
    rng = np.random.default_rng(3)
    waves = np.exp(rng.normal(0, 0.1, (400, 1, 8)))
    parts = rng.poisson(100 * waves * np.ones((400, 5, 8))).astype(float)
    of_one = parts.reshape(-1, 8)
    scatter = measure_scatter(fit_log_linear(of_one, 1.0, YEARS), YEARS)
    single = pool_dispersion(scatter, range(len(of_one)), max_autocorrelation=1.0, min_df=20)
    sums = parts.sum(axis=1)
    found = pool_sums(sums, np.ones_like(sums), YEARS, np.zeros(400), steps=None, single=single)
    assert single.value == pytest.approx(2.0, rel=0.1)
    assert found.value == pytest.approx(6.0, rel=0.1)


def test_an_incomplete_sum_is_left_out_and_none_at_all_is_nothing():
    rng = np.random.default_rng(4)
    counts = rng.poisson(300, (6, 8)).astype(float)
    holed = counts.copy()
    holed[4, 3] = np.nan
    options = {"steps": None, "single": ALONE}
    found = pool_sums(holed, np.ones_like(holed), YEARS, np.zeros(6), **options)
    fewer = pool_sums(np.delete(counts, 4, 0), np.ones((5, 8)), YEARS, np.zeros(5), **options)
    assert found == fewer
    nothing = np.full((2, 8), np.nan)
    assert pool_sums(nothing, np.ones((2, 8)), YEARS, np.zeros(2), **options) is None


def test_rounding_of_the_parts_leaves_the_pool():
    rng = np.random.default_rng(5)
    parts = rng.negative_binomial(20, 0.5, (600, 5, 8)).astype(float)
    exact, rounded = parts.sum(axis=1), (5 * np.round(parts / 5)).sum(axis=1)
    options = {"steps": None, "single": ALONE}
    one = pool_sums(exact, np.ones_like(exact), YEARS, np.zeros(600), **options)
    other = pool_sums(rounded, np.ones_like(exact), YEARS, np.full(600, 5 * ROUNDING5), **options)
    assert other.value == pytest.approx(one.value, rel=0.03)


def test_the_serial_factor_comes_from_the_single_municipalities():
    counts = np.random.default_rng(6).poisson(300, (6, 8)).astype(float)
    wandering = Dispersion(3.0, 1.5, 100, 0.3, 20)
    options = {"steps": None, "single": wandering}
    found = pool_sums(counts, np.ones_like(counts), YEARS, np.zeros(6), **options)
    assert found.value == pytest.approx(2 * found.of_a_year)
