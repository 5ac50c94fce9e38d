"""Municipal boundaries as GeoJSON features, from the newest snapshot: for maps only, no figure rests on them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping
from typing import Any

from ivp_analysis.data.snapshots import list_snapshots, open_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import InputError

SOURCE = "cbs-grenzen"
CODE, NAME = "statcode", "statnaam"
Feature = Mapping[str, Any]
Box = tuple[float, float, float, float]


def load_boundaries(workspace: Workspace) -> list[Feature]:
    """Every municipality of the newest boundaries, by code; empty when none were taken."""
    snapshots = list_snapshots(workspace, SOURCE)
    if not snapshots:
        return []
    path = open_snapshot(snapshots[-1])
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    todo = f"import the boundaries again as source {SOURCE}"
    try:
        features = json.loads(content.decode("utf-8"))["features"]
        found = {feature["properties"][CODE]: feature for feature in features}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"no GeoJSON of municipalities with {CODE}: {error!r}", where=path.name, todo=todo
        ) from error
    if len(found) < len(features):
        raise InputError("a municipality stands in it twice", where=path.name, todo=todo)
    return [found[code] for code in sorted(found)]


def select_surroundings(
    features: Collection[Feature], codes: Collection[str], *, margin: float
) -> list[Feature]:
    """The areas `codes` and those that reach into their box, widened by `margin` of its size on each side."""
    boxes = {feature["properties"][CODE]: _box(feature) for feature in features}
    own = [boxes[code] for code in codes if code in boxes]
    if len(own) < len(set(codes)):
        return []
    west, south = min(b[0] for b in own), min(b[1] for b in own)
    east, north = max(b[2] for b in own), max(b[3] for b in own)
    wide, high = (east - west) * margin, (north - south) * margin
    view = (west - wide, south - high, east + wide, north + high)
    return [feature for feature in features if _overlaps(boxes[feature["properties"][CODE]], view)]


def _overlaps(box: Box, view: Box) -> bool:
    """Mostly inside: a large neighbour that only touches the view would shrink all else."""
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return view[0] <= middle[0] <= view[2] and view[1] <= middle[1] <= view[3]


def _box(feature: Feature) -> Box:
    points = list(_points(feature["geometry"]["coordinates"]))
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)


def _points(coordinates: Any) -> list[tuple[float, float]]:
    """All points of a polygon or of several, whatever the depth of the lists."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [(float(coordinates[0]), float(coordinates[1]))]
    return [point for part in coordinates for point in _points(part)]
