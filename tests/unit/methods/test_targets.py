"""Candidates, chance words, what a target asks, and whether nested targets fit: figures of the plan itself."""

import numpy as np
import pytest
from forecast_rules import PROJECTION, TARGETS
from scipy import stats

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.candidates import (
    Baseline,
    BenchmarkBasis,
    Candidate,
    PeerRates,
    make_baseline,
    propose_targets,
)
from ivp_analysis.methods.coherence import Ask, CoherenceWord, assess_coherence
from ivp_analysis.methods.detectability import assess_detectability, largest_visible_count
from ivp_analysis.methods.projection import Forecaster, project_counts
from ivp_analysis.methods.targets import ChanceWord, assess_target, choose_chance_word

YEARS = np.arange(2011, 2019)
HIC = np.array([640, 610, 590, 571, 545, 529, 510, 498], dtype=float)


@pytest.fixture(scope="module")
def projection():
    rng = np.random.default_rng(21)
    peers = rng.poisson(300 * np.exp(np.cumsum(rng.normal(-0.02, 0.07, (12, 8)), axis=1))).astype(float)
    return project_counts(HIC, YEARS, origin=2018, peers=peers, rules=PROJECTION)


def _peers(own):
    return PeerRates(tuple(np.linspace(4.0, 10.0, 13)), own, population=80_000, per=1000)


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (1.0, ChanceWord.LARGE),
        (0.65, ChanceWord.LARGE),
        (0.6499, ChanceWord.ABOUT_HALF),
        (0.35, ChanceWord.ABOUT_HALF),
        (0.3499, ChanceWord.SMALL),
        (0.15, ChanceWord.SMALL),
        (0.1499, ChanceWord.VERY_SMALL),
        (0.0, ChanceWord.VERY_SMALL),
    ],
)
def test_every_chance_has_its_word(chance, word):
    assert choose_chance_word(chance, TARGETS) == word


def test_no_chance_no_word():
    for chance in (np.nan, -0.1, 1.1):
        with pytest.raises(MethodError):
            choose_chance_word(chance, TARGETS)


def test_baseline_stands_beside_its_three_year_mean():
    found = make_baseline(HIC, YEARS, year=2018)
    assert found == Baseline(498, 2018, pytest.approx((529 + 510 + 498) / 3))
    assert np.isnan(make_baseline(HIC, YEARS, year=2012).three_year_mean)
    with pytest.raises(MethodError, match="no count in 2020"):
        make_baseline(HIC, YEARS, year=2020)


def test_the_five_candidates(projection):
    base = make_baseline(HIC, YEARS, year=2018)
    found = propose_targets(
        base, projection, target_year=2023, rules=TARGETS, peer_rates=_peers(8.0), ambition=0.2
    )
    assert [c.candidate for c in found] == list(Candidate)
    a, b, c, d, e = found
    assert (a.value, a.lower, a.upper) == (projection.law(2023).median, *projection.law(2023).interval(0.8))
    assert (b.value, b.basis) == (7.0 * 80, BenchmarkBasis.MEDIAN)
    assert c.value == 437, "the largest count that differs from 498 (R: poisson.test)"
    assert d.value == 398, "20 % less than 498 is 398.4"
    assert e.value == 498


@pytest.mark.parametrize(
    ("own", "rate", "basis"),
    [
        (7.01, 7.0, BenchmarkBasis.MEDIAN),
        (7.0, 5.5, BenchmarkBasis.BEST_QUARTER),
        (5.4, 5.5, BenchmarkBasis.ALREADY_BEST),
    ],
)
def test_benchmark_asks_more_of_who_is_better(projection, own, rate, basis):
    base = Baseline(498, 2018, 510)
    found = propose_targets(
        base, projection, target_year=2023, rules=TARGETS, peer_rates=_peers(own), ambition=None
    )
    assert (found[1].value, found[1].basis) == (rate * 80, basis)
    assert found[3].value is None, "no ambition was given"


def test_without_peers_there_is_no_benchmark(projection):
    base = Baseline(498, 2018, 510)
    found = propose_targets(base, projection, target_year=2023, rules=TARGETS, peer_rates=None, ambition=None)
    assert found[1].value is None
    with pytest.raises(MethodError, match="no peer"):
        PeerRates((np.nan,), 5.0, 80_000, 1000).known()


