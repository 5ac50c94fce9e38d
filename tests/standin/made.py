"""Tables in the shape of the real ones, with seeded counts whose parts, months and regions add up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from ivp_analysis.registry.names import PROVINCES
from ivp_analysis.registry.records import Municipality, Registry
from standin.table import Dim, Measure, Table, Values, full_index, pad

FIVE = ("GM1903", "GM1729", "GM0938", "GM0981", "GM0994")
NEIGHBOURS = ("GM0888", "GM0917", "GM0928", "GM1954")
# Beekdaelen was made of these three in 2019; CBS keeps them, the police re-cut them.
OLD_PARTS = ("GM0881", "GM0951", "GM0962")
ABOVE = {"NL01": "Nederland", "PV31": "Limburg (PV)", "RE10": "Limburg (RE)"}
MODIFIED = "2026-01-15T02:00:00"
FIRST, LAST = 2012, 2025


def police_table(
    registry: Registry, source: str, *, years: Sequence[int] = range(FIRST, LAST + 1), seed: int = 1
) -> Table:
    """47013NED or 47021NED: every code of the registry, months and years, municipalities and above."""
    record = registry.sources[source]
    codes = list(record.codes)
    kinds = {"SoortMisdrijf": "Soort misdrijf"}.get(record.code_column or "", "Soort overlast")
    areas = [*FIVE, *NEIGHBOURS]
    rng = np.random.default_rng(seed)
    usual = rng.gamma(1.2, 1.5, size=(len(codes) - 1, len(areas), 1))
    leaves = rng.poisson(usual, size=(len(codes) - 1, len(areas), 12 * len(years)))
    local = np.concatenate([leaves.sum(axis=0, keepdims=True), leaves])
    every = [local.sum(axis=1, keepdims=True) * factor for factor in (20, 2, 2)]
    counts = with_years(np.concatenate([*every, local], axis=1)).astype(float)
    dims = (
        Dim(record.code_column or "", kinds, "Dimension", pad(codes, list(record.codes.values()))),
        region_dim(registry, areas),
        Dim("Perioden", "Perioden", "TimeDimension", period_keys(years, months=True)),
    )
    months = np.array(["MM" in key for key, _ in dims[2].keys])
    hidden = np.array([code in record.yearly_only for code in codes])
    counts[np.ix_(hidden, np.ones(counts.shape[1], dtype=bool), months)] = np.nan
    shares = (1.0, 0.6, 0.2)
    values = [np.floor(counts * share).ravel() for share in shares[: len(record.measures)]]
    if len(values) > 1:  # reports are not whole parts of their total: what is fetched must not be made to fit
        values[1:] = [_consistent(np.floor(counts * share), months, hidden) for share in shares[1:]]
    measures = tuple(Measure(key, _title(key)) for key in record.measures)
    return Table(record.table or "", record.title, MODIFIED, dims, measures, full_index(dims), values)


def theft_table(registry: Registry, *, years: Sequence[int] = range(2010, LAST + 1)) -> Table:
    """83651NED: three keys of violence, a code that nobody named, old municipalities beside today's."""
    record = registry.sources["cbs-83651"]
    codes = {**record.codes, "CRI1199": "Overige diefstal"}
    dims = (
        Dim("GebruikVanGeweld", "Gebruik van geweld", "Dimension",
            (("T001540", "Totaal met en zonder geweld"), ("A048105", "Met"), ("A048106", "Zonder"))),
        Dim("SoortDiefstal", "Soort diefstal", "Dimension", pad(list(codes), list(codes.values()), 7)),
        region_dim(registry, [*FIVE, *NEIGHBOURS, *OLD_PARTS]),
        Dim("Perioden", "Perioden", "TimeDimension", period_keys(years, months=False)),
    )  # fmt: skip
    fives = _rounded(dims, 3)
    measures = (
        Measure("TotaalGeregistreerdeDiefstallen_1", "Totaal geregistreerde diefstallen"),
        Measure("GeregistreerdeDiefstallenPer1000Inw_3", "Geregistreerde diefstallen per 1 000 inw."),
    )
    index = full_index(dims)
    fives[_not_there(registry, dims, index)] = np.nan
    return Table(
        "83651NED", record.title, MODIFIED, dims, measures, index, [fives, fives / 10], first_id=6116
    )


