"""One small chart, written directly: a page holds some thirty of them, and matplotlib takes forty times as long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from ivp_analysis.report.figures import canvas, words
from ivp_analysis.report.figures.canvas import BLUE, GREY
from ivp_analysis.report.figures.counts import Series
from ivp_analysis.report.figures.labels import text_width

WIDTH, HIGH, FOOT = 300, 100, 24
TEXT, SMALL = 13.0, 12.0
_LINE, _DOT, _CROSS = 1.4, 3.2, 2.8
_ROW = 17


@dataclass(frozen=True)
class SmallChart:
    """Where a year and a count lie, in pixels from the top left: an axis from zero, half a year beside each end."""

    series: Series
    ticks: Sequence[float]
    top: float

    @property
    def height(self) -> float:
        """Of the whole chart, with its text above and its years below."""
        return self.top + HIGH + FOOT

    @cached_property
    def left(self) -> float:
        """Room for the labels of the axis."""
        return canvas.count_margin(self.ticks, SMALL)

    @cached_property
    def right(self) -> float:
        """Where the years end; the last figure stands beyond it."""
        known = self.series.known[1]
        return WIDTH - text_width(words.trimmed(known[-1] if known else 0), TEXT, True) - 12

    def x(self, year: float) -> float:
        """Of a year."""
        first, last = _span(self.series)
        return self.left + (self.right - self.left) * (year - first + 0.5) / (last - first + 1)

    def y(self, count: float) -> float:
        """Of a count."""
        return self.top + HIGH * (1 - count / self.ticks[-1])


def write_chart(chart: SmallChart, head: Sequence[str], word: Sequence[str]) -> str:
    """The elements of the chart: its text, grid, line, dots, crosses where a year has no count, and both ends."""
    rows = [(line, True) for line in head] + [(line, False) for line in word]
    above = (_text(0, 13 + _ROW * n, line, bold=bold) for n, (line, bold) in enumerate(rows))
    return "".join((*_axes(chart), *_marks(chart), *above, *_ends(chart)))


def _axes(chart: SmallChart) -> Iterator[str]:
    first, last = _span(chart.series)
    for year in canvas.years_shown(first, last, room=chart.right - chart.left, text=SMALL):
        yield _text(chart.x(year), chart.y(0) + 18, str(year), size=SMALL, anchor="middle")
    for tick in chart.ticks:
        at = chart.y(tick)
        yield _line(chart.left, at, chart.right, at, "stroke-opacity", 0.16)
        yield _text(chart.left - 5, at + 4.5, words.trimmed(tick, 2), size=SMALL, anchor="end")
    yield _line(chart.left, chart.y(0), chart.right, chart.y(0), "opacity", 0.6)


def _marks(chart: SmallChart) -> Iterator[str]:
    for years, counts in (run for run in chart.series.runs if len(run[0]) > 1):
        points = " ".join(f"{_n(chart.x(y))},{_n(chart.y(c))}" for y, c in zip(years, counts, strict=True))
        yield f'<polyline fill="none" stroke="{BLUE}" stroke-width="{_LINE}" points="{points}"/>'
    for year, count in zip(*chart.series.known, strict=True):
        yield f'<circle fill="{BLUE}" r="{_DOT}" cx="{_n(chart.x(year))}" cy="{_n(chart.y(count))}"/>'
    for year in chart.series.missing:
        x, y, r = chart.x(year), chart.y(0), _CROSS
        strokes = f"M{_n(x - r)} {_n(y - r)}L{_n(x + r)} {_n(y + r)}M{_n(x - r)} {_n(y + r)}L{_n(x + r)} {_n(y - r)}"
        yield f'<path fill="none" stroke="{GREY}" stroke-width="{_LINE}" d="{strokes}"/>'


def _ends(chart: SmallChart) -> Iterator[str]:
    """The last figure right of its dot; the first above it, or below where the line rises and there is room."""
    years, counts = chart.series.known
    if not years:
        return
    last = chart.y(counts[-1])
    # On the base line the figure stands above it, or the axis would run through it.
    low = counts[-1] < chart.ticks[-1] * 0.04
    yield _text(chart.x(years[-1]) + 9, last - 5 if low else last + 4.5, words.trimmed(counts[-1]), bold=True)
    if len(years) > 1:
        first, x = words.trimmed(counts[0]), chart.x(years[0])
        up = counts[1] <= counts[0] or counts[0] < chart.ticks[-1] * 0.15
        # Centred, unless it would run over the labels of the axis.
        start = max(x - text_width(first, TEXT) / 2, chart.left + 2)
        yield _text(start, chart.y(counts[0]) + (-10 if up else 18), first)


def _span(series: Series) -> tuple[int, int]:
    return min(series.years, default=0), max(series.years, default=1)


def _text(
    x: float, y: float, text: str, *, size: float = TEXT, anchor: str = "start", bold: bool = False
) -> str:
    weight = ' font-weight="700"' if bold else ""
    place = f'text-anchor="{anchor}" x="{_n(x)}" y="{_n(y)}"'
    return f'<text{weight} font-size="{size:g}px" {place}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, faint: str, share: float) -> str:
    path = f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}"
    return f'<path fill="none" stroke="currentColor" {faint}="{share}" d="{path}"/>'


def _n(value: float) -> str:
    """A tenth of a pixel is finer than anyone sees."""
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")