def test_what_a_target_asks(projection):
    found = assess_target(
        400,
        Baseline(498, 2018, 512.3),
        projection,
        target_year=2023,
        rules=TARGETS,
        peer_rates=_peers(6.2),
    )
    assert found.p_met == projection.probability(400, 2023)
    assert found.p_driftless == projection.probability(400, 2023, Forecaster.DRIFTLESS)
    assert found.p_driftless < found.p_met, "this series goes down"
    assert found.word == choose_chance_word(found.p_met, TARGETS)
    assert found.asked_beyond == found.median - 400
    assert found.asked_beyond_share == pytest.approx(1 - 400 / found.median)
    assert found.yearly_change == pytest.approx(-0.0428806, abs=1e-6)
    assert found.yearly_change_from_now == pytest.approx(found.yearly_change)
    assert found.is_beyond_chance
    assert found.share_of_peers_below == pytest.approx(3 / 13), "4.0, 4.5 and 5.0 a thousand"


@pytest.mark.parametrize("baseline", [0, 1, 4, 5, 6, 20, 233])
def test_largest_visible_count_is_a_boundary(baseline):
    found = largest_visible_count(baseline, detectable_p=0.05)
    p = [
        stats.binomtest(baseline, baseline + k, 0.5).pvalue if baseline + k else 1.0 for k in range(baseline)
    ]
    below = [k for k, value in enumerate(p) if value < 0.05]
    assert found == (below[-1] if below else None)


def test_a_baseline_of_nothing_shows_nothing():
    found = assess_detectability(0, 0, years=5, detectable_p=0.05, half=0.5)
    assert found.largest_visible is None
    assert not found.is_visible
    assert np.isnan(found.change)


@pytest.mark.parametrize(("baseline", "target", "years"), [(10.5, 8, 5), (10, -1, 5), (10, 8, 0)])
def test_impossible_targets_are_refused(baseline, target, years):
    with pytest.raises(MethodError):
        assess_detectability(baseline, target, years=years, detectable_p=0.05, half=0.5)


def test_burglary_leaves_violence_and_robbery_the_harder_part():
    found = assess_coherence(Ask(498, 400), [Ask(309, 275)])
    assert (found.rest.baseline, found.rest.target) == (189, 125)
    assert round(100 * found.rest.change) == -34
    assert found.word == CoherenceWord.REST_HARDER


def test_nuisance_asks_138_of_the_parts_without_a_target():
    found = assess_coherence(Ask(1656, 1400), [Ask(233, 200), Ask(247, 200), Ask(188, 150)])
    assert found.asked == 138
    assert found.word == CoherenceWord.REST_LIGHTER


@pytest.mark.parametrize(
    ("whole", "part", "word"),
    [
        (Ask(100, 50), Ask(80, 60), CoherenceWord.REST_IMPOSSIBLE),
        (Ask(100, 90), Ask(50, 30), CoherenceWord.REST_MAY_RISE),
        (Ask(100, 80), Ask(100, 70), CoherenceWord.NO_REST),
        (Ask(100, 80), Ask(100, 90), CoherenceWord.REST_IMPOSSIBLE),
        (Ask(100, 80), Ask(50, 40), CoherenceWord.REST_LIGHTER),
    ],
)
def test_coherence_words(whole, part, word):
    assert assess_coherence(whole, [part]).word == word


def test_parts_larger_than_the_whole_are_no_parts():
    with pytest.raises(MethodError, match="do not fit"):
        assess_coherence(Ask(100, 80), [Ask(120, 60)])


@pytest.mark.parametrize("phi", [1.0, 3.0])
def test_years_that_scatter_are_not_taken_for_a_target_that_is_reached(phi):
    """Two years of one level, their variance phi times the mean: as often told apart as the rule says."""
    rng = np.random.default_rng(51)
    size = (300, 2)
    counts = rng.poisson(60, size) if phi == 1 else rng.negative_binomial(60 / (phi - 1), 1 / phi, size)
    found = [
        assess_detectability(first, second, years=1, detectable_p=0.05, half=0.5, scatter=phi, df=200)
        for first, second in counts.tolist()
    ]
    bare, scattered = np.mean([(d.p_exact < 0.05, d.p_scattered < 0.05) for d in found], axis=0)
    assert 0.02 < scattered < 0.08
    assert bare > 0.2 if phi == 3 else bare == scattered


def test_both_readings_stand_beside_a_target():
    plain = assess_detectability(498, 400, years=5, detectable_p=0.05, half=0.5)
    assert plain.is_visible
    assert plain.is_visible_in_scatter
    swinging = assess_detectability(498, 400, years=5, detectable_p=0.05, half=0.5, scatter=4.0, df=200)
    assert swinging.is_visible
    assert not swinging.is_visible_in_scatter
    # z of the difference over the square root of phi: 98 / sqrt(4 * 898) = 1.64.
    assert swinging.p_scattered == pytest.approx(0.1036, abs=0.001)
