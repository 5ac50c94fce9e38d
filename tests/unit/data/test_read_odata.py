"""Tables with region keys: what is kept, what is dropped with a count, and what is refused with its row."""

import re
from pathlib import Path

import pandas as pd
import pytest
from unit.data.given import BOM, nuisance_table, theft_table

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.tidy import Drop, Reading
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

GOOD = nuisance_table({("E33", "GM0938", "2018JJ00"): 12, ("E33", "GM0938", "2018MM01"): 1})


def read(content: bytes, registry: Registry, folder: Path, source: str = "politie-47021") -> Reading:
    file = folder / "tabel.csv"
    file.write_bytes(content)
    return clean_file(file, registry.sources[source], registry)


def rows(reading: Reading) -> list[tuple[object, ...]]:
    frame = reading.frames["observations"]
    values = frame.astype({"count": object}).where(frame.notna(), None)
    return [
        tuple(None if pd.isna(v) else v for v in row) for row in values.itertuples(index=False, name=None)
    ]


@pytest.mark.parametrize("bom", [True, False])
def test_padding_goes_and_text_stays_text(registry: Registry, tmp_path: Path, bom: bool) -> None:
    content = nuisance_table({("0.0.0", "GM0938", "2018JJ00"): 3, ("M061", "NL01", "2018MM12"): 40}, bom=bom)
    assert rows(read(content, registry, tmp_path)) == [
        ("GM0938", "0.0.0", "2018", 3, "exact"),
        ("NL01", "M061", "2018-12", 40, "exact"),
    ]


def test_missing_is_missing_and_zero_is_zero(registry: Registry, tmp_path: Path) -> None:
    cells = {
        ("E33", "GM0938", "2018JJ00"): None,
        ("E35", "GM0938", "2018JJ00"): "",
        ("E38", "GM0938", "2018JJ00"): 0,
    }
    found = {row[1]: row[3:] for row in rows(read(nuisance_table(cells), registry, tmp_path))}
    assert found == {"E33": (None, "missing"), "E35": (None, "missing"), "E38": (0, "exact")}


def test_regions_of_other_levels_are_dropped_and_counted(registry: Registry, tmp_path: Path) -> None:
    areas = ["GM0938", "NL01", "RE10", "PV31", "LD04", "GM0000", "LD99", "CR39", "PV99"]
    reading = read(nuisance_table({("E33", area, "2018JJ00"): 1 for area in areas}), registry, tmp_path)
    assert [row[0] for row in rows(reading)] == ["GM0938", "NL01", "RE10", "PV31"]
    assert reading.dropped == {Drop.LEVEL: 2, Drop.UNPLACED: 3}
    assert reading.accounted


def test_a_filter_keeps_one_key_and_counts_the_rest(registry: Registry, tmp_path: Path) -> None:
    content = theft_table(
        [
            ("T001540", "CRI1134", "GM0938", "2018JJ00", "65"),
            ("A048105", "CRI1134", "GM0938", "2018JJ00", "60"),
            ("A048106", "CRI1134", "GM0938", "2018JJ00", "5"),
        ]
    )
    reading = read(content, registry, tmp_path, "cbs-83651")
    assert rows(reading) == [("GM0938", "CRI1134", "2018", 65, "rounded5")]
    assert reading.dropped == {Drop.FILTER: 2}


def test_a_table_as_statline_shows_it_is_not_the_raw_data_set(registry: Registry, tmp_path: Path) -> None:
    titled = (
        '"Geregistreerde overlast; soort overlast, gemeente"\n"";"Perioden";"2018"\n"Vaals";"aantal";"5"\n'
    )
    with pytest.raises(InputError, match="begins with a title") as caught:
        read(titled.encode(), registry, tmp_path)
    assert "raw data set with codes" in caught.value.todo
    labelled = (
        '"Overlast";"Regio\'s";"Perioden";"Geregistreerde overlast (aantal)"\n"jeugd";"Vaals";"2018";"5"\n'
    )
    with pytest.raises(InputError, match='"Regio\'s" is its title') as caught:
        read(labelled.encode(), registry, tmp_path)
    assert "raw data set with codes" in caught.value.todo


def test_neighbourhoods_are_not_taken_for_their_municipality(registry: Registry, tmp_path: Path) -> None:
    head = b"ID;SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1\n"
    parts = b"1;1.1.1 ;BU09810000;2018JJ00;3\n2;1.1.1 ;WK098100  ;2018JJ00;3\n"
    whole = b"3;1.1.1 ;GM0981    ;2018JJ00;25\n"
    assert rows(read(head + parts + whole, registry, tmp_path, "politie-47018"))[0][:4] == (
        "GM0981", "1.1.1", "2018", 25,
    )  # fmt: skip
    with pytest.raises(
        InputError, match=r"of wijken, buurten or other parts \(BU09810000, WK098100\)"
    ) as caught:
        read(head + parts, registry, tmp_path, "politie-47018")
    assert "politie-47013" in caught.value.todo


def test_every_measure_of_the_file_gets_its_own_codes(registry: Registry, tmp_path: Path) -> None:
    # Numbers behind the columns drift between releases: Aangiften_9 is still Aangiften.
    head = b"SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1;Aangiften_9\n"
    content = head + b"1.1.1 ;GM0938;2018JJ00;65;40\n"
    reading = read(content, registry, tmp_path, "politie-47013")
    assert [(row[1], row[3]) for row in rows(reading)] == [("1.1.1", 65), ("1.1.1|aangiften", 40)]
    assert reading.rows == reading.kept == 2


