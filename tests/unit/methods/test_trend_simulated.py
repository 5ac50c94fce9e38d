"""The trend tests under what real series have: common waves, rounding, few years, serial correlation, many at once.

Bias, coverage, size and false words over levels, slopes and dispersions stand in `test_trend_worlds.py`.
"""

from dataclasses import replace

import numpy as np
import pytest
from method_rules import ROUNDING5, TREND

from ivp_analysis.methods.log_linear import fit_log_linear
from ivp_analysis.methods.pooled import measure_scatter, pool_dispersion
from ivp_analysis.methods.trend import assess_trends, with_adjusted
from ivp_analysis.methods.trend_words import TrendWord

N_AREAS = 13
# Mann-Kendall is no part of what is tested here and takes half of the time: no series has so many years.
PLAIN = replace(TREND, min_years=99)


def _panels(seed, *, n_panels, n_years, level, slope=0.0, phi=1.0, rho=0.0, wave=0.0):
    """Groups of 13 areas stacked: NB1 counts with dispersion phi, AR(1) errors, a common wave per group."""
    rng = np.random.default_rng(seed)
    t = np.arange(n_years) - (n_years - 1) / 2
    levels = level * rng.uniform(0.5, 1.5, (n_panels, N_AREAS, 1))
    mean = levels * np.exp(slope * t + rng.normal(0, wave, (n_panels, 1, n_years)))
    if rho:
        error = rng.normal(0, 1, (n_panels, N_AREAS, n_years))
        for year in range(1, n_years):
            error[..., year] = rho * error[..., year - 1] + np.sqrt(1 - rho**2) * error[..., year]
        mean = mean * np.exp(0.15 * error)
    counts = rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)
    pools = [range(g * N_AREAS, (g + 1) * N_AREAS) for g in range(n_panels) for _ in range(N_AREAS)]
    return counts.reshape(-1, n_years).astype(float), pools


def _assess(counts, pools, **options):
    years = np.arange(2024 - counts.shape[1], 2024)
    settings = {"reference_year": 2023, "rules": PLAIN, "relative": False} | options
    return assess_trends(counts, 1.0, years, pools=pools, **settings)


@pytest.mark.parametrize("phi", [1.0, 3.0])
def test_size_of_the_relative_test_under_a_common_wave(phi):
    counts, pools = _panels(32, n_panels=120, n_years=8, level=200, phi=phi, wave=0.2)
    results = _assess(counts, pools, relative=True)
    assert 0.03 < np.mean([r.relative.p < 0.05 for r in results]) < 0.07


def test_size_with_figures_rounded_to_five():
    counts, pools = _panels(33, n_panels=100, n_years=8, level=30, phi=2.0)
    results = _assess(5 * np.round(counts / 5), pools, rounding_variance=ROUNDING5)
    assert 0.03 < np.mean([r.p < 0.05 for r in results]) < 0.07


def test_power_of_the_pooled_test_against_own_dispersion():
    """Five points, 250 a year, -5 % a year: pooled more than 60 %, own dispersion with floor 1 about 19 %."""
    rng = np.random.default_rng(34)
    t = np.arange(5) - 2.0
    counts = rng.poisson(250 * np.exp(np.log(0.95) * t), (N_AREAS * 120, 5)).astype(float)
    pools = [range(N_AREAS * (i // N_AREAS), N_AREAS * (i // N_AREAS + 1)) for i in range(len(counts))]
    short = replace(PLAIN, window_years=5)
    pooled = _assess(counts, pools, rules=short)
    own = _assess(counts, [[]] * len(counts), rules=replace(short, min_own_df=1))
    assert np.mean([r.p < 0.05 for r in pooled]) > 0.60
    assert 0.15 < np.mean([r.p < 0.05 for r in own]) < 0.24


def test_no_change_can_be_called_stable():
    """With a dispersion of 1.5, 30 % of series at 60 a year earn it, 78 % at 120."""
    rng = np.random.default_rng(36)
    for level, share in ((60, 0.30), (120, 0.78)):
        counts = rng.negative_binomial(level / 0.5, 1 / 1.5, (780, 8)).astype(float)
        pools = [range(N_AREAS * (i // N_AREAS), N_AREAS * (i // N_AREAS + 1)) for i in range(780)]
        results = _assess(counts, pools)
        inside = [r.lower90 > -TREND.equivalence and r.upper90 < TREND.equivalence for r in results]
        assert np.mean(inside) == pytest.approx(share, abs=0.06)


def test_false_directions_among_the_words_stay_below_their_rate():
    """Half of the series fall by 8 %, half stand still: of the directions given at most 10 % are false."""
    still, pools = _panels(38, n_panels=40, n_years=8, level=120, phi=1.5)
    falling, _ = _panels(39, n_panels=40, n_years=8, level=120, phi=1.5, slope=-0.08)
    results = _assess(
        np.vstack([still, falling]), pools + [range(len(still) + p[0], len(still) + p[-1] + 1) for p in pools]
    )
    words = [r.word for r in with_adjusted(results, TREND)]
    quiet = (TrendWord.STABLE, TrendWord.LEANS_DOWN, TrendWord.LEANS_UP, TrendWord.UNDETERMINED)
    given = [word not in quiet for word in words]
    false = sum(given[: len(still)])
    assert sum(given) > 300
    assert false / sum(given) <= 0.10


@pytest.mark.parametrize("n_years", [6, 8])
@pytest.mark.parametrize(("rho", "at_most"), [(0.0, 0.06), (0.3, 0.09), (0.5, 0.12), (0.7, 0.155)])
def test_serial_correlation_widens_the_intervals(n_years, rho, at_most):
    """It softens the false alarms of a wandering level and does not cure them: a word is about the past.

    The rule on the residuals' own correlation was met in none of these windows: sizes 5, 11, 18 and 24 %.
    """
    counts, pools = _panels(40, n_panels=80, n_years=n_years, level=200, rho=rho)
    corrected = _assess(counts, pools)
    plain = _assess(counts, pools, rules=replace(PLAIN, max_autocorrelation=1.0))
    sizes = [np.mean([r.p < 0.05 for r in results]) for results in (corrected, plain)]
    assert sizes[0] <= at_most
    met = np.mean([a.dispersion > b.dispersion for a, b in zip(corrected, plain, strict=True)])
    assert met < 0.15 if rho == 0 else met > 0.3
    if rho >= 0.5:
        assert sizes[0] < 0.65 * sizes[1]
    # Not a year's scatter is multiplied, only what it does to the slope.
    assert [r.scatter for r in corrected] == [r.scatter for r in plain]


def test_pooled_dispersion_recovers_the_truth():
    counts, _ = _panels(41, n_panels=30, n_years=8, level=100, phi=3.0)
    years = np.arange(8)
    scatter = measure_scatter(fit_log_linear(counts, 1.0, years), years)
    pooled = pool_dispersion(scatter, range(len(counts)), max_autocorrelation=0.2, min_df=20)
    assert pooled.value == pytest.approx(3.0, rel=0.05)
    assert (pooled.df, pooled.n_series) == (6 * len(counts), len(counts))
