"""What single figures show: gaps, bands, sums, order, names, borders; measured in the SVG itself."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from ivp_analysis.errors import ReportError
from ivp_analysis.report import figures
from ivp_analysis.report.figures import canvas, words
from ivp_analysis.report.figures.counts import as_series

SVG = "{http://www.w3.org/2000/svg}"
BOUNDARIES = Path(__file__).parents[4] / "shared" / "data" / "geo" / "gemeenten_2022.geojson"


def paths(svg: str, **attributes: str) -> list[list[tuple[float, float]]]:
    """The points of every path that has these attributes."""
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    nodes = [node for node in ET.fromstring(svg).iter(f"{SVG}path") if wanted.items() <= node.attrib.items()]
    found = [re.findall(r"(-?[\d.]+) (-?[\d.]+)", node.attrib["d"]) for node in nodes]
    return [[(float(x), float(y)) for x, y in points] for points in found]


def texts(svg: str) -> dict[str, tuple[float, float]]:
    """Every text with where it is written."""
    nodes = ET.fromstring(svg).iter(f"{SVG}text")
    return {node.text or "": (float(node.attrib["x"]), float(node.attrib["y"])) for node in nodes}


def count_lines(svg: str) -> list[list[tuple[float, float]]]:
    """The lines through the counts, without the sample in the legend."""
    lines = paths(svg, stroke=canvas.BLUE, fill="none")
    return [line for line in lines if line[0][0] != 0]


@pytest.mark.parametrize("hole", [None, float("nan"), pd.NA, "left out"])
def test_a_missing_year_is_a_gap_and_said(hole: object) -> None:
    years, counts = [2018, 2019, 2020, 2021, 2022], [50, 40, hole, 30, 20]
    if isinstance(hole, str):
        years, counts = [2018, 2019, 2021, 2022], [50, 40, 30, 20]
    drawing = figures.draw_series(years, counts, label="Inbraak in Vaals", unit="per jaar")  # type: ignore[arg-type]
    first, second = count_lines(drawing.svg)
    step = first[1][0] - first[0][0]
    assert second[0][0] - first[1][0] == pytest.approx(2 * step, abs=0.2)
    assert "Geen cijfer over 2020." in drawing.description
    assert "geen cijfer" in texts(drawing.svg)


def test_a_year_between_two_gaps_keeps_its_dot() -> None:
    whole = figures.draw_series([2018, 2019, 2020], [5, 6, 7], label="a", unit="b").svg
    holes = figures.draw_series([2018, 2020, 2022], [5, 6, 7], label="a", unit="b").svg
    assert whole.count("<use") == 3
    assert holes.count("<use") == 3 + 2 + 2  # three dots, two crosses, dot and cross of the legend
    assert count_lines(holes) == []


def test_heights_are_proportional_to_counts_from_zero() -> None:
    drawing = figures.draw_series([2018, 2019, 2020, 2021], [100, 25, 0, 50], label="a", unit="b")
    (line,) = count_lines(drawing.svg)
    zero = line[2][1]
    assert [(zero - y) / (zero - line[0][1]) for _, y in line] == pytest.approx([1, 0.25, 0, 0.5], abs=0.002)
    label = texts(drawing.svg)["0"]
    assert label[1] == pytest.approx(zero, abs=7)


def test_trend_band_covers_its_window_only() -> None:
    years = list(range(2012, 2024))
    trend = figures.Band(years[4:], [60.0] * 8, [50.0] * 8, [70.0] * 8, 0.95)
    drawing = figures.draw_series(years, [60] * 12, label="a", unit="b", trend=trend)
    (line,) = count_lines(drawing.svg)
    by_year = dict(zip(years, (x for x, _ in line), strict=True))
    band = next(points for points in paths(drawing.svg) if len(points) > 16)
    assert min(x for x, _ in band) == pytest.approx(by_year[2016], abs=0.2)
    assert max(x for x, _ in band) == pytest.approx(by_year[2023], abs=0.2)
    assert "van 60 in 2016 naar 60 in 2023 (95%-marge in 2023: 50 tot 70)" in drawing.description
    assert "trend 2016–2023 met 95%-marge" in texts(drawing.svg)


def test_dots_outside_the_window_are_smaller() -> None:
    counts = [5, 6, 7, 8, 9, 10]
    drawing = figures.draw_series(range(2018, 2024), counts, label="a", unit="b", window=(2020, 2023))
    dots = re.findall(r'<use [^>]*href="#([^"]+)"', drawing.svg)
    sizes = {name: max(abs(x) for x, _ in paths(drawing.svg, id=name)[0]) for name in dots}
    assert [sizes[name] for name in dots] == sorted((sizes[name] for name in dots), reverse=True)
    assert [dots.count(name) for name in dict.fromkeys(dots)] == [4, 2]


def test_the_sentence_of_the_caller_opens_the_description() -> None:
    said = "Geregistreerde woninginbraak in Vaals daalt."
    drawing = figures.draw_series([2022, 2023], [1656, 41], label="Woninginbraak", unit="b", sentence=said)
    assert drawing.description.startswith(said)
    assert "van 1.656 in 2022 naar 41 in 2023 (1.615 lager)" in drawing.description
    assert drawing.title == "Woninginbraak, 2022–2023"


def test_target_and_breaks_are_named_where_they_are() -> None:
    drawing = figures.draw_series(
        range(2018, 2024),
        [498, 450, 400, 380, 390, 400],
        label="Inbraak",
        unit="per jaar",
        target=(2024, 398),
        breaks=[(2021, "nieuwe telwijze")],
        covid=(2020, 2021),
    )
    shown = texts(drawing.svg)
    named = "1 (2021): nieuwe telwijze"
    assert {"streefwaarde 2024: 398", "coronajaren 2020–2021", named, "1", "2024"} <= set(shown)
    (line,) = count_lines(drawing.svg)
    assert line[2][0] < shown["1"][0] < line[3][0]
    for said in ("streefwaarde voor 2024 is 398", "Vanaf 2021", "nieuwe telwijze", "coronajaren 2020–2021"):
        assert said in drawing.description


def test_contribution_bars_are_proportional_and_sum_exactly() -> None:
    changes = [0.1, 0.2, -0.6, 12.0]
    drawing = figures.draw_contribution(["a", "b", "c", "d"], changes, label="Verandering", unit="per 1.000")
    assert {"+0,1", "+0,2", "−0,6", "+12", "+11,7"} <= set(texts(drawing.svg))
    bars = [path for color in (canvas.BLUE, canvas.VERMILLION) for path in paths(drawing.svg, fill=color)]
    widths = sorted(max(x for x, _ in bar) - min(x for x, _ in bar) for bar in bars)
    assert widths[-1] / widths[2] == pytest.approx(12 / 0.6, rel=0.02)
    assert widths[-2] / widths[-1] == pytest.approx(11.7 / 12, rel=0.005)
    assert drawing.description.endswith("c −0,6; a +0,1; b +0,2; d +12; samen +11,7.")


def test_parts_without_changes_are_refused() -> None:
    with pytest.raises(ReportError, match="2 parts with 1 changes"):
        figures.draw_contribution(["a", "b"], [1], label="a", unit="b")


def test_small_multiples_have_their_own_axes_from_zero() -> None:
    panels = [
        figures.Panel("Inbraak", [2022, 2023], [8, 9], "stijging", "▲"),
        figures.Panel("Vernieling", [2022, 2023], [800, 600], "daling", "▼"),
    ]
    drawing = figures.draw_small_multiples(panels, title="Twee", unit="per jaar")
    one, two = (ET.tostring(svg, encoding="unicode") for svg in ET.fromstring(drawing.svg))
    assert {"Inbraak", "▲ stijging", "0", "8", "9", "10"} <= set(texts(one))
    assert {"Vernieling", "▼ daling", "0", "1.000", "800", "600"} <= set(texts(two))
    assert (
        "Inbraak (per jaar): van 8 in 2022 naar 9 in 2023 (1 hoger). Trend: stijging." in drawing.description
    )


def test_caterpillar_orders_from_high_to_low_and_names_the_interval() -> None:
    drawing = figures.draw_caterpillar(
        ["Sluis", "Vaals", "Veere"],
        [3.0, 7.6, 5.5],
        [2.0, 5.3, 4.0],
        [4.0, 10.3, 7.0],
        highlighted=["Vaals"],
        reference=5,
        reference_label="midden",
        label="Inbraak",
        unit="per 1.000 inwoners",
    )
    shown = texts(drawing.svg)
    assert shown["Vaals"][1] < shown["Veere"][1] < shown["Sluis"][1]
    assert "Vaals 7,6 (tussen 5,3 en 10,3). midden: 5,0." in drawing.description
    assert 'font-weight="700"' in re.findall(r"<text[^>]*>Vaals", drawing.svg)[0]
    assert {"0", "7,6", "3,0", "midden: 5,0"} <= set(shown)


def test_too_many_rows_are_refused() -> None:
    many = [float(value) for value in range(61)]
    with pytest.raises(ReportError, match="61 rows"):
        figures.draw_caterpillar(
            [str(value) for value in many],
            many,
            many,
            many,
            highlighted=[],
            reference=1,
            reference_label="m",
            label="a",
            unit="b",
        )


def test_target_path_runs_from_baseline_to_target_and_tells_the_chance() -> None:
    drawing = figures.draw_target_path(
        range(2014, 2022),
        [520, 510, 500, 490, 498, 470, 460, 450],
        baseline=(2018, 498),
        target=(2023, 398),
        projection=figures.Band([2022, 2023], [446, 440], [400, 380], [490, 505], 0.8),
        probability=0.21,
        label="Inbraak",
        unit="misdrijven per jaar",
    )
    (counts,) = count_lines(drawing.svg)
    way = next(
        path
        for path in paths(drawing.svg, stroke=canvas.GREEN, fill="none")
        if path[0][0] > 30 and len(path) == 2
    )
    assert way[0] == pytest.approx(counts[4], abs=0.2)
    per_case = (counts[0][1] - counts[4][1]) / (520 - 498)
    assert way[1][1] - way[0][1] == pytest.approx(-per_case * (498 - 398), rel=0.03)
    assert {"kans om de streefwaarde te halen: ongeveer 2 op 10", "450"} <= set(texts(drawing.svg))
    for said in (
        "Uitgangswaarde 2018: 498.",
        "Streefwaarde 2023: 398.",
        "Verwachting voor 2023: 440, met 80% kans tussen 380 en 505",
    ):
        assert said in drawing.description


def test_monitor_names_signals_and_refuses_strangers() -> None:
    months = [f"2023-{month:02d}" for month in range(1, 13)]
    counts = [10.0] * 11 + [25.0]
    band = [10.0] * 12, [4.0] * 12, [18.0] * 12
    drawing = figures.draw_monitor(months, counts, *band, ["2023-12"], label="Inbraak", unit="per maand")
    assert "Opvallende maanden: december 2023 (25)." in drawing.description
    assert {"december 2023: 25", "jan", "2023"} <= set(texts(drawing.svg))
    with pytest.raises(ReportError, match="every signal"):
        figures.draw_monitor(months, counts, *band, ["2024-01"], label="Inbraak", unit="per maand")


def test_calibration_tells_classes_and_chances() -> None:
    drawing = figures.draw_calibration([3, 5, 4], [(0.1, 0.12, 25), (0.9, 0.8, 10)], label="Vooruitblik")
    assert "12 uitkomsten in 3 klassen" in drawing.description
    assert "voorspeld 10%, uitgekomen 12% van 25; voorspeld 90%, uitgekomen 80% van 10" in drawing.description


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ([2015], "2015"),
        ([2015, 2016], "2015 en 2016"),
        ([2015, 2018, 2019, 2020, 2023], "2015, 2018–2020 en 2023"),
    ],
)
def test_years_are_said_as_spans(years: list[int], said: str) -> None:
    assert words.years_text(years) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([65, 41], "van 65 in 2018 naar 41 in 2019 (24 lager)."),
        ([5, 5], "van 5 in 2018 naar 5 in 2019 (gelijk)."),
        ([1.5, 1234.5], "van 1,5 in 2018 naar 1.234,5 in 2019 (1.233 hoger)."),
    ],
)
def test_first_and_last_figure_are_said_with_their_difference(counts: list[float], said: str) -> None:
    assert words.from_to("Inbraak", [2018, 2019], counts) == f"Inbraak: {said}"


def test_a_series_orders_its_years_and_never_fills_with_zero() -> None:
    series = as_series([2020, 2018], [0, 7])
    assert series.years == (2018, 2019, 2020)
    assert series.counts == (7.0, None, 0.0)
    assert series.missing == (2019,)
