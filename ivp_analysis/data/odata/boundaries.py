"""Boundaries of municipalities: one plain download of GeoJSON, checked before it is kept."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date

from ivp_analysis.data.boundaries import read_boundaries
from ivp_analysis.data.odata.client import Client
from ivp_analysis.data.odata.take import Taken
from ivp_analysis.data.snapshots import is_whole, list_snapshots, take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry.records import Registry, Source


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
        if snapshot.url == url and not snapshot.simulated and is_whole(snapshot):
            return Taken(snapshot, snapshot.modified, new=False)
    body = client.read(url, _whole)
    areas = len(read_boundaries(body, url, registry, year))
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
