"""The running year month by month: what was counted, what was to be expected, and which months stand out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from ivp_analysis.errors import ReportError
from ivp_analysis.report.figures import canvas, marks, words
from ivp_analysis.report.figures.canvas import BLUE, GREY, TEXT, VERMILLION, WIDTH
from ivp_analysis.report.figures.counts import Numbers, Series
from ivp_analysis.report.figures.labels import text_width
from ivp_analysis.report.figures.marks import Key
from ivp_analysis.report.figures.svg import INK, Drawing, export, plain_style
from ivp_analysis.report.page import numbers

_SHORT = 18  # up to this many months are named one by one


@plain_style()
def draw_monitor(
    months: Sequence[str],
    counts: Numbers,
    expected: Numbers,
    lower: Numbers,
    upper: Numbers,
    signals: Sequence[str] | None,
    *,
    label: str,
    unit: str,
    sentence: str = "",
    names: tuple[str, str] = ("aantal", "verwacht, met marge"),
) -> Drawing:
    """Consecutive months ("2023-04"); `signals` are those outside the limits, marked and named; None: no
    month is judged.

    names: what the dots and the dashed line with its band are called.
    """
    if not months or len(set(signals or ()) - set(months)):
        raise ReportError("a monitor needs months, and every signal must be one of them", where=label)
    series = Series(tuple(range(len(months))), tuple(_plain(counts)))
    band = [pd.Series(_plain(values), dtype="float64") for values in (expected, lower, upper)]
    ax = _frame(months, series, float(band[2].max()), unit, bool(signals), names)
    ax.fill_between(series.years, band[1], band[2], color=GREY, alpha=0.22, linewidth=0)
    ax.plot(series.years, band[0], color=INK, linestyle="--", linewidth=1.6)
    for where, values in series.runs:
        ax.plot(where, values, color=BLUE, linewidth=2, marker="o", markersize=5, clip_on=False)
    ax.plot(
        series.missing,
        [0] * len(series.missing),
        color=GREY,
        marker="x",
        markersize=8,
        markeredgewidth=2,
        linestyle="",
        clip_on=False,
    )
    _signals(ax, months, series, signals or ())
    return export(
        canvas.figure_of(ax),
        title=label,
        description=_describe(months, series, band[0], signals, label, sentence, names[1].partition(",")[0]),
    )


def _plain(values: Numbers) -> list[float | None]:
    return [None if value is None or pd.isna(value) else float(value) for value in values]


def _frame(
    months: Sequence[str],
    series: Series,
    highest: float,
    unit: str,
    signals: bool,
    names: tuple[str, str],
) -> Axes:
    keys = [Key(names[0], BLUE, "-", "o"), Key(names[1], INK, "--", band=True)]
    keys += [Key("opvallende maand", VERMILLION, marker="^")] if signals else []
    keys += [Key("geen cijfer", GREY, marker="x")] if series.missing else []
    rows = marks.legend_rows(keys)
    ticks = canvas.count_ticks(max(*series.known[1], highest, 1) * 1.12)
    left, below = canvas.count_margin(ticks), (34 if len(months) > _SHORT else 52) + marks.ROW * len(rows)
    ax = canvas.axes(WIDTH, 260 + below, left=left, right=16, top=30, bottom=below)
    canvas.count_axis(ax, ticks, unit)
    ax.set_xlim(-0.7, len(months) - 0.3)
    _month_ticks(ax, months, WIDTH - left - 16)
    marks.legend(ax, rows)
    return ax


def _month_ticks(ax: Axes, months: Sequence[str], room: float) -> None:
    """Years at their January in a long series; in a short one months, with the year under the first."""
    if len(months) > _SHORT:
        spots = [spot for spot, month in enumerate(months) if month.endswith("-01")]
        names = [months[spot][:4] for spot in spots]
    else:
        spots = list(range(len(months)))
        names = [words.MONTHS[int(month[5:]) - 1] for month in months]
    wide = text_width("2020", TEXT) + 10
    step = max(1, -int(-len(spots) * wide // room))
    ax.set_xticks(spots[::step], names[::step])
    if len(months) <= _SHORT:
        _years_below(ax, months)


def _years_below(ax: Axes, months: Sequence[str]) -> None:
    firsts = [spot for spot, month in enumerate(months) if spot == 0 or month.endswith("-01")]
    if len(firsts) > 1 and firsts[1] < 2:
        firsts = firsts[1:]  # The first month and January side by side: the year of January tells enough.
    for spot in firsts:
        x, y = canvas.pixels(ax, spot, 0)
        canvas.write(ax, x, y + 40, months[spot][:4], align="center", size_=TEXT)


def _signals(ax: Axes, months: Sequence[str], series: Series, signals: Sequence[str]) -> None:
    found = [
        (spot, count)
        for spot, count in enumerate(series.counts)
        if months[spot] in signals and count is not None
    ]
    if not found:
        return
    ax.plot(
        *zip(*found, strict=True), color=VERMILLION, marker="^", markersize=11, linestyle="", clip_on=False
    )
    texts = [f"{numbers.period(months[where])}: {words.trimmed(count)}" for where, count in found]
    marks.name_points(ax, found, texts, others=list(zip(*series.known, strict=True)))


def _describe(
    months: Sequence[str],
    series: Series,
    expected: pd.Series[float],
    signals: Sequence[str] | None,
    label: str,
    sentence: str,
    line: str,
) -> str:
    where, counts = series.known
    latest = ""
    if where:
        normal = (
            f", {line} {words.trimmed(round(float(expected[where[-1]]), 1))}"
            if pd.notna(expected[where[-1]])
            else ""
        )
        latest = (
            f"Laatste maand: {numbers.period(months[where[-1]])} met {words.trimmed(counts[-1])}{normal}."
        )
    named = [f"{numbers.period(month)} ({_count_text(series, months, month)})" for month in signals or ()]
    quiet = "" if signals is None else "Geen enkele maand valt op."
    return words.description(
        sentence or f"{label}, van {numbers.period(months[0])} tot en met {numbers.period(months[-1])}.",
        latest,
        f"Opvallende maanden: {words.joined(named)}." if named else quiet,
        f"Geen cijfer over {words.joined(numbers.period(months[spot]) for spot in series.missing)}."
        if series.missing
        else "",
    )


def _count_text(series: Series, months: Sequence[str], month: str) -> str:
    count = series.counts[list(months).index(month)]
    return "geen cijfer" if count is None else words.trimmed(count)
