"""What each municipality or each part adds to a change: bars to both sides of zero that sum to the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from ivp_analysis.errors import ReportError
from ivp_analysis.report.figures import canvas, marks, words
from ivp_analysis.report.figures.canvas import BLUE, TEXT, VERMILLION, WIDTH
from ivp_analysis.report.figures.labels import text_width, wrap
from ivp_analysis.report.figures.svg import INK, Drawing, export, plain_style
from ivp_analysis.report.page import numbers

_NAMES = 182
_TOP = 26


@plain_style()
def draw_contribution(
    parts: Sequence[str],
    changes: Sequence[float],
    *,
    label: str,
    unit: str,
    whole: str = "samen",
    sentence: str = "",
) -> Drawing:
    """Bars sorted from the largest fall to the largest rise, then the exact sum of all.

    `label` names subject and years ("Verandering van geregistreerde woninginbraak, 2018-2023").
    """
    if len(parts) != len(changes) or not parts:
        raise ReportError(
            f"{len(parts)} parts with {len(changes)} changes cannot be drawn", where="draw_contribution"
        )
    rows = sorted(zip(parts, changes, strict=True), key=lambda row: (row[1], row[0]))
    rows.append((whole, math.fsum(changes)))
    names = [wrap(name, _NAMES, TEXT, bold=name == whole) for name, _ in rows]
    heights = [12 + 18 * len(lines) for lines in names]
    ax = _frame(heights, [change for _, change in rows])
    canvas.write(ax, 0, 14, unit)
    y = float(_TOP)
    for position, (lines, height, (_, change)) in enumerate(zip(names, heights, rows, strict=True)):
        _row(ax, y, height, lines, change, last=position == len(rows) - 1)
        y += height
    title = f"{label}: bijdrage per onderdeel"
    return export(canvas.figure_of(ax), title=title, description=_describe(rows, label, unit, sentence))


def _frame(heights: Sequence[float], changes: Sequence[float]) -> Axes:
    """Axes in pixels from the top; the scale leaves room for the figures beside the bars."""
    total = sum(heights) + _TOP + 4
    low, high = min(0.0, *changes), max(0.0, *changes)
    room = max(text_width(_amount(change), TEXT, True) for change in changes) + 8
    left, right = _NAMES + 10 + (room if low < 0 else 2), room if high > 0 else 2
    ax = canvas.axes(WIDTH, total, left=left, right=right, top=0, bottom=0)
    ax.set_xlim(low, high if high > low else low + 1)
    ax.set_ylim(total, 0)
    ax.set_axis_off()
    return ax


def _row(ax: Axes, y: float, height: float, lines: Sequence[str], change: float, *, last: bool) -> None:
    first = y + height / 2 + 5 - 9 * (len(lines) - 1)
    for row, line in enumerate(lines):
        canvas.write(ax, 0, first + 18 * row, line, size_=TEXT, bold=last)
    color = VERMILLION if change > 0 else BLUE
    ax.barh(y + height / 2, change, height=height - (14 if last else 10), color=color, linewidth=0)
    ax.plot([0, 0], [y, y + height], color=INK, linewidth=1, clip_on=False)
    if last:
        marks.rule(ax, y)
    right = change > 0 or (change == 0 and ax.get_xlim()[1] > 0)
    ax.annotate(
        _amount(change),
        (change, y + height / 2),
        (5 if right else -5, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=TEXT,
        color=INK,
        fontweight="bold" if last else "normal",
        annotation_clip=False,
    )


def _amount(change: float) -> str:
    return numbers.signed(change, 0 if float(change).is_integer() else 1)


def _describe(rows: Sequence[tuple[str, float]], label: str, unit: str, sentence: str) -> str:
    listed = "; ".join(f"{name} {_amount(change)}" for name, change in rows[:-1])
    name, total = rows[-1]
    return words.description(sentence, f"{label} ({unit}): {listed}; {name} {_amount(total)}.")
