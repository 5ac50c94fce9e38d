"""The border column against the map: who has an outer edge that no other municipality shares, on land."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from ivp_analysis.registry import Registry

MAP = "geo/gemeenten_2022.geojson"
# Outer edges along sea, estuary and lake only; a coast is no border.
WATER_PROVINCES = {"Groningen", "Fryslân", "Noord-Holland", "Zuid-Holland", "Flevoland", "Zeeland", "Utrecht"}
LAND_THERE = {"Westerwolde", "Oldambt", "Hulst", "Terneuzen", "Sluis"}
# On the lakes around Flevoland, the Krammer-Volkerak and the Hollands Diep.
LAKES = {
    "Kampen",
    "Zwartewaterland",
    "Steenwijkerland",
    "Steenbergen",
    "Moerdijk",
    "Drimmelen",
    "Altena",
    "Elburg",
    "Ermelo",
    "Nijkerk",
    "Nunspeet",
    "Oldebroek",
    "Putten",
    "Harderwijk",
}
Edge = tuple[tuple[float, float], tuple[float, float]]


def _edges(geometry: dict[str, object]) -> Iterator[Edge]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for part in parts:
        for ring in part:
            points = [(round(x, 6), round(y, 6)) for x, y in ring]
            yield from ((min(pair), max(pair)) for pair in pairwise(points))


def test_who_lies_on_the_border_has_an_outer_edge_on_land(shared: Path, registry: Registry) -> None:
    path = shared / MAP
    if not path.is_file():
        pytest.skip(f"no map: {MAP}")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    edges = {f["properties"]["statcode"]: set(_edges(f["geometry"])) for f in features}
    times = Counter(edge for own in edges.values() for edge in own)
    outer = {code for code, own in edges.items() if any(times[edge] == 1 for edge in own)}
    today = {code for code in edges if registry.municipalities[code].valid_to is None}
    border = {code for code, one in registry.municipalities.items() if one.border}
    assert border <= outer & today
    names = {code: registry.municipalities[code].name for code in outer & today - border}
    inland = {
        name
        for code, name in names.items()
        if registry.municipalities[code].province not in WATER_PROVINCES and name not in LAKES
    }
    assert inland == set()
    assert {
        registry.municipalities[c].name
        for c in border
        if registry.municipalities[c].province in WATER_PROVINCES
    } == LAND_THERE
