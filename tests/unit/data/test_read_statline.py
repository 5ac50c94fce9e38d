"""StatLine's wide export: names, years in columns, the end of a year is the next first of January."""

import re
from pathlib import Path

import pytest
from unit.data.given import population_export

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.tidy import Drop, Reading
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

YEARS = [2008, 2017, 2018]
PEOPLE = {
    "Nederland": (16405399, 17181084, 17282163),
    "Groningen (PV)": (573459, 582944, 583990),
    "Groningen (gemeente)": (184227, 202810, 202900),
    "Oost-Groningen (CR)": (1, 2, 3),
    "Bergen (L.)": (13000, 13100, 13117),
    "Bergen (NH.)": (31000, 29900, 29974),
    "Sint Anthonis": (11800, 11641, 11587),
    "Helden": (19500, None, None),
    "Beekdaelen": (None, None, None),
}
GOOD = population_export(YEARS, PEOPLE)


def read(content: bytes, registry: Registry, folder: Path) -> Reading:
    file = folder / "bevolking.csv"
    file.write_bytes(content)
    return clean_file(file, registry.sources["cbs-37230"], registry)


def test_names_become_codes_and_years_become_the_next_first_of_january(
    registry: Registry, tmp_path: Path
) -> None:
    reading = read(GOOD, registry, tmp_path)
    frame = reading.frames["population"]
    found = {(str(r.area_code), r.year): r.january_first for r in frame.dropna().itertuples()}
    assert found["NL01", 2019] == 17282163
    assert (found["PV20", 2019], found["GM0014", 2019]) == (583990, 202900)
    assert (found["GM0893", 2019], found["GM0373", 2018]) == (13117, 29900)
    # Population before the registry begins, and of municipalities that ended before, is not kept.
    assert reading.dropped == {Drop.BEFORE_REGISTRY: 9, Drop.LEVEL: 2, Drop.UNKNOWN_EMPTY: 2}
    assert reading.accounted


def test_a_year_with_a_star_is_provisional(registry: Registry, tmp_path: Path) -> None:
    starred = GOOD.replace(b'"2018"', b'"2018*"')
    assert read(starred, registry, tmp_path).provisional == ("2018",)
    assert read(GOOD, registry, tmp_path).provisional == ()


def test_empty_is_not_there(registry: Registry, tmp_path: Path) -> None:
    frame = read(GOOD, registry, tmp_path).frames["population"]
    beekdaelen = frame[frame["area_code"] == "GM1954"]
    assert len(beekdaelen) == 2
    assert beekdaelen["january_first"].isna().all()


@pytest.mark.parametrize(
    ("old", "new", "what", "row"),
    [
        ('"Bron: CBS"', "", "is missing: the file is cut off", None),
        ('"17282163"', "", "5 columns where 6", 5),
        ('"17282163"', '"-5"', "negative", 5),
        ('"17282163"', '"17282163,5"', "not a whole number", 5),
        ('"17282163"', '"veel"', "not a count", 5),
        ('"Bergen (L.)"', '"Bergum"', "unknown area 'Bergum'", 9),
        ('"Bergen (L.)"', '"Nederland"', "'Nederland' stands there twice", 9),
        ('"2018"', '"2018 1e kwartaal"', "is not a year", 4),
        ('"2018"', '"2017"', "a year that stands there twice", 4),
        ("Regio's", "Gemeente", "no row begins with", None),
        ("aan het einde van de periode", "gemiddeld", "is not the population", None),
        (";", ",", "no row begins with", None),
    ],
)
def test_a_fault_names_its_row(
    registry: Registry, tmp_path: Path, old: str, new: str, what: str, row: int | None
) -> None:
    changed = GOOD.decode("utf-8-sig").replace(old, new)
    if new == "" and old.startswith('"1'):
        changed = GOOD.decode("utf-8-sig").replace(f";{old}", new)
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        read(changed.encode(), registry, tmp_path)
    assert caught.value.where.startswith("bevolking.csv" if row is None else f"bevolking.csv, row {row}")


def test_two_topics_in_one_export_are_refused(registry: Registry, tmp_path: Path) -> None:
    text = GOOD.decode("utf-8-sig").replace(
        '"Bergen (L.)";"Bevolking aan het einde van de periode"', '"Bergen (L.)";"Levend geboren kinderen"'
    )
    with pytest.raises(InputError, match="2 topics"):
        read(text.encode(), registry, tmp_path)


def test_another_encoding_is_found_at_its_row(registry: Registry, tmp_path: Path) -> None:
    content = population_export([2018], {"Nederland": (1,), "Súdwest-Fryslân": (2,)}).decode("utf-8-sig")
    with pytest.raises(InputError, match="not UTF-8") as caught:
        read(content.encode("cp1252"), registry, tmp_path)
    assert caught.value.where == "bevolking.csv, row 6"
