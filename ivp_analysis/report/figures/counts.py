"""A yearly series with its gaps, and how its figures are drawn in every chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ivp_analysis.report.figures import canvas, words
from ivp_analysis.report.figures.canvas import BLUE, GREY
from ivp_analysis.report.figures.labels import text_width
from ivp_analysis.report.figures.svg import INK
from ivp_analysis.report.page import numbers

Numbers = Sequence[float | None]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Band:
    """A line with its margin of `level` (0.95: a 95 % margin), year by year."""

    years: Sequence[int]
    middle: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]
    level: float


@dataclass(frozen=True, slots=True)
class Series:
    """Years without holes; where a source has no figure the count is None, never zero."""

    years: tuple[int, ...]
    counts: tuple[float | None, ...]

    @property
    def known(self) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """The years that have a count, and those counts."""
        pairs = [
            (year, count) for year, count in zip(self.years, self.counts, strict=True) if count is not None
        ]
        return tuple(year for year, _ in pairs), tuple(count for _, count in pairs)

    @property
    def missing(self) -> tuple[int, ...]:
        """The years in between that have none."""
        return tuple(year for year, count in zip(self.years, self.counts, strict=True) if count is None)

    @property
    def runs(self) -> list[tuple[list[int], list[float]]]:
        """Unbroken stretches: a line may not bridge a missing year."""
        pairs = zip(self.years, self.counts, strict=True)
        stretches = [list(group) for has, group in groupby(pairs, lambda pair: pair[1] is not None) if has]
        return [
            ([year for year, _ in run], [count for _, count in run if count is not None]) for run in stretches
        ]


def as_series(years: Sequence[int], counts: Numbers) -> Series:
    """Order the years and fill the ones left out with None."""
    known = {
        int(year): None if count is None or pd.isna(count) else float(count)
        for year, count in zip(years, counts, strict=True)
    }
    span = range(min(known), max(known) + 1) if known else range(0)
    return Series(tuple(span), tuple(known.get(year) for year in span))


def draw_counts(ax: Axes, series: Series, window: Span | None = None) -> None:
    """The counts themselves; a cross on the base line where a year has none."""
    for years, counts in (run for run in series.runs if len(run[0]) > 1):
        ax.plot(years, counts, color=BLUE, linewidth=2, clip_on=False)
    low, high = window or (series.years[0], series.years[-1]) if series.years else (0, 0)
    for inside, marker_size in ((True, 8), (False, 4.5)):
        chosen = [pair for pair in zip(*series.known, strict=True) if (low <= pair[0] <= high) == inside]
        if chosen:
            ax.plot(
                *zip(*chosen, strict=True),
                color=BLUE,
                marker="o",
                markersize=marker_size,
                linestyle="",
                clip_on=False,
            )
    if series.missing:
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


def label_ends(ax: Axes, series: Series, text: float) -> None:
    """The last figure to the right of its dot, the first one above it, or below where the line rises."""
    years, counts = series.known
    if not years:
        return
    # On the base line the figure stands above it, or the axis would run through it.
    low = counts[-1] < ax.get_ylim()[1] * 0.04
    place: dict[str, Any] = {
        "textcoords": "offset points",
        "fontsize": text,
        "color": INK,
        "annotation_clip": False,
    }
    ax.annotate(
        words.trimmed(counts[-1]),
        (years[-1], counts[-1]),
        (9, 2 if low else 0),
        **place,
        va="bottom" if low else "center",
        fontweight="bold",
    )
    if len(years) > 1:
        up = counts[1] <= counts[0] or counts[0] < ax.get_ylim()[1] * 0.15
        first = words.trimmed(counts[0])
        shift = _shift(ax, years[0], first, text)
        ax.annotate(
            first,
            (years[0], counts[0]),
            (-shift, 8 if up else -8),
            **place,
            ha="left",
            va="bottom" if up else "top",
        )


def _shift(ax: Axes, year: int, text: str, size: float) -> float:
    """How far a figure starts left of its dot: centred, unless it would run over the labels of the axis."""
    low, high = ax.get_xlim()
    room = (year - low) / (high - low) * ax.get_position().width * canvas.size(ax)[0]
    return min(text_width(text, size) / 2, room - 2)


def span_text(series: Series) -> str:
    """The years of a title."""
    return numbers.years(series.years[0], series.years[-1]) if series.years else "geen jaren"
