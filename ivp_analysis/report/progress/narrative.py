"""The story behind the figures on a progress page, and the aims that have no figure."""

from __future__ import annotations

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.page.cells import Column
from ivp_analysis.report.page.pieces import Details
from ivp_analysis.report.page.shown import Parts
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.story.sections import progress_story


def tell_story(analysis: Analysis, area: Area) -> Parts:
    """The analyst's texts by theme; on the region's page also the aims that are evaluated in words."""
    aims = (
        [Details("Doelen en thema's zonder streefwaarde", _tabulate_aims(analysis))] if area.is_region else []
    )
    return Parts(progress_story(analysis, area), *aims)


def _tabulate_aims(analysis: Analysis) -> Table:
    columns = [
        Column("label", "Doel of thema"),
        Column("quote", "Het plan zegt"),
        Column("by", "Waaraan het wordt beoordeeld"),
    ]
    rows = [{"label": aim.label, "quote": aim.quote, "by": aim.evaluated_by} for aim in analysis.plan.aims]
    return Table(
        caption="Doelen en thema's zonder streefwaarde", columns=columns, rows=rows, notes=[], id="in-woorden"
    )
