"""What a coming count may be: a negative binomial mixed over its mean, exact and without simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_floats

# Numerical settings, no policy: what is cut off weighs less than 1e-9 of a chance, unless the law is so wide
# (a level that may grow a thousandfold) that its tail says nothing: then the table ends at the span.
TAIL_EXPONENT = 23.0
SPAN = 100_000
SPAN_RATIO = 20
NODE_REACH = 7.0
NODE_STEP = 0.8
BLOCK = 32
BLOCKS_AT_ONCE = 64
NEGLIGIBLE = -45.0
STIRLING_FROM = 10_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Predictive:
    """Count = shift + NB(size, mean), its mean drawn from `means` with `weights`; size inf is Poisson.

    Every forecast of this house has this form, so that chances, intervals and scores come from one place.
    """

    size: float
    means: Floats
    weights: Floats
    shift: int = 0

    @property
    def mean(self) -> float:
        """The expected count."""
        return self.shift + float(self.weights @ self.means)

    @property
    def variance(self) -> float:
        """Spread within the components and between their means."""
        centre = float(self.weights @ self.means)
        within = self.means + self.means**2 / self.size
        return float(self.weights @ (within + (self.means - centre) ** 2))

    @property
    def median(self) -> int:
        """The smallest count with at least half of the chance at or below it."""
        return self.quantile(0.5)

    def cdf(self, k: ArrayLike) -> Floats:
        """P(count <= k); a target of 275.5 is met by 275."""
        steps = np.floor(as_floats(k)) - self.shift
        inside = np.maximum(steps, 0.0)[..., None]
        if np.isinf(self.size):
            below = special.pdtr(inside, self.means)
        else:
            below = special.betaincc(inside + 1, self.size, self.means / (self.size + self.means))
        return as_floats(np.where(steps < 0, 0.0, np.minimum(below @ self.weights, 1.0)))

    def pmf(self, k: ArrayLike) -> Floats:
        """P(count = k); also far out in the tail, where the log score needs it."""
        steps = as_floats(k) - self.shift
        possible = (steps >= 0) & (steps == np.floor(steps))
        base, slope = self._log_terms()
        at = np.where(possible, steps, 0.0)[..., None]
        inside = np.exp(self._log_constant(at) + base + at * slope) @ self.weights
        return as_floats(np.where(possible, inside, 0.0))

    def masses(self) -> tuple[int, Floats]:
        """First count that has any chance to speak of, and the pmf from there to the last."""
        first, last = self._support()
        starts = np.arange(first, last + 1, BLOCK, dtype=np.float64)
        parts = [self._run(starts[i : i + BLOCKS_AT_ONCE]) for i in range(0, starts.size, BLOCKS_AT_ONCE)]
        return first + self.shift, np.concatenate(parts)[: last - first + 1]

    def table(self) -> tuple[int, Floats]:
        """The same first count, and the cdf from there to the last."""
        first, masses = self.masses()
        return first, np.minimum(np.cumsum(masses), 1.0)

    def quantile(self, p: float) -> int:
        """The smallest count k with P(count <= k) >= p."""
        if not 0 < p < 1:
            raise MethodError(f"no quantile at {p}", todo="ask for a chance between 0 and 1")
        first, cdf = self.table()
        return first + min(int(np.searchsorted(cdf, p)), cdf.size - 1)

    def interval(self, level: float) -> tuple[int, int]:
        """The central interval that holds the count with chance `level` or more."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def _log_terms(self) -> tuple[Floats, Floats]:
        """log pmf(k) = constant(k) + base_j + k * slope_j for component j: only powers of k differ."""
        if np.isinf(self.size):
            return -self.means, np.log(self.means)
        return -self.size * np.log1p(self.means / self.size), np.log(self.means / (self.size + self.means))

    def _log_constant(self, k: Floats) -> Floats:
        return _log_rising(k, self.size) - as_floats(special.gammaln(k + 1))

    def _run(self, starts: Floats) -> Floats:
        """pmf of BLOCK counts from each start on, as one matrix product: powers within, heads before a block.

        The largest head of a block goes out first, so that nothing over- or underflows. Around large counts
        most components are far from a given run and are left out of it.
        """
        base, slope = self._log_terms()
        middle = float(self.weights @ slope)
        heads = np.log(self.weights) + base + starts[:, None] * (slope - middle)
        ends = heads + BLOCK * (slope - middle)
        near = [part - part.max(axis=1, keepdims=True) > NEGLIGIBLE for part in (heads, ends)]
        kept = (near[0] | near[1]).any(axis=0)
        heads = heads[:, kept]
        top = heads.max(axis=1, keepdims=True)
        powers = np.exp((slope[kept] - middle)[:, None] * np.arange(BLOCK))
        k = starts[:, None] + np.arange(BLOCK)
        inside = np.exp(heads - top) @ powers
        return as_floats(inside * np.exp(self._log_constant(k) + k * middle + top)).ravel()

    def _support(self) -> tuple[int, int]:
        """Bernstein bounds over the components: the lower tail is sub-Gaussian, the upper one sub-gamma.

        The tail of a component counts by its weight: one that hardly ever holds need not be followed far.
        """
        exponent = np.maximum(TAIL_EXPONENT + np.log(self.weights), 1.0)
        variance = self.means + self.means**2 / self.size
        below = self.means - np.sqrt(2 * exponent * variance)
        reach = exponent * (1 + self.means / self.size)
        above = self.means + reach + np.sqrt(reach**2 + 2 * exponent * variance)
        first = max(int(below.min()), 0)
        centre = float(np.exp(self.weights @ np.log(self.means)))
        return first, int(min(float(above.max()) + 1, first + SPAN + SPAN_RATIO * centre))


