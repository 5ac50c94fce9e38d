"""The region's slope is that of a Poisson model with a level for each area; its areas may differ."""

import numpy as np
import pytest
import statsmodels.api as sm
from method_rules import ROUNDING5, TREND

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.common_slope import fit_common_slope
from ivp_analysis.methods.region import assess_region
from ivp_analysis.methods.trend_result import with_adjusted
from ivp_analysis.methods.trend_words import TrendWord

YEARS = np.arange(2012, 2024)
N = 30


def _panel(seed=1, slopes=(-0.04,) * N, level=90.0, wiggle=0.0):
    rng = np.random.default_rng(seed)
    mean = level * rng.uniform(0.4, 2.5, (N, 1)) * np.exp(np.array(slopes)[:, None] * (YEARS - 2018))
    mean = mean * np.exp(rng.normal(0, wiggle, 12))
    exposure = rng.uniform(8e3, 3e4, (N, 1)) * np.exp(rng.normal(0, 0.01, (N, 12)))
    pools = [rng.choice(np.arange(5, N), 12, replace=False) for _ in range(N)]
    return rng.poisson(mean).astype(float), exposure, pools


def _assess(counts, exposure, pools, **options):
    defaults = {"members": range(5), "pools": pools, "reference_year": 2023, "rules": TREND}
    return assess_region(counts, exposure, YEARS, **(defaults | options))


def _glm(counts, exposure, *columns):
    inside = slice(4, 12)
    levels = np.kron(np.eye(5), np.ones((8, 1)))
    X = np.column_stack([levels, *columns])
    y, offset = counts[:5, inside].ravel(), np.log(exposure[:5, inside].ravel())
    return sm.GLM(y, X, offset=offset, family=sm.families.Poisson()).fit(tol=1e-13)


@pytest.mark.parametrize("breaks", [(), (2018.5,), (2018.5, 2020)])
def test_equal_to_a_glm_with_a_level_for_each_area(breaks):
    counts, exposure, pools = _panel()
    t = np.tile(YEARS[4:] - 2020.0, 5)
    steps = [np.clip(t + 2021 - b, 0, 1) for b in breaks]
    other = _glm(counts, exposure, t, *steps)
    trend = _assess(counts, exposure, pools, breaks=breaks).trend
    assert (trend.slope, trend.se_poisson) == pytest.approx((other.params[5], other.bse[5]), rel=1e-8)
    assert (trend.first_year, trend.last_year, trend.total) == (2016, 2023, counts[:5, 4:].sum())


def test_heterogeneity_is_the_drop_in_deviance():
    counts, exposure, pools = _panel()
    t = YEARS[4:] - 2020.0
    common, own = (
        _glm(counts, exposure, np.tile(t, 5)),
        _glm(counts, exposure, np.kron(np.eye(5), t[:, None])),
    )
    found = _assess(counts, exposure, pools)
    # Only the dispersion divides the drop: that of single municipalities around the rate of their peers.
    dispersion = (common.deviance - own.deviance) / 4 / found.heterogeneity.f
    assert 1.0 <= dispersion < 1.3
    assert dispersion <= found.trend.relative.dispersion + 1e-9
    assert found.heterogeneity.df == 4
    assert found.area_slopes == pytest.approx(tuple(own.params[5:]), rel=1e-6)


def test_areas_that_go_their_own_way_are_seen():
    mixed = (-0.15, 0.10, -0.04, -0.04, 0.05) + (-0.04,) * (N - 5)
    assert _assess(*_panel(slopes=mixed)).heterogeneity.p < 0.001


def test_a_common_wave_is_no_trend_of_the_region_against_its_peers():
    counts, exposure, pools = _panel(slopes=(0.0,) * N, level=500, wiggle=0.15)
    region = _assess(counts, exposure, pools)
    assert region.trend.dispersion > 4 * region.trend.relative.dispersion
    assert region.trend.relative.lower < 0 < region.trend.relative.upper
    words = with_adjusted([region.trend], TREND)[0]
    assert words.relative.word in (TrendWord.STABLE, TrendWord.LEANS_DOWN, TrendWord.LEANS_UP)


