"""The embedded sample: simulated figures in exactly the shape of the sources.

`python -m ivp_analysis.data.sample DIR` writes it. One seeded draw of a wandering level with drift,
conditioned on 2018: the plan area's sums of that year are the published baselines. Tests of the methods do
not use it but `simulate_panel`, which is conditioned on nothing.

Traps on purpose: padded keys, years among the months, a missing month (Vaals, vandalism, 2015-08), types
without months (1.4.1, 3.2.1), a merger (Beekdaelen, 2019) with old and new codes side by side, and one
misprint (Valkenburg, shoplifting, 2016-05: 999 for 9) that corrections.toml heals.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivp_analysis.data import sample_world as world
from ivp_analysis.data.sample_deliveries import deliveries
from ivp_analysis.data.sample_draw import BASE, Drawn, draw_kinds, month_index
from ivp_analysis.data.sample_figures import key_figures, population_export
from ivp_analysis.data.sample_files import Gaps, odata_table, period_keys, take_files, years_and_months
from ivp_analysis.data.sample_truth import Counts, Floats, PanelTruth, SimulatedPanel, World, simulate_panel
from ivp_analysis.data.sample_world import Place
from ivp_analysis.data.snapshots import Snapshot
from ivp_analysis.errors import UsageError

__all__ = [
    "PanelTruth",
    "SimulatedPanel",
    "SimulatedSample",
    "World",
    "simulate_panel",
    "simulate_sample",
    "write_sample",
]

SEED = 20_250_215
PERIODS = period_keys(world.FIRST_YEAR, world.LAST_YEAR)
MISPRINT = ("GM0994", "2.5.2", month_index(2016, 5))
PRINTED, MEANT = 999, 9
MISSING_MONTH = ("GM0981", "2.2.1", month_index(2015, 8))


@dataclass(frozen=True, slots=True)
class SimulatedSample:
    """The truth behind the files; units: places in the borders of 2012, then the rest of the country."""

    units: tuple[Place, ...]
    growth: Floats
    crime: Drawn
    filed: Counts
    online: Counts
    nuisance: Drawn
    delivered: Drawn


def simulate_sample(seed: int = SEED) -> SimulatedSample:
    """Draw it all; the same seed gives the same sample."""
    rng = np.random.default_rng(seed)
    listed = sum(place.people for place in world.PLACES)
    rest = Place(world.REST, world.REST, 1000 * world.COUNTRY_THOUSANDS - listed, 33_000, 0.2, 0.1)
    units = (*world.PLACES, rest)
    growth = 0.002 + 0.003 * rng.standard_normal(len(units))
    growth[-1] = 0.006
    crime = draw_kinds(rng, world.CRIME, units, world.CRIME_BASELINES, growth)
    place, kind, month = _place(MISPRINT[0], units), crime.position(MISPRINT[1]), MISPRINT[2]
    crime.counts[place, kind, month] = MEANT
    filed = rng.binomial(crime.counts, np.array([kind.filed for kind in crime.kinds])[:, None])
    online = rng.binomial(filed, np.array([kind.online for kind in crime.kinds])[:, None])
    nuisance = draw_kinds(rng, world.NUISANCE, units, world.NUISANCE_BASELINES, growth)
    return SimulatedSample(units, growth, crime, filed, online, nuisance, _deliver(rng, crime, units, growth))


def write_sample(root: Path) -> list[Snapshot]:
    """Write the sample as snapshots under root/data/raw/sample; the same code gives the same bytes."""
    sample = simulate_sample()
    rng = np.random.default_rng([SEED, 1])
    files = {
        "politie-47013": ("47013NED.csv", _crime_table(sample)),
        "politie-47021": ("47021NED.csv", _nuisance_table(sample)),
        "cbs-37230": ("37230ned.csv", population_export(sample.units, sample.growth)),
        "cbs-70072": ("70072ned.csv", key_figures(rng, sample.units, sample.growth)),
        **deliveries(rng, sample.delivered),
    }
    return take_files(root, files)


def _deliver(rng: np.random.Generator, crime: Drawn, units: Sequence[Place], growth: Floats) -> Drawn:
    """The police delivery: the plan's municipalities only; F95 is the crime table's 2.4.1."""
    plan = len(world.PLAN)
    f95 = crime.counts[:plan, [crime.position("2.4.1")]]
    left = world.DELIVERED_BASELINE - int(f95[:, :, BASE].sum())
    codes = tuple(kind.code for kind in world.DELIVERED)
    drawn = draw_kinds(rng, world.DELIVERED, units[:plan], ((codes, left),), growth[:plan])
    at = crime.position("2.4.1")
    return Drawn(
        (*drawn.kinds, world.F95),
        np.concatenate([drawn.counts, f95], axis=1),
        np.concatenate([drawn.levels, crime.levels[:plan, [at]]], axis=1),
        np.concatenate([drawn.drifts, crime.drifts[:plan, [at]]], axis=1),
    )


def _place(code: str, units: Sequence[Place]) -> int:
    return [unit.code for unit in units].index(code)


def published_areas(units: Sequence[Place]) -> tuple[list[str], Floats]:
    """Area codes as the tables list them, and which units each is the sum of."""
    codes = [unit.code for unit in units if unit.code != world.REST]
    province = [unit.code for unit in (*world.PLAN, *world.LIMBURG)]
    members: dict[str, Sequence[str]] = {
        world.COUNTRY: [unit.code for unit in units],
        world.POLICE_REGION: province,
        world.PROVINCE: province,
        **{code: [code] for code in codes},
        world.MERGED: world.MERGER_PARTS,
    }
    areas = [*list(members)[:3], *sorted([*codes, world.MERGED])]
    matrix = np.array([[unit.code in members[area] for unit in units] for area in areas], dtype=np.float64)
    return areas, matrix


def _published(counts: Counts, units: Sequence[Place]) -> Counts:
    """Areas x (total and kinds) x periods, from units x kinds x months."""
    areas = np.einsum("au,ukm->akm", published_areas(units)[1].astype(np.int64), counts)
    with_total = np.concatenate([areas.sum(axis=1, keepdims=True), areas], axis=1)
    return years_and_months(with_total)


def _no_figures(areas: Sequence[str], codes: Sequence[str], yearly: Sequence[str]) -> Gaps:
    """Where the source has no figure: borders of another time, and months of types published by the year."""
    gaps = np.zeros((len(areas), len(codes), len(PERIODS)), dtype=np.bool_)
    new = np.array([int(period[:4]) >= world.MERGER_YEAR for period in PERIODS])
    gaps[[areas.index(code) for code in world.MERGER_PARTS]] |= new
    gaps[areas.index(world.MERGED)] |= ~new
    gaps[:, [codes.index(code) for code in yearly]] |= np.array(["MM" in period for period in PERIODS])
    return gaps


def _period(month: int) -> int:
    """Position of a month among months and years."""
    return month + month // 12


def _crime_table(sample: SimulatedSample) -> str:
    areas = published_areas(sample.units)[0]
    codes = ["0.0.0", *(kind.code for kind in world.CRIME)]
    gaps = _no_figures(areas, codes, [kind.code for kind in world.CRIME if kind.yearly])
    area, code, month = MISSING_MONTH
    gaps[areas.index(area), codes.index(code), _period(month)] = True
    registered = _published(sample.crime.counts, sample.units)
    area, code, month = MISPRINT
    registered[areas.index(area), codes.index(code), _period(month)] = PRINTED
    measures = {
        "GeregistreerdeMisdrijven_1": registered,
        "Aangiften_2": _published(sample.filed, sample.units),
        "Internetaangiften_3": _published(sample.online, sample.units),
    }
    return odata_table("SoortMisdrijf", codes, areas, PERIODS, measures, gaps)


def _nuisance_table(sample: SimulatedSample) -> str:
    areas = published_areas(sample.units)[0]
    codes = ["0.0.0", *(kind.code for kind in world.NUISANCE)]
    measures = {"GeregistreerdeOverlast_1": _published(sample.nuisance.counts, sample.units)}
    return odata_table("Overlast", codes, areas, PERIODS, measures, _no_figures(areas, codes, []))


def main(arguments: Sequence[str]) -> None:
    """Write the sample into the folder that is named."""
    if len(arguments) != 1:
        raise UsageError("one folder is needed", todo="python -m ivp_analysis.data.sample DIR")
    for snapshot in write_sample(Path(arguments[0])):
        print(f"{snapshot.bytes:>9,}  {snapshot.path}")


if __name__ == "__main__":
    main(sys.argv[1:])
