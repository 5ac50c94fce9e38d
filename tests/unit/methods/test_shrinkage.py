"""Shrunken rates: the likelihood's maximum, better than raw rates, and ranks with their intervals."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ivp_analysis.data.sample_truth import draw_counts
from ivp_analysis.errors import MethodError
from ivp_analysis.methods.ranks import rank_units
from ivp_analysis.methods.shrinkage import fit_gamma_prior, shrink_marshall, shrink_rates


def _group(seed, n=20, cv=0.3, level=60.0, phi=1.0):
    rng = np.random.default_rng(seed)
    people = rng.lognormal(0, 0.5, n) * level / 0.006
    rates = 0.006 * rng.gamma(1 / cv**2, cv**2, n)
    return draw_counts(rng, people * rates, phi).astype(float), people, rates


@pytest.mark.parametrize("seed", range(4))
def test_equal_to_the_negative_binomial_of_statsmodels(seed):
    counts, people, _ = _group(seed)
    prior = fit_gamma_prior(counts, people)
    model = sm.NegativeBinomial(counts, np.ones(20), offset=np.log(people))
    other = model.fit(disp=0, method="newton", maxiter=200, tol=1e-12)
    assert prior.mean == pytest.approx(np.exp(other.params[0]), rel=1e-6)
    assert prior.shape == pytest.approx(1 / other.params[1], rel=1e-5)


def test_likelihood_and_moments_agree_on_a_large_group():
    counts, people, _ = _group(5, n=2000, level=100)
    prior, marshall = fit_gamma_prior(counts, people), shrink_marshall(counts, people)
    assert prior.variance == pytest.approx((0.3 * 0.006) ** 2, rel=0.1)
    assert marshall.variance == pytest.approx(prior.variance, rel=0.15)
    shrunken = shrink_rates(prior, counts, people, confidence=0.95)
    assert shrunken.rates == pytest.approx(marshall.rates, rel=0.06)


@pytest.mark.parametrize(("cv", "phi"), [(0.15, 1.0), (0.3, 1.0), (0.5, 1.0), (0.3, 2.0)])
@pytest.mark.parametrize("level", [3, 10, 60, 300])
def test_shrinkage_beats_raw_rates(level, cv, phi):
    """In mean squared error over groups of 13, from 3 expected to 300, with more scatter than Poisson too."""
    raw, by_likelihood, by_moments = 0.0, 0.0, 0.0
    for seed in range(80):
        counts, people, truth = _group(seed, n=13, level=level, cv=cv, phi=phi)
        shrunken = shrink_rates(fit_gamma_prior(counts, people), counts, people, confidence=0.95)
        raw += ((counts / people - truth) ** 2).sum()
        by_likelihood += ((shrunken.rates - truth) ** 2).sum()
        by_moments += ((shrink_marshall(counts, people).rates - truth) ** 2).sum()
    assert by_likelihood < raw
    assert by_moments < raw


def test_posterior_limits_hold_the_truth():
    held = []
    for seed in range(60):
        counts, people, truth = _group(seed, n=40)
        found = shrink_rates(fit_gamma_prior(counts, people), counts, people, confidence=0.95)
        held.append(((found.lower <= truth) & (truth <= found.upper)).mean())
    assert 0.92 < np.mean(held) < 0.97


def test_no_more_scatter_than_poisson_means_one_rate():
    people = np.full(12, 10_000.0)
    counts = np.array([60, 61, 59, 60, 62, 58, 60, 60, 61, 59, 60, 60.0])
    prior = fit_gamma_prior(counts, people)
    assert prior.shape == np.inf
    assert prior.variance == 0
    found = shrink_rates(prior, counts, people, confidence=0.95)
    assert found.rates == pytest.approx(np.full(12, 0.006))
    assert (found.lower < 0.006).all()
    assert (found.upper > 0.006).all()
    rank = rank_units(counts, people, units=[4], confidence=0.9)[0]
    assert (rank.lower, rank.upper, rank.n) == (1, 12, 12)


@settings(derandomize=True, deadline=None, max_examples=20)
@given(st.integers(0, 200), st.floats(0.001, 1000))
def test_the_unit_of_the_rate_changes_nothing_but_its_scale(seed, factor):
    counts, people, _ = _group(seed, n=12)
    one = shrink_rates(fit_gamma_prior(counts, people), counts, people, confidence=0.95)
    other = shrink_rates(fit_gamma_prior(counts, factor * people), counts, factor * people, confidence=0.95)
    assert factor * other.rates == pytest.approx(one.rates, rel=1e-6)
    assert factor * other.upper == pytest.approx(one.upper, rel=1e-6)


def test_a_shrunken_rate_lies_between_raw_and_mean():
    counts, people, _ = _group(3)
    prior = fit_gamma_prior(counts, people)
    found, raw = shrink_rates(prior, counts, people, confidence=0.95), counts / people
    low, high = np.minimum(raw, prior.mean), np.maximum(raw, prior.mean)
    assert ((low <= found.rates) & (found.rates <= high)).all()


def test_extremes_still_have_a_prior():
    sparse = fit_gamma_prior([0, 0, 0, 9, 0, 0], np.ones(6))
    assert 0 < sparse.shape < 1
    assert sparse.mean == pytest.approx(1.5, rel=0.2)
    assert fit_gamma_prior([0, 0, 0], np.ones(3)).mean == 0
    with pytest.raises(MethodError, match="two or more known counts"):
        fit_gamma_prior([5], [100])
    with pytest.raises(MethodError, match="two or more known counts"):
        fit_gamma_prior([5, np.nan], [100, 100])


def test_ranks_agree_with_draws_from_the_posterior():
    counts, people, _ = _group(9, n=13)
    found = rank_units(counts, people, units=range(13), confidence=0.9)
    post = shrink_rates(fit_gamma_prior(counts, people), counts, people, confidence=0.9)
    draws = np.random.default_rng(0).gamma(post.shapes, size=(40_000, 13)) / post.scales
    ranks = stats.rankdata(-draws, axis=1)
    assert [r.expected for r in found] == pytest.approx(ranks.mean(axis=0), abs=0.05)
    for unit, rank in enumerate(found):
        assert rank.lower <= rank.rank <= rank.upper
        assert np.mean(ranks[:, unit] < rank.lower) < 0.06
        assert np.mean(ranks[:, unit] > rank.upper) < 0.06
        assert np.mean((ranks[:, unit] >= rank.lower) & (ranks[:, unit] <= rank.upper)) > 0.89
    assert sum(r.expected for r in found) == pytest.approx(13 * 14 / 2, rel=0.001)
