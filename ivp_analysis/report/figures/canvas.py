"""The common look: one palette, axes measured in pixels, few lines, text large enough for a phone.

One figure unit is one CSS pixel at the designed width. Charts are 480 wide with text of 14 and 15: on a phone
that is still 10, and on A4 or a wide screen it is as large as the text around it.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ivp_analysis.errors import ReportError
from ivp_analysis.report.figures.labels import Box, text_width
from ivp_analysis.report.figures.svg import INK
from ivp_analysis.report.figures.words import trimmed

# Okabe-Ito, the three (and a grey) that keep 3:1 against both white and near black.
BLUE, VERMILLION, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#767676"
WIDTH, TEXT, SMALL = 480, 15.0, 14.0


def axes(width: float, height: float, *, left: float, right: float, top: float, bottom: float) -> Axes:
    """Axes with margins in pixels and only a base line."""
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    box = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    ax = figure.add_axes(box)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set(color=INK, alpha=0.6, linewidth=1, capstyle="butt")
    ax.tick_params(length=0, pad=5, labelsize=TEXT, labelcolor=INK)
    ax.tick_params(axis="x", pad=9)
    ax.set_axisbelow(True)
    return ax


def size(ax: Axes) -> tuple[float, float]:
    """Width and height of the whole figure in pixels."""
    figure = figure_of(ax)
    return figure.get_figwidth() * 72, figure.get_figheight() * 72


def write(
    ax: Axes, x: float, y: float, text: str, *, align: str = "left", size_: float = SMALL, bold: bool = False
) -> None:
    """Text with its baseline at pixel (x, y) from the top left of the figure."""
    width, height = size(ax)
    ax.text(
        x / width,
        1 - y / height,
        text,
        transform=figure_of(ax).transFigure,
        ha=align,
        va="baseline",
        fontsize=size_,
        fontweight="bold" if bold else "normal",
        color=INK,
        clip_on=False,
    )


def figure_of(ax: Axes) -> Figure:
    """The figure that holds the axes."""
    figure = ax.get_figure(root=True)
    if figure is None:  # Only after ax.remove(), which no drawing does.
        raise ReportError("axes without a figure")
    return figure


def count_ticks(top: float, *, bins: int = 5) -> list[float]:
    """Round values from zero to at least `top`."""
    top = top if top > 0 else 1
    locator = MaxNLocator(nbins=bins, integer=top >= 1, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2)
    return [float(tick) for tick in locator.tick_values(0, top) if tick >= 0]


def count_margin(ticks: Sequence[float], text: float = TEXT) -> float:
    """Room for the labels left of the axis."""
    return max(text_width(trimmed(tick), text) for tick in ticks) + 10


def count_axis(ax: Axes, ticks: Sequence[float], unit: str, *, text: float = TEXT) -> None:
    """A value axis from zero with thin grid lines; its unit stands above it and reads without turning."""
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(ticks, [trimmed(tick, 2) for tick in ticks])
    ax.tick_params(axis="y", labelsize=text)
    ax.grid(axis="y", color=INK, alpha=0.16, linewidth=1)
    if unit:
        write(ax, 0, text, unit, size_=text - 1)


def year_axis(ax: Axes, first: float, last: float, *, room: float, text: float = TEXT) -> None:
    """Whole years, as many as fit, always with the last one."""
    ax.set_xlim(first - 0.5, last + 0.5)
    years = years_shown(first, last, room=room, text=text)
    ax.set_xticks(years, [str(year) for year in years])
    ax.tick_params(axis="x", labelsize=text)


def years_shown(first: float, last: float, *, room: float, text: float = TEXT) -> list[int]:
    """As many years as fit in `room` pixels, evenly apart, the last one always."""
    start, end = round(first), round(last)
    fits = max(2, int(room // (text_width("2020", text) + 10)))
    step = next(step for step in (1, 2, 3, 4, 5, 10, 20, 50) if (end - start) / step + 1 <= fits)
    return list(range(end, start - 1, -step))[::-1]


def pixels(ax: Axes, x: float, y: float) -> tuple[float, float]:
    """Where a data point lies, in pixels from the top left of the figure."""
    across, up = ax.transData.transform((x, y))
    return float(across), size(ax)[1] - float(up)


def plot_box(ax: Axes) -> Box:
    """The area of the axes in pixels from the top left of the figure."""
    width, height = size(ax)
    box = ax.get_position()
    return Box(box.x0 * width, (1 - box.y1) * height, box.x1 * width, (1 - box.y0) * height)
