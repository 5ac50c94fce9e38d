"""Labels: five names always find a place of their own, however crowded the points."""

import random
import xml.etree.ElementTree as ET
from dataclasses import astuple
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivp_analysis.report import figures
from ivp_analysis.report.figures import FunnelLimits, FunnelPoint
from ivp_analysis.report.figures.labels import Box, flow, place, text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> dict[str, tuple[float, float]]:
    """Every text with where it is written."""
    nodes = ET.fromstring(svg).iter(f"{SVG}text")
    return {node.text or "": (float(node.attrib["x"]), float(node.attrib["y"])) for node in nodes}


def _funnel(own: list[tuple[float, float]], names: list[str]) -> str:
    points = [FunnelPoint(name, *spot, own=True) for name, spot in zip(names, own, strict=True)]
    limits = FunnelLimits([10, 100], [0.5, 0.8], [1.5, 1.2], [0.3, 0.7], [1.8, 1.3], 0.95, 0.998)
    others = [FunnelPoint(f"g{step}", 10 + 9 * step, 1.0) for step in range(10)]
    drawing = figures.draw_funnel(
        [*points, *others], limits, reference=1, label="Inbraak", x_unit="x", y_unit="y"
    )
    assert "Daarnaast 10 andere gemeenten" in drawing.description
    return drawing.svg


@pytest.mark.parametrize("seed", range(6))
def test_crowded_names_in_a_funnel_stay_apart(seed: int) -> None:
    names = ["Eijsden-Margraten", "Gulpen-Wittem", "Meerssen", "Vaals", "Valkenburg aan de Geul"]
    dice = random.Random(seed)
    shown = texts(_funnel([(50 + dice.random() * 6, 0.9 + dice.random() * 0.2) for _ in names], names))
    boxes = [
        Box(x, y - 11, x + text_width(name, 14), y + 3) for name, (x, y) in shown.items() if name in names
    ]
    assert len(boxes) == 5
    assert all(one.overlap(np.array([astuple(two)])) == 0 for one, two in combinations(boxes, 2))


spots = st.lists(st.tuples(st.floats(40, 440), st.floats(40, 240)), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(spots=spots)
def test_five_names_always_find_a_place_inside_and_apart(spots: list[tuple[float, float]]) -> None:
    frame = Box(0, 0, 480, 280)
    placed = place(spots, ["Gulpen-Wittem"] * len(spots), frame=frame, size=14)
    assert all(label.box.outside(frame) < 0.01 for label in placed)
    assert all(one.box.overlap(np.array([astuple(two.box)])) == 0 for one, two in combinations(placed, 2))


def test_wrap_and_flow_keep_within_the_room() -> None:
    lines = wrap("Diefstal uit of vanaf motorvoertuigen en overige voertuigen", 150, 14)
    assert len(lines) > 2
    assert " ".join(lines) == "Diefstal uit of vanaf motorvoertuigen en overige voertuigen"
    assert all(text_width(line, 14) <= 150 or " " not in line for line in lines)
    assert flow([60, 60, 60], 130, gap=10) == [(0, 0.0), (0, 70.0), (1, 0.0)]
