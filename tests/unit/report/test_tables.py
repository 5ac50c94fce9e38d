"""Tables as readers meet them: parsed as XML, which the HTML of a table also is."""

import math
import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest
from browser.handmade import trend_table

from ivp_analysis.errors import ReportError
from ivp_analysis.report.page.cells import Bullets, Counted, cell_values
from ivp_analysis.report.page.safe_html import Html, element
from ivp_analysis.report.page.tables import Column, Link, Missing, Table, Verdict


def _parsed(table: Table) -> ET.Element:
    return ET.fromstring(table.html())


def _text(node: ET.Element | None) -> str:
    assert node is not None
    return " ".join("".join(node.itertext()).split())


def _one_cell(column: Column, value: Any) -> ET.Element:
    table = Table("Titel", [Column("name", "Naam"), column], [{"name": "rij", column.key: value}], id="t")
    cell = _parsed(table).find(".//td")
    assert cell is not None
    return cell


def test_every_heading_has_a_scope_and_words() -> None:
    heads = _parsed(trend_table()).findall(".//th")
    assert {head.get("scope") for head in heads} == {"col", "row", "rowgroup"}
    assert all(_text(head) for head in heads)


def test_caption_names_the_region_that_scrolls() -> None:
    root = _parsed(trend_table())
    region, caption = root.find("div"), root.find(".//caption")
    assert region is not None
    assert caption is not None
    assert region.attrib == {
        "class": "table-scroll", "role": "region", "tabindex": "0", "aria-labelledby": caption.get("id"),
    }  # fmt: skip
    assert _text(caption).startswith("Geregistreerde criminaliteit")


def test_unit_stands_in_the_heading_and_is_read_after_a_comma() -> None:
    heads = [_text(head) for head in _parsed(trend_table()).findall(".//thead/tr/th")]
    assert heads[3] == "2023 , per 1.000 inwoners"


def test_groups_head_their_rows() -> None:
    bodies = _parsed(trend_table()).findall(".//tbody")
    assert [_text(body.find("tr/th")) for body in bodies] == [
        "Veilige woon- en leefomgeving",
        "Bedrijvigheid en veiligheid",
    ]
    assert [len(body.findall("tr")) for body in bodies] == [4, 3]
    group = bodies[0].find("tr/th")
    assert group is not None
    assert group.get("colspan") == "8"


def test_figures_stand_right_and_words_left() -> None:
    row = _parsed(trend_table()).findall(".//tbody/tr")[1]
    assert [cell.get("class") for cell in row] == [None, *["figure"] * 3, "short", *["figure"] * 2, None]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        (Column("x", "X", format="count"), 1656, "1.656"),
        (Column("x", "X", format="decimal", digits=2), 0.285, "0,29"),
        (Column("x", "X", format="percent", digits=1), 0.123, "12,3%"),
        (Column("x", "X", format="signed"), -12, "−12"),
        (Column("x", "X", format="signed_percent", digits=1), 0.061, "+6,1%"),
        (Column("x", "X", format="range", digits=1), (10.2, 12.5), "10,2–12,5"),
        (Column("x", "X", format="percent_range", digits=1), (0.1, 0.2), "10,0–20,0%"),
        (Column("x", "X", format="signed_percent_range", digits=1), (-0.1, 0.2), "−10,0% tot +20,0%"),
        (Column("x", "X", format="year"), 2023, "2023"),
        (Column("x", "X", format="period"), "2024-03", "maart 2024"),
        (Column("x", "X", format="date"), date(2024, 3, 1), "1 maart 2024"),
        (Column("x", "X", format="chance"), 0.3, "ongeveer 3 op 10"),
        (Column("x", "X"), "a < b & c", "a < b & c"),
        (Column("x", "X"), Link("Vaals", "vaals.html"), "Vaals"),
        (Column("x", "X", format="html"), element("b", "vet"), "vet"),
    ],
    ids=lambda value: value.format if isinstance(value, Column) else None,
)
def test_each_kind_of_value(column: Column, value: Any, text: str) -> None:
    assert _text(_one_cell(column, value)) == text


