"""The indicators that the yearly accounts must give (BBV): the municipality beside its peers, province and country.

Statistics Netherlands divides by the inhabitants of 1 January of the year; so does this table, so that its rates
are the published ones. Elsewhere a rate has the average of the year in its denominator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ivp_analysis.data.regions import COUNTRY, PROVINCES
from ivp_analysis.data.series import key_figures, populations, recipe_counts
from ivp_analysis.registry.records import Indicator, Recipe, Source
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.disclosure import is_protected, say_protected
from ivp_analysis.report.analysis.findings import NAN, Area
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.pieces import Text
from ivp_analysis.report.page.shown import Parts
from ivp_analysis.report.page.tables import Table

PRESCRIBED = "CBS"


@dataclass(frozen=True, slots=True)
class Account:
    """One indicator as the yearly accounts want it; rates per so many `people` (inhabitants of 1 January, or
    youths), NaN = no figure. before, count_before: of the year before.

    recipe None: no source of this build has a figure of the municipality over the year.
    """

    indicator: Indicator
    recipe: Recipe | None
    source: Source | None
    people: float
    count_before: float
    count: float
    before: float
    rate: float
    peers: float
    province: float
    country: float


def assess_accounts(analysis: Analysis, area: Area) -> list[Account]:
    """The BBV indicators of the registry, in its order."""
    return [_assess(analysis, area, i) for i in analysis.registry.indicators.values() if i.bbv]


def _assess(analysis: Analysis, area: Area, indicator: Indicator) -> Account:
    year = analysis.year
    for recipe in _by_preference(analysis, indicator):
        count = _sum(analysis, indicator, recipe, area.members, year)
        if not math.isnan(count):
            known = [
                p
                for p in _peers(analysis, area)
                if not math.isnan(rate_of(analysis, indicator, recipe, [p], year))
            ]
            enough = len(known) >= analysis.chooser.rules.min_peers
            return Account(
                indicator,
                recipe,
                analysis.registry.sources[recipe.source],
                _people(analysis, indicator, area.members, year),
                _sum(analysis, indicator, recipe, area.members, year - 1),
                count,
                rate_of(analysis, indicator, recipe, area.members, year - 1),
                rate_of(analysis, indicator, recipe, area.members, year),
                rate_of(analysis, indicator, recipe, known, year) if enough else NAN,
                _whole_rate(analysis, indicator, recipe, analysis.plan.province),
                _whole_rate(analysis, indicator, recipe, COUNTRY),
            )
    return Account(indicator, None, None, *[NAN] * 8)


def _by_preference(analysis: Analysis, indicator: Indicator) -> list[Recipe]:
    """The BBV prescribes figures of Statistics Netherlands; others stand in where the build has none."""
    sources = analysis.registry.sources
    return sorted(indicator.recipes, key=lambda r: sources[r.source].publisher != PRESCRIBED)


def _peers(analysis: Analysis, area: Area) -> list[str]:
    return sorted({peer for code in area.members for peer in analysis.peers[code].peers})


def rate_of(
    analysis: Analysis, indicator: Indicator, recipe: Recipe, codes: Sequence[str], year: int
) -> float:
    return published_rate(
        _sum(analysis, indicator, recipe, codes, year),
        _people(analysis, indicator, codes, year),
        per=float(analysis.registry.method.group("rates")["per"]),
    )


def published_rate(count: float, people: float, *, per: float) -> float:
    """Count per so many inhabitants of 1 January, as 83648NED and 83651NED print it; NaN if one is unknown."""
    return count / people * per if people > 0 else NAN


def _sum(analysis: Analysis, indicator: Indicator, recipe: Recipe, codes: Sequence[str], year: int) -> float:
    """NaN when one of them is missing, or all are."""
    counts = recipe_counts(analysis.build, indicator.id, recipe, codes).counts
    return float(counts[str(year)].sum(skipna=False, min_count=1)) if str(year) in counts else NAN


def _people(analysis: Analysis, indicator: Indicator, codes: Sequence[str], year: int) -> float:
    if indicator.denominator == "youth":
        table = key_figures(analysis.build, codes, year=year)
        return float(table["youth_12_17"].sum(skipna=False)) if "youth_12_17" in table else NAN
    found = populations(analysis.build, codes, [year], measure="january_first")
    return float(found[year].sum(skipna=False, min_count=1))


def _whole_rate(analysis: Analysis, indicator: Indicator, recipe: Recipe, code: str) -> float:
    """Of the province or the country: its own row, else the sum of all its municipalities."""
    year = analysis.year
    own = rate_of(analysis, indicator, recipe, [code], year)
    if not math.isnan(own):
        return own
    members = [
        m.code
        for m in analysis.registry.municipalities.values()
        if m.valid_to is None and (code == COUNTRY or PROVINCES.get(code) == m.province)
    ]
    return rate_of(analysis, indicator, recipe, members, year)


def bbv_section(analysis: Analysis, area: Area) -> Parts:
    """The table, and a sentence on what is not in it."""
    accounts = assess_accounts(analysis, area)
    absent = [a.indicator.bbv_label for a in accounts if a.recipe is None]
    said = [f"Over {analysis.year} ontbreekt in deze gegevens: {', '.join(absent)}."] if absent else []
    table = tabulate_accounts(analysis, area, [a for a in accounts if a.recipe is not None])
    intro = "Deze cijfers horen volgens het Besluit begroting en verantwoording (BBV) in het jaarverslag van de gemeente."
    return Parts(Text(intro, *said), *([table] if table.rows else []))


def tabulate_accounts(analysis: Analysis, area: Area, accounts: Sequence[Account]) -> Table:
    """Rates of the municipality over two years, and of its peers, province and country."""
    year, per = analysis.year, numbers.count(analysis.registry.method.group("rates")["per"])
    province = PROVINCES.get(analysis.plan.province, "Provincie")
    names = [("peers", "Vergelijkbare gemeenten"), ("province", province), ("country", "Nederland")]
    columns = [
        Column("label", "Onderwerp"),
        Column("count", str(year), "aantal", format="count"),
        Column("before", str(year - 1), f"per {per}", format="decimal", digits=1),
        Column("rate", str(year), f"per {per}", format="decimal", digits=1),
        *(Column(key, name, f"per {per}", format="decimal", digits=1) for key, name in names),
        Column("source", "Bron"),
    ]
    return Table(
        caption=f"BBV-indicatoren van {area.in_words}, {year}",
        columns=columns,
        rows=[_row(analysis, account) for account in accounts],
        notes=_notes(analysis, area, accounts, per),
        id="bbv",
    )


def _row(analysis: Analysis, account: Account) -> dict[str, Any]:
    source = account.source
    assert source is not None, "only accounts with a recipe are shown"
    gone = Missing("deze bron geeft dit cijfer niet")
    row = {
        "label": account.indicator.bbv_label,
        "count": account.count,
        "source": f"{source.publisher} {source.table or ''}".strip(),
    }
    rates = {key: getattr(account, key) for key in ("before", "rate", "peers", "province", "country")}
    row |= {key: gone if math.isnan(value) else value for key, value in rates.items()}
    small = Missing(say_protected(analysis.registry))
    if is_protected(analysis.registry, source.id, account.count):
        row |= {"count": small, "rate": small}
    if is_protected(analysis.registry, source.id, account.count_before):
        row["before"] = small
    return row


def _notes(analysis: Analysis, area: Area, accounts: Sequence[Account], per: str) -> list[str]:
    used = [(a, a.recipe, a.source) for a in accounts if a.recipe and a.source]
    found = [
        "Noemer: het aantal inwoners op 1 januari van het jaar, zoals het CBS rekent. Daarmee zijn het de gepubliceerde "
        "cijfers. In de andere tabellen van deze pagina is de noemer het gemiddelde van het jaar.",
    ]
    if any(a.indicator.denominator == "youth" for a, _, _ in used):
        found.append(f"Halt: per {per} jongeren van 12 tot en met 17 jaar, zoals geleverd.")
    rounded = [(a, source.rounding) for a, _, source in used if source.rounding > 1]
    if rounded:
        account, step = rounded[0]
        most = published_rate(
            step / 2, account.people, per=float(analysis.registry.method.group("rates")["per"])
        )
        found.append(
            "Het CBS rondt de aantallen af op vijftallen, maar rekent met het precieze aantal. Het gepubliceerde "
            f"cijfer kan hier daarom hoogstens {numbers.decimal(most, 2)} afwijken."
        )
    if any(s.publisher != PRESCRIBED and a.indicator.denominator == "population" for a, _, s in used):
        found.append(
            "Het BBV gebruikt cijfers van het CBS. Waar die ontbreken, staat het cijfer van de politie; dat telt anders."
        )
    return [*found, *(f"{a.indicator.bbv_label}: {recipe.note}" for a, recipe, _ in used if recipe.note)]
