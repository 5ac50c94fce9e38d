"""A level against comparable municipalities: expected count, funnel limits, shrunken rate, word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_counts, as_exposure
from ivp_analysis.methods.benchmark_words import (
    BenchmarkEvidence,
    BenchmarkRules,
    BenchmarkWord,
    choose_benchmark_word,
)
from ivp_analysis.methods.funnel import measure_overdispersion, sampling_variance
from ivp_analysis.methods.multiplicity import adjust
from ivp_analysis.methods.shrinkage import fit_gamma_prior, shrink_rates

_NOTHING = float("nan")
Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """A level (a sum of years) set against its peers. Limits and ratios are of count to `expected` count.

    `inner` and `outer` are the limits of the verdict, `same` the interval of the ratio for "about equal".
    `shrunken_ratio` is the shrunken rate over the median of the peers' shrunken rates. NaN: not known. `q` and `word` are None until `with_benchmark_words` has seen all areas.
    """

    count: float
    exposure: float
    rate: float
    peer_rate: float
    expected: float
    ratio: float
    inner: Limits
    outer: Limits
    same: Limits
    p: float
    tau2: float
    peer_variance: float
    n_peers: int
    shrunken_rate: float
    shrunken: Limits
    peer_median: float
    shrunken_ratio: float
    q: float | None = None
    word: BenchmarkWord | None = None


def compare_with_peers(
    count: float,
    exposure: float,
    peer_counts: ArrayLike,
    peer_exposure: ArrayLike,
    *,
    rules: BenchmarkRules,
    dispersion: float = 1.0,
    rounding_variance: float = 0.0,
) -> BenchmarkResult:
    """One area against its peers, over the same years. A peer whose count is missing is left out.

    `dispersion` (pooled, of years around the peers') widens the interval for "about equal" by the scatter from year to
    year; the limits need it not, for tau2 is measured from counts that scatter likewise. `rounding_variance`
    is that of the sum.
    """
    y = as_counts(peer_counts)
    e = as_exposure(peer_exposure, y.shape)
    known = np.isfinite(y) & np.isfinite(e)
    y, e, count, exposure = y[known], e[known], float(count), float(exposure)
    own = np.isfinite(count) and np.isfinite(exposure) and exposure > 0
    if y.size < 2 or not own or y.sum() == 0:
        return _unknown(count, exposure, y, e)
    return _compare(count, exposure, y, e, rules, dispersion, rounding_variance)


def _compare(
    count: float,
    exposure: float,
    y: Floats,
    e: Floats,
    rules: BenchmarkRules,
    dispersion: float,
    rounding: float,
) -> BenchmarkResult:
    peer_rate, k = float(y.sum() / e.sum()), y.size
    expected = exposure * peer_rate
    # No winsorising here: among 12 peers it would hide the very differences that tau2 must measure.
    tau2 = measure_overdispersion(y, e * peer_rate, winsorise=0.0, rounding_variance=rounding).tau2
    own = float(sampling_variance(expected, rounding_variance=rounding))
    peers = sampling_variance(e * peer_rate, dispersion=dispersion, rounding_variance=rounding)
    wide = float(sampling_variance(expected, dispersion=dispersion, rounding_variance=rounding))
    partial = _shrunken(count, exposure, y, e, rules)
    result = replace(partial, expected=expected, tau2=tau2, peer_variance=float(peers.mean()))
    variance = own + tau2 * (1 + 1 / k)
    return _judged(result, variance, wide + (tau2 + float(peers.mean())) / k, k - 1, rules)


def _judged(
    result: BenchmarkResult, variance: float, same_variance: float, df: int, rules: BenchmarkRules
) -> BenchmarkResult:
    """Ratio, limits and p on the square-root scale, t with K-1 degrees of freedom."""
    ratio = result.count / result.expected
    z = (np.sqrt(ratio) - 1) / np.sqrt(variance)
    return replace(
        result,
        ratio=ratio,
        inner=_around(1.0, variance, df, rules.limit_inner),
        outer=_around(1.0, variance, df, rules.limit_outer),
        same=_around(float(np.sqrt(ratio)), same_variance, df, rules.same_confidence),
        p=float(2 * special.stdtr(df, -abs(z))),
    )


def _around(centre: float, variance: float, df: int, confidence: float) -> Limits:
    half = float(special.stdtrit(df, (1 + confidence) / 2)) * float(np.sqrt(variance))
    return max(centre - half, 0.0) ** 2, (centre + half) ** 2


def _shrunken(count: float, exposure: float, y: Floats, e: Floats, rules: BenchmarkRules) -> BenchmarkResult:
    """Raw and shrunken rates of one group, the area among its peers, as its rank is too.

    A prior from the peers alone would shrink an outlier among even peers all the way to their mean.
    """
    group_y, group_e = np.append(count, y), np.append(exposure, e)
    prior = fit_gamma_prior(group_y, group_e)
    shrunk = shrink_rates(prior, group_y, group_e, confidence=rules.limit_inner)
    median = float(np.median(shrunk.rates[1:]))
    return replace(
        _unknown(count, exposure, y, e),
        shrunken_rate=float(shrunk.rates[0]),
        shrunken=(float(shrunk.lower[0]), float(shrunk.upper[0])),
        peer_median=median,
        shrunken_ratio=float(shrunk.rates[0]) / median,
    )


def _unknown(count: float, exposure: float, y: Floats, e: Floats) -> BenchmarkResult:
    gap = (_NOTHING, _NOTHING)
    return BenchmarkResult(
        count=count,
        exposure=exposure,
        rate=count / exposure if exposure > 0 else _NOTHING,
        peer_rate=float(y.sum() / e.sum()) if y.size else _NOTHING,
        expected=_NOTHING,
        ratio=_NOTHING,
        inner=gap,
        outer=gap,
        same=gap,
        p=_NOTHING,
        tau2=_NOTHING,
        peer_variance=_NOTHING,
        n_peers=int(y.size),
        shrunken_rate=_NOTHING,
        shrunken=gap,
        peer_median=_NOTHING,
        shrunken_ratio=_NOTHING,
    )


def compare_region(results: Sequence[BenchmarkResult], rules: BenchmarkRules, *, dispersion: float = 1.0,
                   rounding_variance: float = 0.0) -> BenchmarkResult:  # fmt: skip
    """The region against the mix of its municipalities' peer levels: sum of population x own peer rate.

    Each municipality may differ from its peers as peers do (tau2), independently of the others; that its peer
    mean is uncertain (tau2/K) it shares with the others, whose peers are partly the same. On the square-root
    scale small differences add up by their share w of the expected count. `rounding_variance` is that of
    one municipality's sum.
    """
    if not results:
        raise MethodError("a region without municipalities has no mix of peers", todo="give its results")
    total, people = sum(r.count for r in results), sum(r.exposure for r in results)
    expected = sum(r.expected for r in results)
    k = min(r.n_peers for r in results)
    mix = replace(
        _unknown(total, people, np.empty(0), np.empty(0)),
        peer_rate=expected / people,
        expected=expected,
        n_peers=k,
        shrunken_rate=sum(r.shrunken_rate * r.exposure for r in results) / people,
        peer_median=sum(r.peer_median * r.exposure for r in results) / people,
    )
    if not np.isfinite(expected):
        return mix
    weights = np.array([r.expected for r in results]) / expected
    tau2 = np.array([r.tau2 for r in results])
    rounding = rounding_variance * len(results)
    common = float((weights * np.sqrt(tau2 / k)).sum() ** 2)
    peers = float((weights * np.sqrt((tau2 + [r.peer_variance for r in results]) / k)).sum() ** 2)
    own = float(sampling_variance(expected, rounding_variance=rounding))
    wide = float(sampling_variance(expected, dispersion=dispersion, rounding_variance=rounding))
    result = replace(
        mix, tau2=float((weights**2 * tau2).sum()), shrunken_ratio=mix.shrunken_rate / mix.peer_median
    )
    return _judged(result, own + result.tau2 + common, wide + peers, k - 1, rules)


def with_benchmark_words(
    results: Sequence[BenchmarkResult], rules: BenchmarkRules, *, min_peers: int
) -> list[BenchmarkResult]:
    """Benjamini-Hochberg over the areas of one indicator, and with it the words."""
    q = adjust([r.p if r.n_peers >= min_peers else np.nan for r in results], method="bh")
    return [_with_word(r, float(value), rules, min_peers) for r, value in zip(results, q, strict=True)]


def _with_word(r: BenchmarkResult, q: float, rules: BenchmarkRules, min_peers: int) -> BenchmarkResult:
    evidence = BenchmarkEvidence(
        known=bool(np.isfinite(r.count) and np.isfinite(r.exposure)),
        n_peers=r.n_peers,
        ratio=r.ratio,
        inner=r.inner,
        outer=r.outer,
        same=r.same,
        shrunken_ratio=r.shrunken_ratio,
        q=q,
    )
    word = choose_benchmark_word(evidence, rules, min_peers=min_peers)
    return replace(r, q=None if np.isnan(q) else q, word=word)
