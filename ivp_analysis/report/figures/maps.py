"""The region and its surroundings on a map: a class in colour and sign, the own municipalities numbered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from ivp_analysis.errors import ReportError
from ivp_analysis.report.figures import canvas, words
from ivp_analysis.report.figures.canvas import GREY, SMALL, WIDTH
from ivp_analysis.report.figures.labels import wrap
from ivp_analysis.report.figures.outlines import Feature, Shape, fit_shapes
from ivp_analysis.report.figures.svg import Drawing, export, plain_style

# Low to high, blue to orange; told apart by colour-blind readers, and every class has a sign as well.
_RAMP = {-2: "#0072b2", -1: "#9cc9e8", 0: "#f2f0eb", 1: "#f5b68a", 2: "#d55e00", None: "#c9c9c9"}
_DARK = "#1a1a1a"
_ROW, _HIGHEST = 24, 540


@dataclass(frozen=True, slots=True)
class MapClass:
    """A verdict on the map: its word, its sign, and a step from -2 (low) to 2 (high); None: not known."""

    word: str
    sign: str
    step: int | None


@plain_style()
def draw_map(
    features: Sequence[Feature],
    *,
    values: Mapping[str, str],
    classes: Sequence[MapClass],
    labels: Mapping[str, str],
    label: str,
    code_field: str = "statcode",
    sentence: str = "",
) -> Drawing:
    """`values`: class word by area code; `labels`: names of the own areas, numbered in that order."""
    known = {found.word: found for found in classes}
    _check(values, known, label)
    shapes = fit_shapes(features, code_field=code_field, width=WIDTH - 8, height=_HIGHEST)
    used = [found for found in classes if found.word in values.values()]
    entries = _entries(values, labels)
    ax = _frame(shapes, _ROW * len(used) + _room(entries))
    for shape in sorted(shapes, key=lambda shape: shape.code in labels):
        found = known.get(values.get(shape.code, ""))
        _fill(ax, shape, found, own=shape.code in labels)
    order = list(labels)
    for shape in shapes:
        number = order.index(shape.code) + 1 if shape.code in labels else None
        _mark(ax, shape, known.get(values.get(shape.code, "")), number)
    _list(ax, entries, used)
    text = _describe(shapes, values, labels, used, label, sentence)
    return export(canvas.figure_of(ax), title=label, description=text)


def _check(values: Mapping[str, str], known: Mapping[str, MapClass], label: str) -> None:
    unknown = sorted(set(values.values()) - set(known))
    if unknown:
        raise ReportError(f"no class for {unknown[0]!r}", where=label, todo="add it to `classes`")


def _frame(shapes: Sequence[Shape], below: float) -> Axes:
    every = [ring for shape in shapes for ring in shape.rings]
    tall = max((float(ring[:, 1].max()) for ring in every), default=1.0)
    height = tall + 20 + below
    ax = canvas.axes(WIDTH, height, left=0, right=0, top=0, bottom=0)
    # Axes in pixels of the figure, so that shapes and list share one measure.
    ax.set_xlim(-4, WIDTH - 4)
    ax.set_ylim(height - 4, -4)
    ax.set_axis_off()
    return ax


def _fill(ax: Axes, shape: Shape, found: MapClass | None, *, own: bool) -> None:
    if not shape.rings:
        return
    codes = [
        np.r_[Outline.MOVETO, np.full(len(ring) - 1, Outline.LINETO), Outline.CLOSEPOLY]
        for ring in shape.rings
    ]
    points = [np.vstack([ring, ring[:1]]) for ring in shape.rings]
    outline = Outline(np.vstack(points), np.concatenate(codes).astype(np.uint8))
    outline.should_simplify = False
    face = _RAMP[found.step] if found else "none"
    ax.add_patch(
        PathPatch(
            outline,
            facecolor=face,
            edgecolor=_DARK if own else GREY,
            linewidth=2 if own else 0.8,
            clip_on=False,
        )
    )


def _mark(ax: Axes, shape: Shape, found: MapClass | None, number: int | None) -> None:
    x, y = shape.middle
    beside = number is not None and shape.room >= 25
    if number is not None:
        _badge(ax, x - 12 if beside else x, y, number)
    if found and shape.room >= 8 and (number is None or beside):
        _sign(ax, x + 13 if beside else x, y, found)


def _badge(ax: Axes, x: float, y: float, number: int) -> None:
    ax.plot(
        x,
        y,
        marker="o",
        markersize=19,
        color="#ffffff",
        markeredgecolor=_DARK,
        markeredgewidth=1.5,
        clip_on=False,
    )
    ax.text(
        x, y + 4.6, str(number), ha="center", va="baseline", fontsize=SMALL, fontweight="bold", color=_DARK
    )


def _sign(ax: Axes, x: float, y: float, found: MapClass) -> None:
    color = "#ffffff" if found.step == -2 else _DARK
    ax.text(
        x, y + 4.6, found.sign, ha="center", va="baseline", fontsize=SMALL, fontweight="bold", color=color
    )


def _entries(values: Mapping[str, str], labels: Mapping[str, str]) -> list[list[str]]:
    """Own municipalities with their class, wrapped: names do not fit in shapes of a fingertip."""
    texts = (f"{name}: {values.get(code, 'geen oordeel')}" for code, name in labels.items())
    return [wrap(text, WIDTH - 52, SMALL) for text in texts]


def _list(ax: Axes, entries: Sequence[Sequence[str]], used: Sequence[MapClass]) -> None:
    y = canvas.size(ax)[1] - _ROW * len(used) - _room(entries) + 6
    for found in used:
        ax.add_patch(Rectangle((0, y - 9), 30, 18, facecolor=_RAMP[found.step], edgecolor=GREY, linewidth=1))
        _sign(ax, 15, y, found)
        ax.text(40, y + 4.6, found.word, fontsize=SMALL, va="baseline")
        y += _ROW
    for number, lines in enumerate(entries, start=1):
        _badge(ax, 15, y, number)
        for row, line in enumerate(lines):
            ax.text(40, y + 4.6 + 17 * row, line, fontsize=SMALL, va="baseline")
        y += _ROW + 17 * (len(lines) - 1)


def _room(entries: Sequence[Sequence[str]]) -> float:
    return sum(_ROW + 17 * (len(lines) - 1) for lines in entries)


def _describe(
    shapes: Sequence[Shape],
    values: Mapping[str, str],
    labels: Mapping[str, str],
    used: Sequence[MapClass],
    label: str,
    sentence: str,
) -> str:
    own = "; ".join(f"{name}: {values.get(code, 'geen oordeel')}" for code, name in labels.items())
    counted = Counter(
        values[shape.code] for shape in shapes if shape.code in values and shape.code not in labels
    )
    others = "; ".join(f"{found.word} {counted[found.word]}" for found in used if counted[found.word])
    return words.description(
        sentence,
        f"{label}. {own}." if own else f"{label}.",
        f"Andere gemeenten op de kaart: {others}." if others else "",
    )
