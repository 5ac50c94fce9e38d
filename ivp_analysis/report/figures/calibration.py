"""How well earlier projections came true: two small charts for the accountability report."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from ivp_analysis.errors import ReportError
from ivp_analysis.report.figures import canvas, marks, words
from ivp_analysis.report.figures.canvas import BLUE, VERMILLION
from ivp_analysis.report.figures.multiples import grid
from ivp_analysis.report.figures.small import WIDTH as PANEL
from ivp_analysis.report.figures.svg import INK, Drawing, export, plain_style
from ivp_analysis.report.page import numbers

Reliability = tuple[float, float, int]


def draw_calibration(
    pit: Sequence[float], reliability: Sequence[Reliability], *, label: str, sentence: str = ""
) -> Drawing:
    """Counts per equal class of the PIT, and (predicted, observed, number) per class of probability."""
    if len(pit) < 2 or not reliability:
        raise ReportError("a calibration needs at least two classes and one reliability point", where=label)
    drawing = grid([_draw_pit(pit, label), _draw_reliability(reliability, label)], title=label)
    return Drawing(drawing.svg, label, words.description(sentence, drawing.description), drawing.width)


@plain_style()
def _draw_pit(pit: Sequence[float], label: str) -> Drawing:
    ticks = canvas.count_ticks(max(pit) * 1.05, bins=4)
    ax = _frame(ticks, "aantal uitkomsten", "plaats in de voorspelde verdeling (%)")
    width = 100 / len(pit)
    ax.bar(
        [width * (place_ + 0.5) for place_ in range(len(pit))],
        pit,
        width=width * 0.86,
        color=BLUE,
        linewidth=0,
    )
    even = sum(pit) / len(pit)
    ax.axhline(even, color=VERMILLION, linestyle="--", linewidth=2)
    text = (
        f"{numbers.count(sum(pit))} uitkomsten in {len(pit)} klassen. "
        f"Bij goede marges telt elke klasse er ongeveer {words.trimmed(round(even, 1))} (gestreepte lijn). "
        f"Hier zijn het er {numbers.count(min(pit))} tot {numbers.count(max(pit))}."
    )
    return export(
        canvas.figure_of(ax), title=f"{label}: vielen de uitkomsten binnen de marges?", description=text
    )


@plain_style()
def _draw_reliability(reliability: Sequence[Reliability], label: str) -> Drawing:
    ax = _frame([0, 25, 50, 75, 100], "werkelijk uitgekomen (%)", "voorspelde kans (%)")
    ax.plot([0, 100], [0, 100], color=VERMILLION, linestyle="--", linewidth=2)
    points = [(100 * predicted, 100 * observed) for predicted, observed, _ in reliability]
    ax.plot(*zip(*points, strict=True), color=BLUE, marker="o", markersize=7, linewidth=1.6, clip_on=False)
    marks.name_points(ax, points, [f"n = {numbers.count(size)}" for *_, size in reliability], size=11)
    listed = "; ".join(
        f"voorspeld {numbers.count(100 * predicted)}%, uitgekomen {numbers.count(100 * observed)}% "
        f"van {numbers.count(size)}"
        for predicted, observed, size in reliability
    )
    title = f"{label}: kwamen de kansen uit?"
    return export(
        canvas.figure_of(ax),
        title=title,
        description=f"Per klasse: {listed}. Op de gestreepte lijn klopt de kans.",
    )


def _frame(ticks: Sequence[float], unit: str, below: str) -> Axes:
    left = canvas.count_margin(ticks, 12)
    ax = canvas.axes(PANEL, 240, left=left, right=18, top=28, bottom=46)
    canvas.count_axis(ax, ticks, unit, text=12)
    ax.set_xlim(0, 100)
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.tick_params(axis="x", labelsize=12)
    ax.spines["bottom"].set_color(INK)
    canvas.write(ax, PANEL, 236, below, align="right", size_=12)
    return ax
