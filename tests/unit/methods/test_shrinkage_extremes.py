"""Very unequal municipalities (a city among villages) must not throw the likelihood off its maximum."""

import numpy as np
import pytest
from scipy import optimize, stats

from ivp_analysis.methods.shrinkage import fit_gamma_prior, shrink_rates


def _log_likelihood(mean: float, shape: float, y: np.ndarray, e: np.ndarray) -> float:
    return float(stats.nbinom(shape, shape / (shape + mean * e)).logpmf(y).sum())


@pytest.mark.parametrize("seed", range(8))
def test_the_maximum_is_that_of_a_general_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    e = np.exp(rng.normal(10, 2.2, size=60))
    y = rng.poisson(rng.gamma(0.3, 1 / 0.3, size=60) * 2e-3 * e).astype(float)
    prior = fit_gamma_prior(y, e)
    found = optimize.minimize(
        lambda p: -_log_likelihood(np.exp(p[0]), np.exp(p[1]), y, e),
        [np.log(y.sum() / e.sum()), 0.0],
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000},
    )
    assert _log_likelihood(prior.mean, prior.shape, y, e) >= -found.fun - 1e-6
    assert prior.mean == pytest.approx(np.exp(found.x[0]), rel=1e-3)
    assert prior.shape == pytest.approx(np.exp(found.x[1]), rel=1e-3)
    assert np.isfinite(shrink_rates(prior, y, e, confidence=0.95).rates).all()


def test_a_city_among_villages_without_counts() -> None:
    e = np.array([2.6e6, 1.9e6, *np.full(40, 2e4)])
    y = np.array([40_000.0, 100.0, *np.zeros(38), 1.0, 900.0])
    prior = fit_gamma_prior(y, e)
    assert 0 < prior.mean < (y / e).max()
    assert 0 < prior.shape < 1
