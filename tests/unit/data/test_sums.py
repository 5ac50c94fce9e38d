"""What a table says of itself must hold: parts, months, municipalities."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from unit.data.given import Cell, nuisance_cells, nuisance_table

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.sums import check_sums, doubt_sums
from ivp_analysis.errors import BuildError
from ivp_analysis.registry import Registry
from ivp_analysis.registry.records import Source


@pytest.fixture
def nuisance(registry: Registry) -> Source:
    return registry.sources["politie-47021"]


def figures(
    cells: dict[Cell, int | str | None], source: Source, registry: Registry, folder: Path
) -> pd.DataFrame:
    (folder / "t.csv").write_bytes(nuisance_table(cells))
    return clean_file(folder / "t.csv", source, registry).frames["observations"]


def check(cells: dict[Cell, int | str | None], source: Source, registry: Registry, folder: Path) -> int:
    return check_sums(figures(cells, source, registry, folder), source, "t.csv")


def test_sums_that_hold_are_counted(registry: Registry, nuisance: Source, tmp_path: Path) -> None:
    cells = nuisance_cells(["GM0938"], [2018])
    # 8 parts against the total and 1 whole in 13 periods, and 9 codes of which the months make the year.
    assert check(cells, nuisance, registry, tmp_path) == 8 * 13 + 13 + 9


@pytest.mark.parametrize(
    ("cell", "value", "what"),
    [
        (("E33", "GM0938", "2018MM03"), 99, "GM0938 / 2018-03: E33 is 99, the total 0.0.0 16"),
        (("E33", "GM0938", "2018MM03"), 3, "GM0938 / 2018 / E33: the months make 25, the year says 24"),
        (("E33", "GM0938", "2018JJ00"), 23, "GM0938 / 2018 / E33: the months make 24, the year says 23"),
        (("0.0.0", "GM0938", "2018MM03"), 17, "the months make 193, the year says 192"),
    ],
)
def test_a_sum_that_does_not_hold_stops(
    registry: Registry, nuisance: Source, tmp_path: Path, cell: Cell, value: int, what: str
) -> None:
    cells = nuisance_cells(["GM0938"], [2018]) | {cell: value}
    with pytest.raises(BuildError, match=re.escape(what)) as caught:
        check(cells, nuisance, registry, tmp_path)
    assert caught.value.where == "t.csv"
    assert "corrections.toml" in caught.value.todo


def test_codes_that_do_not_make_the_total_stop_where_the_source_is_complete(
    registry: Registry, nuisance: Source, tmp_path: Path
) -> None:
    cells: dict[Cell, int | str | None] = {
        key: value for key, value in nuisance_cells(["GM0938"], [2018]).items() if key[2] == "2018JJ00"
    }
    cells["E33", "GM0938", "2018JJ00"] = 20
    with pytest.raises(BuildError, match=r"the codes make 188, the total 0\.0\.0 says 192"):
        check(cells, nuisance, registry, tmp_path)
    loose = replace(nuisance, total_is_complete=False)
    assert check(cells, loose, registry, tmp_path) == 8


def test_a_missing_part_or_month_leaves_nothing_to_compare(
    registry: Registry, nuisance: Source, tmp_path: Path
) -> None:
    cells = nuisance_cells(["GM0938"], [2018])
    cells["E33", "GM0938", "2018MM03"] = None
    assert check(cells, nuisance, registry, tmp_path) == (8 * 13 - 1) + 12 + 8


def test_a_code_that_is_published_by_year_only_has_no_months_to_compare(
    registry: Registry, nuisance: Source, tmp_path: Path
) -> None:
    cells = nuisance_cells(["GM0938"], [2018]) | {("E33", "GM0938", "2018MM03"): 3}
    yearly = replace(nuisance, yearly_only=("E33",), total_is_complete=False)
    assert check(cells, yearly, registry, tmp_path) > 0


def test_reports_that_do_not_add_up_are_a_note_and_no_stop(registry: Registry, tmp_path: Path) -> None:
    """A month with a report more than the year: the counts hold, so they are used."""
    source = registry.sources["politie-47013"]
    head = "ID;SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1;Aangiften_2"
    periods = [*(f"2018MM{month:02d}" for month in range(1, 13)), "2018JJ00"]
    rows = [
        f"{i};1.1.1 ;GM0938;{p};{2 if 'MM' in p else 24};{1 if 'MM' in p else 11}"
        for i, p in enumerate(periods)
    ]
    (tmp_path / "t.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    frame = clean_file(tmp_path / "t.csv", source, registry).frames["observations"]
    assert check_sums(frame, source, "t.csv") == 1
    assert doubt_sums(frame, source, "t.csv") == [
        "aangiften do not add up: GM0938 / 2018 / 1.1.1: the months make 12, the year says 11"
    ]


def test_municipalities_may_be_less_than_the_country_but_never_more(
    registry: Registry, nuisance: Source, tmp_path: Path
) -> None:
    cells = nuisance_cells(["GM0938", "GM0981"], [2018]) | nuisance_cells(["NL01"], [2018], level=5)
    assert check(cells, nuisance, registry, tmp_path) > 0
    cells |= nuisance_cells(["NL01"], [2018], level=3)
    with pytest.raises(BuildError, match=r"municipalities make .*, the country"):
        check(cells, nuisance, registry, tmp_path)


def test_rounding_to_fives_is_no_fault(registry: Registry, nuisance: Source, tmp_path: Path) -> None:
    rounded = replace(nuisance, rounding=5)
    codes = ("0.0.0", "E33", "E35", "E38")
    few = replace(rounded, codes={code: code for code in codes})

    def published(*counts: int) -> dict[Cell, int | str | None]:
        return {(code, "GM0938", "2018JJ00"): count for code, count in zip(codes, counts, strict=True)}

    # 3 + 3 + 3 = 9 and 2 + 2 + 3 = 7, each rounded on its own.
    assert check(published(10, 5, 5, 5), few, registry, tmp_path) == 4
    assert check(published(5, 0, 0, 5), few, registry, tmp_path) == 4
    with pytest.raises(BuildError, match="E33 is 15"):
        check(published(10, 15, 0, 0), few, registry, tmp_path)
    with pytest.raises(BuildError, match=r"the codes make 30, the total 0\.0\.0 says 20"):
        check(published(20, 10, 10, 10), few, registry, tmp_path)
