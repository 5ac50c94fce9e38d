"""Whatever the bytes, a reader gives a table in which every row is accounted for, or one clear InputError."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults.damage import damaged, packed
from faults.room import calm
from hypothesis import given
from hypothesis import strategies as st
from unit.data.given import nuisance_table, population_export, theft_table, total_table

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.tidy import Reading
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

Tally = Callable[..., None]
POLICE = "ID;SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1;Aangiften_2;Internetaangiften_3\n"
WHOLE = {
    "politie-47013": (POLICE + "0;1.1.1 ;GM0981;2018JJ00;41;30;2\n1;1.1.1 ;GM0981;2018MM01;       .;;x\n").encode(),
    "politie-47021": nuisance_table(
        {("E33", a, p): 3 for a in ("GM0938", "NL01") for p in ("2018JJ00", "2018MM01")}
    ),
    "cbs-83651": theft_table(
        [("T001540", "CRI1134", "GM0938", f"{y}JJ00", str(60 + y % 7)) for y in (2017, 2018, 2019)]
    ),
    "cbs-83648": total_table([("Vaals", 2018, "350.0"), ("Nederland", 2018, "785525.0")]),
    "cbs-37230": population_export([2017, 2018], {"Vaals": (9874, 10092), "Nederland": (1, 2)}),
    "cbs-03759": b"RegioS;Perioden;BevolkingOp1Januari_1\nGM0938;2019JJ00;18923\nGM0981;2019JJ00;10092\n",
    "cbs-70072": b"RegioS;Perioden;TotaleBevolking_1\nGM0981;2023JJ00;10190\n",
    "cbs-85039": json.dumps({"Gemeente": {"GM0981": {"Population": 10084}}}).encode(),
    "police-inp": b"gemeente;inp_klasse;jaar;maand;aantal\nVaals;E12;2018;;47\nVaals;E13;2018;3;4\n",
    "police-figures": b"gemeente;indicator;jaar;maand;aantal\nVaals;hic;2018;;47\nMeerssen;hic;2018;;51\n",
    "survey": b"gemeente;vraag;jaar;n;percentage;ontwerpeffect\nVaals;unsafe_nightlife;2016;812;27,0;1,3\n",
    "halt": b"gemeente;jaar;aantal;jongeren_12_17\nVaals;2021;4;512\n",
    "measures": b"actie;thema;gemeente;status;toelichting\nBuurtpreventie;1.1;Vaals;loopt;Gestart\n",
    "events": b"gemeente;naam;categorie;datum;bezoekers\nVaals;Kerstmarkt;B;14-12-2024;5000\n",
    "visitors": b"gemeente;jaar;overnachtingen\nVaals;2024;310000\nMeerssen;2024;120000\n",
}  # fmt: skip
# One cell of a table a row: what is read must be as many rows as the file has lines.
LINE_BY_LINE = (
    "politie-47021",
    "cbs-83651",
    "cbs-83648",
    "cbs-03759",
    "police-inp",
    "police-figures",
    "visitors",
)
LONGEST_LINE = 1100
# Seconds of this processor for one file, and megabytes more than before for all of them.
SLOWEST, MOST_MEMORY = 5, 400


@pytest.fixture(scope="module", autouse=True)
def _memory_is_bounded() -> Iterator[None]:
    before = _peak()
    yield
    assert _peak() - before < MOST_MEMORY


def _peak() -> float:
    """The most memory that this process has used, in megabytes; 0 where the system does not tell."""
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return 0
    return getrusage(RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def check(
    content: bytes, source: str, registry: Registry, folder: Path, name: str = "f.csv"
) -> Reading | None:
    """Read it, or None when it is refused: by an error that is short, says where, and what to do next."""
    (folder / name).write_bytes(content)
    reading, refused, began = None, None, time.process_time()
    try:
        reading = clean_file(folder / name, registry.sources[source], registry)
    except InputError as error:
        refused = error
    assert time.process_time() - began < SLOWEST
    if reading is not None:
        assert reading.accounted
        assert reading.kept > 0
        return reading
    assert name in refused.where
    assert refused.todo
    assert max(map(len, str(refused).split("\n"))) < LONGEST_LINE
    return None


@pytest.mark.parametrize("source", WHOLE)
def test_the_whole_file_is_read(registry: Registry, tmp_path: Path, source: str) -> None:
    assert check(WHOLE[source], source, registry, tmp_path) is not None


@pytest.mark.parametrize("source", WHOLE)
def test_random_bytes(registry: Registry, tmp_path: Path, source: str, tally: Tally) -> None:
    @calm(8, 150)
    @given(content=st.binary(max_size=300))
    def attempt(content: bytes) -> None:
        for name in ("f.csv", "f.csv.gz"):
            tally("inputs", read=check(content, source, registry, tmp_path, name) is not None)

    attempt()


@pytest.mark.parametrize("source", WHOLE)
def test_a_damaged_file(registry: Registry, tmp_path: Path, source: str, tally: Tally) -> None:
    @calm(30, 1200)
    @given(content=damaged(WHOLE[source]))
    def attempt(content: bytes) -> None:
        reading = check(content, source, registry, tmp_path)
        tally("inputs", read=reading is not None)
        check_no_line_disappears(content, source, reading)

    attempt()


# What a long run came upon: white space of Unicode after a line end, a byte that is no text in a column not read.
FOUND = {
    "visitors": WHOLE["visitors"].replace(b"\n", b"\r\xc2\x85"),
    "police-figures": WHOLE["police-figures"].replace(b"\n", b"\r\xc2\x85"),
    "politie-47021": WHOLE["politie-47021"].replace(b"\n1;", b"\n\x801;"),
}


@pytest.mark.parametrize("source", FOUND)
def test_a_file_that_a_long_run_came_upon_is_read_whole(
    registry: Registry, tmp_path: Path, source: str
) -> None:
    assert FOUND[source] != WHOLE[source]
    reading = check(FOUND[source], source, registry, tmp_path)
    assert reading is not None
    check_no_line_disappears(FOUND[source], source, reading)


def check_no_line_disappears(content: bytes, source: str, reading: Reading | None) -> None:
    """White space is that of Unicode, as in a cell: a line of U+0085 alone is empty."""
    if reading is not None and source in LINE_BY_LINE:
        lines = re.split(r"[\r\n]+", content.decode("utf-8", "replace"))
        filled = [line for line in lines if re.sub(r'[\s;"\ufeff]', "", line)]
        assert reading.rows >= len([line for line in filled if not line.startswith("#")]) - 1


@pytest.mark.parametrize("source", ["cbs-83651", "police-inp", "cbs-37230"])
def test_a_damaged_archive(registry: Registry, tmp_path: Path, source: str, tally: Tally) -> None:
    whole = clean = check(WHOLE[source], source, registry, tmp_path)
    assert whole is not None

    @calm(20, 500)
    @given(content=packed(WHOLE[source]))
    def attempt(content: bytes) -> None:
        reading = check(content, source, registry, tmp_path, "f.csv.gz")
        tally("inputs", read=reading is not None)
        assert reading is None or reading.rows == clean.rows

    attempt()


@pytest.mark.parametrize("source", WHOLE)
def test_a_file_cut_off_anywhere(registry: Registry, tmp_path: Path, source: str, tally: Tally) -> None:
    for length in range(0, len(WHOLE[source]), 5):
        tally("inputs", read=check(WHOLE[source][:length], source, registry, tmp_path) is not None)


@pytest.mark.parametrize(
    "source", ["politie-47021", "cbs-83651", "cbs-83648", "cbs-37230", "cbs-03759", "cbs-70072"]
)
def test_a_file_cut_off_within_a_row_is_never_taken_for_a_whole_one(
    registry: Registry, tmp_path: Path, source: str
) -> None:
    whole = WHOLE[source].partition(b'"Bron: CBS"')[0]
    for length in (n for n in range(1, len(whole)) if whole[n - 1 : n] != b"\n"):
        assert check(whole[:length], source, registry, tmp_path) is None


@pytest.mark.parametrize("source", WHOLE)
def test_any_text_in_the_place_of_a_figure(
    registry: Registry, tmp_path: Path, source: str, tally: Tally
) -> None:
    figures = (b"65", b"350.0", b"9874", b"18923", b"10190", b"10084", b"47", b"812", b"512", b"41", b"5000")

    @calm(8, 150)
    @given(cell=st.text(max_size=12))
    def attempt(cell: str) -> None:
        for figure in (figure for figure in figures if figure in WHOLE[source]):
            content = WHOLE[source].replace(figure, cell.encode("utf-8"))
            tally("inputs", read=check(content, source, registry, tmp_path) is not None)

    attempt()
