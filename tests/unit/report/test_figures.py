"""What every figure keeps: it reads aloud, follows dark mode, fits its frame and repeats byte for byte."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import astuple
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from unit.report.figures_examples import DRAWINGS, MAKERS

from ivp_analysis.report.figures import Drawing, canvas
from ivp_analysis.report.figures.labels import Box, text_width

SVG = "{http://www.w3.org/2000/svg}"
each = pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)


def svgs(drawing: Drawing) -> list[ET.Element]:
    """The one SVG of a drawing, or the several of a grid."""
    return list(ET.fromstring(drawing.svg).iter(f"{SVG}svg"))


def text_boxes(svg: ET.Element) -> Iterator[tuple[str, Box]]:
    """Where each text stands, in DejaVu Sans: wider than the fonts of readers."""
    for node in svg.iter(f"{SVG}text"):
        text, size = node.text or "", float(node.attrib["font-size"].removesuffix("px"))
        width = text_width(text, size, node.get("font-weight") == "700")
        shift = {"start": 0.0, "middle": width / 2, "end": width}[node.get("text-anchor", "start")]
        x, y = float(node.attrib["x"]) - shift, float(node.attrib["y"])
        yield text, Box(x, y - 0.74 * size, x + width, y + 0.2 * size)


@each
def test_is_an_image_with_a_title_and_a_description(drawing: Drawing) -> None:
    for svg in svgs(drawing):
        title, description = svg[0], svg[1]
        assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
        assert svg.attrib["role"] == "img"
        assert svg.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
        assert title.text in drawing.title or "div" in drawing.svg
        assert description.text
        assert description.text in drawing.description


@each
def test_description_is_dutch_prose_and_no_kind_of_chart(drawing: Drawing) -> None:
    assert not re.search(r"grafiek|diagram|nan|None|\d\.\d(?!\d\d)|\.\.| {2}", drawing.description)
    assert drawing.description.endswith(".")


@each
def test_holds_nothing_that_leaks_or_asks(drawing: Drawing) -> None:
    bare = drawing.svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"://|xlink|<!|<\?|<style|<metadata|<image|@import|<script", bare)
    assert all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', bare))
    assert not re.search(r"nan|inf\b|#000000|DejaVu", bare.replace("financi", ""))


@each
def test_text_stays_inside_and_off_other_text(drawing: Drawing) -> None:
    for svg in svgs(drawing):
        width, height = (float(part) for part in svg.attrib["viewBox"].split()[2:])
        boxes = list(text_boxes(svg))
        for text, box in boxes:
            assert box.outside(Box(0, 0, width, height)) < 1, f"{text!r} is cut off"
        for (first, box), (second, other) in combinations(boxes, 2):
            assert box.overlap(np.array([astuple(other)])) < 2, f"{first!r} over {second!r}"


@each
def test_text_is_text_and_large_enough_on_a_phone(drawing: Drawing) -> None:
    for svg in svgs(drawing):
        narrow = 328 / float(svg.attrib["viewBox"].split()[2])
        sizes = [float(node.attrib["font-size"].removesuffix("px")) for node in svg.iter(f"{SVG}text")]
        assert sizes
        assert all(size * narrow > 9.5 for size in sizes)


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "map"])
def test_size(name: str) -> None:
    for svg in svgs(DRAWINGS[name]):
        assert len(ET.tostring(svg)) < 25_000


@pytest.mark.parametrize("name", MAKERS)
def test_same_bytes_again_whatever_a_notebook_has_set(name: str) -> None:
    with matplotlib.rc_context(
        {"font.size": 30, "lines.linewidth": 9, "axes.facecolor": "red", "svg.fonttype": "path"}
    ):
        assert MAKERS[name]() == DRAWINGS[name]


def test_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from ivp_analysis.report.figures import draw_series as d;"
        "print(hashlib.sha256(d([2018, 2020], [5, 7], label='a', unit='b').svg.encode()).hexdigest())"
    )
    run = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert run[0] == run[1]


def test_ids_are_unique_over_all_figures_of_a_page() -> None:
    page = [drawing.svg for drawing in DRAWINGS.values()] + [DRAWINGS["map"].with_key("again").svg]
    found = [name for svg in page for name in re.findall(r'\bid="([^"]+)"', svg)]
    assert len(found) > 60
    assert len(found) == len(set(found))


@each
def test_every_reference_points_into_the_same_figure(drawing: Drawing) -> None:
    for svg in svgs(drawing.with_key("x")):
        text = ET.tostring(svg, encoding="unicode")
        used = set(re.findall(r'(?:href="|url\()#([^")]+)', text))
        assert used <= set(re.findall(r'\bid="([^"]+)"', text))


def _luminance(color: str) -> float:
    channels = [int(color[spot : spot + 2], 16) / 255 for spot in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("color", [canvas.BLUE, canvas.VERMILLION, canvas.GREEN, canvas.GREY])
@pytest.mark.parametrize("page", ["#ffffff", "#16181c"])
def test_lines_keep_three_to_one_on_light_and_dark_pages(color: str, page: str) -> None:
    low, high = sorted((_luminance(color), _luminance(page)))
    assert (high + 0.05) / (low + 0.05) >= 3


@each
def test_only_the_palette_and_the_color_of_the_page_are_used_for_lines(drawing: Drawing) -> None:
    palette = {canvas.BLUE, canvas.VERMILLION, canvas.GREEN, canvas.GREY, "currentColor", "none"}
    on_land = (
        {"#1a1a1a", "#ffffff"} if drawing is DRAWINGS["map"] else set()
    )  # The fill below them is fixed too.
    assert set(re.findall(r'stroke="([^"]+)"', drawing.svg)) <= palette | on_land