def totals_table(registry: Registry, *, years: Sequence[int] = range(2010, LAST + 1)) -> Table:
    """83648NED: all codes of the registry; the total is the largest."""
    record = registry.sources["cbs-83648"]
    dims = (
        Dim(
            "SoortMisdrijf",
            "Soort misdrijf",
            "Dimension",
            pad(list(record.codes), list(record.codes.values()), 7),
        ),
        region_dim(registry, [*FIVE, *NEIGHBOURS, *OLD_PARTS]),
        Dim("Perioden", "Perioden", "TimeDimension", period_keys(years, months=False)),
    )
    index = full_index(dims)
    counts = _rounded(dims, 4)
    counts[index[:, 0] == 0] = np.where(index[index[:, 0] == 0, 1] < len(ABOVE), 60_000, 600)
    counts[_not_there(registry, dims, index)] = np.nan
    measures = (Measure("TotaalGeregistreerdeMisdrijven_1", "Totaal geregistreerde misdrijven"),)
    return Table("83648NED", record.title, MODIFIED, dims, measures, index, [counts])


def population_table(registry: Registry, *, years: Sequence[int] = range(2009, LAST + 1)) -> Table:
    """37230ned: months and years, begin and end of each."""
    dims = (
        region_dim(registry, [*FIVE, *NEIGHBOURS, *OLD_PARTS]),
        Dim("Perioden", "Perioden", "TimeDimension", period_keys(years, months=True)),
    )
    index = full_index(dims)
    people = 30_000.0 + index[:, 0] + index[:, 1]
    people[index[:, 0] < len(ABOVE)] *= 500
    people[index[:, 0] >= len(dims[0].keys) - len(OLD_PARTS)] /= 3
    people = np.floor(people)
    people[_not_there(registry, dims, index)] = np.nan
    measures = (
        Measure("BevolkingAanHetBeginVanDePeriode_1", "Bevolking aan het begin van de periode"),
        Measure("BevolkingAanHetEindeVanDePeriode_15", "Bevolking aan het einde van de periode"),
    )
    return Table("37230ned", "Bevolkingsontwikkeling; regio per maand", MODIFIED, dims, measures, index,
                 [people, people + 1])  # fmt: skip


def population_by_age_table(registry: Registry, *, years: Sequence[int] = range(2010, LAST + 2)) -> Table:
    """03759ned: three dimensions that multiply the rows unless they are held at their total."""
    dims = (
        Dim("Geslacht", "Geslacht", "Dimension",
            (("T001038", "Totaal mannen en vrouwen"), ("3000   ", "Mannen"), ("4000   ", "Vrouwen"))),
        Dim("Leeftijd", "Leeftijd", "Dimension",
            (("10000", "Totaal"), ("10010", "0 jaar"), ("10100", "1 jaar"))),
        Dim("BurgerlijkeStaat", "Burgerlijke staat", "Dimension",
            (("T001019", "Totaal burgerlijke staat"), ("1010   ", "Ongehuwd"))),
        region_dim(registry, [*FIVE, *NEIGHBOURS]),
        Dim("Perioden", "Perioden", "TimeDimension", period_keys(years, months=False)),
    )  # fmt: skip
    index = full_index(dims)
    people = 20_000.0 + 1_000 * index[:, 3] + index[:, 4] - 7_000 * (index[:, 0] > 0)
    measures = (
        Measure("BevolkingOp1Januari_1", "Bevolking op 1 januari"),
        Measure("GemiddeldeBevolking_2", "Gemiddelde bevolking"),
    )
    return Table("03759ned", "Bevolking op 1 januari", MODIFIED, dims, measures, index, [people, people])


