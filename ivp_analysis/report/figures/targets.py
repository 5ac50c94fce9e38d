"""A target of the plan as a path: where it started, where it should go, where it is heading."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from ivp_analysis.report.figures import canvas, marks, words
from ivp_analysis.report.figures.canvas import BLUE, GREEN, GREY, SMALL, TEXT, VERMILLION, WIDTH
from ivp_analysis.report.figures.counts import Band, Numbers, Series, as_series, draw_counts, label_ends
from ivp_analysis.report.figures.labels import text_width
from ivp_analysis.report.figures.marks import Key
from ivp_analysis.report.figures.svg import Drawing, export, plain_style
from ivp_analysis.report.page import numbers

Milestone = tuple[int, float]


@plain_style()
def draw_target_path(
    years: Sequence[int],
    counts: Numbers,
    *,
    baseline: Milestone,
    target: Milestone,
    path: Sequence[Milestone] = (),
    projection: Band | None = None,
    probability: float | None = None,
    label: str,
    unit: str,
    sentence: str = "",
) -> Drawing:
    """The counts, the way from baseline to target, the projection with its margin."""
    series = as_series(years, counts)
    way = list(path) or [baseline, target]
    chance = "" if probability is None else f"kans om de streefwaarde te halen: {numbers.chance(probability)}"
    ax = _frame(series, baseline, target, way, projection, unit=unit, chance=chance)
    ax.plot(*zip(*way, strict=True), color=GREEN, linestyle=(0, (5, 2)), linewidth=2)
    _projection(ax, series, projection)
    draw_counts(ax, series)
    ax.plot(
        *baseline,
        marker="s",
        markersize=12,
        markerfacecolor="none",
        markeredgecolor=GREEN,
        markeredgewidth=2.5,
        linestyle="",
        clip_on=False,
    )
    marks.mark_target(ax, *target)
    _name_last(ax, series, [baseline, target, *way], projection)
    text = _describe(series, baseline, target, projection, chance, label, sentence)
    return export(canvas.figure_of(ax), title=f"{label}: de weg naar {target[0]}", description=text)


def _frame(
    series: Series,
    baseline: Milestone,
    target: Milestone,
    way: Sequence[Milestone],
    projection: Band | None,
    *,
    unit: str,
    chance: str,
) -> Axes:
    values = [
        *series.known[1],
        *(value for _, value in way),
        baseline[1],
        target[1],
        *(projection.upper if projection else ()),
    ]
    span = [*series.years, baseline[0], target[0], *(projection.years if projection else ())]
    ticks = canvas.count_ticks(max(values) * 1.06)
    rows = marks.legend_rows(_keys(series, baseline, target, projection))
    left = canvas.count_margin(ticks)
    right = (
        16
        if max(span) > max(series.known[0], default=0)
        else text_width(words.trimmed(max(values)), TEXT, True) + 12
    )
    above, below = 48 if chance else 30, 34 + marks.ROW * len(rows)
    ax = canvas.axes(WIDTH, 220 + above + below, left=left, right=right, top=above, bottom=below)
    canvas.count_axis(ax, ticks, unit)
    canvas.year_axis(ax, min(span), max(span), room=WIDTH - left - right)
    marks.legend(ax, rows)
    if chance:
        canvas.write(ax, 0, 34, chance, bold=True, size_=SMALL)
    if right > 16:
        label_ends(ax, series, TEXT)
    return ax


def _keys(series: Series, baseline: Milestone, target: Milestone, projection: Band | None) -> list[Key]:
    keys = [
        Key("aantal", BLUE, "-", "o"),
        Key(f"uitgangswaarde {baseline[0]}: {words.trimmed(baseline[1])}", GREEN, marker="s", hollow=True),
        Key(f"streefwaarde {target[0]}: {words.trimmed(target[1])}", GREEN, marker="D", hollow=True),
        Key("weg naar de streefwaarde", GREEN, "--"),
    ]
    if projection:
        keys.append(
            Key(f"verwachting met {numbers.margin(projection.level)}", VERMILLION, "-.", "^", band=True)
        )
    if series.missing:
        keys.append(Key("geen cijfer", GREY, marker="x"))
    return keys


def _projection(ax: Axes, series: Series, projection: Band | None) -> None:
    """The fan starts at the last known figure, from which it was made."""
    if not projection:
        return
    years, median = [*projection.years], [*projection.middle]
    lower, upper = [*projection.lower], [*projection.upper]
    if series.known[0] and series.known[0][-1] < years[0]:
        start, count = series.known[0][-1], series.known[1][-1]
        years, median, lower, upper = [start, *years], [count, *median], [count, *lower], [count, *upper]
    ax.fill_between(years, lower, upper, color=VERMILLION, alpha=0.2, linewidth=0)
    ax.plot(years, median, color=VERMILLION, linestyle="-.", linewidth=2)
    ax.plot(projection.years, projection.middle, color=VERMILLION, linestyle="", marker="^", markersize=8)


def _name_last(ax: Axes, series: Series, milestones: Sequence[Milestone], projection: Band | None) -> None:
    """The last figure, where it does not stand at the end of the chart."""
    years, counts = series.known
    if years and years[-1] + 0.5 < ax.get_xlim()[1]:
        others = [*milestones, *(zip(projection.years, projection.middle, strict=True) if projection else ())]
        marks.name_points(
            ax, [(years[-1], counts[-1])], [words.trimmed(counts[-1])], others=others, bold=True
        )


def _describe(
    series: Series,
    baseline: Milestone,
    target: Milestone,
    projection: Band | None,
    chance: str,
    label: str,
    sentence: str,
) -> str:
    ahead = ""
    if projection:
        low, high = numbers.count(projection.lower[-1]), numbers.count(projection.upper[-1])
        ahead = (
            f"Verwachting voor {projection.years[-1]}: {numbers.count(projection.middle[-1])}, "
            f"met {numbers.percent(projection.level)} kans tussen {low} en {high}."
        )
    return words.description(
        sentence or words.from_to(label, *series.known),
        words.from_to("Cijfers", *series.known) if sentence else "",
        f"Uitgangswaarde {baseline[0]}: {words.trimmed(baseline[1])}.",
        f"Streefwaarde {target[0]}: {words.trimmed(target[1])}.",
        ahead,
        f"{chance.capitalize()}." if chance else "",
        words.missing_text(series.missing) if series.known[0] else "",
    )
