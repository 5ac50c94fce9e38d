"""The tables of the benchmark page: peers and why, words, figures behind them, and what other choices would say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.benchmarks import Benchmark
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.analysis.peers import FEATURES, feature_table
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.page.words import BENCHMARK_WORDS, judge
from ivp_analysis.report.wording.benchmark import say_absent_reason, say_rank
from ivp_analysis.report.wording.tabulate import NarrowVerdict, level_verdict, sentence_case

_DROPPED = {
    "missing": "niet van elke gemeente bekend",
    "constant": "voor alle gemeenten in deze gegevens hetzelfde",
}


def tabulate_peers(analysis: Analysis, area: Area) -> Table:
    """The municipality itself, then its peers, nearest first, with the features by which they were chosen."""
    group = analysis.peers[area.code]
    known = feature_table(analysis.build, analysis.registry, analysis.pool, analysis.year)
    columns = [Column("name", "Gemeente"), Column("distance", "Afstand", format="decimal", digits=1)]
    columns += [
        Column(
            name, FEATURES[name].heading, FEATURES[name].unit, format="decimal", digits=FEATURES[name].digits
        )
        for name in group.features
    ]
    own = _peer_row(analysis, area.code, Missing("de gemeente zelf"), group.features, known)
    peers = [
        _peer_row(analysis, code, distance, group.features, known)
        for code, distance in zip(group.peers, group.distances, strict=True)
    ]
    notes = [
        "Afstand: hoe ver de kenmerken samen uiteenlopen; 0 is gelijk, 1 is een gewoon verschil op één kenmerk."
    ]
    if "overnight_stays" in group.features:
        notes.append(
            "Nachten zijn voor alle gemeenten op dezelfde manier geteld; een eigen opgave van een gemeente kan anders zijn."
        )
    notes += [f"Niet gebruikt: {FEATURES[name].label}, want {_DROPPED[why]}." for name, why in group.dropped]
    return Table(
        caption=f"Gemeenten die lijken op {area.name}",
        columns=columns,
        rows=[own, *peers],
        notes=notes,
        id=f"vergelijkbaar-{area.slug}"[:40].rstrip("-"),
    )


def _peer_row(
    analysis: Analysis, code: str, distance: Any, features: Sequence[str], known: pd.DataFrame
) -> dict[str, Any]:
    values = dict(
        zip(features, known.loc[[code], list(features)].to_numpy(dtype=float)[0].tolist(), strict=True)
    )
    return {"name": analysis.registry.municipalities[code].name, "distance": distance, **values}


def tabulate_levels(analysis: Analysis) -> Table:
    """A word for every indicator in every area, by safety field."""
    columns = [Column("indicator", "Onderwerp")]
    columns += [Column(area.code.lower(), area.name, format="verdict") for area in analysis.areas]
    rows = []
    for field in analysis.registry.fields.values():
        for indicator in analysis.registry.indicators.values():
            if indicator.field == field.id and indicator.id in analysis.series:
                cells = {
                    a.code.lower(): _cell(analysis.benchmarks[indicator.id, a.code]) for a in analysis.areas
                }
                label = sentence_case(indicator.label)
                rows.append({"field": field.label, "indicator": label, **cells})
    years = numbers.years(analysis.year - analysis.benchmark_rules.years + 1, analysis.year)
    return Table(
        caption=f"Niveau in {years} naast vergelijkbare gemeenten",
        columns=columns,
        rows=rows,
        notes=["Onder elk woord: hoeveel keer het niveau van de vergelijkbare gemeenten."],
        id="niveaus",
        group=Column("field", "Veiligheidsveld"),
    )


def _cell(found: Benchmark) -> NarrowVerdict:
    ratio = found.result.ratio
    detail = f"{numbers.decimal(ratio, 2)} keer" if ratio == ratio else ""
    return NarrowVerdict(found.word.short, found.word.sign, found.tone, detail)


def tabulate_figures(analysis: Analysis, area: Area) -> Table:
    """What stands behind the words of one area: counts, limits, the smoothed ratio, the place with its interval."""
    found = [b for (_, code), b in analysis.benchmarks.items() if code == area.code]
    years = numbers.years(*found[0].years) if found else ""
    columns = [
        Column("indicator", "Onderwerp"),
        Column("count", "Aantal", years, format="count"),
        Column("expected", "Verwacht", "als daar", format="count"),
        Column("ratio", "Verhouding", format="decimal", digits=2),
        Column(
            "limits",
            "Grenzen",
            numbers.percent(analysis.benchmark_rules.limit_inner),
            format="range",
            digits=2,
        ),
        Column("smooth", "Verhouding", "afgevlakt", format="decimal", digits=2),
        *([] if area.is_region else [Column("rank", "Plaats", "van hoog naar laag")]),
        Column("word", "Niveau", format="verdict"),
    ]
    notes = [
        "Verwacht: het aantal dat hier zou zijn geteld als het per inwoner was zoals bij de vergelijkbare gemeenten.",
        "Afgevlakt: kleine aantallen zijn naar het gemiddelde toe getrokken, naar de mate waarin toeval ze bepaalt.",
    ]
    if not area.is_region:
        notes.append(
            "Plaats 1 heeft het hoogste cijfer. Toeval telt mee: het is de middelste van de plaatsen die kunnen; die staan tussen "
            "haakjes."
        )
    return Table(
        caption=f"Cijfers achter de vergelijking van {area.name}",
        columns=columns,
        rows=[_figures(b, area) for b in found],
        notes=notes,
        id=f"vergelijking-{area.slug}"[:40].rstrip("-"),
    )


def _figures(found: Benchmark, area: Area) -> dict[str, Any]:
    result = found.result
    row = {
        "indicator": sentence_case(found.finding.indicator.label),
        "count": result.count,
        "expected": result.expected,
        "ratio": result.ratio,
        "limits": result.inner,
        "smooth": result.shrunken_ratio,
        "word": _reasoned(found),
    }
    return (
        row if area.is_region else {**row, "rank": say_rank(found.rank) or Missing(say_absent_reason(found))}
    )


def _reasoned(found: Benchmark) -> NarrowVerdict:
    verdict = level_verdict(found)
    detail = "" if found.result.ratio == found.result.ratio else verdict.detail
    return NarrowVerdict(verdict.word, verdict.sign, verdict.tone, detail)


def tabulate_sensitivity(analysis: Analysis, indicators: Sequence[str], *, caption: str, id: str) -> Table:
    """The word with the chosen peers, and with every other choice; where it flips, the cell says so."""
    choices = [name for name, _ in next(iter(analysis.sensitivities.values())).words.others]
    columns = [
        Column("area", "Gebied"),
        Column("chosen", "Gekozen", f"{analysis.chooser.rules.k} meest gelijkende", format="verdict"),
        *(Column(_key(name), sentence_case(name), format="verdict") for name in choices),
    ]
    rows = [
        _sensitivity_row(analysis, indicator, area) for indicator in indicators for area in analysis.areas
    ]
    notes = [
        "Even groot: alle gemeenten in dezelfde grootteklasse van het CBS. Alle andere: alle gemeenten in deze gegevens."
    ]
    return Table(
        caption=caption,
        columns=columns,
        rows=rows,
        notes=notes,
        id=id,
        group=Column("indicator", "Onderwerp"),
    )


def _sensitivity_row(analysis: Analysis, indicator: str, area: Area) -> dict[str, Any]:
    found, tested = analysis.benchmarks[indicator, area.code], analysis.sensitivities[indicator, area.code]
    polarity = found.finding.indicator.polarity
    row: dict[str, Any] = {
        "indicator": sentence_case(found.finding.indicator.label),
        "area": area.name,
        "chosen": NarrowVerdict(found.word.short, found.word.sign, found.tone),
    }
    for name, chosen in tested.words.others:
        word = BENCHMARK_WORDS[chosen]
        detail = "ander woord" if name in tested.words.flips else ""
        row[_key(name)] = NarrowVerdict(word.short, word.sign, judge(word.direction, polarity), detail)
    return row


def _key(name: str) -> str:
    return name.replace(" ", "_")
