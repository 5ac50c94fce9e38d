"""Worlds with a known truth: counts drawn from a level that the caller can look up afterwards.

Two worlds, because a method that does well in one may fail in the other: `steady`, a log-linear trend per
area, and `wandering`, a random-walk level with drift, in which the past trend says little about next year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ivp_analysis.errors import UsageError

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


class World(StrEnum):
    """How the level of an area moves through the years."""

    STEADY = "steady"
    WANDERING = "wandering"


@dataclass(frozen=True, slots=True)
class PanelTruth:
    """What a method should find. `levels` are the expected counts, areas x years.

    `slopes`: per area the log change of its rate a year; in the wandering world its drift, around which the
    level walks with steps of standard deviation `sigma`.
    """

    world: World
    slopes: Floats
    levels: Floats
    dispersion: float
    sigma: float


@dataclass(frozen=True, slots=True)
class SimulatedPanel:
    """Counts and population (both areas x years) with the truth behind them."""

    years: tuple[int, ...]
    counts: Counts
    population: Floats
    truth: PanelTruth


def simulate_panel(
    world: World | str,
    n_areas: int,
    years: Sequence[int],
    *,
    mean: float,
    trend: float = 0.0,
    spread: float = 0.0,
    dispersion: float = 1.0,
    sigma: float = 0.0,
    size_spread: float = 0.0,
    growth: float = 0.0,
    seed: int,
) -> SimulatedPanel:
    """One seeded panel of yearly counts.

    mean: expected count of the average area in the middle of the window; trend: mean log change of the rate a
    year; spread: standard deviation of that change between areas; dispersion: variance over mean of a count
    given its level (1 is Poisson); sigma: yearly step of a wandering level; size_spread: standard deviation
    of log population between areas; growth: log change of the population a year.
    """
    kind = _check_panel(world, n_areas, years, mean=mean, dispersion=dispersion, sigma=sigma)
    rng = np.random.default_rng(seed)
    sizes = np.exp(size_spread * rng.standard_normal(n_areas))
    sizes /= sizes.mean()
    slopes = trend + spread * rng.standard_normal(n_areas)
    time = np.asarray(years, dtype=np.float64)
    time -= time.mean()
    path = slopes[:, None] * time + walk(rng, n_areas, years, sigma if kind is World.WANDERING else 0.0)
    relative = sizes[:, None] * np.exp(growth * time)
    levels = mean * relative * np.exp(path)
    counts = draw_counts(rng, levels, dispersion)
    truth = PanelTruth(kind, slopes, levels, dispersion, sigma if kind is World.WANDERING else 0.0)
    return SimulatedPanel(tuple(years), counts, 20_000 * relative, truth)


def walk(rng: np.random.Generator, n_areas: int, years: Sequence[int], sigma: float) -> Floats:
    """Driftless random walks that are 0 in the middle year, so that the level there is the stated mean.

    A walk seen from one of its points is a walk in both directions: nothing is lost by anchoring it.
    """
    steps = sigma * rng.standard_normal((n_areas, len(years))) * np.sqrt(np.diff(years, prepend=years[0]))
    path = np.cumsum(steps, axis=1)
    anchored: Floats = path - path[:, [len(years) // 2]]
    return anchored


def draw_counts(rng: np.random.Generator, level: Floats, dispersion: float) -> Counts:
    """Poisson (dispersion 1) or NB1: gamma mixed Poisson with variance = dispersion * mean."""
    if dispersion < 1:
        raise UsageError(f"dispersion {dispersion} is below 1", todo="use 1 (Poisson) or more")
    if dispersion > 1:
        level = rng.gamma(level / (dispersion - 1)) * (dispersion - 1)
    return rng.poisson(level).astype(np.int64)


def draw_given_total(rng: np.random.Generator, level: Floats, dispersion: float, total: int) -> Counts:
    """The same draw given its sum: NB1 counts with one dispersion are then Dirichlet-multinomial."""
    weights = rng.gamma(level / (dispersion - 1)) if dispersion > 1 else level
    flat = weights.ravel()
    return rng.multinomial(total, flat / flat.sum()).reshape(level.shape).astype(np.int64)


def _check_panel(
    world: World | str, n_areas: int, years: Sequence[int], *, mean: float, dispersion: float, sigma: float
) -> World:
    if world not in tuple(World):
        raise UsageError(f"world {world!r} is not known", todo=f"use one of {', '.join(World)}")
    if n_areas < 1 or len(years) < 2 or any(b <= a for a, b in pairwise(years)):
        raise UsageError("a panel needs an area and at least two rising years", todo="pass range(2012, 2020)")
    if mean <= 0 or sigma < 0 or dispersion < 1:
        raise UsageError(
            f"mean {mean}, sigma {sigma}, dispersion {dispersion} cannot be",
            todo="mean must be above 0, sigma at least 0, dispersion at least 1",
        )
    return World(world)
