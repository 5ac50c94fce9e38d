"""Municipal boundaries as GeoJSON features: for maps only, no figure rests on them.

Fetched, imported, built beside or drawn: the check is the same. They are all municipalities of one year and nothing
else, in longitude and latitude.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Collection, Mapping
from typing import Any

from ivp_analysis.data.municipal_year import municipal_year
from ivp_analysis.data.snapshots import list_snapshots, open_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import InputError
from ivp_analysis.registry.records import Registry

SOURCE = "cbs-grenzen"
CODE, NAME = "statcode", "statnaam"
# West, south, east and north of the European Netherlands, with some water.
_COUNTRY = (3.0, 50.5, 7.5, 53.8)
_AGAIN = f"take them with: ivp fetch --source {SOURCE}, or import the GeoJSON (WGS84) of one year"
Feature = Mapping[str, Any]
Box = tuple[float, float, float, float]


def load_boundaries(workspace: Workspace, registry: Registry) -> list[Feature]:
    """Every municipality of the newest boundaries, by code; empty when none were taken."""
    snapshots = list_snapshots(workspace, SOURCE)
    if not snapshots:
        return []
    path = open_snapshot(snapshots[-1])
    return read_boundaries(path.read_bytes(), path.name, registry)


def read_boundaries(content: bytes, name: str, registry: Registry, year: int | None = None) -> list[Feature]:
    """The features by code, packed or not; an InputError if they are not those of the year (None: of any year)."""
    found = _features(content, name)
    fit = municipal_year(found, registry, year)
    if not fit.whole:
        raise InputError(fit.differences(registry), where=name, todo=_AGAIN)
    for code, feature in found.items():
        west, south, east, north = _box(feature)
        if not (
            _COUNTRY[0] <= west and _COUNTRY[1] <= south and east <= _COUNTRY[2] and north <= _COUNTRY[3]
        ):
            what = f"{code} lies at {west:g}, {south:g}: not longitude and latitude in the Netherlands"
            raise InputError(what, where=name, todo=_AGAIN)
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


def _features(content: bytes, name: str) -> dict[str, Feature]:
    """By code; every feature has one of its own and at least one point."""
    try:
        text = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        features = json.loads(text.decode("utf-8"))["features"]
        found = {str(feature["properties"][CODE]): feature for feature in features}
        whole = bool(found) and all(_points(f["geometry"]["coordinates"]) for f in found.values())
    except (
        ValueError,
        LookupError,
        TypeError,
        ArithmeticError,
        RecursionError,
        OSError,
        EOFError,
        zlib.error,
    ) as error:
        what = f"no GeoJSON of municipalities with {CODE} ({type(error).__name__}: {error})"
        raise InputError(what[:200], where=name, todo=_AGAIN) from error
    if not whole or len(found) < len(features):
        raise InputError("a municipality stands in it twice or has no outline", where=name, todo=_AGAIN)
    return found


def _overlaps(box: Box, view: Box) -> bool:
    """Mostly inside: a large neighbour that only touches the view would shrink all else."""
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return view[0] <= middle[0] <= view[2] and view[1] <= middle[1] <= view[3]


def _box(feature: Feature) -> Box:
    points = _points(feature["geometry"]["coordinates"])
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)


def _points(coordinates: Any) -> list[tuple[float, float]]:
    """All points of a polygon or of several, whatever the depth of the lists."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [(float(coordinates[0]), float(coordinates[1]))]
    return [point for part in coordinates for point in _points(part)]
