"""CSV as a Dutch Excel reads it (pandas stands in for it), XLSX read back with openpyxl."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from browser.handmade import count_table, trend_table

from ivp_analysis.report.page.table_files import FlatTable, csv_bytes, workbook_bytes
from ivp_analysis.report.page.tables import Column, Link, Table, Verdict, table_csv, tables_workbook

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", '=HYPERLINK("http://x";"y")']


def _as_excel_nl(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig")


def _text_table(texts: list[str]) -> Table:
    return Table("T", [Column("a", "Tekst"), Column("b", "=Kop")], [{"a": t, "b": t} for t in texts], id="t")


def _sheet(content: bytes, name: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))[name]


def test_csv_has_mark_semicolons_decimal_comma_and_windows_lines() -> None:
    content = table_csv(trend_table())
    assert content.startswith(b"\xef\xbb\xbfVeiligheidsveld;Onderwerp;2022 (aantal);2023 (aantal);")
    assert content.count(b"\r\n") == content.count(b"\n") == 6
    assert "Woninginbraak;43;38;3,8;2016–2023;-8,5;-12,1;-4,9;".encode() in content


def test_csv_reads_as_numbers() -> None:
    frame = _as_excel_nl(table_csv(trend_table()))
    assert frame["2023 (aantal)"].tolist() == [38, 52, 1702, 10, 21]
    assert frame["2023 (per 1.000 inwoners)"].tolist() == [3.8, 5.3, 171.9, 1.0, 2.1]
    assert frame["2022 (aantal)"].isna().tolist() == [False, False, False, False, True]
    assert frame["Marge (% per jaar), ondergrens"].tolist()[:2] == [-12.1, 7.8]
    assert frame["Marge (% per jaar), bovengrens"].tolist()[:2] == [-4.9, 19.9]
    assert frame["Trend"][1] == "sterke stijging (ongunstig); laatste jaar +8"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_a_csv_is_a_formula(text: str) -> None:
    frame = pd.read_csv(io.BytesIO(table_csv(_text_table([text]))), sep=";", encoding="utf-8-sig", dtype=str)
    assert frame.iloc[0, 0] == f"'{text}"
    assert frame.columns[1] == "'=Kop"


def test_a_number_below_zero_stays_a_number() -> None:
    columns = [Column("a", "Wat"), Column("b", "Verandering", format="signed")]
    frame = _as_excel_nl(table_csv(Table("T", columns, [{"a": "x", "b": -12}], id="t")))
    assert frame["Verandering"].tolist() == [-12]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_a_workbook_is_a_formula(text: str) -> None:
    if "\r" in text:
        pytest.skip("XLSX keeps no carriage return")
    cell = _sheet(tables_workbook([_text_table([text])]), "t")["A4"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_workbook_has_a_sheet_per_table_with_figures_as_figures() -> None:
    content = tables_workbook([trend_table(), count_table()])
    sheet = _sheet(content, "overzicht")
    assert sheet["A1"].value == trend_table().caption
    assert [cell.value for cell in sheet[3]][:4] == [
        "Veiligheidsveld",
        "Onderwerp",
        "2022 (aantal)",
        "2023 (aantal)",
    ]
    assert [cell.value for cell in sheet[4]][1:5] == ["Woninginbraak", 43, 38, 3.84]
    assert sheet["E4"].number_format == "#,##0.0"
    assert sheet["A10"].value == trend_table().notes[0]
    assert _sheet(content, "woninginbraak")["B11"].value == 38


def test_workbook_has_the_same_bytes_each_time_and_tells_no_time() -> None:
    content = tables_workbook([trend_table(), count_table()])
    assert content == tables_workbook([trend_table(), count_table()])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_sheets_of_one_name_are_told_apart(tmp_path: Path) -> None:
    long = replace(count_table().flat(), id="a" * 40)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes([long, replace(long, id="a" * 39)])))
    assert len(set(book.sheetnames)) == 2
    assert max(map(len, book.sheetnames)) <= 31


def test_a_workbook_without_tables_opens() -> None:
    assert openpyxl.load_workbook(io.BytesIO(workbook_bytes([]))).sheetnames == ["geen tabellen"]


def test_flat_table_survives_the_notebook() -> None:
    flat = trend_table().flat()
    import json

    assert FlatTable.from_json(json.loads(json.dumps(flat.as_json()))) == flat


def test_pictures_stay_out_and_links_become_their_words() -> None:
    columns = [
        Column("a", "Pagina"),
        Column("b", "Lijn", format="html"),
        Column("c", "Woord", format="verdict"),
    ]
    row = {"a": Link("Vaals", "vaals.html"), "b": "<svg/>", "c": Verdict("daling", "▼", "good")}
    assert csv_bytes(Table("T", columns, [row], id="t").flat()).decode("utf-8-sig").splitlines() == [
        "Pagina;Woord",
        "Vaals;daling (gunstig)",
    ]
