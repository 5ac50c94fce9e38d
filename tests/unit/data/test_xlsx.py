"""Workbooks as analysts make them: read to the cell, or refused for what is hidden, run, linked or too large."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.tidy import Reading
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

HEAD = ("gemeente", "inp_klasse", "jaar", "maand", "aantal")
GOOD = (("Vaals", "E12", 2018, None, 47), ("GM0994", "E13", 2018, 3, 12.0))
SURVEY = ("gemeente", "vraag", "jaar", "n", "percentage", "ontwerpeffect")
CALM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def book(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD) -> Workbook:
    made = Workbook()
    made.worksheets[0].title = "Gegevens"
    for row in (head, *rows):
        made.worksheets[0].append(list(row))
    return made


def packed(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def repacked(content: bytes, parts: Mapping[str, bytes], *, change: Callable[[str, bytes], bytes] | None = None,
             ) -> bytes:  # fmt: skip
    """The same archive with parts added, or changed as Excel or somebody with bad intentions would."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            whole = old.read(name)
            new.writestr(name, change(name, whole) if change else whole)
        for name, added in parts.items():
            new.writestr(name, added)
    return stream.getvalue()


def read(content: bytes, registry: Registry, folder: Path, source: str = "police-inp") -> Reading:
    file = folder / "levering.xlsx"
    file.write_bytes(content)
    return clean_file(file, registry.sources[source], registry)


def refused(content: bytes, registry: Registry, folder: Path, source: str = "police-inp") -> str:
    with pytest.raises(InputError) as caught:
        read(content, registry, folder, source)
    assert caught.value.where.startswith("levering.xlsx")
    assert caught.value.todo
    return str(caught.value)


def test_numbers_texts_and_empty_cells_are_read(registry: Registry, tmp_path: Path) -> None:
    frame = read(packed(book([*GOOD, (), ("Vaals", "F95", "2019", "", "")])), registry, tmp_path)
    rows = frame.frames["observations"]
    assert rows[["area_code", "code", "period", "status"]].values.tolist() == [
        ["GM0981", "E12", "2018", "exact"],
        ["GM0994", "E13", "2018-03", "exact"],
        ["GM0981", "F95", "2019", "missing"],
    ]
    assert rows["count"].tolist()[:2] == [47, 12]


def test_all_faults_at_once_with_the_row_numbers_of_excel(registry: Registry, tmp_path: Path) -> None:
    rows = [
        ("Vals", "E21", 1018, 13, -4),
        (),
        ("Vaals", "E12", 2018, None, 4.5),
        ("Vaals", "E13", 2018, None, datetime(2024, 3, 4)),
        ("Vaals", "F95", 2018, None, "=SUM(A1:A9)"),
        ("Vaals", "E321", 2018, None, True),
        (None, "e12", None, None, "#DIV/0!"),
        GOOD[0],
        ("GM0981", "E12", "2018", None, 48),
    ]
    said = refused(packed(book(rows)), registry, tmp_path)
    for line in (
        "row 2, gemeente: unknown municipality 'Vals', did you mean Vaals?",
        "row 2, inp_klasse: unknown code 'E21', did you mean",
        "row 2, jaar: '1018' is not a whole number from 2010 to 2100",
        "row 2, maand: '13' is not a whole number from 1 to 12",
        "row 2, aantal: count '-4' is negative",
        "row 4, aantal: count '4.5' is not a whole number",
        "row 5, aantal: '2024-03-04' looks like a date; Excel may have made one of a number",
        "row 6, aantal: '=SUM(A1:A9)' is a formula; paste the value instead",
        "row 7, aantal: 'TRUE' is not a count",
        "row 8, gemeente: is empty: fill it in",
        "row 8, jaar: is empty: fill it in",
        "row 8, aantal: '#DIV/0!' is an error of Excel",
        "row 9: the same gemeente, inp_klasse, jaar, maand as row 4",
        "row 10: the same gemeente, inp_klasse, jaar, maand as row 4",
    ):
        assert line in said
    assert "14 faults" in said


@pytest.mark.parametrize(
    ("value", "number_format", "share"),
    [("27,0", "General", 0.27), (27.5, "General", 0.275), (0.27, "0%", 0.27), ("27%", "@", 0.27)],
)
def test_a_percentage_however_excel_holds_it(
    registry: Registry, tmp_path: Path, value: object, number_format: str, share: float
) -> None:
    made = book([("Vaals", "unsafe_nightlife", 2016, 812, value, None)], SURVEY)
    made.worksheets[0]["E2"].number_format = number_format
    frame = read(packed(made), registry, tmp_path, "survey").frames["survey"]
    assert frame["share"].iloc[0] == pytest.approx(share)
    assert frame["design_effect"].iloc[0] == 1.0


def test_a_fraction_in_the_place_of_a_percentage_is_asked_about(registry: Registry, tmp_path: Path) -> None:
    made = packed(book([("Vaals", "unsafe_nightlife", 2016, 812, 0.27, None)], SURVEY))
    assert "row 2, percentage: '0.27' is below 1 percent" in refused(made, registry, tmp_path, "survey")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_with_data_is_refused(registry: Registry, tmp_path: Path, state: str) -> None:
    made = book(GOOD)
    made.create_sheet("Geheim").sheet_state = state
    read(packed(made), registry, tmp_path)
    made["Geheim"]["B4"] = "iets"
    said = refused(packed(made), registry, tmp_path)
    assert "sheet 'Geheim' is hidden and holds data" in said
    assert "Geheim row 4" in said
    made["Geheim"].title = "Uitleg"
    assert "hidden" in refused(packed(made), registry, tmp_path)


