"""A template opens in Dutch Excel, explains every column, and can be filled in with its own examples."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.delivery_specs import TEMPLATES
from ivp_analysis.data.templates import write_template
from ivp_analysis.errors import InputError, UsageError
from ivp_analysis.registry import Registry


@pytest.mark.parametrize("kind", TEMPLATES)
def test_the_csv_is_what_dutch_excel_opens(registry: Registry, tmp_path: Path, kind: str) -> None:
    file = write_template(kind, registry, tmp_path / "leeg.csv")
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[-1] == list(TEMPLATES[kind].names)
    assert all(len(row) == 1 and row[0].startswith("# ") for row in rows[:-1])
    told = "\n".join(row[0] for row in rows[:-1])
    assert all(f"# {column.name}: " in told for column in TEMPLATES[kind].columns)
    with pytest.raises(InputError, match="a header but no rows"):
        clean_file(file, registry.sources[kind], registry)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_the_examples_are_a_good_row_of_the_csv(registry: Registry, tmp_path: Path, kind: str) -> None:
    file = write_template(kind, registry, tmp_path / "vol.csv")
    row = ";".join(column.example for column in TEMPLATES[kind].columns)
    file.write_bytes(file.read_bytes() + f"{row}\r\n".encode())
    assert clean_file(file, registry.sources[kind], registry).kept >= 1


@pytest.mark.parametrize("kind", TEMPLATES)
def test_the_examples_are_a_good_row_of_the_workbook(registry: Registry, tmp_path: Path, kind: str) -> None:
    file = write_template(kind, registry, tmp_path / "vol.xlsx")
    book = load_workbook(file)
    assert book.sheetnames == ["Gegevens", "Uitleg"]
    assert [cell.value for cell in book["Gegevens"][1]] == list(TEMPLATES[kind].names)
    explained = {row[0].value: [cell.value for cell in row] for row in book["Uitleg"].iter_rows(min_row=2)}
    for place, column in enumerate(TEMPLATES[kind].columns, 1):
        assert explained[column.name][1:3] == [column.meaning, column.unit]
        assert explained[column.name][4] == column.example
        book["Gegevens"].cell(2, place).value = column.example
    book.save(file)
    assert clean_file(file, registry.sources[kind], registry).kept >= 1


def test_the_explanation_survives_a_round_trip_through_excel(registry: Registry, tmp_path: Path) -> None:
    """Excel fills explanation lines up with separators and puts quotation marks where it likes."""
    file = write_template("visitors", registry, tmp_path / "a.csv")
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    saved = [f'"{line}";;' if line.startswith("#") else line for line in lines]
    file.write_text("\r\n".join([*saved, "Vaals;2024;310000", ";;"]), encoding="utf-8-sig", newline="")
    table = clean_file(file, registry.sources["visitors"], registry).frames["visitors"]
    assert table.values.tolist() == [["GM0981", 2024, 310000]]


def test_a_file_that_is_there_is_never_overwritten(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "levering.csv"
    file.write_text("mijn werk", encoding="utf-8")
    with pytest.raises(UsageError, match="there is a file"):
        write_template("halt", registry, file)
    assert file.read_text(encoding="utf-8") == "mijn werk"


def test_an_unknown_kind_or_name_is_wrong_use(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no template 'meldingen'") as caught:
        write_template("meldingen", registry, tmp_path / "a.csv")
    assert "police-inp, police-figures, survey, halt, measures, events, visitors" in caught.value.todo
    with pytest.raises(UsageError, match="no name for a template"):
        write_template("halt", registry, tmp_path / "a.docx")
    with pytest.raises(UsageError, match="no name for a template"):
        write_template("halt", registry, tmp_path / "a.csv", workbook=True)
    assert list(tmp_path.iterdir()) == []


def test_every_delivery_source_has_a_template_and_the_other_way_round(registry: Registry) -> None:
    assert {s.id for s in registry.sources.values() if s.reader == "delivery"} == set(TEMPLATES)
    for template in TEMPLATES.values():
        assert set(template.key) <= set(template.names)
        needs_codes = any(column.kind == "code" for column in template.columns)
        assert not needs_codes or registry.sources[template.source].codes