@pytest.mark.parametrize("absent", [None, math.nan, "", Missing("geen cijfer")])
@pytest.mark.parametrize("kind", ["count", "percent", "text", "range"])
def test_a_missing_figure_is_a_dash_for_the_eye_and_words_for_the_ear(absent: Any, kind: Any) -> None:
    value = (absent, 1.0) if kind == "range" and isinstance(absent, float) else absent or None
    cell = _one_cell(Column("x", "X", format=kind), value)
    dash, words = cell.findall("span")
    assert (dash.text, dash.get("aria-hidden")) == ("–", "true")
    assert (words.text, words.get("class")) == ("geen cijfer", "unseen")


def test_a_verdict_needs_no_colour() -> None:
    cell = _one_cell(Column("x", "X", format="verdict"), Verdict("stijging", "▲", "bad", "laatste jaar +8"))
    assert _text(cell) == "▲ stijging ongunstig laatste jaar +8"
    sign = cell.find("span/span")
    assert sign is not None
    assert sign.get("aria-hidden") == "true"


def test_a_count_beside_shares_is_a_number_in_a_file() -> None:
    """`1.656` is Dutch for 1656; a program that reads the file would take it for less than two."""
    column = Column("x", "X")
    assert _text(_one_cell(column, Counted(1655.5))) == "1.656"
    assert cell_values(column, Counted(1655.5)) == [1656]
    assert cell_values(column, "27%") == ["27%"]


def test_bullets_are_a_list_on_the_page_and_one_text_in_a_file() -> None:
    column = Column("x", "X")
    cell = _one_cell(column, Bullets(("relatief veel <b>", "daling: geweld")))
    assert [_text(item) for item in cell.findall("ul/li")] == ["relatief veel <b>", "daling: geweld"]
    assert cell_values(column, Bullets(("een", "twee"))) == ["een; twee"]
    assert "niets genoemd" in _text(_one_cell(column, Bullets(())))


def test_what_comes_in_as_text_is_never_html() -> None:
    evil = "<script>alert(1)</script>"
    columns = [Column("a", evil, unit=evil), Column("b", "B")]
    table = Table(evil, columns, [{"a": evil, "b": Link(evil, 'x" onclick="y')}], notes=[evil], id="t")
    root = _parsed(table)
    assert not list(root.iter("script"))
    assert all("onclick" not in node.attrib for node in root.iter())
    assert table.html().count("&lt;script&gt;") == 6


def test_a_total_stands_apart_and_may_leave_cells_open() -> None:
    columns = [Column("a", "Wat"), Column("b", "Aantal", format="count"), Column("c", "Woord")]
    table = Table("T", columns, [{"a": "x", "b": 1, "c": "y"}], id="t", total={"a": "Samen", "b": 1})
    assert [_text(cell) for cell in _parsed(table).findall(".//tfoot/tr/*")] == ["Samen", "1", ""]


@pytest.mark.parametrize("name", ["", "Met hoofdletter", "a_b", "1a", "a" * 41])
def test_an_id_that_cannot_name_a_file_is_refused(name: str) -> None:
    with pytest.raises(ReportError, match="name for a file"):
        Table("T", [Column("a", "A")], [], id=name)


def test_a_row_without_a_value_is_refused_with_its_number() -> None:
    with pytest.raises(ReportError, match="row 2") as caught:
        Table("T", [Column("a", "A"), Column("b", "B")], [{"a": 1, "b": 2}, {"a": 1}], id="t")
    assert "'b'" in str(caught.value)


def test_a_column_without_heading_is_refused() -> None:
    with pytest.raises(ReportError, match="heading"):
        Column("a", " ")


def test_html_is_not_escaped_twice() -> None:
    inner = element("em", "a & b")
    assert element("p", inner, " < ") == Html("<p><em>a &amp; b</em> &lt; </p>")
