"""Five candidates for a target: projection, benchmark, visible change, ambition, as it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_floats
from ivp_analysis.methods.detectability import largest_visible_count
from ivp_analysis.methods.projection import Projection


class Candidate(StrEnum):
    """A to E."""

    PROJECTION = "projection"
    BENCHMARK = "benchmark"
    VISIBLE = "visible"
    AMBITION = "ambition"
    KEEP = "keep"


class BenchmarkBasis(StrEnum):
    """Which peer level candidate B takes; `already_best`: the best quarter is no better than now."""

    MEDIAN = "median"
    BEST_QUARTER = "best_quarter"
    ALREADY_BEST = "already_best"


@dataclass(frozen=True, slots=True)
class TargetRules:
    """The policy constants of targets; group `targets` of the method file."""

    detectable_p: float
    large: float
    half: float
    small: float
    best_quarter: float
    baseline_tolerance_abs: float
    baseline_tolerance_rel: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where a target starts from: a stated year's count, and the 3-year mean beside it (NaN: unknown)."""

    count: float
    year: int
    three_year_mean: float


@dataclass(frozen=True, slots=True)
class PeerRates:
    """Shrunken rates of the peers and of the area itself, with the population expected in the target year."""

    peers: tuple[float, ...]
    own: float
    population: float
    per: float

    def count_at(self, rate: float) -> float:
        """The count of this area at such a rate."""
        return rate * self.population / self.per

    def rate_of(self, count: float) -> float:
        """The rate of this area at such a count."""
        return count * self.per / self.population

    def share_at_or_below(self, count: float) -> float:
        """The part of the peers whose rate is no higher than that of this area at such a count."""
        return float(np.mean(self.known() <= self.rate_of(count)))

    def known(self) -> Floats:
        """The rates that are there; at least one has to be."""
        rates = as_floats(self.peers)
        rates = rates[np.isfinite(rates)]
        if rates.size == 0:
            raise MethodError("no peer has a rate", todo="leave the peers out when none is known")
        return rates


@dataclass(frozen=True, slots=True)
class CandidateTarget:
    """A proposal; `value` None: not to be had here. `lower` and `upper` only for the projection."""

    candidate: Candidate
    value: float | None
    lower: float | None = None
    upper: float | None = None
    basis: BenchmarkBasis | None = None


def make_baseline(counts: ArrayLike, years: ArrayLike, *, year: int) -> Baseline:
    """The count of the stated year with the mean of it and the two years before (regression to the mean)."""
    values, when = as_floats(counts), as_floats(years)
    found = values[when == year]
    if found.size != 1 or not np.isfinite(found[0]):
        raise MethodError(f"no count in {year} to start from", todo="choose a year with a count")
    three = values[(when > year - 3) & (when <= year)]
    mean = float(three.mean()) if three.size == 3 else float("nan")
    return Baseline(float(found[0]), year, mean)


def propose_targets(
    baseline: Baseline,
    projection: Projection,
    *,
    target_year: int,
    rules: TargetRules,
    peer_rates: PeerRates | None,
    ambition: float | None,
) -> tuple[CandidateTarget, ...]:
    """Candidates A to E. `ambition` is a fall as a fraction (0.2 = 20 % less), with its ground elsewhere."""
    point = projection.path([target_year])[0]
    visible = largest_visible_count(int(baseline.count), detectable_p=rules.detectable_p)
    return (
        CandidateTarget(Candidate.PROJECTION, point.median, point.lower, point.upper),
        _benchmark(peer_rates, rules),
        CandidateTarget(Candidate.VISIBLE, visible),
        CandidateTarget(
            Candidate.AMBITION, None if ambition is None else _whole(baseline.count * (1 - ambition))
        ),
        CandidateTarget(Candidate.KEEP, baseline.count),
    )


def _benchmark(peer_rates: PeerRates | None, rules: TargetRules) -> CandidateTarget:
    """The peers' median for an area that is worse than it, else their best quarter."""
    if peer_rates is None:
        return CandidateTarget(Candidate.BENCHMARK, None)
    rates = peer_rates.known()
    median, best = float(np.median(rates)), float(np.quantile(rates, rules.best_quarter))
    if peer_rates.own > median:
        rate, basis = median, BenchmarkBasis.MEDIAN
    else:
        already = peer_rates.own <= best
        rate, basis = best, BenchmarkBasis.ALREADY_BEST if already else BenchmarkBasis.BEST_QUARTER
    return CandidateTarget(Candidate.BENCHMARK, _whole(peer_rates.count_at(rate)), basis=basis)


def _whole(count: float) -> float:
    """The largest whole count that is no more, so that the target shown is the target judged."""
    return float(np.floor(count + 1e-9))
