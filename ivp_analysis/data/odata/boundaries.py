"""Boundaries of municipalities: one plain download of GeoJSON, checked before it is kept."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from ivp_analysis.data.odata.client import Client
from ivp_analysis.data.odata.take import Taken
from ivp_analysis.data.snapshots import list_snapshots, take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import FetchError
from ivp_analysis.registry.records import Registry, Source

# West, south, east and north of the European Netherlands, with some water.
_BOX = (3.0, 50.5, 7.5, 53.8)


def take_boundaries(
    workspace: Workspace,
    registry: Registry,
    client: Client,
    source: Source,
    url: str,
    year: int,
    *,
    today: date,
) -> Taken:
    """The boundaries of a year; they are fetched once, because a year's boundaries do not change."""
    for snapshot in reversed(list_snapshots(workspace, source.id)):
        if snapshot.url == url and snapshot.path.is_file() and not snapshot.simulated:
            return Taken(snapshot, snapshot.modified, new=False)
    body = client.read(url, _whole)
    areas = _check(json.loads(body), source, registry, year, url)
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as archive:
        archive.write(body)
    name = f"gemeenten_{year}.geojson.gz"
    query = json.dumps({"year": year, "areas": areas}, sort_keys=True)
    snapshot = take_snapshot(
        workspace, source.id, packed.getvalue(), name=name, taken_on=today, url=url, query=query
    )
    return Taken(snapshot, "", True, areas, 1)


def _whole(body: bytes) -> bytes:
    json.loads(body.decode("utf-8"))
    return body


def _check(found: Any, source: Source, registry: Registry, year: int, url: str) -> int:
    """All municipalities of the year and nothing else, in longitude and latitude."""
    column = source.region_column or "statcode"
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise _wrong("this is not a collection of features", url)
    codes = {str(f.get("properties", {}).get(column, "")) for f in features}
    want = {m.code for m in registry.municipalities.values() if m.valid_in(year)}
    if codes != want:
        missing, strange = sorted(want - codes)[:5], sorted(codes - want)[:5]
        raise _wrong(f"other municipalities than in {year}: missing {missing}, unknown {strange}", url)
    for feature in features:
        for east, north in _points(feature.get("geometry", {}).get("coordinates", [])):
            if not (_BOX[0] <= east <= _BOX[2] and _BOX[1] <= north <= _BOX[3]):
                where = feature["properties"][column]
                raise _wrong(f"{where} lies at {east:g}, {north:g}: not longitude and latitude", url)
    return len(codes)


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _points(part)


def _wrong(what: str, url: str) -> FetchError:
    return FetchError(what, where=url, todo="choose another year, or mend url in data/registry/sources.toml")