def key_figures_table(registry: Registry, *, years: Sequence[int] = range(2015, LAST + 1)) -> Table:
    """70072ned: one word for a number and for a share, and incomes that only their heading tells apart."""
    today = [m.code for m in registry.municipalities.values() if m.valid_to is None]
    dims = (
        region_dim(registry, today),
        Dim("Perioden", "Perioden", "TimeDimension", period_keys(years, months=False)),
    )
    index = full_index(dims)
    rng = np.random.default_rng(5)
    household = "Particuliere huishoudens excl. studenten"
    columns = (
        (Measure("TotaleBevolking_1", "Totale bevolking"), (9_000, 200_000), 0),
        (Measure("k_15Tot20Jaar_7", "15 tot 20 jaar"), (500, 9_000), 0),
        (Measure("k_15Tot20Jaar_16", "15 tot 20 jaar", "%"), (4, 7), 1),
        (Measure("k_20Tot25Jaar_17", "20 tot 25 jaar", "%"), (4, 9), 1),
        (Measure("Bevolkingsdichtheid_57", "Bevolkingsdichtheid", "inwoners per km²"), (100, 4_000), 0),
        (Measure("Eenpersoonshuishoudens_83", "Eenpersoonshuishoudens"), (3_000, 90_000), 0),
        (Measure("Eenpersoonshuishoudens_86", "Eenpersoonshuishoudens", "%"), (25, 50), 1),
        (Measure("GemiddeldeWOZWaardeVanWoningen_98", "Gemiddelde WOZ-waarde van woningen", "1 000 euro"),
         (150, 700), 0),
        (Measure("ParticuliereHuishoudensExclStudenten_122", household, "1 000 euro",
                 "Gemiddeld besteedbaar inkomen"), (30, 60), 1),
        (Measure("ParticuliereHuishoudensExclStudenten_132", household, "1 000 euro",
                 "Gemiddeld gestandaardiseerd inkomen"), (25, 50), 1),
        (Measure("BedrijfsvestigingenTotaal_164", "Bedrijfsvestigingen; totaal"), (900, 9_000), 0),
    )  # fmt: skip
    values: list[Values] = [
        np.round(rng.uniform(*span, size=len(index)), digits) for _, span, digits in columns
    ]
    measures = tuple(measure for measure, _, _ in columns)
    return Table("70072ned", "Regionale kerncijfers Nederland", MODIFIED, dims, measures, index, values)


def areas_table(registry: Registry, year: int) -> Table:
    """Gebieden in Nederland: no periods, every column a text, under every heading the same two titles."""
    there = _on_first_january(registry, year)
    dims = (Dim("RegioS", "Regio's", "Dimension", pad([m.code for m in there], [m.name for m in there])),)
    groups = ("Gemeenten", "Provincies", "Politie regionale eenheden")
    measures = tuple(
        Measure(f"{what}_{2 * g + n + 1}", what, "", group)
        for g, group in enumerate(groups)
        for n, what in enumerate(("Code", "Naam"))
    )
    n = len(there)
    codes = {name: code for code, name in PROVINCES.items()}
    columns = [
        [m.code for m in there], [m.name for m in there], [codes[m.province] for m in there],
        [m.province for m in there], ["RE10" if m.province == "Limburg" else "RE01" for m in there],
        ["Limburg; Zuid"] * n,
    ]  # fmt: skip
    values = [np.array([f"{text:<10}" for text in column], dtype=object) for column in columns]
    table = registry.sources["cbs-gebieden"].yearly_tables[str(year)]
    return Table(table, f"Gebieden in Nederland {year}", MODIFIED, dims, measures, full_index(dims), values)


