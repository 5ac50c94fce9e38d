"""The sections of the benchmark page, and the map that the region's page shows too."""

from __future__ import annotations

from ivp_analysis.methods.benchmark_words import BenchmarkWord
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.benchmarks import Benchmark
from ivp_analysis.report.analysis.findings import LEADING, Area
from ivp_analysis.report.benchmark.drawings import (
    draw_level_funnel,
    draw_level_map,
    draw_shrunken,
    tabulate_level_funnel,
    tabulate_shrunken,
)
from ivp_analysis.report.benchmark.tables import (
    tabulate_figures,
    tabulate_levels,
    tabulate_peers,
    tabulate_sensitivity,
)
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.pieces import MOST_SENTENCES, Details, Figure, Heading, Text
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.wording.account import say_peer_features
from ivp_analysis.report.wording.benchmark import say_benchmark, say_differences, say_flips
from ivp_analysis.report.wording.tabulate import sentence_case
from ivp_analysis.report.wording.trend import join_words

_MOST_NAMED = 3
NO_MAP = "De kaart ontbreekt: deze gegevens bevatten geen gemeentegrenzen."


def summarise_benchmark(analysis: Analysis) -> list[str]:
    """How often higher or lower, in what, how far that hangs on the choice, and what stays out of sight."""
    judged = [b for b in _municipal(analysis) if b.result.word is not BenchmarkWord.NO_WORD]
    region = [b for (_, code), b in analysis.benchmarks.items() if code == analysis.region.code]
    return [
        _counted(analysis, judged),
        *(say_benchmark(b) for b in region if b.finding.indicator.id == "crime_total"),
        *filter(None, [say_differences(region, most=_MOST_NAMED)]),
        *_outstanding(judged),
        *_undetermined(judged),
        _sensitive(analysis),
        *_everywhere(analysis),
    ][:MOST_SENTENCES]


def _everywhere(analysis: Analysis) -> list[str]:
    """What the figures cannot say of any municipality of the plan, such as what happens across a border."""
    areas = set(analysis.plan.areas)
    return [c.text for c in analysis.registry.caveats.values() if areas <= set(c.areas)]


def _municipal(analysis: Analysis) -> list[Benchmark]:
    return [b for (_, code), b in analysis.benchmarks.items() if code != analysis.region.code]


def _counted(analysis: Analysis, judged: list[Benchmark]) -> str:
    k, n = analysis.chooser.rules.k, len(analysis.plan.areas)
    start = f"Elk van de {n} gemeenten is vergeleken met de {k} gemeenten die het meest op haar lijken"
    if not judged:
        return f"{start}, maar te weinig daarvan hebben cijfers voor een oordeel."
    counts = {d: sum(b.word.direction == d for b in judged) for d in ("up", "down", "flat")}
    return (
        f"{start}: van de {len(judged)} vergelijkingen vallen er {counts['up']} hoger uit, {counts['down']} lager "
        f"en {counts['flat']} ongeveer gelijk."
    )


def _outstanding(judged: list[Benchmark]) -> list[str]:
    """The surest differences: those beyond the outer limit."""
    far = [b for b in judged if b.result.word in (BenchmarkWord.MUCH_HIGHER, BenchmarkWord.MUCH_LOWER)]
    if not far:
        return [
            "Geen enkel verschil van een gemeente ligt ver buiten wat toeval en gewone verschillen verklaren."
        ]
    far.sort(key=lambda b: b.result.p)
    named = [f"{b.finding.indicator.label} in {b.area.in_words} ({b.word.short})" for b in far[:_MOST_NAMED]]
    return [f"Het zekerst zijn de verschillen bij {join_words(named)}."]


def _undetermined(judged: list[Benchmark]) -> list[str]:
    if not judged:
        return []
    open_ = sum(b.result.word is BenchmarkWord.UNDETERMINED for b in judged)
    return [
        f"Van {numbers.percent(open_ / len(judged))} van de vergelijkingen is een verschil niet vast te stellen."
    ]


