"""The main chart: one indicator in one area over the years, with its trend, breaks and target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from ivp_analysis.report.figures import canvas, marks, words
from ivp_analysis.report.figures.canvas import BLUE, GREEN, GREY, VERMILLION, WIDTH
from ivp_analysis.report.figures.counts import (
    Band,
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

# Where the numbers of the breaks stand, from the top of the figure.
_NUMBERS = 38


@plain_style()
def draw_series(
    years: Sequence[int],
    counts: Numbers,
    *,
    label: str,
    unit: str,
    trend: Band | None = None,
    window: Span | None = None,
    breaks: Sequence[tuple[int, str]] = (),
    covid: Span | None = None,
    target: tuple[int, float] | None = None,
    sentence: str = "",
) -> Drawing:
    """Dots and line; the trend with its margin over its own years; larger dots inside the window.

    `label` names subject and area ("Geregistreerde woninginbraak in Weert"); `sentence` opens the description
    when the wording matters, else the first and last figure do.
    """
    series = as_series(years, counts)
    span = window or ((trend.years[0], trend.years[-1]) if trend else None)
    keys = _keys(series, trend, covid, target, breaks)
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
    trend: Band | None,
    target: tuple[int, float] | None,
    keys: Sequence[Key],
    *,
    unit: str,
    breaks: Sequence[tuple[int, str]],
) -> Axes:
    known = series.known[1]
    top = max((*known, *(trend.upper if trend else ()), *(target[1:] if target else ())), default=1)
    ticks = canvas.count_ticks(top * 1.06)
    rows = marks.legend_rows(keys) if len(keys) > 1 else []
    left, right = (
        canvas.count_margin(ticks),
        text_width(words.trimmed(known[-1] if known else 0), canvas.TEXT, True) + 12,
    )
    above, below = 48 if breaks else 30, 34 + marks.ROW * len(rows)
    ax = canvas.axes(WIDTH, 220 + above + below, left=left, right=right, top=above, bottom=below)
    canvas.count_axis(ax, ticks, unit)
    last = max((*series.years, *(target[:1] if target else ())), default=1)
    canvas.year_axis(ax, min(series.years, default=0), last, room=WIDTH - left - right)
    marks.legend(ax, rows)
    label_ends(ax, series, canvas.TEXT)
    return ax


def _keys(
    series: Series,
    trend: Band | None,
    covid: Span | None,
    target: tuple[int, float] | None,
    breaks: Sequence[tuple[int, str]],
) -> list[Key]:
    keys = [Key("aantal", BLUE, "-", "o")]
    if trend:
        span = numbers.years(trend.years[0], trend.years[-1])
        keys.append(Key(f"trend {span} met {numbers.margin(trend.level)}", VERMILLION, "--", band=True))
    if target:
        keys.append(
            Key(f"streefwaarde {target[0]}: {words.trimmed(target[1])}", GREEN, marker="D", hollow=True)
        )
    if covid:
        keys.append(Key(f"coronajaren {numbers.years(*covid)}", GREY, band=True))
    if series.missing:
        keys.append(Key("geen cijfer", GREY, marker="x"))
    numbered = enumerate(sorted(breaks), start=1)
    return keys + [Key(f"{number} ({year}): {text}", INK, ":") for number, (year, text) in numbered]


def _shade(ax: Axes, covid: Span | None) -> None:
    if covid:
        ax.axvspan(covid[0] - 0.5, covid[1] + 0.5, color=GREY, alpha=0.22, linewidth=0, zorder=0)


def _trend(ax: Axes, trend: Band | None) -> None:
    if trend:
        years, lower, upper = list(trend.years), list(trend.lower), list(trend.upper)
        ax.fill_between(years, lower, upper, color=VERMILLION, alpha=0.2, linewidth=0)
        ax.plot(years, trend.middle, color=VERMILLION, linestyle="--", linewidth=2)


def _breaks(ax: Axes, breaks: Sequence[tuple[int, str]]) -> None:
    """Dotted lines before the first year of a new way of counting, numbered as in the legend."""
    height = canvas.size(ax)[1]
    box = ax.get_position()
    top = (1 - _NUMBERS / height - box.y0) / box.height
    for number, (year, _) in enumerate(sorted(breaks), start=1):
        x = canvas.pixels(ax, year - 0.5, 0)[0]
        canvas.write(ax, x, _NUMBERS - 4, str(number), align="center", bold=True)
        style: dict[str, Any] = {"color": INK, "linestyle": ":", "linewidth": 1.5, "clip_on": False}
        ax.plot([year - 0.5] * 2, [0, top], transform=ax.get_xaxis_transform(), **style)


def _describe(
    series: Series,
    label: str,
    sentence: str,
    trend: Band | None,
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


def _trend_text(trend: Band | None) -> str:
    if not trend:
        return ""
    years, fitted, lower, upper = trend.years, trend.middle, trend.lower, trend.upper
    digits = 0 if max(fitted) >= 10 else 1
    start, end, low, high = (
        numbers.decimal(value, digits) for value in (fitted[0], fitted[-1], lower[-1], upper[-1])
    )
    return (
        f"De trendlijn loopt van {start} in {years[0]} naar {end} in {years[-1]} "
        f"({numbers.margin(trend.level)} in {years[-1]}: {low} tot {high})."
    )
