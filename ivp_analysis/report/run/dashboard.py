"""index.html: what the overview shows, from the findings and from what came of the jobs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivp_analysis import __version__
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area, Finding
from ivp_analysis.report.picture.sections import tile_findings
from ivp_analysis.report.picture.summaries import summarise_region
from ivp_analysis.report.progress.assess import assess_targets
from ivp_analysis.report.run.index_page import (
    IndexCell,
    IndexFailure,
    IndexLink,
    IndexModel,
    IndexRow,
    render_index,
)
from ivp_analysis.report.run.jobs import Job
from ivp_analysis.report.run.overview import Overview
from ivp_analysis.report.wording.account import data_day
from ivp_analysis.report.wording.ends import glossary, small_numbers
from ivp_analysis.report.wording.tabulate import sentence_case
from ivp_analysis.report.wording.trend import say_visible


def make_index(analysis: Analysis, overview: Overview) -> bytes:
    """The overview; a page that failed is not linked as if it were fresh."""
    model = IndexModel(
        title=f"Veiligheidsanalyse {analysis.region.name}",
        subtitle=analysis.plan.title,
        area=analysis.region.name,
        reference_year=analysis.year,
        data_date=data_day(analysis),
        simulated=analysis.build.simulated,
        description=f"Overzicht van de veiligheidsanalyse van {analysis.region.in_words} over {analysis.year}.",
        areas=[_area_link(area, overview.ready) for area in analysis.areas],
        rows=_rows(analysis),
        pages=[IndexLink(job.title, job.output, job.question) for job in overview.ready],
        guests=[IndexLink(name, page) for name, page in overview.guests],
        failures=[IndexFailure(title, error) for title, error in overview.failed],
        sentences=summarise_region(analysis, assess_targets(analysis)),
        tiles=tile_findings(analysis, analysis.region),
        notes=["De trend gaat over de laatste jaren met cijfers; elke pagina noemt welke jaren dat zijn."],
        facts={
            "Plan": analysis.plan.id,
            "Verslagjaar": str(analysis.year),
            "Versie": f"ivp-analysis {__version__}",
            **small_numbers(analysis),
        },
        glossary=glossary(analysis.registry),
    )
    return render_index(model)


def _area_link(area: Area, ready: Sequence[Job]) -> IndexLink:
    """The page of an area: that of its own municipality, or that of the region."""
    own = [
        j
        for j in ready
        if j.parameters.get("area_code") == area.code or (area.is_region and j.id == "region")
    ]
    return IndexLink(area.name, own[0].output if own else "")


def _rows(analysis: Analysis) -> list[IndexRow]:
    rows = []
    for field in analysis.registry.fields.values():
        for indicator in analysis.registry.indicators.values():
            if indicator.field == field.id and indicator.id in analysis.series:
                cells = [_cell(analysis.findings[indicator.id, area.code]) for area in analysis.areas]
                rows.append(IndexRow(field.label, sentence_case(indicator.label), cells))
    return rows


def _cell(finding: Finding) -> IndexCell:
    history = [None if math.isnan(count) else count for count in finding.counts]
    if all(count is None for count in history):
        return IndexCell(absent="geen cijfers voor dit gebied")
    word = finding.word
    return IndexCell(
        count=None if math.isnan(finding.count) else finding.count,
        word=word.text,
        sign=word.sign,
        tone=finding.tone,
        detail=say_visible(finding.trend),
        history=[c for year, c in zip(finding.years, history, strict=True) if year <= finding.year],
    )
