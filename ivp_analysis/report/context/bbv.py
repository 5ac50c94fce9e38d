"""The indicators that the yearly accounts must give (BBV): the municipality beside its peers, province and country.

Statistics Netherlands divides by the inhabitants of 1 January of the year; so does this table, so that its rates
are the published ones. Elsewhere a rate has the average of the year in its denominator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ivp_analysis.data.regions import COUNTRY
from ivp_analysis.data.series import populations, recipe_counts, youth
from ivp_analysis.registry.names import PROVINCES
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


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """One year of one recipe: counts and their denominator by area code, NaN where there is none."""

    counts: pd.Series
    people: pd.Series
    per: float

    def count(self, codes: Sequence[str]) -> float:
        """The sum; one missing part makes it missing."""
        return float(self.counts.reindex(list(codes)).sum(skipna=False, min_count=1))

    def base(self, codes: Sequence[str]) -> float:
        """Inhabitants of 1 January, or youths."""
        return float(self.people.reindex(list(codes)).sum(skipna=False, min_count=1))

    def rate(self, codes: Sequence[str]) -> float:
        """Count per so many, as 83648NED and 83651NED print it."""
        base = self.base(codes)
        return self.count(codes) / base * self.per if base > 0 else NAN

    def whole_rate(self, code: str, members: Sequence[str]) -> float:
        """Of a province or the country: from its own row, else from all its municipalities."""
        own = self.rate([code])
        return self.rate(members) if math.isnan(own) else own


def open_figures(analysis: Analysis, indicator: Indicator, recipe: Recipe, year: int) -> Figures:
    """Of every municipality of today, the provinces and the country: the same for every area, so looked up once."""
    known = (analysis.home or analysis).shelf.setdefault("bbv", {})
    key = indicator.id, recipe, year
    if key not in known:
        known[key] = _look_up(analysis, indicator, recipe, year)
    return known[key]  # type: ignore[no-any-return]


def _look_up(analysis: Analysis, indicator: Indicator, recipe: Recipe, year: int) -> Figures:
    codes = [COUNTRY, *PROVINCES, *_municipalities(analysis, COUNTRY)]
    counts = recipe_counts(analysis.build, analysis.registry, indicator.id, recipe, codes).counts
    none = pd.Series(NAN, index=codes)
    if indicator.denominator == "youth":
        people = youth(analysis.build, codes, [year])[year]
    else:
        people = populations(analysis.build, codes, [year], measure="january_first")[year]
    per = float(analysis.registry.method.group("rates")["per"])
    return Figures(counts.get(str(year), none), people, per)


def _municipalities(analysis: Analysis, whole: str) -> list[str]:
    """Those of today in a province or the country."""
    names = analysis.registry.municipalities.values()
    return [
        m.code
        for m in names
        if m.valid_to is None and (whole == COUNTRY or PROVINCES.get(whole) == m.province)
    ]


def _assess(analysis: Analysis, area: Area, indicator: Indicator) -> Account:
    for recipe in _by_preference(analysis, indicator):
        now = open_figures(analysis, indicator, recipe, analysis.year)
        if not math.isnan(now.count(area.members)):
            return _account(analysis, area, indicator, recipe, now)
    return Account(indicator, None, None, *[NAN] * 8)


def _account(analysis: Analysis, area: Area, indicator: Indicator, recipe: Recipe, now: Figures) -> Account:
    before = open_figures(analysis, indicator, recipe, analysis.year - 1)
    peers = sorted({peer for code in area.members for peer in analysis.peers[code].peers})
    known = [peer for peer in peers if not math.isnan(now.rate([peer]))]
    enough = len(known) >= analysis.chooser.rules.min_peers
    province = analysis.plan.province
    return Account(
        indicator=indicator,
        recipe=recipe,
        source=analysis.registry.sources[recipe.source],
        people=now.base(area.members),
        count_before=before.count(area.members),
        count=now.count(area.members),
        before=before.rate(area.members),
        rate=now.rate(area.members),
        peers=now.rate(known) if enough else NAN,
        province=now.whole_rate(province, _municipalities(analysis, province)),
        country=now.whole_rate(COUNTRY, _municipalities(analysis, COUNTRY)),
    )


def _by_preference(analysis: Analysis, indicator: Indicator) -> list[Recipe]:
    """The BBV prescribes figures of Statistics Netherlands; others stand in where the build has none."""
    sources = analysis.registry.sources
    return sorted(indicator.recipes, key=lambda r: sources[r.source].publisher != PRESCRIBED)


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
    prescribed = [s.publisher == PRESCRIBED for a, _, s in used if a.indicator.denominator == "population"]
    same = " Daarmee zijn het de gepubliceerde cijfers." if prescribed and all(prescribed) else ""
    found = [
        f"Noemer: het aantal inwoners op 1 januari van het jaar, zoals het CBS rekent.{same} In de andere tabellen van "
        "deze pagina is de noemer het gemiddelde van het jaar.",
    ]
    if any(a.indicator.denominator == "youth" for a, _, _ in used):
        found.append(f"Halt: per {per} jongeren van 12 tot en met 17 jaar, zoals geleverd.")
    rounded = [(a, source.rounding) for a, _, source in used if source.rounding > 1]
    if rounded:
        account, step = rounded[0]
        most = step / 2 / account.people * float(analysis.registry.method.group("rates")["per"])
        found.append(
            "Het CBS rondt de aantallen af op vijftallen, maar rekent met het precieze aantal. Het gepubliceerde "
            f"cijfer kan hier daarom hoogstens {numbers.decimal(most, 2)} afwijken."
        )
    if not all(prescribed):
        found.append(
            "Het BBV gebruikt cijfers van het CBS. Waar die ontbreken, staat het cijfer van de politie. Dat telt anders."
        )
    return [*found, *(f"{a.indicator.bbv_label}: {recipe.note}" for a, recipe, _ in used if recipe.note)]
