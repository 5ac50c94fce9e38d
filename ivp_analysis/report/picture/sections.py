"""The sections of the reports: what a notebook shows with one line each."""

from __future__ import annotations

from collections.abc import Sequence

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import LEADING, Area, Finding
from ivp_analysis.report.ledger.ledger import Ledger
from ivp_analysis.report.ledger.sections import statement_section
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.pieces import Details, Figure, Text, Tile, Tiles
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.picture.contributions import (
    attribute_to_areas,
    attribute_to_parts,
    say_contributions,
)
from ivp_analysis.report.picture.drawings import draw_change, draw_findings, draw_leading
from ivp_analysis.report.picture.second_look_table import say_second_looks, tabulate_second_looks
from ivp_analysis.report.progress.assess import TargetProgress
from ivp_analysis.report.progress.tables import tabulate_progress
from ivp_analysis.report.progress.wording import say_baseline
from ivp_analysis.report.story.sections import field_story
from ivp_analysis.report.wording.benchmark import say_benchmark
from ivp_analysis.report.wording.tabulate import (
    sentence_case,
    shown_count,
    tabulate_contributions,
    tabulate_findings,
    tabulate_series,
)
from ivp_analysis.report.wording.trend import (
    say_heterogeneity,
    say_level,
    say_relative,
    say_trend,
    say_visible,
)


def leading_tiles(analysis: Analysis, area: Area) -> Shown:
    """A strip of verdicts on the leading indicators."""
    tiles = tile_findings(analysis, area)
    return Tiles(tiles) if tiles else Text("Er zijn geen cijfers over de hoofdonderwerpen.")


def tile_findings(analysis: Analysis, area: Area) -> list[Tile]:
    """A tile for each leading indicator with figures."""
    return [_tile(f) for i in LEADING if (f := analysis.findings.get((i, area.code))) is not None]


def leading_figure(analysis: Analysis, area: Area) -> Parts:
    """The first leading subject that has counts, at large."""
    found = [analysis.findings[i, area.code] for i in LEADING if (i, area.code) in analysis.findings]
    figures = (draw_leading(finding, analysis) for finding in found)
    return Parts(*(figure for figure in [next((f for f in figures if f is not None), None)] if figure))


def _tile(finding: Finding) -> Tile:
    word = finding.word
    trend = finding.trend
    window = (
        f"trend {numbers.years(trend.first_year, trend.last_year)}"
        if trend.first_year and trend.last_year
        else ""
    )
    return Tile(
        label=sentence_case(finding.indicator.label),
        word=word.text,
        sign=word.sign,
        tone=finding.tone,
        detail="; ".join(filter(None, (window, say_visible(finding.trend)))),
        value=f"{numbers.count(finding.count)} in {finding.year}",
    )


def field_section(analysis: Analysis, area: Area, field: str, ledger: Ledger | None = None) -> Parts:
    """One safety field: table, what the plan says of it (with a ledger), small charts, sentences, the analyst's text."""
    findings = analysis.findings_of(area, field)
    said = statement_section(ledger, area, field) if ledger else Parts()
    if not findings:
        gone = "Voor dit veiligheidsveld bevatten de gegevens geen aantallen."
        return Parts(Text(gone), said, field_story(analysis, area, field))
    label = analysis.registry.fields[field].label
    caption = f"{label} in {area.in_words}, {analysis.year - 1} en {analysis.year}"
    return Parts(
        tabulate_findings(findings, analysis, caption=caption, id=f"veld-{field}"),
        said,
        Figure(
            draw_findings(findings, title=f"{label} in {area.in_words}"),
            f"Aantallen per jaar in {area.in_words}",
            tabulate_series(
                [
                    (sentence_case(f.indicator.label), f.years, [shown_count(f, year) for year in f.years])
                    for f in findings
                ],
                caption=f"{label} in {area.in_words}: aantallen per jaar",
                id=f"veld-{field}-jaren",
            ),
        ),
        Details("In woorden", *(Text(say_finding(f, analysis)) for f in findings)),
        _second_look(analysis, area, findings, label=label, id=f"veld-{field}-tweede-blik"),
        field_story(analysis, area, field),
    )


def say_finding(finding: Finding, analysis: Analysis) -> str:
    """All that is said of one subject: level, trend, both beside comparable municipalities, and its spread."""
    sentences = (
        say_level(finding),
        say_trend(finding),
        say_relative(finding),
        say_heterogeneity(finding),
        say_benchmark(analysis.benchmarks[finding.indicator.id, finding.area.code]),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _second_look(
    analysis: Analysis, area: Area, findings: Sequence[Finding], *, label: str, id: str
) -> Details:
    """Without the corona years, with known breaks, and another test."""
    caption = f"{label} in {area.in_words}: de trends op een andere manier bekeken"
    table = tabulate_second_looks(findings, analysis, caption=caption, id=id)
    flips = say_second_looks(findings, analysis)
    said = flips or ["Zonder de coronajaren en met bekende breuken verandert geen enkele zekere richting."]
    return Details("Zonder coronajaren, met breuken in de registratie", Text(*said), table)


def target_section(progress: Sequence[TargetProgress], analysis: Analysis) -> Parts:
    """The targets of the plan as the progress report judges them, and whether our figures give its baselines."""
    counted = [p for p in progress if p.target.kind == "count"]
    differing = [f"{sentence_case(p.target.label)}. {said}" for p in counted for said in say_baseline(p)]
    same = "De uitgangswaarden van het plan zijn gelijk aan onze cijfers van dat jaar."
    return (
        Parts(
            tabulate_progress(progress),
            Text(*(differing or [same])),
        )
        if progress
        else Parts(Text("Dit plan heeft geen doelen met een streefwaarde."))
    )


def change_section(analysis: Analysis, indicator: str) -> Parts:
    """Which municipality and which part make the change since the base year of the plan."""
    first, last = analysis.plan.base_year, analysis.year
    label = analysis.registry.indicators[indicator].label
    parts: list[Shown] = []
    for found, what, slug in (
        (attribute_to_areas(analysis, indicator, first, last), "per gemeente", "gemeenten"),
        (attribute_to_parts(analysis, indicator, first, last), "per onderdeel", "onderdelen"),
    ):
        if found is not None:
            title = f"Verandering van {label}, {first}–{last}, {what}"
            table = tabulate_contributions(
                found,
                caption=title,
                first=first,
                last=last,
                id=f"bijdrage-{indicator.replace('_', '-')}-{slug}"[:40],
            )
            said = say_contributions(found, label=sentence_case(label), first=first, last=last, items=slug)
            parts += [Text(said), Figure(draw_change(found, label=title), title, data=table)]
    finding = analysis.findings.get((indicator, analysis.region.code))
    spoken = [s for s in (say_relative(finding), say_heterogeneity(finding)) if s] if finding else []
    if parts and spoken:
        parts.insert(0, Text(" ".join(spoken)))
    if not parts:
        return Parts(Text(f"Van {label} zijn er geen cijfers over zowel {first} als {last}."))
    return Parts(*parts)
