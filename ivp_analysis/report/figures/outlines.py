"""Municipal boundaries as outlines of a few kilobytes, in pixels, without gaps between neighbours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from ivp_analysis.errors import ReportError

Ring = NDArray[np.float64]
Feature = Mapping[str, Any]
_GRID = 0.5


@dataclass(frozen=True, slots=True)
class Shape:
    """A municipality on the map: rings in pixels (y down), a point well inside and the room around it."""

    code: str
    rings: tuple[Ring, ...]
    middle: tuple[float, float]
    room: float


def fit_shapes(features: Sequence[Feature], *, code_field: str, width: float, height: float) -> list[Shape]:
    """Project GeoJSON features (degrees, or metres of the RD grid) into a box of width x height pixels."""
    raw = [(str(feature["properties"][code_field]), _rings(feature)) for feature in features]
    if not raw:
        raise ReportError("a map without boundaries cannot be drawn", todo="leave the map out and say why")
    every = np.vstack([ring for _, rings in raw for ring in rings])
    squeeze = math.cos(math.radians(float(every[:, 1].mean()))) if np.abs(every).max() <= 180 else 1.0
    low, high = every.min(axis=0), every.max(axis=0)
    span = (high - low) * (squeeze, 1)
    scale = min(width / span[0], height / span[1])
    start = ((width - span[0] * scale) / 2, float(high[1]))
    return [
        _shape(code, [_project(ring, low[0], start, squeeze, scale) for ring in rings]) for code, rings in raw
    ]


def _rings(feature: Feature) -> list[Ring]:
    geometry = feature["geometry"]
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind not in ("Polygon", "MultiPolygon"):
        raise ReportError(f"a boundary is a Polygon or MultiPolygon, not {kind}", where="draw_map")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    return [np.asarray(ring, dtype=float)[:, :2] for polygon in polygons for ring in polygon]


def _project(ring: Ring, west: float, start: tuple[float, float], squeeze: float, scale: float) -> Ring:
    x = start[0] + (ring[:, 0] - west) * squeeze * scale
    y = (start[1] - ring[:, 1]) * scale
    # Neighbours share their vertices, so the same grid moves both in the same way and no gap opens.
    return _thin(np.round(np.column_stack([x, y]) / _GRID) * _GRID)


def _thin(ring: Ring) -> Ring:
    """Without repeated points and points on a straight line; a ring that vanishes is empty."""
    ring = ring[:-1] if len(ring) > 1 and (ring[0] == ring[-1]).all() else ring
    ring = ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)]
    if len(ring) < 3:
        return np.empty((0, 2))
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    ring = ring[before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]]
    return ring if len(ring) > 2 else np.empty((0, 2))


def _shape(code: str, rings: Sequence[Ring]) -> Shape:
    kept = tuple(ring for ring in rings if len(ring))
    if not kept:
        return Shape(code, (), (0.0, 0.0), 0.0)
    middle, room = _middle(max(kept, key=_area))
    return Shape(code, kept, middle, room)


def _area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _middle(ring: Ring) -> tuple[tuple[float, float], float]:
    """The grid point inside a ring furthest from its edge: a centroid may fall outside a bent shape."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    across, down = (np.linspace(low[axis], high[axis], 22) for axis in (0, 1))
    grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    inside = grid[Outline(ring).contains_points(grid)]
    spots = inside if len(inside) else ring.mean(axis=0, keepdims=True)
    distance = np.sqrt(((spots[:, None, :] - _dense(ring)[None, :, :]) ** 2).sum(axis=2)).min(axis=1)
    best = int(distance.argmax())
    return (float(spots[best, 0]), float(spots[best, 1])), float(distance[best])


def _dense(ring: Ring) -> Ring:
    """Points along the edges too: a long straight border has no vertices of its own."""
    steps = np.linspace(0, 1, 5)[:-1, None, None]
    return (ring[None] * (1 - steps) + np.roll(ring, -1, axis=0)[None] * steps).reshape(-1, 2)
