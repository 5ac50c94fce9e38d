"""A simulated country shaped as the police table, for benchmarks and tests of scale; never committed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ivp_analysis.data import sample_world as world
from ivp_analysis.data.sample_files import odata_table, period_keys, take_files, wide_export, years_and_months
from ivp_analysis.data.sample_truth import draw_counts
from ivp_analysis.data.snapshots import Snapshot
from ivp_analysis.errors import UsageError
from ivp_analysis.registry.records import Municipality, Registry

DISPERSION = 1.3
DRIFT, SIGMA = -0.03, 0.08  # a year, log scale


def simulate_country(
    root: Path,
    registry: Registry,
    *,
    n_municipalities: int = 342,
    codes: Sequence[str] | None = None,
    years: Sequence[int] = range(world.FIRST_YEAR, world.LAST_YEAR + 1),
    seed: int = 1,
) -> list[Snapshot]:
    """Write crimes (47013NED) and population (37230ned) of the first municipalities of the last year.

    Without `codes`, every code of the registry's police table; its total is the exact sum. As in the real
    table, all years are given in the borders of the last one.
    """
    source = registry.sources["politie-47013"]
    kinds = [code for code in (codes or source.codes) if code != source.total_code]
    places = _places(registry, n_municipalities, years)
    rng = np.random.default_rng(seed)
    people = np.exp(rng.normal(np.log(30_000), 0.7, len(places)))
    rates = np.exp(rng.normal(np.log(1.0), 1.0, len(kinds))) / 1000 / 12
    path = np.cumsum(
        rng.normal(DRIFT / 12, SIGMA / np.sqrt(12), (len(places), len(kinds), 12 * len(years))), axis=2
    )
    counts = draw_counts(rng, (people[:, None] * rates)[:, :, None] * np.exp(path), DISPERSION)
    areas = np.concatenate([counts.sum(axis=0, keepdims=True), counts])
    table = years_and_months(np.concatenate([areas.sum(axis=1, keepdims=True), areas], axis=1))
    periods = period_keys(years[0], years[-1])
    gaps = np.zeros(table.shape, dtype=np.bool_)
    listed = [str(source.total_code), *kinds]
    hidden = [listed.index(code) for code in source.yearly_only if code in listed]
    gaps[:, hidden] |= np.array(["MM" in period for period in periods])
    names = [world.COUNTRY, *(place.code for place in places)]
    crimes = odata_table("SoortMisdrijf", listed, names, periods, {"GeregistreerdeMisdrijven_1": table}, gaps)
    inhabitants = _population(places, [round(n) for n in people], [years[0] - 1, *years])
    return take_files(
        root,
        {"politie-47013": ("47013NED.csv", crimes), "cbs-37230": ("37230ned.csv", inhabitants)},
        level=1,
    )


def _places(registry: Registry, wanted: int, years: Sequence[int]) -> list[Municipality]:
    """The first municipalities, by code, that exist in the last year."""
    if len(years) < 1 or list(years) != list(range(years[0], years[-1] + 1)):
        raise UsageError(f"years {list(years)} have gaps", todo="pass a range of years")
    there = sorted(
        (m for m in registry.municipalities.values() if m.valid_in(years[-1])), key=lambda m: m.code
    )
    if not 1 <= wanted <= len(there):
        raise UsageError(f"{wanted} municipalities in {years[-1]}", todo=f"ask for 1 to {len(there)}")
    return there[:wanted]


def _population(places: Sequence[Municipality], people: Sequence[int], ends: Sequence[int]) -> str:
    """Inhabitants by name at the end of each year; a municipality is not listed before its first day."""
    table = {"Nederland": {year: sum(people) for year in ends}}
    for place, inhabitants in zip(places, people, strict=True):
        table[place.name] = {year: inhabitants for year in ends if place.valid_in(year)}
    return wide_export(table, ends)
