"""Which figures a page shows, from its findings."""

from __future__ import annotations

from collections.abc import Sequence

from ivp_analysis.methods.contribution import Contributions
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.figures import Drawing, Panel, draw_contribution, draw_small_multiples
from ivp_analysis.report.wording.tabulate import sentence_case


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
