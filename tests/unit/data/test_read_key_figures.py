"""Key figures: nested JSON of 85039NED and the columns of 70072ned."""

import json
from pathlib import Path
from typing import Any

import pytest

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.read_key_figures import read_keyed
from ivp_analysis.data.tidy import Drop, Reading
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

VAALS: dict[str, Any] = {
    "Naam": "Vaals",
    "Population": 10084,
    "Demographics": {"15-24 years (%)": 11.75, "Population density (per km²)": 423.0},
    "Housing": {"Avg WOZ value (x€1k)": 200.0},
}


def read(content: bytes, registry: Registry, folder: Path, source: str = "cbs-85039") -> Reading:
    file = folder / "kerncijfers"
    file.write_bytes(content)
    return clean_file(file, registry.sources[source], registry)


def nested(records: dict[str, Any]) -> bytes:
    return json.dumps({"Gemeente": records, "Netherlands Total": {}}, ensure_ascii=False).encode("utf-8")


def test_nested_figures_become_features_and_what_is_absent_is_counted(
    registry: Registry, tmp_path: Path
) -> None:
    reading = read(nested({"GM0981": VAALS}), registry, tmp_path)
    frame = reading.frames["key_figures"]
    assert dict(zip(frame["feature"], frame["value"], strict=True)) == {
        "population": 10084,
        "density": 423.0,
        "share_15_24": 11.75,
        "home_value": 200.0,
    }
    assert set(frame["year"]) == {2021}
    assert reading.dropped == {Drop.NOT_USED: 3}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (nested({"GM0981": VAALS})[:-9], "not whole JSON"),
        (b'{"Wijk": {}}', "no object"),
        (b'{"Gemeente": []}', "no object"),
        (b'{"Gemeente": {"GM0981": 5}}', "no object"),
        (b'{"Gemeente": {}}', "no municipality"),
        (nested({"GM4321": VAALS}), "unknown area 'GM4321'"),
        (nested({"GM0981": {"Population": -1}}), "Population is -1"),
        (nested({"GM0981": {"Population": "veel"}}), "Population is 'veel'"),
        (b'{"Gemeente": {"GM0981": {"Population": NaN}}}', "Population is nan"),
        (b'{"Gemeente": {"GM0981": {"Population": true}}}', "Population is True"),
        (b"[" * 100_000, "JSON|separated"),
        (b"<html>", "web page"),
    ],
)
def test_a_nested_file_with_a_fault_is_refused(
    registry: Registry, tmp_path: Path, content: bytes, what: str
) -> None:
    with pytest.raises(InputError, match=what):
        read(content, registry, tmp_path)


def test_columns_are_known_by_their_name_whatever_their_number(registry: Registry, tmp_path: Path) -> None:
    content = (
        b"RegioS;Perioden;TotaleBevolking_1;Bevolkingsdichtheid_57;Eenpersoonshuishoudens_66;Iets_9\n"
        b"GM0981;2023JJ00;10190;428;45,6;1\nGM0981;2022JJ00;10135;.;;1\nLD04  ;2023JJ00;1;1;1;1\n"
    )
    reading = read(content, registry, tmp_path, "cbs-70072")
    frame = reading.frames["key_figures"]
    found = {(r.year, r.feature): r.value for r in frame.itertuples()}
    assert found == {
        (2023, "population"): 10190,
        (2023, "density"): 428,
        (2023, "single_households"): 45.6,
        (2022, "population"): 10135,
    }
    assert reading.dropped == {Drop.LEVEL: 3, Drop.NOT_USED: 2}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("10190", "veel", "'veel' is not a key figure"),
        ("10190", "-4", "'-4' is not a key figure"),
        ("10190", "nan", "'nan' is not a key figure"),
        ("GM0994", "GM0981", "stand there twice"),
        ("GM0994", "GM4321", "unknown area"),
        ("TotaleBevolking_1", "Iets_2", "no column with a key figure"),
        ("Perioden", "Jaar", "column 'Perioden' is missing"),
    ],
)
def test_a_fault_in_columns_names_its_row(
    registry: Registry, tmp_path: Path, old: str, new: str, what: str
) -> None:
    good = "RegioS;Perioden;TotaleBevolking_1\nGM0981;2023JJ00;10190\nGM0994;2023JJ00;16470\n"
    with pytest.raises(InputError, match=what) as caught:
        read(good.replace(old, new).encode(), registry, tmp_path, "cbs-70072")
    assert caught.value.where.startswith("kerncijfers, row ")


def test_two_age_columns_of_the_live_table_make_the_share_of_young_people(registry: Registry) -> None:
    """70072ned has 15 to 20 and 20 to 25 apart; its number of establishments is no rate and is not read."""
    text = (
        "RegioS;Perioden;TotaleBevolking_1;k_15Tot20Jaar_16;k_20Tot25Jaar_17;BedrijfsvestigingenTotaal_164\n"
        "GM0981;2023JJ00;9900;5,5;6,5;1200\nGM0994;2023JJ00;16400;5,0;.;2000\n"
    )
    reading = read_keyed(text.encode(), "70072ned.csv", registry.sources["cbs-70072"], registry)
    found = reading.frames["key_figures"].set_index(["area_code", "feature"])["value"]
    assert found["GM0981", "share_15_24"] == 12.0
    assert ("GM0994", "share_15_24") not in found.index
    assert set(reading.frames["key_figures"]["feature"]) == {"population", "share_15_24"}
    assert reading.accounted