def test_an_unknown_area_without_any_figure_is_dropped_not_refused(
    registry: Registry, tmp_path: Path
) -> None:
    cells = {("E33", "GM0001", "2018JJ00"): None, ("E33", "GM0938", "2018JJ00"): 5}
    assert read(nuisance_table(cells), registry, tmp_path).dropped == {Drop.UNKNOWN_EMPTY: 1}


@pytest.mark.parametrize(
    ("change", "what", "row"),
    [
        ((b";", b","), "separated by commas", 1),
        ((b";", b"\t"), "separated by tabs", 1),
        ((b"GeregistreerdeOverlast_1", b"Aantal"), "'GeregistreerdeOverlast_1' is missing", 1),
        ((b"RegioS", b"Overlast"), "'Overlast' stands there twice", 1),
        ((b"GM0938", b"GM4321"), "unknown area 'GM4321'", 2),
        ((b"GM0938", b"Vaals "), "unknown area 'Vaals'", 2),
        ((b"E33   ", b"E99   "), "unknown code 'E99'", 2),
        ((b";1\r\n", b";-1\r\n"), "count '-1' is negative", 3),
        ((b";1\r\n", b";1.5\r\n"), "'1.5' is not a whole number", 3),
        ((b";1\r\n", b";1,5\r\n"), "'1,5' is not a whole number", 3),
        ((b";1\r\n", b";1.656\r\n"), "'1.656' is not a whole number", 3),
        ((b";1\r\n", b";veel\r\n"), "'veel' is not a count", 3),
        ((b";1\r\n", b";12345678901\r\n"), "'12345678901' is not a count", 3),
        ((b"2018MM01", b"2018KW01"), "period '2018KW01'", 3),
        ((b"2018MM01", b"2018MM13"), "period '2018MM13'", 3),
        ((b"2018MM01", b"2018JJ00"), "GM0938 / E33 / 2018 stands in the table twice", 3),
        ((b";1\r\n", b"\r\n"), "4 columns where 5", 3),
        ((b";1\r\n", b";1"), "not ended", 3),
        ((b";1\r\n", b";1;2\r\n"), "6 columns where 5", 3),
    ],
)
def test_a_fault_names_the_file_the_row_and_the_value(
    registry: Registry, tmp_path: Path, change: tuple[bytes, bytes], what: str, row: int
) -> None:
    changed = GOOD.replace(*change)
    assert changed != GOOD
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        read(changed, registry, tmp_path)
    assert caught.value.where.startswith(f"tabel.csv, row {row}")
    assert caught.value.todo


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (BOM + b"\r\n  \r\n", "empty"),
        (b"<!DOCTYPE html><html><body>503</body></html>", "web page"),
        (b'<?xml version="1.0"?><error/>', "web page"),
        (b"PK\x03\x04rest of a workbook", "Excel"),
        (GOOD.decode("utf-8-sig").encode("utf-16"), "UTF-16"),
        (GOOD.splitlines(keepends=True)[0], "no rows"),
        (b'{"odata.error":{"code":""}}', "not by ';'"),
        (GOOD.replace(b"GM0938", b"LD0938"), "none of a municipality"),
        (GOOD.replace(b"GM0938", b"GM0000"), "no row of it can be used"),
    ],
)
def test_what_is_no_table_at_all_is_said_so(
    registry: Registry, tmp_path: Path, content: bytes, what: str
) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read(content, registry, tmp_path)
    assert "tabel.csv" in caught.value.where


def test_another_encoding_is_found_at_its_row(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not UTF-8") as caught:
        read(GOOD.replace(b"E33   ", "één   ".encode("cp1252")), registry, tmp_path)
    assert caught.value.where == "tabel.csv, row 2"


def test_months_in_a_table_of_years_are_refused(registry: Registry, tmp_path: Path) -> None:
    content = theft_table([("T001540", "CRI1134", "GM0938", "2018MM01", "5")])
    with pytest.raises(InputError, match="'2018MM01' is a month, cbs-83651 has year figures only"):
        read(content, registry, tmp_path, "cbs-83651")


def test_a_table_without_the_wanted_filter_key_is_refused(registry: Registry, tmp_path: Path) -> None:
    content = theft_table([("A048105", "CRI1134", "GM0938", "2018JJ00", "5")])
    with pytest.raises(InputError, match="no row has GebruikVanGeweld = 'T001540'"):
        read(content, registry, tmp_path, "cbs-83651")


def test_population_by_keys_counts_the_end_of_a_year_as_the_next_first_of_january(
    registry: Registry, tmp_path: Path
) -> None:
    content = (
        b"RegioS;Perioden;BevolkingAanHetEindeVanDePeriode_15\n"
        b"GM0938;2018JJ00;18923\nGM0938;2018MM12;18923\nGM0938;2009JJ00;19000\nNL01  ;2018JJ00;17282163\n"
    )
    reading = read(content, registry, tmp_path, "cbs-37230")
    frame = reading.frames["population"]
    assert frame[["area_code", "year", "january_first"]].values.tolist() == [
        ["GM0938", 2019, 18923],
        ["NL01", 2019, 17282163],
    ]
    assert reading.dropped == {Drop.OTHER_MONTHS: 1, Drop.BEFORE_REGISTRY: 1}


def test_population_of_the_first_of_january_keeps_its_year(registry: Registry, tmp_path: Path) -> None:
    content = b"RegioS;Perioden;BevolkingOp1Januari_1\nGM0938;2019JJ00;18923\n"
    frame = read(content, registry, tmp_path, "cbs-03759").frames["population"]
    assert frame[["year", "january_first"]].values.tolist() == [[2019, 18923]]
