"""Population and key figures of the sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ivp_analysis.data import sample_world as world
from ivp_analysis.data.sample_files import BOM, KEY_WIDTH, csv_text, wide_export
from ivp_analysis.data.sample_truth import Floats
from ivp_analysis.data.sample_world import Place

POPULATION_YEARS = range(2010, world.LAST_YEAR + 1)
KEY_YEARS = (2018, 2021, 2023)


def people_at(unit: Place, growth: float, year: int) -> int:
    """Inhabitants on 31 December; exact in 2018."""
    return round(unit.people * float(np.exp(growth * (year - world.BASE_YEAR))))


def populations(units: Sequence[Place], growth: Floats) -> dict[str, dict[int, int]]:
    """Per region name the inhabitants at the end of the years in which StatLine lists it."""
    rates = zip(units, growth, strict=True)
    ends = {unit.code: {y: people_at(unit, float(g), y) for y in POPULATION_YEARS} for unit, g in rates}
    limburg = [unit.code for unit in (*world.PLAN, *world.LIMBURG)]
    found = {
        "Nederland": {y: sum(people[y] for people in ends.values()) for y in POPULATION_YEARS},
        "Limburg (PV)": {y: sum(ends[code][y] for code in limburg) for y in POPULATION_YEARS},
    }
    named = {unit.name: dict(ends[unit.code]) for unit in units if unit.code != world.REST}
    named["Beekdaelen"] = {y: sum(ends[c][y] for c in world.MERGER_PARTS) for y in POPULATION_YEARS}
    # The end of the last year is 1 January of the merger: StatLine lists neither the old nor the new then.
    named["Beekdaelen"] = {y: n for y, n in named["Beekdaelen"].items() if y >= world.MERGER_YEAR}
    for unit in units:
        if unit.code in world.MERGER_PARTS:
            named[unit.name] = {y: n for y, n in named[unit.name].items() if y < world.MERGER_YEAR - 1}
    # Formed on 1 January 2011: at the end of 2010 it was not there, which is not 0.
    del named["Eijsden-Margraten"][2010]
    return found | dict(sorted(named.items()))


def population_export(units: Sequence[Place], growth: Floats) -> str:
    """37230ned as StatLine exports it."""
    return wide_export(populations(units, growth), list(POPULATION_YEARS))


def key_figures(rng: np.random.Generator, units: Sequence[Place], growth: Floats) -> str:
    """70072ned by OData. Shares in %, density per km2, income and home value in 1,000 euros.

    Columns as the table names them: TotaleBevolking, k_15Tot25Jaar (share), Bevolkingsdichtheid,
    Eenpersoonshuishoudens (share), GemiddeldInkomenPerInwoner, GemiddeldeWOZWaardeVanWoningen,
    OvernachtingenPerInwoner and BedrijfsvestigingenPer1000Inwoners (both derived).
    """
    rows = []
    for unit, rate in _municipalities(units, growth):
        noise = rng.standard_normal(6)
        for year in (y for y in KEY_YEARS if _there(unit.code, y)):
            features = _features(unit, people_at(unit, rate, year - 1), year, noise)
            rows.append([unit.code.ljust(KEY_WIDTH), f"{year}JJ00", *features])
    columns = [
        "RegioS", "Perioden", "TotaleBevolking_1", "k_15Tot25Jaar_18", "Bevolkingsdichtheid_57",
        "Eenpersoonshuishoudens_86", "GemiddeldeWOZWaardeVanWoningen_98", "GemiddeldInkomenPerInwoner_122",
        "BedrijfsvestigingenPer1000Inwoners_145", "OvernachtingenPerInwoner_181",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=pd.Index(columns))
    table.insert(0, "ID", range(len(table)))
    return BOM + csv_text(table)


def _municipalities(units: Sequence[Place], growth: Floats) -> list[tuple[Place, float]]:
    """Places with their growth, the merged one among them."""
    found = [(u, float(g)) for u, g in zip(units, growth, strict=True) if u.code != world.REST]
    parts = [unit for unit, _ in found if unit.code in world.MERGER_PARTS]
    people, km2 = sum(p.people for p in parts), sum(p.km2 for p in parts)
    merged = Place(world.MERGED, "Beekdaelen", people, km2, parts[0].urban, parts[0].tourist)
    return sorted([*found, (merged, 0.0)], key=lambda pair: pair[0].code)


def _there(code: str, year: int) -> bool:
    if code == world.MERGED:
        return year >= world.MERGER_YEAR
    return code not in world.MERGER_PARTS or year < world.MERGER_YEAR


def _features(unit: Place, people: int, year: int, noise: Floats) -> list[str]:
    drift = year - world.BASE_YEAR
    values = [
        10.5 + 1.2 * unit.urban + 0.5 * noise[0],
        people / unit.km2,
        31 + 8 * unit.urban + 1.5 * unit.tourist + 1.5 * noise[1] + 0.3 * drift,
        (215 - 35 * unit.urban + 20 * unit.tourist + 15 * noise[2]) * 1.06**drift,
        (26 - 2 * unit.urban + 0.8 * noise[3]) * 1.03**drift,
        95 - 15 * unit.urban + 25 * unit.tourist + 6 * noise[4],
        np.exp(0.5 + 3.5 * unit.tourist + 0.3 * noise[5]),
    ]
    digits = (1, 0, 1, 0, 1, 0, 1)
    return [str(people), *(f"{value:.{n}f}" for value, n in zip(values, digits, strict=True))]
