"""Rates of a municipality and its peers in order, each with its interval: a bare rank says too much."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from ivp_analysis.errors import ReportError
from ivp_analysis.report.figures import canvas, words
from ivp_analysis.report.figures.canvas import BLUE, GREY, SMALL, TEXT, VERMILLION, WIDTH
from ivp_analysis.report.figures.labels import text_width
from ivp_analysis.report.figures.svg import INK, Drawing, export, plain_style
from ivp_analysis.report.page import numbers

Row = tuple[str, float, float, float]
_ROW, _TOP, _BOTTOM, _MOST = 22, 50, 30, 60


@plain_style()
def draw_caterpillar(
    names: Sequence[str],
    values: Sequence[float],
    lower: Sequence[float],
    upper: Sequence[float],
    *,
    highlighted: Sequence[str],
    reference: float,
    reference_label: str,
    label: str,
    unit: str,
    sentence: str = "",
) -> Drawing:
    """A row per municipality, high to low, with estimate and interval; own ones bold with a diamond."""
    rows = sorted(zip(names, values, lower, upper, strict=True), key=lambda row: (-row[1], row[0]))
    if not 0 < len(rows) <= _MOST:
        raise ReportError(
            f"{len(rows)} rows do not make a legible figure", where=label, todo=f"pass 1 to {_MOST} areas"
        )
    digits = words.digits_for(values)
    mean = f"{reference_label}: {numbers.decimal(reference, digits)}"
    ax = _frame(rows, reference, mean, unit, digits)
    for place_, (name, value, low, high) in enumerate(rows):
        own = name in highlighted
        color = VERMILLION if own else GREY
        ax.plot([low, high], [place_] * 2, color=color, linewidth=3 if own else 2, solid_capstyle="butt")
        ax.plot(
            value, place_, color=color, marker="D" if own else "o", markersize=9 if own else 7, linestyle=""
        )
        canvas.write(ax, WIDTH, _base(place_), numbers.decimal(value, digits), align="right", bold=own)
        canvas.write(ax, 0, _base(place_), name, bold=own)
    text = words.description(
        sentence, f"{label} ({unit}), van hoog naar laag: {_listed(rows, highlighted, digits)}. {mean}."
    )
    return export(canvas.figure_of(ax), title=label, description=text)


def _base(place: int) -> float:
    return _TOP + _ROW * (place + 0.5) + 5


def _frame(rows: Sequence[Row], reference: float, reference_text: str, unit: str, digits: int) -> Axes:
    left = max(text_width(name, SMALL, True) for name, *_ in rows) + 14
    right = max(text_width(numbers.decimal(value, digits), SMALL, True) for _, value, *_ in rows) + 14
    height = _TOP + _ROW * len(rows) + _BOTTOM
    ax = canvas.axes(WIDTH, height, left=left, right=right, top=_TOP, bottom=_BOTTOM)
    ticks = canvas.count_ticks(max(reference, *(high for *_, high in rows)))
    ax.set_xlim(0, ticks[-1])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks([])
    ax.set_xticks(ticks, [words.trimmed(tick, 2) for tick in ticks], fontsize=TEXT)
    ax.grid(axis="x", color=INK, alpha=0.16, linewidth=1)
    canvas.write(ax, 0, 14, unit)
    _reference(ax, reference, reference_text)
    return ax


def _reference(ax: Axes, reference: float, text: str) -> None:
    ax.axvline(reference, color=BLUE, linestyle="--", linewidth=1.8)
    x, half = canvas.pixels(ax, reference, 0)[0], text_width(text, SMALL) / 2
    canvas.write(ax, min(max(x, half), WIDTH - half), _TOP - 8, text, align="center")


def _listed(rows: Sequence[Row], highlighted: Sequence[str], digits: int) -> str:
    """Own municipalities with their interval; the others can be read from the table."""
    return "; ".join(
        f"{name} {numbers.decimal(value, digits)} "
        f"(tussen {numbers.decimal(low, digits)} en {numbers.decimal(high, digits)})"
        for name, value, low, high in rows
        if name in highlighted
    )
