"""Against comparable municipalities: the funnel with the limits of the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from ivp_analysis.errors import ReportError
from ivp_analysis.report.figures import canvas, marks, words
from ivp_analysis.report.figures.canvas import BLUE, GREY, TEXT, VERMILLION, WIDTH
from ivp_analysis.report.figures.labels import text_width
from ivp_analysis.report.figures.marks import Key
from ivp_analysis.report.figures.svg import INK, Drawing, export, plain_style
from ivp_analysis.report.page import numbers


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A municipality: its expected count (or population) and its ratio or rate; `own` ones get a name."""

    name: str
    x: float
    y: float
    own: bool = False


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """The limits of the verdict along the horizontal axis, for two levels (0.95 and 0.998, say).

    exact: (lower, upper) at either level, were there no other difference than chance.
    """

    x: Sequence[float]
    lower_inner: Sequence[float]
    upper_inner: Sequence[float]
    lower_outer: Sequence[float]
    upper_outer: Sequence[float]
    inner: float
    outer: float
    exact: Sequence[tuple[Sequence[float], Sequence[float]]] = ()


@plain_style()
def draw_funnel(
    points: Sequence[FunnelPoint],
    limits: FunnelLimits,
    *,
    reference: float,
    label: str,
    x_unit: str,
    y_unit: str,
    sentence: str = "",
) -> Drawing:
    """Own municipalities named, the others grey; between the dashed lines a difference may well be chance."""
    if not points:
        raise ReportError("a funnel without municipalities cannot be drawn", where=label)
    keys = [
        Key("gemeenten van dit plan", VERMILLION, marker="D"),
        Key("andere gemeenten", GREY, marker="o"),
        Key(numbers.limit(limits.inner), INK, "--"),
        Key(numbers.limit(limits.outer), INK, ":"),
        Key("vergelijkbaar niveau", BLUE, "-"),
    ]
    if limits.exact:
        keys.append(Key(f"alleen toeval ({_levels(limits)})", GREY, "-"))
    ax = _funnel_frame(points, limits, marks.legend_rows(keys), x_unit=x_unit, y_unit=y_unit)
    _limit_lines(ax, limits, reference)
    for own, color, marker, size in ((False, GREY, "o", 5), (True, VERMILLION, "D", 8)):
        chosen = [point for point in points if point.own == own]
        ax.plot(
            [point.x for point in chosen],
            [point.y for point in chosen],
            color=color,
            marker=marker,
            markersize=size,
            linestyle="",
            clip_on=False,
            markeredgewidth=0,
        )
    _names(ax, points)
    return export(
        canvas.figure_of(ax), title=label, description=_funnel_text(points, limits, label, y_unit, sentence)
    )


def _funnel_frame(
    points: Sequence[FunnelPoint],
    limits: FunnelLimits,
    rows: Sequence[Sequence[tuple[float, Key]]],
    *,
    x_unit: str,
    y_unit: str,
) -> Axes:
    # The limits of a very small municipality would flatten everything else, so they may leave the picture.
    highest, lowest = max(point.y for point in points), min(limits.upper_inner)
    ticks = canvas.count_ticks(max(highest, lowest) * 1.15)
    left, right, below = canvas.count_margin(ticks), 16, 56 + marks.ROW * len(rows)
    ax = canvas.axes(WIDTH, 260 + 30 + below, left=left, right=right, top=30, bottom=below)
    canvas.count_axis(ax, ticks, y_unit)
    _x_axis(ax, [point.x for point in points], room=WIDTH - left - right)
    width, height = canvas.size(ax)
    canvas.write(ax, width - right, height - below + 40, x_unit, align="right")
    marks.legend(ax, rows)
    return ax


def _x_axis(ax: Axes, values: Sequence[float], *, room: float) -> None:
    """From zero, or logarithmic when the largest is more than thirty times the smallest."""
    low, high = min(values), max(values)
    if low > 0 and high / low > 30:
        ax.set_xscale("log")
        ax.set_xlim(low * 0.85, high * 1.15)
        ticks = [float(lead * 10**power) for power in range(-2, 9) for lead in (1, 2, 5)]
    else:
        ax.set_xlim(0, high * 1.06)
        ticks = canvas.count_ticks(high * 1.06)
    ticks = [tick for tick in ticks if ax.get_xlim()[0] <= tick <= ax.get_xlim()[1]]
    wide = max(text_width(words.trimmed(tick, 2), TEXT) for tick in ticks) + 12
    step = max(1, -int(-len(ticks) * wide // room))
    ax.set_xticks(ticks[::step], [words.trimmed(tick, 2) for tick in ticks[::step]])
    ax.set_xticks([], minor=True)


def _limit_lines(ax: Axes, limits: FunnelLimits, reference: float) -> None:
    for lower, upper, style in (
        (limits.lower_inner, limits.upper_inner, "--"),
        (limits.lower_outer, limits.upper_outer, ":"),
    ):
        for values in (lower, upper):
            ax.plot(limits.x, values, color=INK, linestyle=style, linewidth=1.4, alpha=0.8)
    for pair in limits.exact:
        for values in pair:
            ax.plot(limits.x, values, color=GREY, linewidth=0.7)
    ax.axhline(reference, color=BLUE, linewidth=1.6)


def _levels(limits: FunnelLimits) -> str:
    """`95% en 99,8%`."""
    ends = (numbers.limit(level).removesuffix("-grens") for level in (limits.inner, limits.outer))
    return " en ".join(ends)


def _names(ax: Axes, points: Sequence[FunnelPoint]) -> None:
    """Only the own municipalities have a name; fifty names would hide the picture."""
    own = [point for point in points if point.own]
    others = [(point.x, point.y) for point in points if not point.own]
    marks.name_points(ax, [(point.x, point.y) for point in own], [point.name for point in own], others=others)


def _funnel_text(
    points: Sequence[FunnelPoint], limits: FunnelLimits, label: str, y_unit: str, sentence: str
) -> str:
    own = [point for point in points if point.own]
    digits = words.digits_for([point.y for point in own] or [0])
    listed = "; ".join(f"{point.name} {numbers.decimal(point.y, digits)}" for point in own)
    others = sum(not point.own for point in points)
    return words.description(
        sentence,
        f"{label}: {listed} ({y_unit})." if listed else "",
        f"Daarnaast {numbers.count(others)} andere gemeenten.",
        "Tussen de gestreepte grenzen kan een verschil goed toeval zijn.",
        "De dunne grenzen laten de gewone verschillen tussen gemeenten buiten beschouwing."
        if limits.exact
        else "",
    )