def _log_rising(k: Floats, n: float) -> Floats:
    """log of n (n + 1) ... (n + k - 1), by Stirling where the difference of two large gammaln loses digits."""
    if np.isinf(n):
        return np.zeros_like(k)
    if n < STIRLING_FROM:
        return as_floats(special.gammaln(k + n) - special.gammaln(n))
    return as_floats((n + k - 0.5) * np.log1p(k / n) + k * (np.log(n) - 1) + (1 / (n + k) - 1 / n) / 12)


def growth_law(mean: float, *, size: float, growth: float = 0.0, variance: float = 0.0) -> Predictive:
    """NB(size, mean * e^z) with z ~ N(growth, variance); no variance: a plain NB, or Poisson at size inf.

    The integral over z is a trapezoid sum on equal steps, which for a normal density converges faster than
    any power as long as a step is shorter than the narrower of the two spreads: that of z, and that of the
    count around its mean (variance 1/size + 1/mean on the log scale).
    """
    if not (mean > 0 and size > 0 and variance >= 0):
        raise MethodError(
            f"no count law with mean {mean}, size {size} and variance {variance}",
            todo="give a mean and a size above 0 and a variance of 0 or more",
        )
    z, weights = _nodes(variance, 1 / size + np.exp(-growth) / mean)
    return Predictive(float(size), mean * np.exp(growth + z), weights)


def _nodes(variance: float, resolution: float) -> tuple[Floats, Floats]:
    if variance == 0:
        return np.zeros(1), np.ones(1)
    # Around a mean that has grown by z more the count is narrower still; one sd of that is allowed for,
    # up to a factor e: wider laws are not worth more nodes.
    narrowed = np.sqrt(1 + variance / (resolution * np.exp(-min(np.sqrt(variance), 1.0))))
    half = int(np.ceil(NODE_REACH / NODE_STEP * narrowed))
    u = np.linspace(-NODE_REACH, NODE_REACH, 2 * half + 1)
    weights = np.exp(-(u**2) / 2)
    return u * np.sqrt(variance), weights / weights.sum()


def mix_laws(first: Predictive, second: Predictive, *, weight: float) -> Predictive:
    """The second law with chance `weight`, else the first; both around one count, so of one size."""
    if first.size != second.size or first.shift != second.shift or not 0 <= weight <= 1:
        raise MethodError("two laws of different size cannot be mixed", todo="mix forecasts of one series")
    means = np.concatenate([first.means, second.means])
    weights = np.concatenate([first.weights * (1 - weight), second.weights * weight])
    kept = weights > 0
    return replace(first, means=means[kept], weights=weights[kept])
