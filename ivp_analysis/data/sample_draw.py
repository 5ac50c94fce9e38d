"""The seeded draw behind the sample: monthly counts per place and kind, with the level they were drawn from.

Every kind has a wandering level with drift, a season, a COVID period and the known registration steps. The
plan area's 2018 months are drawn given their published sum: the sample reproduces the plan's baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivp_analysis.data import sample_world as world
from ivp_analysis.data.sample_truth import Counts, Floats, draw_counts, draw_given_total
from ivp_analysis.data.sample_world import Kind, Place

MONTHS = 12 * (world.LAST_YEAR - world.FIRST_YEAR + 1)
DISPERSION = 1.3
PLACE_SPREAD = 0.15  # how much places of one type differ, log scale
DRIFT_SPREAD = 0.02
GUEST_SEASON = 0.25  # how much higher the summer is where visitors matter, log scale
SIGMA_OWN, SIGMA_SHARED, SIGMA_COUNTRY = 0.08, 0.04, 0.01  # yearly steps of the level, log scale
PLAN_LEVEL = 0.8  # the plan's municipalities see less crime than the country; no matter where calibrated
BASE = slice(12 * (world.BASE_YEAR - world.FIRST_YEAR), 12 * (world.BASE_YEAR - world.FIRST_YEAR + 1))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Counts and the expected counts behind them: units x kinds x months."""

    kinds: tuple[Kind, ...]
    counts: Counts
    levels: Floats
    drifts: Floats

    def position(self, code: str) -> int:
        """Where a code stands on the second axis."""
        return [kind.code for kind in self.kinds].index(code)


Baselines = Sequence[tuple[tuple[str, ...], int]]


def draw_kinds(
    rng: np.random.Generator,
    kinds: Sequence[Kind],
    units: Sequence[Place],
    baselines: Baselines,
    growth: Floats,
) -> Drawn:
    """Levels and counts; units begin with the plan's municipalities, the rest of the country may end them."""
    levels, drifts = _levels(rng, kinds, units, growth)
    plan = len(world.PLAN)
    codes = [kind.code for kind in kinds]
    counts = draw_counts(rng, levels, DISPERSION)
    for group, total in baselines:
        at = np.ix_(range(plan), [codes.index(code) for code in group], range(MONTHS))
        # The whole path moves with its 2018 level: no jump in that year that the truth does not know.
        levels[at] *= total / levels[at][:, :, BASE].sum()
        counts[at] = draw_counts(rng, levels[at], DISPERSION)
        given = np.ix_(range(plan), [codes.index(code) for code in group], range(BASE.start, BASE.stop))
        counts[given] = draw_given_total(rng, levels[given], DISPERSION, total)
    return Drawn(tuple(kinds), counts, levels, drifts)


def _levels(
    rng: np.random.Generator, kinds: Sequence[Kind], units: Sequence[Place], growth: Floats
) -> tuple[Floats, Floats]:
    """Expected counts and the yearly drift of each unit and kind."""
    n, k = len(units), len(kinds)
    own = np.array([SIGMA_COUNTRY if u.code == world.REST else SIGMA_OWN for u in units])
    # The rest of the country is a sum of many places: it strays as little in drift as in level.
    strayed = DRIFT_SPREAD * own[:, None] / SIGMA_OWN * rng.standard_normal((n, k))
    drifts: Floats = np.array([kind.drift for kind in kinds]) + strayed
    steps = SIGMA_SHARED * rng.standard_normal((1, k, MONTHS))
    steps = steps + own[:, None, None] * rng.standard_normal((n, k, MONTHS))
    years = (np.arange(MONTHS) + 0.5) / 12 - (world.BASE_YEAR - world.FIRST_YEAR + 0.5)
    path = np.cumsum(steps / np.sqrt(12), axis=2) + drifts[:, :, None] * years
    path -= path[:, :, BASE].mean(axis=2, keepdims=True)
    path += growth[:, None, None] * years
    path += np.stack([_calendar(kind) for kind in kinds])[None]
    guests = np.array([[u.tourist * kind.tourist for kind in kinds] for u in units])
    path += GUEST_SEASON * guests[:, :, None] * _wave(7)
    return _base(rng, kinds, units)[:, :, None] / 12 * np.exp(path), drifts


def _base(rng: np.random.Generator, kinds: Sequence[Kind], units: Sequence[Place]) -> Floats:
    """Expected counts of 2018, units x kinds."""
    noise = np.exp(PLACE_SPREAD * rng.standard_normal((len(units), len(kinds))))
    base = np.empty_like(noise)
    for i, unit in enumerate(units):
        for j, kind in enumerate(kinds):
            place = kind.urban * unit.urban + kind.tourist * unit.tourist
            base[i, j] = unit.people / 1000 * kind.rate * np.exp(place) * noise[i, j]
    plan = len(world.PLAN)
    people = sum(unit.people for unit in units[:plan])
    for j, kind in enumerate(kinds):
        shares = np.array(world.SHARES.get(kind.code, world.SHARES["other"]))
        base[:plan, j] = shares * people / 1000 * kind.rate * PLAN_LEVEL * noise[:plan, j]
    rest = [i for i, unit in enumerate(units) if unit.code == world.REST]
    base[rest] /= noise[rest]
    return base


def _wave(peak: int) -> Floats:
    """A yearly wave with its top in the month `peak`."""
    month = np.arange(MONTHS) % 12 + 1
    wave: Floats = np.cos(2 * np.pi * (month - peak) / 12)
    return wave


def _calendar(kind: Kind) -> Floats:
    """Season, COVID (2020-03 to 2021-06) and registration steps of a kind: log scale, level 1 in 2018."""
    path = kind.season * _wave(kind.peak)
    path[month_index(2020, 3) : month_index(2021, 7)] += kind.covid
    for code, year, month, step in world.STEPS:
        if code == kind.code:
            path[month_index(year, month) :] += step
    centred: Floats = path - np.log(np.exp(path[BASE]).mean())
    return centred


def month_index(year: int, month: int) -> int:
    """Position of a month on the time axis."""
    return 12 * (year - world.FIRST_YEAR) + month - 1
