"""83648NED by name, after somebody filled the gaps with 0.0."""

import re
from pathlib import Path

import pandas as pd
import pytest
from unit.data.given import total_table

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.tidy import Drop, Reading
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

GOOD = total_table([("Vaals", 2018, "350.0"), ("Vaals", 2019, "355.0"), ("Nederland", 2018, "785525.0")])


def read(content: bytes, registry: Registry, folder: Path) -> Reading:
    file = folder / "totaal.csv"
    file.write_bytes(content)
    return clean_file(file, registry.sources["cbs-83648"], registry)


def values(reading: Reading) -> dict[tuple[str, str], tuple[int | None, str]]:
    frame = reading.frames["observations"]
    return {
        (str(r.area_code), str(r.period)): (None if pd.isna(r.count) else int(r.count), str(r.status))
        for r in frame.rename(columns={"count": "n"}).assign(count=frame["count"].array).itertuples()
    }


def test_names_become_codes_and_the_title_becomes_a_code(registry: Registry, tmp_path: Path) -> None:
    reading = read(GOOD, registry, tmp_path)
    assert values(reading)["GM0981", "2018"] == (350, "rounded5")
    assert values(reading)["NL01", "2018"] == (785525, "rounded5")
    assert set(reading.frames["observations"]["code"]) == {"T001161"}


def test_a_zero_total_is_a_gap_before_during_and_after_the_life_of_a_municipality(
    registry: Registry, tmp_path: Path
) -> None:
    rows = [
        ("Eijsden-Margraten", 2010, "0.0"),
        ("Eijsden-Margraten", 2011, "1105.0"),
        ("Eijsden-Margraten", 2012, "0.0"),
        ("Nuth", 2018, "420.0"),
        ("Nuth", 2019, "0.0"),
    ]
    found = values(read(total_table(rows), registry, tmp_path))
    assert found["GM1903", "2010"] == found["GM1903", "2012"] == found["GM0951", "2019"] == (None, "missing")
    assert found["GM1903", "2011"] == (1105, "rounded5")


def test_an_unknown_name_with_zeros_only_is_dropped_with_figures_it_is_refused(
    registry: Registry, tmp_path: Path
) -> None:
    reading = read(total_table([("Vaals", 2018, "350.0"), ("Helden", 2018, "0.0")]), registry, tmp_path)
    assert reading.dropped == {Drop.UNKNOWN_EMPTY: 1}
    with pytest.raises(InputError, match="unknown area 'Vals'") as caught:
        read(total_table([("Vaals", 2018, "350.0"), ("Vals", 2019, "355.0")]), registry, tmp_path)
    assert caught.value.where == "totaal.csv, row 3, column RegioS"
    assert "Vaals" in caught.value.todo


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (",", "\t", "separated by tabs"),
        ('"Misdrijven, totaal"', '"Alle misdrijven"', "unknown code 'Alle misdrijven'"),
        ("355.0", "355.5", "not a whole number"),
        ("355.0", "-355.0", "negative"),
        (",2019,", ",2018,", "stand there twice"),
        (",2019,", ",2019MM01,", "is a month"),
        (",2019,", ",negentien,", "period 'negentien'"),
        (",355.0", "", "3 columns where 4"),
        ("RegioS", "Regio", "column 'RegioS' is missing"),
    ],
)
def test_a_fault_is_said_with_its_file(
    registry: Registry, tmp_path: Path, old: str, new: str, what: str
) -> None:
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        read(GOOD.decode().replace(old, new).encode(), registry, tmp_path)
    assert caught.value.where.startswith("totaal.csv, row ")


def test_names_between_semicolons_are_taken_for_keys_and_explained(
    registry: Registry, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="unknown area 'Vaals'") as caught:
        read(
            GOOD.decode().replace('"Misdrijven, totaal"', "T001161").replace(",", ";").encode(),
            registry,
            tmp_path,
        )
    assert "not their names" in caught.value.todo


def test_a_cut_file_is_refused(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not ended"):
        read(GOOD[:-4], registry, tmp_path)


def test_the_same_table_by_odata_is_read_too(registry: Registry, tmp_path: Path) -> None:
    content = b"SoortMisdrijf;RegioS;Perioden;TotaalGeregistreerdeMisdrijven_1\nT001161;GM0981;2018JJ00;350\n"
    assert values(read(content, registry, tmp_path)) == {("GM0981", "2018"): (350, "rounded5")}
