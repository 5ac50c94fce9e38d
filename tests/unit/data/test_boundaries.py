"""Boundaries for maps: the newest snapshot, packed or not, of one year as a whole, and only what lies around."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from standin import made

from ivp_analysis.data.boundaries import load_boundaries, select_surroundings
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.snapshots import list_snapshots, take_snapshot
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "data" / "geo" / "gemeenten_2022.geojson"
LIST = ROOT.parent / "shared" / "data" / "cbs" / "gemeentelijst_2018.csv"
FIVE = ("GM1903", "GM1729", "GM0938", "GM0981", "GM0994")


def _square(code: str, west: float, south: float) -> dict[str, object]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {
        "type": "Feature",
        "properties": {"statcode": code, "statnaam": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_the_newest_snapshot_counts_and_may_be_packed(tmp_path: Path, registry: Registry) -> None:
    place = Workspace(tmp_path, ROOT)
    assert load_boundaries(place, registry) == []
    old, new = (json.dumps(made.boundaries(registry, year)).encode("utf-8") for year in (2018, 2023))
    take_snapshot(place, "cbs-grenzen", old, name="a.geojson", taken_on=date(2022, 1, 1))
    assert len(load_boundaries(place, registry)) == 380, "municipalities on 1 January 2018 (CBS)"
    packed = gzip.compress(new, mtime=0)
    take_snapshot(place, "cbs-grenzen", packed, name="b.geojson.gz", taken_on=date(2023, 1, 1))
    codes = [f["properties"]["statcode"] for f in load_boundaries(place, registry)]
    assert (len(codes), codes) == (342, sorted(codes))


def _without_one(whole: dict[str, Any]) -> None:
    whole["features"] = [f for f in whole["features"] if f["properties"]["statcode"] != "GM0981"]


def _doubled(whole: dict[str, Any]) -> None:
    whole["features"].append(whole["features"][0])


def _in_metres(whole: dict[str, Any]) -> None:
    whole["features"][3]["geometry"]["coordinates"] = [[[187_000, 318_000]] * 4]


def _without_outline(whole: dict[str, Any]) -> None:
    whole["features"][3]["geometry"]["coordinates"] = []


def _other_field(whole: dict[str, Any]) -> None:
    whole["features"][3]["properties"] = {"code": "GM0981"}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_without_one, "other municipalities than in 2023: missing GM0981 Vaals"),
        (_doubled, "twice or has no outline"),
        (_in_metres, "not longitude and latitude"),
        (_without_outline, "no outline"),
        (_other_field, "no GeoJSON of municipalities with statcode"),
    ],
)
def test_what_cannot_be_drawn_is_never_taken(
    tmp_path: Path, registry: Registry, spoil: Callable[[dict[str, Any]], None], says: str
) -> None:
    """Else the region's report would fail at its map."""
    place = init_workspace(tmp_path / "w")
    whole = made.boundaries(registry, 2023)
    spoil(whole)
    file = tmp_path / "grenzen.geojson"
    file.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        import_file(place, registry, file, "cbs-grenzen")
    assert list_snapshots(place, "cbs-grenzen") == []
    take_snapshot(place, "cbs-grenzen", file)
    with pytest.raises(InputError, match=says):
        load_boundaries(place, registry)


@pytest.mark.parametrize(
    "text", ["Gemeentecode,Gemeentenaam\n1680,Aa en Hunze\n", "", "[]", "{", "[" * 100_000]
)
def test_another_file_is_no_boundaries(tmp_path: Path, registry: Registry, text: str) -> None:
    file = tmp_path / "gemeentelijst.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"gemeentelijst\.csv: no GeoJSON"):
        import_file(init_workspace(tmp_path / "w"), registry, file, "cbs-grenzen")


def test_surroundings_reach_as_far_as_the_margin() -> None:
    row = [_square(f"GM{i}", i, 0) for i in range(6)]
    found = select_surroundings(row, ["GM2"], margin=1.0)
    assert [f["properties"]["statcode"] for f in found] == ["GM1", "GM2", "GM3"]
    assert select_surroundings(row, ["GM9"], margin=1.0) == [], "a region of which one is unknown has no map"


@pytest.mark.skipif(not REAL.is_file(), reason=f"the real boundaries are not there: {REAL}")
def test_the_real_boundaries_hold_the_five_and_their_neighbours(tmp_path: Path, registry: Registry) -> None:
    place = init_workspace(tmp_path / "w")
    assert import_file(place, registry, REAL, "cbs-grenzen")[1].rows == 345
    features = load_boundaries(place, registry)
    assert len(features) == 345
    codes = {f["properties"]["statcode"] for f in select_surroundings(features, FIVE, margin=0.45)}
    assert set(FIVE) <= codes
    assert "GM0935" in codes, "Maastricht lies beside them"
    assert "GM0363" not in codes, "Amsterdam does not"


@pytest.mark.skipif(not LIST.is_file(), reason=f"the real list is not there: {LIST}")
def test_a_real_list_of_municipalities_is_no_boundaries(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(InputError, match="no GeoJSON"):
        import_file(init_workspace(tmp_path / "w"), registry, LIST, "cbs-grenzen")
