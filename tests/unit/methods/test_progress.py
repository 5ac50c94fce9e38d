"""The progress word, tested from the top; durability, peers and the running year."""

from dataclasses import replace

import numpy as np
import pytest
from forecast_rules import PROGRESS, PROJECTION
from scipy import stats

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.peer_change import PeerGroup, compare_with_peers
from ivp_analysis.methods.progress import (
    Milestones,
    NoProgress,
    ProgressEvidence,
    ProgressWord,
    assess_progress,
    measure_progress,
)
from ivp_analysis.methods.twelve_months import is_durable, rolling_sums
from ivp_analysis.methods.year_to_date import (
    compare_year_to_date,
    project_year,
    seasonal_profile,
    share_elapsed,
)

HIC = Milestones(498, 2018, 400, 2023)
NAN = float("nan")


def _evidence(**given):
    usual = ProgressEvidence(HIC, 450, 2021, NAN, 0.5, dispersion=1.0, df=np.inf)
    return replace(usual, **given)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"absent": NoProgress.NO_SOURCE, "latest": 300}, ProgressWord.NOT_ASSESSABLE),
        ({"latest": NAN}, ProgressWord.NOT_ASSESSABLE),
        ({"latest_year": 2023, "latest": 400, "at_target_year": 400}, ProgressWord.MET),
        ({"latest_year": 2023, "latest": 401, "at_target_year": 401, "chance": 0.9}, ProgressWord.MISSED),
        ({"latest_year": 2024, "latest": 390, "at_target_year": 420}, ProgressWord.MISSED),
        ({"latest_year": 2024, "latest": NAN, "at_target_year": 380}, ProgressWord.MET),
        ({"latest_year": 2023, "latest": 390, "at_target_year": NAN}, ProgressWord.NOT_ASSESSABLE),
        ({"latest": 400, "chance": 0.1}, ProgressWord.BELOW_TARGET_NOW),
        ({"latest": 600, "chance": 0.9}, ProgressWord.ABOVE_BASELINE),
        ({"latest": 520, "chance": 0.9}, ProgressWord.LIKELY_MET),
        ({"latest": 600, "chance": 0.1, "dispersion": 4.0}, ProgressWord.LIKELY_MISSED),
        ({"chance": 0.65}, ProgressWord.LIKELY_MET),
        ({"chance": 0.6499}, ProgressWord.EITHER_WAY),
        ({"chance": 0.35}, ProgressWord.EITHER_WAY),
        ({"chance": 0.3499}, ProgressWord.LIKELY_MISSED),
        ({"chance": None}, ProgressWord.NOT_ASSESSABLE),
    ],
)
def test_progress_words(given, word):
    assert assess_progress(_evidence(**given), PROGRESS).word == word


def test_no_judgement_without_its_reason():
    reasons = [{"absent": NoProgress.NOT_REPRODUCIBLE}, {"latest": NAN}, {"chance": None}, {}]
    found = [assess_progress(_evidence(**given), PROGRESS).reason for given in reasons]
    assert found == [NoProgress.NOT_REPRODUCIBLE, NoProgress.NO_COUNT, NoProgress.NO_FORECAST, None]


def test_above_the_baseline_is_judged_by_the_exact_test():
    found = assess_progress(_evidence(latest=540), PROGRESS)
    assert found.p_above == pytest.approx(stats.binomtest(540, 540 + 498, 0.5).pvalue)
    assert np.isnan(assess_progress(_evidence(latest=498), PROGRESS).p_above)


def test_paths_meet_baseline_and_target():
    assert (HIC.path(2018), HIC.path(2023), HIC.path(2020.5)) == (498, 400, 449)
    assert (HIC.growth_path(2018), HIC.growth_path(2023)) == (498, pytest.approx(400))


def test_arithmetic_where_a_ratio_does_not_exist():
    keep = measure_progress(Milestones(50, 2018, 50, 2023), latest=45, latest_year=2020)
    assert np.isnan([keep.share_of_change, keep.ratio]).all()
    empty = measure_progress(Milestones(0, 2018, 0, 2023), latest=0, latest_year=2020)
    assert np.isnan([empty.change, empty.required_yearly, empty.growth_path]).all()
    done = measure_progress(HIC, latest=380, latest_year=2023)
    assert np.isnan(done.required_from_now)
    assert done.share_of_change > 1
    with pytest.raises(MethodError):
        measure_progress(Milestones(50, 2018, 40, 2018), latest=45, latest_year=2018)


def test_twelve_month_sums_do_not_bridge_a_missing_month():
    monthly = np.arange(30, dtype=float)
    monthly[14] = NAN
    sums = rolling_sums(monthly)
    assert np.isnan(sums[:11]).all()
    assert sums[11] == sum(range(12))
    assert np.isnan(sums[14:26]).all()
    assert sums[29] == sum(range(18, 30))
    assert np.isnan(rolling_sums([1.0, 2.0])).all()


