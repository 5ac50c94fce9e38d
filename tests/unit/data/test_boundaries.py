"""Boundaries for maps: the newest snapshot, packed or not, and only what lies around the region."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from ivp_analysis.data.boundaries import load_boundaries, select_surroundings
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import InputError

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "data" / "geo" / "gemeenten_2022.geojson"
FIVE = ("GM1903", "GM1729", "GM0938", "GM0981", "GM0994")


def _square(code: str, west: float, south: float) -> dict[str, object]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {
        "type": "Feature",
        "properties": {"statcode": code, "statnaam": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _collection(*features: dict[str, object]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode("utf-8")


def test_the_newest_snapshot_counts_and_may_be_packed(tmp_path: Path) -> None:
    place = Workspace(tmp_path, ROOT)
    assert load_boundaries(place) == []
    old, new = _collection(_square("GM1", 0, 0)), _collection(_square("GM2", 2, 0), _square("GM1", 0, 0))
    take_snapshot(place, "cbs-grenzen", old, name="a.geojson", taken_on=date(2022, 1, 1))
    packed = gzip.compress(new, mtime=0)
    take_snapshot(place, "cbs-grenzen", packed, name="b.geojson.gz", taken_on=date(2023, 1, 1))
    assert [f["properties"]["statcode"] for f in load_boundaries(place)] == ["GM1", "GM2"]


@pytest.mark.parametrize(
    "content", [b"no json", b'{"rows": []}', _collection(_square("GM1", 0, 0), _square("GM1", 1, 1))]
)
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    place = Workspace(tmp_path, ROOT)
    take_snapshot(place, "cbs-grenzen", content, name="a.geojson", taken_on=date(2022, 1, 1))
    with pytest.raises(InputError, match=r"GeoJSON|twice"):
        load_boundaries(place)


def test_surroundings_reach_as_far_as_the_margin() -> None:
    row = [_square(f"GM{i}", i, 0) for i in range(6)]
    found = select_surroundings(row, ["GM2"], margin=1.0)
    assert [f["properties"]["statcode"] for f in found] == ["GM1", "GM2", "GM3"]
    assert select_surroundings(row, ["GM9"], margin=1.0) == [], "a region of which one is unknown has no map"


@pytest.mark.skipif(not REAL.is_file(), reason=f"the real boundaries are not there: {REAL}")
def test_the_real_boundaries_hold_the_five_and_their_neighbours(tmp_path: Path) -> None:
    place = Workspace(tmp_path, ROOT)
    take_snapshot(place, "cbs-grenzen", REAL, taken_on=date(2022, 6, 1))
    features = load_boundaries(place)
    assert len(features) == 345
    codes = {f["properties"]["statcode"] for f in select_surroundings(features, FIVE, margin=0.45)}
    assert set(FIVE) <= codes
    assert "GM0935" in codes, "Maastricht lies beside them"
    assert "GM0363" not in codes, "Amsterdam does not"
