"""How good was a forecast? Proper scores, and whether chances and intervals come out as often as they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, as_floats
from ivp_analysis.methods.predictive import Predictive

# An outcome far out in the tail has PIT bounds that are equal in floating point: all of it in one class.
FLAT = 1e-15


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one forecast and its outcome; all but the PIT bounds: lower is better.

    `crps` is in registrations. `pit_lower` = P(count < outcome), `pit_upper` = P(count <= outcome).
    """

    log_score: float
    crps: float
    dawid_sebastiani: float
    squared_error: float
    pit_lower: float
    pit_upper: float


@dataclass(frozen=True, slots=True)
class ReliabilityClass:
    """Forecasts with about the same chance: what was said on average, and how often it came true."""

    predicted: float
    observed: float
    n: int


@dataclass(frozen=True, slots=True)
class BrierScore:
    """Mean squared distance between chance and event, and the skill against always saying the base rate."""

    value: float
    base_rate: float
    skill: float
    n: int


def score_forecast(law: Predictive, outcome: float) -> Scores:
    """Log score, CRPS by exact sum, Dawid-Sebastiani and squared error (Gneiting and Raftery 2007)."""
    return tabulate_forecast(law).score(outcome)


@dataclass(frozen=True, slots=True, eq=False)
class ForecastTable:
    """A forecast with all its chances worked out once, for scores against several outcomes."""

    law: Predictive
    first: int
    masses: Floats
    cdf: Floats

    def chance(self, count: float) -> float:
        """P(count or less)."""
        return _cdf_at(self.first, self.cdf, int(np.floor(count)))

    def score(self, outcome: float) -> Scores:
        """All scores of one outcome."""
        if not (outcome >= 0 and outcome == int(outcome)):
            raise MethodError(f"an outcome of {outcome} cannot be scored", todo="give a whole count from 0")
        y = int(outcome)
        mass, error = self._mass(y), y - self.law.mean
        return Scores(
            log_score=-float(np.log(mass)) if mass > 0 else float("inf"),
            crps=_crps(self.first, self.cdf, y),
            dawid_sebastiani=error**2 / self.law.variance + float(np.log(self.law.variance)),
            squared_error=error**2,
            pit_lower=_cdf_at(self.first, self.cdf, y - 1),
            pit_upper=_cdf_at(self.first, self.cdf, y),
        )

    def _mass(self, y: int) -> float:
        """Outside the table, where the log score needs it most, from the law itself."""
        place = y - self.first
        return float(self.masses[place]) if 0 <= place < self.masses.size else float(self.law.pmf(y))


def tabulate_forecast(law: Predictive) -> ForecastTable:
    """Work out the chances of a forecast."""
    first, masses = law.masses()
    return ForecastTable(law, first, masses, np.minimum(np.cumsum(masses), 1.0))


def _crps(first: int, cdf: Floats, y: int) -> float:
    """Sum over all k of (F(k) - [k >= y])^2; outside the table F is 0 or 1."""
    last = first + cdf.size - 1
    split = min(max(y - first, 0), cdf.size)
    inside = float(cdf[:split] @ cdf[:split] + (1 - cdf[split:]) @ (1 - cdf[split:]))
    return inside + max(first - y, 0) + max(y - last - 1, 0)


def _cdf_at(first: int, cdf: Floats, k: int) -> float:
    if k < first:
        return 0.0
    return float(cdf[min(k - first, cdf.size - 1)])


def inside_interval(pit_lower: ArrayLike, pit_upper: ArrayLike, *, level: float) -> Flags:
    """Whether each outcome fell inside the central interval of `level`: it tells that from the PIT bounds."""
    tail = (1 - level) / 2
    return np.asarray((as_floats(pit_upper) >= tail) & (as_floats(pit_lower) < 1 - tail))


def central_mass(pit_lower: ArrayLike, pit_upper: ArrayLike, *, level: float) -> Floats:
    """The part of each outcome's PIT range inside the central `level`.

    Its mean is `level` for a calibrated forecast at any size of count, while the plain coverage of small
    counts is larger because their interval cannot end between two counts.
    """
    lower, upper, tail = as_floats(pit_lower), as_floats(pit_upper), (1 - level) / 2
    overlap = np.minimum(upper, 1 - tail) - np.maximum(lower, tail)
    width = np.maximum(upper - lower, FLAT)
    return as_floats(np.where(upper - lower > FLAT, np.clip(overlap / width, 0, 1), overlap >= 0))


def pit_histogram(pit_lower: ArrayLike, pit_upper: ArrayLike, *, bins: int) -> Floats:
    """Outcomes per equal class of the non-randomised PIT (Czado, Gneiting and Held 2009).

    Each outcome is spread evenly over [F(y-1), F(y)]; even classes mean that the forecasts are calibrated.
    """
    lower, upper = as_floats(pit_lower)[:, None], as_floats(pit_upper)[:, None]
    edges = np.linspace(0, 1, bins + 1)
    width = np.maximum(upper - lower, FLAT)
    below = np.clip((edges - lower) / width, 0, 1)
    below[:, -1] = 1.0
    return as_floats(np.diff(below, axis=1).sum(axis=0))


def brier_score(chances: ArrayLike, events: ArrayLike) -> BrierScore:
    """Brier (1950). The skill is NaN when the event always or never came true."""
    p, came = _chances_and_events(chances, events)
    value, base = float(np.mean((p - came) ** 2)), float(came.mean())
    spread = base * (1 - base)
    return BrierScore(value, base, 1 - value / spread if spread > 0 else float("nan"), p.size)


def reliability(chances: ArrayLike, events: ArrayLike, *, bins: int) -> tuple[ReliabilityClass, ...]:
    """Per equal class of the chance said: its mean beside how often it came true; empty classes left out."""
    p, came = _chances_and_events(chances, events)
    place = np.minimum((p * bins).astype(np.intp), bins - 1)
    groups = [place == i for i in range(bins)]
    return tuple(
        ReliabilityClass(float(p[g].mean()), float(came[g].mean()), int(g.sum())) for g in groups if g.any()
    )


def _chances_and_events(chances: ArrayLike, events: ArrayLike) -> tuple[Floats, Floats]:
    p, came = as_floats(chances), as_floats(events)
    if p.shape != came.shape or p.size == 0 or not bool(np.all((p >= 0) & (p <= 1))):
        raise MethodError(
            f"{p.size} chances and {came.size} events do not make a score",
            todo="give one chance between 0 and 1 for each event",
        )
    return p, came
