"""Texts, questions and what is still to be written, as the pages show them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column
from ivp_analysis.report.page.pieces import Details, Heading, Text
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.story.narrative import (
    Topic,
    aim_topics,
    find_strays,
    general_topic,
    proposed_file,
    read_narrative,
    theme_topics,
)
from ivp_analysis.report.story.questions import ask_questions, say_question
from ivp_analysis.report.wording.trend import join_words

TITLE = "Het verhaal achter de cijfers"


def field_story(analysis: Analysis, area: Area, field: str) -> Parts:
    """Beside a safety field: the texts about its themes, which lack one, and the questions to answer there."""
    topics = theme_topics(analysis, field)
    found = [(topic, read_narrative(analysis, topic, area)) for topic in topics]
    lacking = [topic.label for topic, text in found if text is None]
    indicators = [f.indicator.id for f in analysis.findings_of(area, field)]
    return Parts(
        *(text for _, text in found if text is not None),
        *_questions(
            analysis, area, indicators, lacking, f"Vragen bij {analysis.registry.fields[field].label}"
        ),
    )


def _questions(
    analysis: Analysis, area: Area, indicators: Sequence[str], lacking: Sequence[str], title: str
) -> list[Shown]:
    asked = [say_question(q) for q in ask_questions(analysis, area, indicators)]
    # Semicolons: a label may hold commas and "en" of its own.
    still = [f"Nog geen toelichting van de analist bij: {'; '.join(lacking)}."] if lacking else []
    if not asked:
        return [Text(*still)] if still else []
    return [Details(f"{title} ({len(asked)})", Text(*asked)), *([Text(*still)] if still else [])]


def progress_story(analysis: Analysis, area: Area) -> Parts:
    """On a progress page: the general text, then each priority and theme with its figures and its text."""
    general = read_narrative(analysis, general_topic(), area)
    found = [(topic, read_narrative(analysis, topic, area)) for topic in aim_topics(analysis)]
    told: list[Shown] = [general] if general else []
    for topic, text in found:
        if text is not None:
            told += [Heading(topic.label, 3), *_figures(analysis, area, topic), replace(text, label="")]
    lacking = [topic for topic, text in found if text is None]
    if not told:
        told = [Text("Bij deze cijfers is nog geen toelichting geschreven.")]
    return Parts(Heading(TITLE), *told, *_still(analysis, area, lacking), *_aim_questions(analysis, area))


def _figures(analysis: Analysis, area: Area, topic: Topic) -> list[Shown]:
    """The counts that go with a theme, so that text and figures stand together."""
    findings = [
        analysis.findings[i, area.code] for i in topic.indicators if (i, area.code) in analysis.findings
    ]
    known = [f for f in findings if not math.isnan(f.count)]
    said = [
        f"{f.indicator.label} {numbers.count(f.count)} ({numbers.count(f.previous)} in {f.year - 1})"
        for f in known
    ]
    return [Text(f"In {analysis.year}: {join_words(said)}.")] if said else []


def _still(analysis: Analysis, area: Area, lacking: Sequence[Topic]) -> list[Shown]:
    """Which themes have no text yet, and under which name the analyst's file would be found."""
    strays = find_strays(analysis) if area.is_region else []
    said = [f"Deze bestanden horen bij geen thema: {join_words(strays)}."] if strays else []
    if not lacking:
        return [Text(*said)] if said else []
    number = "1 thema heeft" if len(lacking) == 1 else f"{len(lacking)} thema's hebben"
    if not area.is_region:
        return [Text(f"{number} nog geen tekst van de analist over {area.in_words}.")]
    columns = [Column("topic", "Thema zonder tekst"), Column("file", "Bestand in de map narrative")]
    rows = [{"topic": topic.label, "file": proposed_file(topic, area)} for topic in lacking]
    table = Table(caption="Nog te schrijven", columns=columns, rows=rows, notes=said, id="nog-te-schrijven")
    return [Details(f"{number} nog geen tekst", table)]


def _aim_questions(analysis: Analysis, area: Area) -> list[Shown]:
    """The questions that the figures of the plan's own subjects ask."""
    targets = [t.indicator for t in analysis.plan.targets]
    named = dict.fromkeys([*targets, *(i for topic in aim_topics(analysis) for i in topic.indicators)])
    indicators = [i for i in named if (i, area.code) in analysis.findings]
    return _questions(analysis, area, indicators, (), "Vragen die de cijfers oproepen")
