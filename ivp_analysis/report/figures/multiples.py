"""Many indicators at a glance: small charts in one style, and trend lines small enough for a table cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from ivp_analysis.report.figures import canvas, words
from ivp_analysis.report.figures.canvas import BLUE, GREY
from ivp_analysis.report.figures.counts import Numbers, Series, as_series, draw_counts, label_ends
from ivp_analysis.report.figures.labels import text_width, wrap
from ivp_analysis.report.figures.svg import Drawing, compose, export, plain_style

PANEL = 300
_TEXT = 13.0
SPARK_WIDTH, SPARK_HEIGHT = 120, 28
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
    return Drawing(html, title, words.description(*(chart.description for chart in charts)), 3 * PANEL)


@plain_style()
def draw_panel(panel: Panel, *, unit: str) -> Drawing:
    """One of the small charts."""
    series = as_series(panel.years, panel.counts)
    known = series.known[1]
    head = wrap(panel.label, PANEL, _TEXT, bold=True)
    word = wrap(f"{panel.sign} {panel.word}".strip(), PANEL, _TEXT)
    top = 17 * (len(head) + len(word)) + 12
    ticks = canvas.count_ticks(max(known, default=1) * 1.1, bins=3)
    right = text_width(words.trimmed(known[-1] if known else 0), _TEXT, True) + 12
    left = canvas.count_margin(ticks, 12)
    ax = canvas.axes(PANEL, 100 + top + 24, left=left, right=right, top=top, bottom=24)
    canvas.count_axis(ax, ticks, "", text=12)
    canvas.year_axis(
        ax, min(series.years, default=0), max(series.years, default=1), room=PANEL - left - right, text=12
    )
    for row, line in enumerate(head + word):
        canvas.write(ax, 0, 13 + 17 * row, line, size_=_TEXT, bold=row < len(head))
    draw_counts(ax, series, scale=0.7)
    label_ends(ax, series, _TEXT)
    return export(canvas.figure_of(ax), title=panel.label, description=_describe(panel, series, unit))


def _describe(panel: Panel, series: Series, unit: str) -> str:
    return words.description(
        words.from_to(f"{panel.label} ({unit})", *series.known),
        f"Trend: {panel.word}." if panel.word else "",
        words.missing_text(series.missing) if series.known[0] else "",
    )


def draw_sparkline(years: Sequence[int], counts: Numbers, *, label: str) -> Drawing:
    """A trend line for a table cell; written directly, since a dashboard holds hundreds of them."""
    series = as_series(years, counts)
    body = "".join(_stroke(series, run) for run in series.runs) + _last_dot(series)
    text = words.description(
        words.from_to(label, *series.known), words.missing_text(series.missing) if series.known[0] else ""
    )
    drawing = compose(body, title=label, description=text, width=SPARK_WIDTH, height=SPARK_HEIGHT)
    return replace(drawing, svg=_in_a_cell(drawing.svg))


def _in_a_cell(svg: str) -> str:
    # A percentage has no meaning in a table cell that takes its width from what it holds.
    size = f'width="{SPARK_WIDTH / 16:g}em" height="{SPARK_HEIGHT / 16:g}em"'
    return svg.replace('width="100%"', size, 1).replace('class="drawing"', 'class="sparkline"', 1)


def _at(series: Series, year: int, count: float) -> str:
    span = max(series.years[-1] - series.years[0], 1)
    top = max(max(series.known[1]), 1)
    x = 4 + (SPARK_WIDTH - 8) * (year - series.years[0]) / span
    return f"{round(x, 1):g},{round(SPARK_HEIGHT - 4 - (SPARK_HEIGHT - 8) * count / top, 1):g}"


def _stroke(series: Series, run: tuple[list[int], list[float]]) -> str:
    points = [_at(series, year, count) for year, count in zip(*run, strict=True)]
    if len(points) == 1:
        return _dot(points[0], 1.5)
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{BLUE}" stroke-width="1.8"/>'


def _last_dot(series: Series) -> str:
    years, counts = series.known
    if not years:
        return f'<line x1="4" y1="14" x2="{SPARK_WIDTH - 4}" y2="14" stroke="{GREY}" stroke-dasharray="2 4"/>'
    return _dot(_at(series, years[-1], counts[-1]), 3)


def _dot(point: str, radius: float) -> str:
    x, _, y = point.partition(",")
    return f'<circle cx="{x}" cy="{y}" r="{radius:g}" fill="{BLUE}"/>'
