"""Which figures a page shows, from its findings."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivp_analysis.methods.contribution import Contributions
from ivp_analysis.methods.trend_line import TrendLine, trend_line
from ivp_analysis.periods import parse_period
from ivp_analysis.registry import breaks_for
from ivp_analysis.registry.records import SeriesBreak
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.figures import (
    Band,
    Drawing,
    Panel,
    draw_contribution,
    draw_series,
    draw_small_multiples,
)
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.pieces import Figure
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case
from ivp_analysis.report.wording.trend import say_trend


def draw_findings(findings: Sequence[Finding], *, title: str) -> Drawing:
    """A small chart of every indicator, each with its own axis from zero and its word."""
    panels = [
        Panel(
            sentence_case(f.indicator.label),
            f.years,
            f.counts,
            word=f.word.text,
            sign=f.word.sign,
        )
        for f in findings
    ]
    return draw_small_multiples(panels, title=title, unit="aantal per jaar")


def draw_change(found: Contributions, *, label: str) -> Drawing:
    """Bars of what each part adds to the change."""
    items = [(item.label, item.change) for item in found.items]
    return draw_contribution(
        [name for name, _ in items], [change for _, change in items], label=label, unit="aantal"
    )


def draw_leading(finding: Finding, analysis: Analysis) -> Figure | None:
    """The first subject at large: counts, the line of its trend, corona years and known breaks; None without counts."""
    counts = [None if math.isnan(count) else count for count in finding.counts]
    if all(count is None for count in counts):
        return None
    known = breaks_for(analysis.registry, indicator=finding.indicator.id, source=finding.source.id)
    corona = [_years(b) for b in known if b.kind == "covid"]
    line = trend_line(
        finding.counts,
        finding.populations,
        finding.years,
        trend=finding.trend,
        confidence=analysis.trend_rules.confidence,
    )
    drawing = draw_series(
        finding.years,
        counts,
        label=finding.label,
        unit=f"{finding.indicator.unit} per jaar",
        trend=Band(line.years, line.fitted, line.lower, line.upper, analysis.trend_rules.confidence)
        if line
        else None,
        breaks=[(parse_period(b.first).year, b.label) for b in known if _shows(b, finding)],
        covid=corona[0] if corona and corona[0][0] <= finding.year else None,
        sentence=say_trend(finding),
    )
    title = f"{finding.label}: aantallen en trend"
    return Figure(drawing, title, _tabulate_line(finding, line, title))


def _years(found: SeriesBreak) -> tuple[int, int]:
    return parse_period(found.first).year, parse_period(found.last or found.first).year


def _shows(found: SeriesBreak, finding: Finding) -> bool:
    """A break between the first and the last year of the figure; the corona years are shaded instead."""
    return found.kind != "covid" and finding.years[0] < _years(found)[0] <= finding.years[-1]


def _tabulate_line(finding: Finding, line: TrendLine | None, title: str) -> Table:
    fitted = dict(zip(line.years, line.fitted, strict=True)) if line else {}
    outside = Missing("buiten de jaren van de trend")
    return Table(
        caption=f"{title}, in cijfers",
        columns=[
            Column("year", "Jaar", format="year", align="left"),
            Column("count", "Aantal", format="count"),
            Column("line", "Trendlijn", "aantal", format="count"),
        ],
        rows=[
            {"year": year, "count": count, "line": fitted.get(year, outside)}
            for year, count in zip(finding.years, finding.counts, strict=True)
        ],
        id="hoofdfiguur",
    )
