"""The map: borders that stay shared, proportions, and classes that need no colour."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from ivp_analysis.errors import ReportError
from ivp_analysis.report import figures
from ivp_analysis.report.figures import MapClass, outlines

SVG = "{http://www.w3.org/2000/svg}"
BOUNDARIES = Path(__file__).parents[4] / "shared" / "data" / "geo" / "gemeenten_2022.geojson"


def _neighbours() -> list[dict[str, object]]:
    """Two municipalities with one ragged border, and a bent one whose centroid lies outside it."""
    border = [[5.9 + 0.0031 * (step % 3), 50.80 + 0.0047 * step] for step in range(12)]
    west = [[5.80, 50.80], *border, [5.80, border[-1][1]], [5.80, 50.80]]
    east = [[6.02, 50.80], [6.02, border[-1][1]], *border[::-1], [6.02, 50.80]]
    bent = [
        [6.1, 50.8],
        [6.2, 50.8],
        [6.2, 50.85],
        [6.19, 50.85],
        [6.19, 50.81],
        [6.11, 50.81],
        [6.11, 50.85],
        [6.1, 50.85],
        [6.1, 50.8],
    ]
    return [
        {"properties": {"statcode": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, ring in (("GM1", west), ("GM2", east), ("GM3", bent))
    ]


def test_neighbours_share_their_border_after_thinning() -> None:
    west, east, _ = outlines.fit_shapes(_neighbours(), code_field="statcode", width=472, height=400)
    shared = {tuple(point) for point in west.rings[0]} & {tuple(point) for point in east.rings[0]}
    assert len(shared) >= 11


def test_map_keeps_the_proportions_of_the_land() -> None:
    west, *_ = outlines.fit_shapes(_neighbours(), code_field="statcode", width=472, height=400)
    width, height = np.ptp(west.rings[0], axis=0)
    # 0.1062 degrees of longitude at 50.83 north is 7.47 km; 0.0517 of latitude 5.75 km.
    assert width / height == pytest.approx(7.47 / 5.75, rel=0.01)


def test_the_middle_of_a_bent_municipality_lies_inside_it() -> None:
    bent = outlines.fit_shapes(_neighbours(), code_field="statcode", width=472, height=400)[2]
    assert outlines.Outline(bent.rings[0]).contains_point(bent.middle)
    assert bent.room > 3


def test_map_tells_classes_by_sign_and_list() -> None:
    classes = [MapClass("hoger", "+", 1), MapClass("niet vast te stellen", "?", None)]
    drawing = figures.draw_map(
        _neighbours(),
        values={"GM1": "hoger", "GM2": "niet vast te stellen", "GM3": "hoger"},
        classes=classes,
        labels={"GM1": "Vaals"},
        label="Inbraak in Zuid-Limburg",
    )
    signs = [node.text for node in ET.fromstring(drawing.svg).iter(f"{SVG}text")]
    assert signs.count("?") == 2
    assert "Vaals: hoger" in signs
    assert drawing.description == (
        "Inbraak in Zuid-Limburg. Vaals: hoger. "
        "Andere gemeenten op de kaart: hoger 1; niet vast te stellen 1."
    )
    with pytest.raises(ReportError, match="no class for 'lager'"):
        figures.draw_map(_neighbours(), values={"GM1": "lager"}, classes=classes, labels={}, label="a")


@pytest.mark.skipif(not BOUNDARIES.exists(), reason="the real boundaries are not here")
def test_the_whole_province_fits_in_a_small_map() -> None:
    every = json.loads(BOUNDARIES.read_text(encoding="utf-8"))["features"]
    limburg = [found for found in every if found["bbox"][0] > 5.55 and found["bbox"][3] < 51.8]
    codes = [found["properties"]["statcode"] for found in limburg]
    own = {
        "GM0938": "Meerssen",
        "GM0981": "Vaals",
        "GM1903": "Eijsden-Margraten",
        "GM1729": "Gulpen-Wittem",
        "GM0994": "Valkenburg aan de Geul",
    }
    drawing = figures.draw_map(
        limburg,
        values=dict.fromkeys(codes, "lager"),
        classes=[MapClass("lager", "−", -1)],
        labels=own,
        label="Kaart",
    )
    assert set(own) <= set(codes)
    assert 10_000 < len(drawing.svg) < 120_000
