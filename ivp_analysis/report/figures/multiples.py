"""Many indicators at a glance: small charts in one style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ivp_analysis.report.figures import canvas, words
from ivp_analysis.report.figures.counts import Numbers, Series, as_series
from ivp_analysis.report.figures.labels import wrap
from ivp_analysis.report.figures.small import TEXT, WIDTH, SmallChart, write_chart
from ivp_analysis.report.figures.svg import Drawing, compose

# As many charts in a row as fit at a legible size: one on a phone, two on A4, three on a desk.
_GRID = "display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr));gap:1.25rem 1.5rem"


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart: what it shows, the trend word with its sign (▼ ▲ = ?), and the figures."""

    label: str
    years: Sequence[int]
    counts: Numbers
    word: str = ""
    sign: str = ""


def draw_small_multiples(panels: Sequence[Panel], *, title: str, unit: str) -> Drawing:
    """A grid of small charts, each with its own axis from zero.

    The `svg` is one element that holds an SVG per panel, each with its own title and description, so that the
    grid can fold on a narrow screen.
    """
    return grid([draw_panel(panel, unit=unit) for panel in panels], title=title)


def grid(charts: Sequence[Drawing], *, title: str) -> Drawing:
    """Charts beside or under each other, as the page has room."""
    body = "".join(chart.with_key(str(place)).svg for place, chart in enumerate(charts))
    html = f'<div class="multiples" role="group" aria-label="{escape(title)}" style="{_GRID}">{body}</div>'
    return Drawing(html, title, words.description(*(chart.description for chart in charts)), 3 * WIDTH)


def draw_panel(panel: Panel, *, unit: str) -> Drawing:
    """One of the small charts."""
    series = as_series(panel.years, panel.counts)
    head = wrap(panel.label, WIDTH, TEXT, bold=True)
    word = wrap(f"{panel.sign} {panel.word}".strip(), WIDTH, TEXT)
    ticks = canvas.count_ticks(max(series.known[1], default=1) * 1.1, bins=3)
    chart = SmallChart(series, ticks, top=17 * (len(head) + len(word)) + 12)
    return compose(
        write_chart(chart, head, word),
        title=panel.label,
        description=_describe(panel, series, unit),
        width=WIDTH,
        height=round(chart.height),
    )


def _describe(panel: Panel, series: Series, unit: str) -> str:
    return words.description(
        words.from_to(f"{panel.label} ({unit})", *series.known),
        f"Trend: {panel.word}." if panel.word else "",
        words.missing_text(series.missing) if series.known[0] else "",
    )
