"""Shrunken rates: what a small count says once it is known how much comparable areas differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_counts, as_exposure

# Numerical settings of the search for log(shape), no policy.
SEARCH_STEP, SEARCH_LIMIT = 1.5, 25.0
MEAN_STEPS = 100


@dataclass(frozen=True, slots=True)
class GammaPrior:
    """How the true rates of a group differ: gamma with this mean and shape (inf: no difference to be seen).

    `total` and `exposure` are those of the group, which carry the mean when nothing else does.
    """

    mean: float
    shape: float
    total: float
    exposure: float

    @property
    def variance(self) -> float:
        return self.mean**2 / self.shape


@dataclass(frozen=True, slots=True)
class ShrunkenRates:
    """Posterior mean and limits of each rate; the gamma posterior of each is shape / (rate per exposure)."""

    rates: Floats
    lower: Floats
    upper: Floats
    shapes: Floats
    scales: Floats


@dataclass(frozen=True, slots=True)
class MarshallRates:
    """Global empirical Bayes by moments: rates, between-area variance and mean."""

    rates: Floats
    variance: float
    mean: float


def fit_gamma_prior(counts: ArrayLike, exposure: ArrayLike) -> GammaPrior:
    """Maximum likelihood of count ~ Poisson(exposure * rate), rate ~ gamma: the counts are negative binomial.

    When the counts scatter no more than Poisson, the likelihood rises to shape = inf (Clayton & Kaldor 1987).
    """
    y = as_counts(counts)
    e = as_exposure(exposure, y.shape)
    if y.ndim != 1 or y.size < 2 or not (np.isfinite(y) & np.isfinite(e)).all():
        raise MethodError("rates are shrunk over two or more known counts", todo="leave out what is missing")
    total, people = float(y.sum()), float(e.sum())
    pooled = y.sum() / people * e
    if ((y - pooled) ** 2 - y).sum() <= 0:
        return GammaPrior(total / people, float("inf"), total, people)
    shape = _most_likely_shape(y, e)
    return GammaPrior(_mean_given(shape, y, e), shape, total, people)


def _most_likely_shape(y: Floats, e: Floats) -> float:
    """Root of the profile score in log(shape), searched outwards from the estimate by moments."""
    moments = shrink_marshall(y, e)
    start = float(np.log(moments.mean**2 / moments.variance)) if moments.variance > 0 else 0.0
    low, high = start - SEARCH_STEP, start + SEARCH_STEP
    while _shape_score(low, y, e) <= 0 and low > -SEARCH_LIMIT:
        low -= SEARCH_STEP
    while _shape_score(high, y, e) > 0:
        if high > SEARCH_LIMIT:
            return float("inf")
        high += SEARCH_STEP
    return float(np.exp(optimize.brentq(_shape_score, low, high, args=(y, e), xtol=1e-12)))


def _shape_score(log_shape: float, y: Floats, e: Floats) -> float:
    """Derivative of the log likelihood to the shape, at the mean that fits that shape best."""
    shape = float(np.exp(log_shape))
    mu = _mean_given(shape, y, e) * e
    terms = special.digamma(y + shape) - special.digamma(shape) - np.log1p(mu / shape)
    return float((terms + (mu - y) / (shape + mu)).sum())


def _mean_given(shape: float, y: Floats, e: Floats) -> float:
    """The mean solves sum((y - e m) / (1 + e m / shape)) = 0: a weighted mean of the rates.

    The sum falls with m and is convex: a Newton step from the right may leap past zero when a small shape
    meets very unequal exposures, so a step out of the bracket is replaced by halving it.
    """
    low, high = 0.0, float((y / e).max())
    mean = float(y.sum() / e.sum())
    for _ in range(MEAN_STEPS):
        weight = 1 / (1 + e * mean / shape)
        gap = float((weight * (y - e * mean)).sum())
        low, high = (mean, high) if gap > 0 else (low, mean)
        moved = mean + gap / float((weight**2 * e * (1 + y / shape)).sum())
        moved = moved if low <= moved <= high else (low + high) / 2
        if abs(moved - mean) <= 1e-14 * mean:
            return moved
        mean = moved
    return mean


def shrink_rates(
    prior: GammaPrior, counts: ArrayLike, exposure: ArrayLike, *, confidence: float
) -> ShrunkenRates:
    """Posterior of each rate: gamma(shape + count, shape/mean + exposure).

    Without a difference between areas each rate is the group's, as sure as the group's total makes it.
    """
    y = as_counts(counts)
    e = as_exposure(exposure, y.shape)
    if np.isinf(prior.shape):
        shapes, scales = np.full(y.shape, prior.total), np.full(y.shape, prior.exposure)
    else:
        shapes, scales = prior.shape + y, prior.shape / prior.mean + e
    tail = (1 - confidence) / 2
    safe = np.maximum(shapes, 1e-300)
    return ShrunkenRates(
        rates=shapes / scales,
        lower=special.gammaincinv(safe, tail) / scales,
        upper=special.gammainccinv(safe, tail) / scales,
        shapes=shapes,
        scales=scales,
    )


def shrink_marshall(counts: ArrayLike, exposure: ArrayLike) -> MarshallRates:
    """Marshall (1991): the same idea by moments, without a distribution; the check on the likelihood."""
    y = as_counts(counts)
    e = as_exposure(exposure, y.shape)
    raw, mean = y / e, float(y.sum() / e.sum())
    spread = float((e * (raw - mean) ** 2).sum() / e.sum())
    variance = max(spread - mean / float(e.mean()), 0.0)
    weight = variance / (variance + mean / e) if mean > 0 else np.zeros_like(e)
    return MarshallRates(mean + weight * (raw - mean), variance, mean)