def test_a_peer_of_several_members_lends_its_scatter_once():
    counts, exposure, pools = _panel()
    everyone = set(range(5)).union(*(set(pools[area].tolist()) for area in range(5)))
    region = _assess(counts, exposure, pools)
    assert len(everyone) < 5 + 5 * 12
    assert region.heterogeneity.df_error == 6 * len(everyone)


def test_the_window_holds_the_years_of_every_member():
    counts, exposure, pools = _panel()
    counts[2, YEARS == 2020] = np.nan
    region = _assess(counts, exposure, pools)
    assert (region.trend.first_year, region.trend.n_years) == (2015, 8)
    assert region.trend.total == counts[:5, [3, 4, 5, 6, 7, 9, 10, 11]].sum()
    without_covid = _assess(counts, exposure, pools, excluded_years=(2020, 2021))
    assert (without_covid.trend.first_year, without_covid.trend.n_years) == (2015, 7)


def test_an_area_without_any_count_changes_no_slope():
    counts, exposure, pools = _panel()
    empty = counts.copy()
    empty[4] = 0
    four = _assess(counts, exposure, pools, members=range(4)).trend.slope
    region = _assess(empty, exposure, pools)
    assert region.trend.slope == pytest.approx(four, rel=1e-9)
    assert (region.heterogeneity.df, np.isnan(region.area_slopes[4])) == (3, True)


def _told(region):
    trend, against = region.trend, region.trend.relative
    return [trend.slope, trend.p, trend.upper, against.slope, against.p, region.heterogeneity.p]


@pytest.mark.parametrize("seed", range(3))
def test_what_must_not_matter_to_a_region(seed):
    """The unit of the population, the order of its municipalities, an area that is nobody's peer.

    No two have the same peer at the same place here: the later one would take its next (`made_regions`).
    """
    counts, exposure, _ = _panel(seed)
    pools = [[5 + (5 * row + place) % 25 for place in range(12)] for row in range(N)]
    told = pytest.approx(_told(_assess(counts, exposure, pools)), rel=1e-6)
    assert _told(_assess(counts, 1000 * exposure, pools)) == told
    assert _told(_assess(counts, exposure, pools, members=[3, 0, 4, 1, 2])) == told
    constant = np.vstack([counts, np.full(12, 70.0)]), np.vstack([exposure, exposure[:1]])
    assert _told(_assess(*constant, [*pools, pools[0]])) == told


def test_rounding_widens_the_region():
    counts, exposure, pools = _panel(level=30)
    rounded = 5 * np.round(counts / 5)
    trend = _assess(rounded, exposure, pools, rounding_variance=ROUNDING5).trend
    floor = 1 + ROUNDING5 * 40 / trend.total
    assert floor == pytest.approx(1.05, abs=0.03)
    assert floor - 1e-9 <= trend.dispersion < floor + 0.3


def test_nothing_at_all_is_no_fit():
    fit = fit_common_slope(np.zeros((3, 12)), np.ones((3, 12)), YEARS.astype(float))
    assert not fit.converged
    nowhere = fit_common_slope(np.full((3, 12), np.nan), np.ones((3, 12)), YEARS.astype(float))
    assert np.isnan(nowhere.slope)
    counts, exposure, pools = _panel()
    counts[:5] = 0
    region = _assess(counts, exposure, pools)
    assert with_adjusted([region.trend], TREND)[0].word is TrendWord.TOO_SMALL
    assert np.isnan(region.heterogeneity.p)


def test_a_region_needs_areas_and_peers():
    counts, exposure, pools = _panel()
    with pytest.raises(MethodError):
        _assess(counts, exposure, pools, members=[])
    with pytest.raises(MethodError):
        _assess(counts, exposure, pools[:-1])