def test_durable_is_every_sum_of_three_quarters():
    monthly = np.full(20, 10.0)
    assert is_durable(monthly, 120, quarters=3) is True
    assert is_durable(monthly, 119, quarters=3) is False
    monthly[0] = 11
    assert is_durable(monthly, 120, quarters=3) is False, "the sum nine months ago was 121"
    assert is_durable(np.append(monthly, 10.0), 120, quarters=3) is True
    monthly[10] = NAN
    assert is_durable(monthly, 120, quarters=3) is None
    assert is_durable(np.full(19, 1.0), 120, quarters=3) is None


def test_elsewhere_in_the_same_time():
    group = PeerGroup((1e4, 1e4), ([100, 60, 7], [90, 50, NAN]), ([1e4] * 3, [1e4] * 3))
    found = compare_with_peers(latest=400, baseline=498, groups=[group])
    assert found.peers == pytest.approx(140 / 160 - 1)
    assert found.own == pytest.approx(400 / 498 - 1)
    assert found.as_peers == pytest.approx(498 * 0.875)
    assert found.beyond_peers == pytest.approx(400 - 498 * 0.875)
    assert found.n_peers == 2


def test_elsewhere_per_inhabitant():
    group = PeerGroup((5000, 5500), ([100, 100], [110, 110]), ([1000, 1000], [1100, 1100]))
    found = compare_with_peers(latest=110, baseline=100, groups=[group])
    assert (found.own, found.peers) == (pytest.approx(0), pytest.approx(0))
    assert found.as_peers == pytest.approx(110)


def test_elsewhere_for_a_region_is_the_mix_of_its_municipalities_peers():
    """The large peers of the small municipality halve, those of the large one stay: little changes in the mix."""
    large = PeerGroup((9e4, 9e4), ([50], [50]), ([1e4], [1e4]))
    small = PeerGroup((1e4, 1e4), ([5000], [2500]), ([1e6], [1e6]))
    found = compare_with_peers(baseline=500, latest=475, groups=[large, small])
    assert found.peers == pytest.approx(-0.05)
    assert found.as_peers == pytest.approx(475)
    assert found.beyond_peers == pytest.approx(0)
    growing = PeerGroup((1e4, 2e4), ([5000], [5000]), ([1e6], [1e6]))
    moved = compare_with_peers(baseline=500, latest=550, groups=[large, growing])
    assert moved.as_peers == pytest.approx(550), "more people where the rate is the same"
    assert moved.peers == pytest.approx(0)


def test_without_peers_of_every_municipality_nothing_is_said():
    known = PeerGroup((1e4, 1e4), ([3], [4]), ([1e4], [1e4]))
    unknown = PeerGroup((1e4, 1e4), ([3], [NAN]), ([1e4], [1e4]))
    assert compare_with_peers(latest=1, baseline=1, groups=[unknown]) is None
    assert compare_with_peers(latest=1, baseline=1, groups=[known, unknown]) is None
    assert compare_with_peers(latest=1, baseline=0, groups=[known]) is None
    assert compare_with_peers(latest=NAN, baseline=1, groups=[known]) is None


def test_seasonal_profile_pools_complete_years_only():
    season = np.array([1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1], dtype=float)
    panel = np.stack([[10 * season, 20 * season], [30 * season, np.where(np.arange(12) < 2, 999, NAN)]])
    profile = seasonal_profile(panel)
    assert profile == pytest.approx(season / season.sum())
    elapsed = np.array([3, 4, NAN, 5] + [NAN] * 8)
    assert share_elapsed(profile, elapsed) == pytest.approx(3 / 14)
    with pytest.raises(MethodError, match="no complete year"):
        seasonal_profile(np.zeros((2, 3, 12)))
    with pytest.raises(MethodError, match="12"):
        share_elapsed(profile, elapsed[:4])


def test_the_running_year_is_calibrated():
    """Years drawn from a vague prior: the year total falls at or below the 30 % point in 30 % of years."""
    rng = np.random.default_rng(31)
    rates = rng.uniform(100, 200, 1500)
    elapsed, rest = rng.poisson(rates * 0.6), rng.poisson(rates * 0.4)
    for p in (0.1, 0.3, 0.9):
        laws = [project_year(x, 0.6, half=PROJECTION.half) for x in elapsed]
        below = [x + r <= law.quantile(p) for law, x, r in zip(laws, elapsed, rest, strict=True)]
        assert np.mean(below) == pytest.approx(p, abs=0.04)


def test_dispersion_widens_the_running_year_at_the_same_mean():
    plain, wide = (project_year(60, 0.4, half=0.5, dispersion=d) for d in (1.0, 2.5))
    assert plain.mean == pytest.approx(wide.mean)
    assert wide.variance == pytest.approx(2.5 * plain.variance)
    for share in (0.0, 1.0):
        with pytest.raises(MethodError, match="share"):
            project_year(60, share, half=0.5)


def test_year_to_date_compares_the_same_months():
    now = np.array([10, NAN, 30] + [NAN] * 9)
    then = np.array([5, 100, NAN, 7] + [9.0] * 8)
    found = compare_year_to_date(now, then, confidence=0.95)
    assert (found.months, found.count, found.previous) == ((1,), 10, 5)
    assert found.comparison.ratio == pytest.approx(2.0)
    assert compare_year_to_date(now, np.full(12, NAN), confidence=0.95).comparison is None