def test_data_on_two_sheets_is_refused_and_an_explanation_is_not_data(
    registry: Registry, tmp_path: Path
) -> None:
    made = book(GOOD)
    made.create_sheet("Uitleg").append(["kolom", "betekenis"])
    made.create_sheet("Blad2")
    assert read(packed(made), registry, tmp_path).kept == 2
    made["Blad2"]["A1"] = 1
    assert "both hold data" in refused(packed(made), registry, tmp_path)


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/connections.xml", "links to other files"),
        ("xl/embeddings/oleObject1.bin", "other files inside"),
    ],
)
def test_what_could_run_or_fetch_is_refused(registry: Registry, tmp_path: Path, part: str, what: str) -> None:
    assert what in refused(repacked(packed(book(GOOD)), {part: b"<x/>"}), registry, tmp_path)


def test_a_macro_workbook_is_known_by_its_type_too(registry: Registry, tmp_path: Path) -> None:
    def retype(name: str, whole: bytes) -> bytes:
        plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        return whole.replace(plain, macro) if name == "[Content_Types].xml" else whole

    content = repacked(packed(book(GOOD)), {}, change=retype)
    assert b"macroEnabled" in zipfile.ZipFile(io.BytesIO(content)).read("[Content_Types].xml")
    assert "macros" in refused(content, registry, tmp_path)


def test_a_link_to_another_file_is_refused_and_a_web_address_in_a_cell_is_not(
    registry: Registry, tmp_path: Path
) -> None:
    made = book(GOOD)
    made.worksheets[0]["A2"].hyperlink = "https://www.vaals.nl"
    made.worksheets[0]["A2"].value = "Vaals"
    content = packed(made)
    assert read(content, registry, tmp_path).kept == 2
    linked = repacked(
        content,
        {},
        change=lambda _, whole: whole.replace(b"relationships/hyperlink", b"relationships/attachedTemplate"),
    )
    assert "links to other files" in refused(linked, registry, tmp_path)


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_unpacked(
    registry: Registry, tmp_path: Path
) -> None:
    content = packed(book(GOOD))
    huge = repacked(content, {"xl/media/a.bin": bytes(80 << 20)})
    assert "unpacks to 84 MB" in refused(huge, registry, tmp_path)
    dense = repacked(content, {"xl/media/a.bin": bytes(8 << 20)})
    assert "times its size" in refused(dense, registry, tmp_path)
    many = repacked(content, {f"xl/media/{i}.bin": b"" for i in range(600)})
    assert "parts" in refused(many, registry, tmp_path)


def test_entities_that_grow_are_refused(registry: Registry, tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'
    content = repacked(packed(book(GOOD)), {"xl/other.xml": bomb})
    assert "is not plain XML" in refused(content, registry, tmp_path)
    utf16 = bomb.decode().encode("utf-16")
    assert "is not plain XML" in refused(
        repacked(packed(book(GOOD)), {"xl/o.xml": utf16}), registry, tmp_path
    )


def test_a_figure_far_away_is_not_read_past(registry: Registry, tmp_path: Path) -> None:
    made = book(GOOD)
    made.worksheets[0]["CZ4"] = 1
    assert "beyond" in refused(packed(made), registry, tmp_path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04", "not a whole Excel file"),
        (packed(book(GOOD))[:-30], "not a whole Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file"),
        (packed(book([])), "a header but no rows"),
        (packed(Workbook()), "no sheet with data"),
        (packed(book(GOOD, ("gemeente", "klasse", "jaar", "mnd", "aantal"))), "columns inp_klasse, maand are"),
        (packed(book(GOOD, ("gemeente", "inp_klasse", "jaar", "maand", "aantal", "jaar"))), "twice"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_the_template_is_refused(
    registry: Registry, tmp_path: Path, content: bytes, what: str
) -> None:
    assert what in refused(content, registry, tmp_path)


def test_a_zip_that_is_no_workbook_is_refused(registry: Registry, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert "no Excel workbook" in refused(stream.getvalue(), registry, tmp_path)


def test_reading_leaves_the_file_as_it_is(registry: Registry, tmp_path: Path) -> None:
    content = packed(book(GOOD))
    read(content, registry, tmp_path)
    assert (tmp_path / "levering.xlsx").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["levering.xlsx"]
    assert load_workbook(tmp_path / "levering.xlsx").sheetnames == ["Gegevens"]


@CALM
@given(tail=st.binary(max_size=400))
def test_random_bytes_are_an_input_error(registry: Registry, tmp_path: Path, tail: bytes) -> None:
    refused(b"PK\x03\x04" + tail, registry, tmp_path)


@CALM
@given(place=st.integers(0, 100_000), new=st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_whole_or_refused(
    registry: Registry, tmp_path: Path, place: int, new: bytes
) -> None:
    whole = packed(book(GOOD))
    at = place % len(whole)
    try:
        done = read(whole[:at] + new + whole[at + len(new) :], registry, tmp_path)
    except InputError:
        return
    assert done.accounted


@CALM
@given(name=st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]),
       place=st.integers(0, 5000), new=st.binary(max_size=8))  # fmt: skip
def test_a_part_with_other_content_is_read_whole_or_refused(
    registry: Registry, tmp_path: Path, name: str, place: int, new: bytes
) -> None:
    def damage(part: str, whole: bytes) -> bytes:
        at = place % len(whole)
        return whole[:at] + new + whole[at + 3 :] if part == name else whole

    try:
        done = read(repacked(packed(book(GOOD)), {}, change=damage), registry, tmp_path)
    except InputError:
        return
    assert done.accounted
