"""The regional tests on simulated regions of which the truth is known, with good and bad years that all share."""

import numpy as np
import pytest
from method_rules import TREND

from ivp_analysis.methods.region import assess_region

YEARS = np.arange(2016, 2024)
N = 45


def _region(rng, *, level, phi, shock, slope=0.0):
    """Five areas and forty others: NB1 counts, one common wave of standard deviation `shock` (log scale)."""
    levels = level * rng.uniform(0.4, 1.6, (N, 1))
    mean = levels * np.exp(slope * (YEARS - 2019.5) + rng.normal(0, shock, YEARS.size))
    counts = rng.negative_binomial(mean / (phi - 1), 1 / phi).astype(float)
    return counts, [rng.permutation(np.arange(5, N))[:12] for _ in range(N)]


def _assess(seed, times, *, relative, **truth):
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(times):
        counts, pools = _region(rng, **truth)
        options = {"members": range(5), "pools": pools, "reference_year": 2023, "rules": TREND}
        found.append(assess_region(counts, np.ones_like(counts), YEARS, relative=relative, **options))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("level", "phi", "shock"),
    [(60, 1.5, 0.0), (200, 1.5, 0.1), (500, 2.0, 0.05), (500, 2.0, 0.1)],
)
def test_size_under_a_common_wave(level, phi, shock):
    """Nominal 5 %. With the dispersion of single municipalities it was 15 to 37 % with any of these waves."""
    found = [r.trend for r in _assess(51, 150, relative=False, level=level, phi=phi, shock=shock)]
    assert np.mean([t.p < 0.05 for t in found]) <= 0.09
    assert np.mean([t.lower <= 0 <= t.upper for t in found]) >= 0.91
    # A wave of sd s at a mean m adds m * s^2 to the dispersion of the sum of five.
    assert np.mean([t.scatter for t in found]) == pytest.approx(phi + 5 * level * shock**2, rel=0.35)


@pytest.mark.slow
def test_power_under_a_common_wave():
    found = _assess(52, 60, relative=False, level=200, phi=1.5, shock=0.05, slope=np.log(0.95))
    assert np.mean([r.trend.p < 0.05 for r in found]) > 0.95
    held = np.mean([r.trend.lower <= -0.05 <= r.trend.upper for r in found])
    assert held >= 0.90


@pytest.mark.slow
@pytest.mark.parametrize("shock", [0.0, 0.1])
def test_size_of_the_relative_and_of_the_heterogeneity_test(shock):
    """What all share is no difference between areas, and it hides none: the F test keeps its level."""
    found = _assess(53, 100, relative=True, level=200, phi=1.5, shock=shock)
    assert 0.01 <= np.mean([r.heterogeneity.p < 0.05 for r in found]) <= 0.09
    assert np.mean([r.trend.relative.p < 0.05 for r in found]) <= 0.10


@pytest.mark.slow
def test_a_common_wave_hides_no_difference_between_the_areas():
    rng = np.random.default_rng(54)
    apart = np.array([-0.06, 0.06, -0.06, 0.06, 0.0])[:, None] * (YEARS - 2019.5)
    seen = []
    for _ in range(40):
        counts, pools = _region(rng, level=200, phi=1.5, shock=0.1)
        counts[:5] = rng.poisson(counts[:5] * np.exp(apart))
        options = {"members": range(5), "pools": pools, "reference_year": 2023, "rules": TREND}
        seen.append(assess_region(counts, np.ones_like(counts), YEARS, **options).heterogeneity.p < 0.05)
    assert np.mean(seen) > 0.9


def test_without_peers_the_only_sum_is_the_region_itself():
    """A common wave of five municipalities that have no peers still widens the interval: t with 6 degrees."""
    rng = np.random.default_rng(55)
    counts = _region(rng, level=500, phi=1.5, shock=0.15)[0][:5]
    pools = [range(5)] * 5
    options = {"members": range(5), "pools": pools, "reference_year": 2023, "rules": TREND, "relative": False}
    trend = assess_region(counts, np.ones_like(counts), YEARS, **options).trend
    assert (trend.method, trend.df) == ("sums", 6)
    assert trend.scatter > 10