def boundaries(registry: Registry, year: int) -> dict[str, Any]:
    """A small square for every municipality of the year."""
    there = _on_first_january(registry, year)
    features = []
    for i, m in enumerate(there):
        east, north = 4 + (i % 20) / 10, 51 + (i // 20) / 10
        ring = [
            [east, north],
            [east + 0.1, north],
            [east + 0.1, north + 0.1],
            [east, north + 0.1],
            [east, north],
        ]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append(
            {"type": "Feature", "properties": {"statcode": m.code, "statnaam": m.name}, "geometry": shape}
        )
    return {"type": "FeatureCollection", "features": features}


def _on_first_january(registry: Registry, year: int) -> list[Municipality]:
    """The day by which CBS draws the borders of a year."""
    day = date(year, 1, 1)
    there = registry.municipalities.values()
    return [m for m in there if m.valid_from <= day and (m.valid_to is None or day <= m.valid_to)]


def all_tables(registry: Registry, *, year: int = 2026, police_from: int = FIRST) -> list[Table]:
    """Everything that a fetch without options asks for."""
    police_years = range(police_from, LAST + 1)
    return [
        police_table(registry, "politie-47013", years=police_years, seed=1),
        police_table(registry, "politie-47021", years=police_years, seed=2),
        theft_table(registry),
        totals_table(registry),
        population_table(registry),
        key_figures_table(registry),
        areas_table(registry, year),
    ]


def period_keys(years: Sequence[int], *, months: bool) -> tuple[tuple[str, str], ...]:
    """2012MM01 … 2012MM12, 2012JJ00, 2013MM01 …; years only without months."""
    names = [f"MM{month:02d}" for month in range(1, 13)] if months else []
    return tuple((f"{year}{name}", f"{year} {name}") for year in years for name in (*names, "JJ00"))


def region_dim(registry: Registry, areas: Sequence[str]) -> Dim:
    """Country, province and police region first, then municipalities, keys six wide."""
    names = [registry.municipalities[area].name for area in areas]
    keys = pad([*ABOVE, *areas], [*ABOVE.values(), *names])
    return Dim("RegioS", "Regio's", "GeoDimension", keys)


def with_years(months: Values) -> Values:
    """Put behind every twelve months their sum."""
    parts = months.reshape(*months.shape[:-1], -1, 12)
    whole = np.concatenate([parts, parts.sum(axis=-1, keepdims=True)], axis=-1)
    return whole.reshape(*months.shape[:-1], -1)


def _consistent(counts: Values, months: Values, hidden: Values) -> Values:
    """Years again the sum of their months, and the first code that of the others."""
    leaves = np.nan_to_num(counts[1:])
    by_month = leaves[:, :, months]
    yearly = leaves[:, :, ~months]
    shown = by_month.reshape(*by_month.shape[:2], -1, 12).sum(axis=-1)
    years = np.where(hidden[1:, None, None], yearly, shown)
    result = np.empty_like(counts)
    result[1:][:, :, months], result[1:][:, :, ~months] = by_month, years
    # The months of the total also hold those of the codes that are published by year only.
    total_months = by_month.sum(axis=0).reshape(by_month.shape[1], -1, 12)
    total_months[..., 0] += np.where(hidden[1:, None, None], yearly, 0).sum(axis=0)
    result[0][:, months] = total_months.reshape(by_month.shape[1], -1)
    result[0][:, ~months] = years.sum(axis=0)
    keep = np.ix_(hidden, np.ones(counts.shape[1], dtype=bool), months)
    result[keep] = np.nan
    return result.ravel()


def _rounded(dims: Sequence[Dim], seed: int) -> Values:
    """Multiples of five; the country, province and region large enough to hold their municipalities."""
    index = full_index(dims)
    region = next(i for i, d in enumerate(dims) if d.type.startswith("Geo"))
    counts = np.random.default_rng(seed).poisson(6, size=len(index)) * 5.0
    counts[index[:, region] < len(ABOVE)] = 5_000
    return counts


def _not_there(registry: Registry, dims: Sequence[Dim], index: Values) -> Values:
    """Rows of municipalities in years that they did not exist: CBS leaves them empty."""
    region = next(i for i, d in enumerate(dims) if d.type.startswith("Geo"))
    period = next(i for i, d in enumerate(dims) if d.type.startswith("Time"))
    keys = [key.strip() for key, _ in dims[region].keys]
    years = [int(key[:4]) for key, _ in dims[period].keys]
    known = registry.municipalities
    there = np.array([[k not in known or known[k].valid_in(y) for y in years] for k in keys])
    return ~there[index[:, region], index[:, period]]


def _title(key: str) -> str:
    titles = {
        "GeregistreerdeMisdrijven_1": "Geregistreerde misdrijven",
        "GeregistreerdeOverlast_1": "Geregistreerde overlast",
    }
    return titles.get(key, key.split("_")[0])