def _sensitive(analysis: Analysis) -> str:
    tested = [s for s in analysis.sensitivities.values() if s.words.word is not BenchmarkWord.NO_WORD]
    flips = sum(bool(s.words.flips) for s in tested)
    return (
        f"Bij een andere keuze van gemeenten zouden {flips} van de {len(tested)} oordelen (met de regio erbij) "
        "een ander woord krijgen; zij staan hieronder met naam."
    )


def peer_section(analysis: Analysis) -> Parts:
    """With whom each municipality is compared, and by which features."""
    parts: list[Shown] = [Text(*say_peer_features(analysis))]
    parts += [
        Details(f"{area.name}: de vergelijkbare gemeenten", tabulate_peers(analysis, area))
        for area in analysis.areas
        if not area.is_region
    ]
    mix = (
        f"{sentence_case(analysis.region.in_words)} wordt vergeleken met de mix daarvan: het niveau dat er zou zijn als "
        "elke gemeente het niveau van haar eigen vergelijkbare gemeenten had."
    )
    return Parts(*parts, Text(mix))


def level_section(analysis: Analysis) -> Parts:
    """The words of all indicators and areas, and the figures behind them, folded."""
    folded = [
        Details(f"{area.name}: de cijfers erachter", tabulate_figures(analysis, area))
        for area in analysis.areas
    ]
    return Parts(tabulate_levels(analysis), *folded)


def leading_section(analysis: Analysis) -> Parts:
    """For each leading indicator: sentences, funnel, smoothed rates."""
    parts: list[Shown] = []
    for indicator in LEADING:
        if indicator not in analysis.series:
            continue
        parts.append(Heading(sentence_case(analysis.registry.indicators[indicator].label), 3))
        parts.append(Text(say_benchmark(analysis.benchmarks[indicator, analysis.region.code])))
        drawn = (
            (draw_level_funnel(analysis, indicator), tabulate_level_funnel(analysis, indicator)),
            (draw_shrunken(analysis, indicator), tabulate_shrunken(analysis, indicator)),
        )
        parts += [Figure(drawing, drawing.title, data) for drawing, data in drawn if drawing is not None]
    if not parts:
        return Parts(Text("Er zijn geen cijfers over de hoofdonderwerpen."))
    return Parts(
        *parts,
        Text(
            "De grenzen in de trechters zijn bij elke gemeente van het plan die van haar eigen oordeel. Voor hoger of lager "
            "is daarnaast nodig dat het verschil ook na weging van alle vergelijkingen en na afvlakking overeind blijft."
        ),
    )


def sensitivity_section(analysis: Analysis) -> Parts:
    """What other choices would say of the leading indicators, and every flip by name."""
    leading = [i for i in LEADING if i in analysis.series]
    flips = [say_flips(analysis.benchmarks[key], tested) for key, tested in analysis.sensitivities.items()]
    named = [sentence for sentence in flips if sentence]
    parts: list[Shown] = []
    if leading:
        caption = "De hoofdonderwerpen bij een andere keuze van gemeenten"
        parts.append(tabulate_sensitivity(analysis, leading, caption=caption, id="gevoeligheid"))
    rest = [i for i in analysis.series if i not in leading]
    if rest:
        caption = "De overige onderwerpen bij een andere keuze van gemeenten"
        table = tabulate_sensitivity(analysis, rest, caption=caption, id="gevoeligheid-overig")
        parts.append(Details("De overige onderwerpen", table))
    title = f"Oordelen die van de keuze afhangen ({len(named)})"
    parts.append(
        Details(
            title, Text("Achter elk onderwerp: het woord op deze pagina, en dat bij andere keuzes.", *named)
        )
        if named
        else Text("Geen enkel oordeel hangt af van de keuze.")
    )
    return Parts(*parts)


def map_section(analysis: Analysis, area: Area) -> Parts:
    """The region and its surroundings, or one sentence that says why there is no map."""
    known = next((i for i in LEADING if i in analysis.series), None)
    drawing = draw_level_map(analysis, known) if known else None
    if drawing is None:
        return Parts(Text(NO_MAP))
    return Parts(Figure(drawing, f"{drawing.title}: {area.in_words} en omgeving"))
