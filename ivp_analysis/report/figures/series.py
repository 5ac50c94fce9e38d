"""The main chart: one indicator in one area over the years, with its trend, breaks and target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from ivp_analysis.report.figures import canvas, marks, words
from ivp_analysis.report.figures.canvas import BLUE, GREEN, GREY, VERMILLION, WIDTH
from ivp_analysis.report.figures.counts import (
    Numbers,
    Series,
    Span,
    as_series,
    draw_counts,
    label_ends,
    span_text,
)
from ivp_analysis.report.figures.labels import text_width
from ivp_analysis.report.figures.marks import Key
from ivp_analysis.report.figures.svg import INK, Drawing, export, plain_style
from ivp_analysis.report.page import numbers

Trend = tuple[Sequence[int], Sequence[float], Sequence[float], Sequence[float]]


@plain_style()
def draw_series(
    years: Sequence[int],
    counts: Numbers,
    *,
    label: str,
    unit: str,
    trend: Trend | None = None,
    window: Span | None = None,
    breaks: Sequence[tuple[int, str]] = (),
    covid: Span | None = None,
    target: tuple[int, float] | None = None,
    sentence: str = "",
) -> Drawing:
    """Dots and line; the trend with its 95 % band over its own years; larger dots inside the window.

    `label` names subject and area ("Geregistreerde woninginbraak in Vaals"); `sentence` opens the description
    when the wording matters, else the first and last figure do.
    """
    series = as_series(years, counts)
    span = window or ((trend[0][0], trend[0][-1]) if trend else None)
    keys = _keys(series, trend, covid, target)
    ax = _frame(series, trend, target, keys, unit=unit, breaks=breaks)
    _shade(ax, covid)
    _breaks(ax, breaks)
    _trend(ax, trend)
    draw_counts(ax, series, span)
    if target:
        marks.mark_target(ax, *target)
    title = f"{label}, {span_text(series)}"
    return export(
        canvas.figure_of(ax),
        title=title,
        description=_describe(series, label, sentence, trend, breaks, covid, target),
    )


def _frame(
    series: Series,
    trend: Trend | None,
    target: tuple[int, float] | None,
    keys: Sequence[Key],
    *,
    unit: str,
    breaks: Sequence[tuple[int, str]],
) -> Axes:
    known = series.known[1]
    top = max((*known, *(trend[3] if trend else ()), *(target[1:] if target else ())), default=1)
    ticks = canvas.count_ticks(top * 1.06)
    rows = marks.legend_rows(keys) if len(keys) > 1 else []
    left, right = (
        canvas.count_margin(ticks),
        text_width(words.trimmed(known[-1] if known else 0), canvas.TEXT, True) + 12,
    )
    above, below = 30 + 18 * len(breaks), 34 + marks.ROW * len(rows)
    ax = canvas.axes(WIDTH, 220 + above + below, left=left, right=right, top=above, bottom=below)
    canvas.count_axis(ax, ticks, unit)
    last = max((*series.years, *(target[:1] if target else ())), default=1)
    canvas.year_axis(ax, min(series.years, default=0), last, room=WIDTH - left - right)
    marks.legend(ax, rows)
    label_ends(ax, series, canvas.TEXT)
    return ax


def _keys(
    series: Series, trend: Trend | None, covid: Span | None, target: tuple[int, float] | None
) -> list[Key]:
    keys = [Key("aantal", BLUE, "-", "o")]
    if trend:
        keys.append(
            Key(
                f"trend {numbers.years(trend[0][0], trend[0][-1])} met 95%-marge", VERMILLION, "--", band=True
            )
        )
    if target:
        keys.append(
            Key(f"streefwaarde {target[0]}: {words.trimmed(target[1])}", GREEN, marker="D", hollow=True)
        )
    if covid:
        keys.append(Key(f"coronajaren {numbers.years(*covid)}", GREY, band=True))
    if series.missing:
        keys.append(Key("geen cijfer", GREY, marker="x"))
    return keys


def _shade(ax: Axes, covid: Span | None) -> None:
    if covid:
        ax.axvspan(covid[0] - 0.5, covid[1] + 0.5, color=GREY, alpha=0.22, linewidth=0, zorder=0)


def _trend(ax: Axes, trend: Trend | None) -> None:
    if trend:
        years, fitted, lower, upper = trend
        ax.fill_between(list(years), list(lower), list(upper), color=VERMILLION, alpha=0.2, linewidth=0)
        ax.plot(years, fitted, color=VERMILLION, linestyle="--", linewidth=2)


def _breaks(ax: Axes, breaks: Sequence[tuple[int, str]]) -> None:
    """Dotted lines before the first year of a new way of counting; the earliest on top."""
    width, height = canvas.size(ax)
    box = ax.get_position()
    for row, (year, text) in enumerate(sorted(breaks)):
        x, y = canvas.pixels(ax, year - 0.5, 0)[0], 32 + 18 * row
        start = min(x + 6, width - text_width(text, canvas.SMALL))
        canvas.write(ax, start, y, text)
        # A text that had to move to the left stands above its line instead of beside it.
        top = (1 - (y + (4 if start < x + 6 else -10)) / height - box.y0) / box.height
        style: dict[str, Any] = {"color": INK, "linestyle": ":", "linewidth": 1.5, "clip_on": False}
        ax.plot([year - 0.5] * 2, [0, top], transform=ax.get_xaxis_transform(), **style)


def _describe(
    series: Series,
    label: str,
    sentence: str,
    trend: Trend | None,
    breaks: Sequence[tuple[int, str]],
    covid: Span | None,
    target: tuple[int, float] | None,
) -> str:
    return words.description(
        sentence or words.from_to(label, *series.known),
        words.from_to("Cijfers", *series.known) if sentence else "",
        words.extremes(*series.known),
        words.missing_text(series.missing) if series.known[0] else "",
        _trend_text(trend),
        *(f"Vanaf {year} niet zonder meer vergelijkbaar met eerder: {text}." for year, text in breaks),
        f"De coronajaren {numbers.years(*covid)} zijn gemarkeerd." if covid else "",
        f"De streefwaarde voor {target[0]} is {words.trimmed(target[1])}." if target else "",
    )


def _trend_text(trend: Trend | None) -> str:
    if not trend:
        return ""
    years, fitted, lower, upper = trend
    digits = 0 if max(fitted) >= 10 else 1
    start, end, low, high = (
        numbers.decimal(value, digits) for value in (fitted[0], fitted[-1], lower[-1], upper[-1])
    )
    return (
        f"De trendlijn loopt van {start} in {years[0]} naar {end} in {years[-1]} "
        f"(95%-marge in {years[-1]}: {low} tot {high})."
    )
