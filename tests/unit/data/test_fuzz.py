"""Whatever the bytes, a reader gives a table in which every row is accounted for, or an InputError."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.data.given import nuisance_table, population_export, theft_table, total_table

from ivp_analysis.data.clean import clean_file
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

WHOLE = {
    "politie-47021": nuisance_table(
        {("E33", a, p): 3 for a in ("GM0938", "NL01") for p in ("2018JJ00", "2018MM01")}
    ),
    "cbs-83651": theft_table([("T001540", "CRI1134", "GM0938", "2018JJ00", "65")]),
    "cbs-83648": total_table([("Vaals", 2018, "350.0"), ("Nederland", 2018, "785525.0")]),
    "cbs-37230": population_export([2017, 2018], {"Vaals": (9874, 10092), "Nederland": (1, 2)}),
    "cbs-03759": b"RegioS;Perioden;BevolkingOp1Januari_1\nGM0938;2019JJ00;18923\n",
    "cbs-70072": b"RegioS;Perioden;TotaleBevolking_1\nGM0981;2023JJ00;10190\n",
    "cbs-85039": json.dumps({"Gemeente": {"GM0981": {"Population": 10084}}}).encode(),
    "police-inp": b"gemeente;inp_klasse;jaar;maand;aantal\nVaals;E12;2018;;47\n",
    "survey": b"gemeente;vraag;jaar;n;percentage;ontwerpeffect\nVaals;unsafe_nightlife;2016;812;27,0;1,3\n",
    "halt": b"gemeente;jaar;aantal;jongeren_12_17\nVaals;2021;4;512\n",
}
CALM = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(content: bytes, source: str, registry: Registry, folder: Path, name: str = "f.csv") -> None:
    (folder / name).write_bytes(content)
    with contextlib.suppress(InputError):
        assert clean_file(folder / name, registry.sources[source], registry).accounted


@pytest.mark.parametrize("source", WHOLE)
def test_the_whole_file_is_read(registry: Registry, tmp_path: Path, source: str) -> None:
    (tmp_path / "f.csv").write_bytes(WHOLE[source])
    assert clean_file(tmp_path / "f.csv", registry.sources[source], registry).kept > 0


@pytest.mark.parametrize("source", WHOLE)
@CALM
@given(content=st.binary(max_size=300))
def test_random_bytes(registry: Registry, tmp_path: Path, source: str, content: bytes) -> None:
    check(content, source, registry, tmp_path)
    check(content, source, registry, tmp_path, "f.csv.gz")


@pytest.mark.parametrize("source", WHOLE)
@CALM
@given(place=st.integers(0, 10_000), new=st.binary(max_size=6), removed=st.integers(0, 12))
def test_a_whole_file_with_some_bytes_changed(
    registry: Registry, tmp_path: Path, source: str, place: int, new: bytes, removed: int
) -> None:
    whole = WHOLE[source]
    at = place % len(whole)
    check(whole[:at] + new + whole[at + removed :], source, registry, tmp_path)


@pytest.mark.parametrize("source", WHOLE)
def test_a_file_cut_off_anywhere(registry: Registry, tmp_path: Path, source: str) -> None:
    for length in range(0, len(WHOLE[source]), 5):
        check(WHOLE[source][:length], source, registry, tmp_path)


@pytest.mark.parametrize(
    "source", ["politie-47021", "cbs-83651", "cbs-83648", "cbs-37230", "cbs-03759", "cbs-70072"]
)
def test_a_file_cut_off_within_a_row_is_never_taken_for_a_whole_one(
    registry: Registry, tmp_path: Path, source: str
) -> None:
    whole = WHOLE[source].partition(b'"Bron: CBS"')[0]
    for length in (n for n in range(1, len(whole)) if whole[n - 1 : n] != b"\n"):
        (tmp_path / "f.csv").write_bytes(whole[:length])
        with pytest.raises(InputError):
            clean_file(tmp_path / "f.csv", registry.sources[source], registry)


@pytest.mark.parametrize("source", WHOLE)
@CALM
@given(cell=st.text(max_size=12))
def test_any_text_in_the_place_of_a_figure(
    registry: Registry, tmp_path: Path, source: str, cell: str
) -> None:
    figures = (b"65", b"350.0", b"9874", b"18923", b"10190", b"10084", b"47", b"812", b"512", b";3\r")
    for figure in (figure for figure in figures if figure in WHOLE[source]):
        check(WHOLE[source].replace(figure, cell.encode("utf-8")), source, registry, tmp_path)
