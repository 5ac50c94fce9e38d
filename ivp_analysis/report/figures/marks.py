"""What is drawn over the axes of every chart: legend, target, leader lines, rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ivp_analysis.report.figures import canvas
from ivp_analysis.report.figures.canvas import GREEN, SMALL, WIDTH
from ivp_analysis.report.figures.labels import Box, Point, flow, place, text_width, wrap
from ivp_analysis.report.figures.svg import INK

ROW = 20
# From the start of a legend entry, past its sample, to its words (and a little air).
_INDENT = 34


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend: how a series looks, and what it is."""

    label: str
    color: str
    line: Literal["", "-", "--", "-.", ":"] = ""
    marker: str = ""
    band: bool = False
    hollow: bool = False


def mark_target(ax: Axes, year: float, value: float) -> None:
    """An open diamond: a figure that lies on the target stays visible in it."""
    ax.plot(
        year,
        value,
        marker="D",
        markersize=11,
        markerfacecolor="none",
        markeredgecolor=GREEN,
        markeredgewidth=2.5,
        linestyle="",
        clip_on=False,
    )


def legend_rows(keys: Sequence[Key], width: float = WIDTH) -> list[list[tuple[float, Key]]]:
    """Where every entry goes: rows of (x, entry); what is longer than a row goes on below, without its sample."""
    lines = [wrap(key.label, width - _INDENT, SMALL) for key in keys]
    longest = [max(text_width(line, SMALL) for line in each) for each in lines]
    places = flow(
        [width if len(each) > 1 else wide + _INDENT for each, wide in zip(lines, longest, strict=True)],
        width,
        gap=16,
    )
    rows: list[list[tuple[float, Key]]] = []
    last = -1
    for key, each, (row, x) in zip(keys, lines, places, strict=True):
        if row != last:
            rows.append([])
            last = row
        rows[-1].append((x, replace(key, label=each[0])))
        rows.extend([(x, Key(line, key.color))] for line in each[1:])
    return rows


def legend(ax: Axes, rows: Sequence[Sequence[tuple[float, Key]]]) -> None:
    """Write the legend at the foot of the figure."""
    _, height = canvas.size(ax)
    for position, row in enumerate(rows):
        y = height - ROW * (len(rows) - position) + 14
        for x, key in row:
            _sample(ax, x, y - 4.5, key)
            canvas.write(ax, x + 32, y, key.label)


def _sample(ax: Axes, x: float, y: float, key: Key) -> None:
    width, height = canvas.size(ax)
    figure = canvas.figure_of(ax)
    if key.band:
        box = Rectangle(
            (x / width, 1 - (y + 6) / height),
            26 / width,
            12 / height,
            transform=figure.transFigure,
            facecolor=key.color,
            alpha=0.22,
            linewidth=0,
        )
        figure.add_artist(box)
    if key.line:
        figure.add_artist(
            Line2D(
                [x / width, (x + 26) / width],
                [1 - y / height] * 2,
                color=key.color,
                linestyle=key.line,
                linewidth=2,
            )
        )
    if key.marker:
        figure.add_artist(
            Line2D(
                [(x + 13) / width],
                [1 - y / height],
                color=key.color,
                marker=key.marker,
                markersize=8,
                markerfacecolor="none" if key.hollow else key.color,
                markeredgewidth=2.5 if key.hollow or key.marker == "x" else 1,
                linestyle="",
            )
        )


def rule(ax: Axes, y: float) -> None:
    """A thin line across the whole figure at pixel y."""
    _, height = canvas.size(ax)
    canvas.figure_of(ax).add_artist(Line2D([0, 1], [1 - y / height] * 2, color=INK, linewidth=1, alpha=0.6))


def pointer(ax: Axes, spot: tuple[float, float], box: Box) -> None:
    """A leader line from a point to the nearest edge of its label, both in pixels."""
    width, height = canvas.size(ax)
    x, y = box.nearest(spot)
    line = Line2D(
        [spot[0] / width, x / width],
        [1 - spot[1] / height, 1 - y / height],
        color=INK,
        linewidth=1,
        alpha=0.8,
    )
    canvas.figure_of(ax).add_artist(line)


def name_points(
    ax: Axes,
    points: Sequence[Point],
    texts: Sequence[str],
    *,
    others: Sequence[Point] = (),
    size: float = SMALL,
    bold: bool = False,
) -> None:
    """Texts beside data points, off each other, off `others` and off the lines already drawn.

    The ones that had to move away get a line to their point.
    """
    spots = [canvas.pixels(ax, *point) for point in points]
    box = canvas.plot_box(ax)
    frame = Box(box.left + 2, box.top - 8, box.right + 12, box.bottom - 2)
    obstacles = [canvas.pixels(ax, *point) for point in others]
    placed = place(spots, texts, frame=frame, obstacles=obstacles, lines=_drawn(ax, box), size=size)
    for spot, label in zip(spots, placed, strict=True):
        canvas.write(ax, label.x, label.y, label.text, size_=size, bold=bold)
        if label.leader:
            pointer(ax, spot, label.box)


def _drawn(ax: Axes, box: Box) -> list[Point]:
    """Points four pixels apart along every line in the axes."""
    found: list[Point] = []
    for line in ax.get_lines():
        if line.get_linestyle() not in ("None", ""):
            spots = line.get_transform().transform(line.get_xydata())
            found += [spot for pair in pairwise(spots.tolist()) for spot in _along(*pair)]
    height = canvas.size(ax)[1]
    inside = ((x, height - y) for x, y in found)
    return [(x, y) for x, y in inside if box.left <= x <= box.right and box.top <= y <= box.bottom]


def _along(start: Sequence[float], end: Sequence[float]) -> list[Point]:
    steps = max(1, round(math.dist(start, end) / 4))
    shares = [step / steps for step in range(steps + 1)]
    return [
        (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share) for share in shares
    ]
