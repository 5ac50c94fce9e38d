"""Text that stays inside the figure and off its neighbours: widths, wrapping, rows and a simple repel."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from ivp_analysis.errors import ReportError

_MEASURE = TextToPath()
Point = tuple[float, float]
# Rows of left, top, right, bottom.
Boxes = npt.NDArray[np.float64]
# Half the width of a spot on a line.
_DOT = 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, others: Boxes) -> float:
        """The area that it shares with each of these, summed."""
        wide = np.minimum(self.right, others[:, 2]) - np.maximum(self.left, others[:, 0])
        high = np.minimum(self.bottom, others[:, 3]) - np.maximum(self.top, others[:, 1])
        return float(np.sum(np.maximum(wide, 0.0) * np.maximum(high, 0.0)))

    def nearest(self, point: Point) -> Point:
        """The point of the box that lies nearest to another."""
        return min(max(point[0], self.left), self.right), min(max(point[1], self.top), self.bottom)

    def outside(self, frame: Box) -> float:
        """How many pixels stick out of a frame."""
        return (
            max(0.0, frame.left - self.left)
            + max(0.0, self.right - frame.right)
            + max(0.0, frame.top - self.top)
            + max(0.0, self.bottom - frame.bottom)
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its box, the baseline from which it is written, and whether it needs a leader line."""

    text: str
    box: Box
    x: float
    y: float
    leader: bool


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width in pixels, in DejaVu Sans: wider than the fonts readers have, so what fits here fits there."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(_MEASURE.get_text_width_height_descent(text, font, False)[0])


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines no wider than `width`; a single longer word keeps its own line."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def flow(widths: Sequence[float], room: float, *, gap: float) -> list[tuple[int, float]]:
    """Row and x of items set one after another, as words in a paragraph."""
    places: list[tuple[int, float]] = []
    row, x = 0, 0.0
    for width in widths:
        if x > 0 and x + width > room:
            row, x = row + 1, 0.0
        places.append((row, x))
        x += width + gap
    return places


def place(
    points: Sequence[Point],
    texts: Sequence[str],
    *,
    frame: Box,
    obstacles: Iterable[Point] = (),
    lines: Iterable[Point] = (),
    size: float,
) -> list[Placed]:
    """Put each text near its point, inside the frame, off other texts, points, lines and leader lines.

    `lines` are points along what is drawn, a few pixels apart. Each text takes the cheapest place left.
    """
    scene = _Scene(frame, _around([*points, *obstacles], 5.0), _around([*lines], _DOT))
    placed: list[Placed] = []
    for point, text in zip(points, texts, strict=True):
        best = _cheapest(scene, _options(point, text, size), point)
        placed.append(best)
        scene.add(best, point)
    return placed


def _around(spots: Sequence[Point], half: float) -> Boxes:
    """A square around each."""
    found = np.array(spots, dtype=float).reshape(-1, 2)
    return np.hstack([found - half, found + half])


@dataclass(slots=True)
class _Scene:
    """What is there already, and what it would cost to put a text over it (about one per pixel covered)."""

    frame: Box
    marks: Boxes
    lines: Boxes
    texts: Boxes = field(default_factory=lambda: np.empty((0, 4)))
    leaders: Boxes = field(default_factory=lambda: np.empty((0, 4)))

    def add(self, placed: Placed, point: Point) -> None:
        """A text that has its place now."""
        box, leader = placed.box, _around(list(_leader(placed, point)), _DOT)
        self.texts = np.vstack([self.texts, astuple(box)])
        self.lines, self.leaders = np.vstack([self.lines, leader]), np.vstack([self.leaders, leader])

    def cost(self, option: Placed, point: Point, most: float) -> float:
        """What covers the least comes first: a cost that is past `most` already is not worked out further."""
        total = 0.0
        for part in self._parts(option, point):
            total += part
            if total >= most:
                break
        return total

    def _parts(self, option: Placed, point: Point) -> Iterator[float]:
        box = Box(option.box.left - 3, option.box.top - 2, option.box.right + 3, option.box.bottom + 2)
        yield 1000 * option.box.outside(self.frame)
        yield 20 * box.overlap(self.texts)
        yield option.box.overlap(self.marks)
        yield 2 * box.overlap(self.lines)
        for x, y in _leader(option, point):
            dot = Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT)
            yield 20 * dot.overlap(self.texts) + 3 * dot.overlap(self.leaders)


def _cheapest(scene: _Scene, options: Iterable[Placed], point: Point) -> Placed:
    """The least cost; each further option costs one more, so the search ends when none can be less."""
    best, least = None, math.inf
    for step, option in enumerate(options):
        if step >= least:
            break
        cost = scene.cost(option, point, least - step) + step
        if cost < least:
            best, least = option, cost
    if best is None:
        raise ReportError("no place for a label")
    return best


def _options(point: Point, text: str, size: float) -> Iterable[Placed]:
    """Beside, above and below first, then slanted, each further away."""
    width, high = text_width(text, size), size * 1.05
    for far in (0, 12, 24, 38, 54, 72, 92, 114):
        for angle in (0, 180, 270, 90, 330, 210, 30, 150, 300, 240, 60, 120):
            turn = math.radians(angle)
            x = point[0] + math.cos(turn) * (width / 2 + 9 + far)
            y = point[1] + math.sin(turn) * (high / 2 + 8 + far)
            box = Box(x - width / 2, y - high / 2, x + width / 2, y + high / 2)
            yield Placed(text, box, box.left, box.bottom - size * 0.25, far > 0)


def _leader(label: Placed, point: Point) -> list[Point]:
    """Points along the line from a point to the nearest edge of its label."""
    if not label.leader:
        return []
    end = label.box.nearest(point)
    steps = max(2, round(math.dist(point, end) / 4))
    shares = (step / steps for step in range(steps + 1))
    return [
        (point[0] + (end[0] - point[0]) * share, point[1] + (end[1] - point[1]) * share) for share in shares
    ]
