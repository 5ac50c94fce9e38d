"""The one form of every forecast: against scipy, against adaptive quadrature, and against its own parts."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.predictive import Predictive, growth_law, mix_laws


def _by_quadrature(k, size, mean, growth, variance):
    sd = np.sqrt(variance)
    jump = np.clip((np.log((k + 0.5) / mean) - growth) / sd, -9, 9)

    def integrand(u):
        level = mean * np.exp(growth + sd * u)
        return stats.nbinom.cdf(k, size, size / (size + level)) * stats.norm.pdf(u)

    pieces = np.unique([-10, jump - 1, jump, jump + 1, 10])
    return sum(integrate.quad(integrand, a, b, epsabs=1e-13, limit=500)[0] for a, b in pairwise(pieces))


@pytest.mark.parametrize(
    ("size", "mean", "growth", "variance"),
    [(0.5, 0.5, 0.0, 0.1), (24.5, 24.5, -0.3, 0.06), (500.5, 500.5, 0.2, 0.05), (9000, 3000, 0.0, 0.02)],
)
def test_chance_equals_adaptive_quadrature(size, mean, growth, variance):
    law = growth_law(mean, size=size, growth=growth, variance=variance)
    first, cdf = law.table()
    for share in (0.7, 1.0, 1.4):
        k = int(share * mean)
        expected = _by_quadrature(k, size, mean, growth, variance)
        assert float(law.cdf(k)) == pytest.approx(expected, abs=1e-9)
        assert cdf[k - first] == pytest.approx(expected, abs=1e-9)


def test_large_counts_stay_exact_and_affordable():
    law = growth_law(40_000, size=40_000, variance=0.03)
    first, cdf = law.table()
    k = np.arange(first, first + cdf.size)[:: cdf.size // 50]
    assert cdf[k - first] == pytest.approx(law.cdf(k), abs=1e-9)
    assert cdf[-1] == pytest.approx(1, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    mean=st.floats(0.3, 800),
    size=st.one_of(st.floats(0.5, 1e12), st.just(float("inf"))),
    growth=st.floats(-0.7, 0.7),
    variance=st.one_of(st.just(0.0), st.floats(1e-6, 0.4)),
)
def test_moments_and_table_of_any_law(mean, size, growth, variance):
    law = growth_law(mean, size=size, growth=growth, variance=variance)
    expected = mean * np.exp(growth + variance / 2)
    square = mean**2 * np.exp(2 * growth + 2 * variance)
    assert law.mean == pytest.approx(expected, rel=1e-8)
    assert law.variance == pytest.approx(expected + square / size + square - expected**2, rel=1e-6)
    first, cdf = law.table()
    k = np.unique(np.linspace(first, first + cdf.size - 1, 40).astype(int))
    assert first == 0 or float(law.cdf(first - 1)) < 1e-10
    assert cdf[k - first] == pytest.approx(law.cdf(k), abs=1e-9)
    assert np.diff(cdf)[k[1:] - first - 1] == pytest.approx(law.pmf(k[1:]), abs=1e-9)


def test_quantiles_are_the_smallest_counts_that_reach_the_chance():
    law = growth_law(30.5, size=30.5, variance=0.05)
    for p in (0.001, 0.1, 0.5, 0.9, 0.999):
        k = law.quantile(p)
        assert float(law.cdf(k)) >= p > float(law.cdf(k - 1))
    lower, upper = law.interval(0.8)
    assert float(law.cdf(upper) - law.cdf(lower - 1)) >= 0.8
    assert law.median == law.quantile(0.5)


def test_a_fraction_never_meets_more_than_the_count_below_it():
    law = growth_law(5.0, size=np.inf)
    assert law.cdf(4.999) == law.cdf(4) == pytest.approx(stats.poisson.cdf(4, 5))
    assert law.cdf(-1) == 0
    assert law.pmf([4.5, -1]) == pytest.approx([0, 0])


def test_mixture_is_the_weighted_sum_of_its_halves():
    still = growth_law(100.5, size=100.5, variance=0.02)
    moving = growth_law(100.5, size=100.5, growth=-0.2, variance=0.03)
    k = np.arange(20, 250, 10)
    mixed = mix_laws(still, moving, weight=0.25)
    assert mixed.cdf(k) == pytest.approx(0.75 * still.cdf(k) + 0.25 * moving.cdf(k), abs=1e-12)
    assert mix_laws(still, moving, weight=1.0).cdf(k) == pytest.approx(moving.cdf(k), abs=1e-12)


def test_a_shift_moves_everything():
    law = growth_law(10.0, size=4.0)
    moved = Predictive(law.size, law.means, law.weights, shift=50)
    assert moved.cdf(57) == law.cdf(7)
    assert moved.pmf(57) == law.pmf(7)
    assert moved.median == law.median + 50
    assert moved.mean == law.mean + 50


def test_what_is_no_law_is_refused():
    for options in ({"size": 0.0}, {"size": 1.0, "variance": -1.0}):
        with pytest.raises(MethodError):
            growth_law(3.0, **options)
    with pytest.raises(MethodError):
        growth_law(0.0, size=1.0)
    with pytest.raises(MethodError):
        growth_law(3.0, size=1.0).quantile(1.0)
    with pytest.raises(MethodError):
        mix_laws(growth_law(3.0, size=1.0), growth_law(3.0, size=2.0), weight=0.5)
