"""Indicators as areas by periods: one recipe, missing stays missing, a region is the sum of its areas."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from unit.data.given import FIVE, Cell, nuisance_cells, nuisance_table, population_export, theft_table

from ivp_analysis.data.build import build
from ivp_analysis.data.series import (
    Build,
    indicator_counts,
    key_figures,
    open_build,
    populations,
    recipe_counts,
)
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import Registry
from ivp_analysis.registry.records import Recipe

THREE = FIVE[:3]


@pytest.fixture
def opened(workspace: Workspace, registry: Registry) -> Build:
    """Nuisance 2017-2019 of three areas (2 a month each), with gaps; theft 2018 of all five; inhabitants."""
    cells: dict[Cell, int | str | None] = nuisance_cells(THREE, [2017, 2018, 2019])
    cells = {key: value for key, value in cells.items() if key[2] not in ("2018MM05", "2018JJ00")}
    cells["E38", "GM0938", "2019JJ00"] = None
    cells |= nuisance_cells(["NL01"], [2019], level=50)
    take_snapshot(workspace, "politie-47021", nuisance_table(cells), name="o.csv", taken_on=date(2025, 2, 1))
    theft = theft_table(
        [("T001540", code, area, "2018JJ00", "5") for code in ("CRI1122", "CRI1123") for area in FIVE]
    )
    take_snapshot(workspace, "cbs-83651", theft, name="d.csv", taken_on=date(2025, 2, 1))
    export = population_export([2017, 2018], {"Meerssen": (19039, 18923), "Vaals": (9874, None)})
    take_snapshot(workspace, "cbs-37230", export, name="b.csv", taken_on=date(2025, 2, 1))
    head = b"RegioS;Perioden;TotaleBevolking_1\n"
    columns = head + b"GM0938;2022JJ00;18700\nGM0938;2021JJ00;18661\nGM0981;2022JJ00;10135\n"
    take_snapshot(workspace, "cbs-70072", columns, name="k.csv", taken_on=date(2025, 2, 1))
    build(workspace, registry)
    return open_build(workspace)


def with_recipes(registry: Registry, *recipes: Recipe) -> Registry:
    one = replace(registry.indicators["nuisance_youth"], recipes=recipes)
    return replace(registry, indicators={"x": one})


POLICE = Recipe("politie-47021", ("E38", "F010"), "fair")
CBS = Recipe("cbs-83651", ("CRI1122", "CRI1123"), "high")


def plain(frame: pd.DataFrame) -> Mapping[str, list[float | None]]:
    return {str(area): [None if pd.isna(v) else v for v in row] for area, row in frame.iterrows()}


def test_a_composite_is_the_sum_of_its_codes_and_a_missing_part_makes_it_missing(
    opened: Build, registry: Registry
) -> None:
    series = indicator_counts(opened, with_recipes(registry, POLICE), "x", THREE)
    assert plain(series.counts) == {
        "GM1903": [48, None, 48],
        "GM1729": [48, None, 48],
        "GM0938": [48, None, None],
    }
    assert list(series.counts.columns) == ["2017", "2018", "2019"], "a year without any row is a visible gap"
    assert series.status.loc["GM0938"].tolist() == ["exact", "missing", "missing"]
    assert (series.source, series.reason, series.frequency) == ("politie-47021", "", "year")


def test_months_run_from_the_first_to_the_last_with_the_gap_in_place(
    opened: Build, registry: Registry
) -> None:
    series = indicator_counts(opened, with_recipes(registry, POLICE), "x", THREE, "month")
    assert len(series.counts.columns) == 36
    assert series.counts.columns[16] == "2018-05"
    assert series.counts["2018-05"].isna().all()
    assert series.total()["2018-06"] == 12


def test_a_region_is_the_sum_of_its_areas_and_missing_with_one_of_them(
    opened: Build, registry: Registry
) -> None:
    series = indicator_counts(opened, with_recipes(registry, POLICE), "x", [*THREE, "NL01"])
    assert [None if pd.isna(v) else v for v in series.total(THREE)] == [144, None, None]
    assert [None if pd.isna(v) else v for v in series.total(["GM1903", "GM1729"])] == [96, None, 96]
    assert series.total([*THREE, "GM0981"]).isna().all(), "an area that is not in the table is missing too"


def test_the_country_comes_from_its_own_row(opened: Build, registry: Registry) -> None:
    series = indicator_counts(opened, with_recipes(registry, POLICE), "x", ["GM1903", "NL01", "PV31"])
    assert series.counts.loc["NL01", "2019"] == 1200
    assert series.counts.loc["PV31"].isna().all()


def test_one_recipe_for_all_areas_the_first_that_holds_them(opened: Build, registry: Registry) -> None:
    both = with_recipes(registry, POLICE, CBS)
    assert indicator_counts(opened, both, "x", THREE).recipe == POLICE
    five = indicator_counts(opened, both, "x", FIVE)
    assert five.recipe == CBS, "the police table has only three of the five"
    assert five.counts["2018"].tolist() == [10] * 5
    assert set(five.status["2018"]) == {"rounded5"}
    assert indicator_counts(opened, both, "x", FIVE, "month").recipe == POLICE, "the other has no months"


def test_without_a_source_or_figures_it_says_which(opened: Build, registry: Registry) -> None:
    absent = Recipe("police-inp", ("E12",), "high")
    unknown_code = Recipe("cbs-83651", ("CRI1122", "CRI1134"), "high")
    nothing = indicator_counts(opened, with_recipes(registry, absent), "x", FIVE)
    assert (nothing.reason, nothing.source, nothing.counts.shape) == ("no source", None, (5, 0))
    no_code = indicator_counts(opened, with_recipes(registry, absent, unknown_code), "x", FIVE)
    assert (no_code.reason, no_code.source) == ("no figures", "cbs-83651")
    assert recipe_counts(opened, registry, "x", CBS, ["GM0981"]).counts.loc["GM0981", "2018"] == 10
    with pytest.raises(UsageError, match="unknown indicator"):
        indicator_counts(opened, registry, "no_such", FIVE)


def test_the_table_is_what_the_observations_say(opened: Build, registry: Registry) -> None:
    frame = opened.observations
    series = indicator_counts(
        opened, with_recipes(registry, Recipe("politie-47021", ("E33",), "high")), "x", THREE, "month"
    )
    rows = frame[(frame["code"] == "E33") & (frame["period"].astype(str).str.len() == 7)]
    for row in rows[rows["area_code"] != "NL01"].itertuples():
        assert series.counts.loc[row.area_code, row.period] == 2


def test_inhabitants_by_area_and_year(opened: Build) -> None:
    found = populations(opened, ["GM0938", "GM0981", "GM1954"], [2018, 2019], measure="january_first")
    assert found.loc["GM0938"].tolist() == [19039, 18923]
    assert found.loc["GM0981", 2018] == 9874
    assert found.loc["GM0981"].isna().tolist() == [False, True]
    assert found.loc["GM1954"].isna().all()
    assert populations(opened, ["GM0938"], [2018]).loc["GM0938", 2018] == (19039 + 18923) / 2


def test_key_figures_are_of_the_newest_year(opened: Build) -> None:
    assert key_figures(opened)["population"].to_dict() == {"GM0938": 18700, "GM0981": 10135}
    assert key_figures(opened, ["GM0994"])["population"].isna().all()


def test_types_are_those_of_the_data_model(opened: Build) -> None:
    kinds = {name: str(kind) for name, kind in opened.observations.dtypes.items()}
    assert kinds["count"] == "Int32"
    assert {kinds[name] for name in ("area_code", "source", "code", "period", "status", "snapshot")} == {
        "category"
    }
    assert opened.survey.empty
    assert opened.areas("cbs-83651") == sorted(FIVE)
    assert "NL01" in opened.areas()
    assert opened.codes("cbs-83651") == ["CRI1122", "CRI1123"]
    assert opened.areas("police-inp") == []
