"""The real files through the same readers: what CBS published comes out, and what is absent stays absent."""

import json
from pathlib import Path

import pandas as pd
import pytest

from ivp_analysis.data.build import build
from ivp_analysis.data.series import Build, indicator_counts, key_figures, populations
from ivp_analysis.data.snapshots import list_snapshots
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry

FIVE = ("GM1903", "GM1729", "GM0938", "GM0981", "GM0994")
PARTS = ("Nuth", "Onderbanken", "Schinnen")


def counts(build: Build, source: str, code: str) -> pd.DataFrame:
    table = build.code_table(source, code, "year")
    assert table is not None
    return pd.DataFrame(table.values, index=table.areas, columns=table.periods)


def test_theft_from_homes_of_the_five(real_build: Build, registry: Registry) -> None:
    table = counts(real_build, "cbs-83651", "CRI1134")
    assert table.loc[list(FIVE)].sum().to_dict() == {"2018": 305, "2019": 250, "2020": 225, "2021": 130}
    assert table.loc[list(FIVE), "2018"].tolist() == [100, 40, 65, 25, 75]
    series = indicator_counts(real_build, registry, "residential_burglary", FIVE)
    assert series.total().to_dict() == {"2018": 305, "2019": 250, "2020": 225, "2021": 130}
    assert set(series.status.to_numpy().ravel()) == {"rounded5"}


@pytest.mark.parametrize(
    ("codes", "of_the_five"),
    [
        (("CRI1122", "CRI1123"), [80, 20, 40, 20, 45]),
        (("CRI1128",), [35, 25, 35, 30, 75]),
        (("CRI1125", "CRI1124"), [15, 30, 20, 30, 45]),
    ],
)
def test_other_theft_in_2018(real_build: Build, codes: tuple[str, ...], of_the_five: list[int]) -> None:
    total = sum(counts(real_build, "cbs-83651", code).loc[list(FIVE), "2018"] for code in codes)
    assert list(total) == of_the_five


def test_total_crime_of_the_five(real_build: Build) -> None:
    table = counts(real_build, "cbs-83648", "T001161").loc[list(FIVE)]
    region = table.sum(skipna=False)
    assert (region["2012"], region["2018"], region["2020"]) == (4660, 2975, 2905)
    assert table["2018"].tolist() == [820, 430, 585, 350, 790]
    assert pd.isna(region["2010"]), "one of the five was not there"


def test_a_municipality_that_was_not_there_is_missing_not_zero(real_build: Build) -> None:
    frame = real_build.observations
    cell = frame[
        (frame["area_code"] == "GM1903") & (frame["period"] == "2010") & (frame["source"] == "cbs-83648")
    ]
    assert cell["count"].isna().all()
    assert cell["status"].tolist() == ["missing"]
    totals = frame[(frame["source"] == "cbs-83648").to_numpy()]
    assert not (totals["count"] == 0).any(), "the zeros of the spreadsheet are gone everywhere"


def test_population_on_the_last_day_of_2018(real_build: Build) -> None:
    people = populations(real_build, FIVE, [2019], measure="january_first")[2019]
    assert people.tolist() == [25658, 14246, 18923, 10092, 16470]
    assert (
        populations(real_build, ["NL01", "PV31"], [2019], measure="january_first").loc["NL01", 2019]
        == 17282163
    )


def test_beekdaelen_is_continuous_over_its_birth(real_build: Build, shared: Path) -> None:
    file = pd.read_csv(shared / "cbs" / "83648NED_totaal_gemeente_2010-2020.csv")
    raw = file.pivot(index="RegioS", columns="Perioden", values="TotaalGeregistreerdeMisdrijven_1")
    beekdaelen = counts(real_build, "cbs-83648", "T001161").loc["GM1954"]
    for year in range(2012, 2019):
        assert beekdaelen[f"{year}"] == raw.loc[list(PARTS), year].sum()
    assert (beekdaelen["2018"], beekdaelen["2019"], beekdaelen["2020"]) == (945, 1130, 1165)
    people = populations(real_build, ["GM1954"], range(2012, 2026), measure="january_first").loc["GM1954"]
    assert people.notna().all()
    assert (people.pct_change().dropna().abs() < 0.02).all()
    assert people[2019] == 15187 + 7782 + 12758
    assert not {"GM0951", "GM0881", "GM0962"} & set(real_build.areas()), "the parts have no rows any more"


def test_only_municipalities_of_today_have_observations(real_build: Build, registry: Registry) -> None:
    ended = [
        a for a in real_build.areas() if a in registry.municipalities and registry.municipalities[a].valid_to
    ]
    assert ended == []
    assert len([a for a in real_build.areas("cbs-83651") if a.startswith("GM")]) == 342


def test_figures_of_whole_mergers_are_all_there(real_build: Build, shared: Path) -> None:
    """Every municipality of 2021 is in the theft table, so no figure of a whole merger is lost."""
    file = pd.read_csv(
        shared / "cbs" / "83651NED_diefstallen_gemeente_2018-2021.csv", sep=";", encoding="utf-8-sig"
    )
    kept = file[(file["GebruikVanGeweld"] == "T001540") & (file["RegioS"] != "GM0000")]
    raw = (
        kept[kept["Perioden"] == "2021JJ00"]
        .groupby("SoortDiefstal")["TotaalGeregistreerdeDiefstallen_1"]
        .sum()
    )
    for code, total in raw.items():
        assert counts(real_build, "cbs-83651", str(code))["2021"].sum() == total


def test_key_figures_of_2021(real_build: Build) -> None:
    meerssen = key_figures(real_build, ["GM0938"]).loc["GM0938"]
    assert meerssen.to_dict() == {
        "population": 18661,
        "density": 616,
        "share_15_24": 9.9,
        "income": 31.7,
        "single_households": 31.08,
        "home_value": 281,
        "businesses": 107.44,
    }


def test_every_row_is_accounted_for(real_workspace: Workspace, real_build: Build, registry: Registry) -> None:
    assert not real_build.simulated
    for source, told in real_build.sources.items():
        assert told["rows_in"] == told["rows_out"] + sum(told["dropped"].values()), source
        assert told["snapshots"][0]["used"]
    assert real_build.sources["cbs-83651"]["dropped"]["other-filter-key"] == 44_160
    before = (real_workspace.processed / "build.json").read_bytes()
    assert build(real_workspace, registry).unchanged
    assert (real_workspace.processed / "build.json").read_bytes() == before


def test_the_raw_files_are_kept_byte_for_byte(real_workspace: Workspace, shared: Path) -> None:
    for snapshot in list_snapshots(real_workspace):
        assert snapshot.path.read_bytes() == (shared / "cbs" / snapshot.original).read_bytes()
        origin = json.loads(
            snapshot.path.with_name(snapshot.path.name + ".origin.json").read_text(encoding="utf-8")
        )
        assert origin["simulated"] is False


def test_split_municipalities_are_named(real_build: Build) -> None:
    assert real_build.excluded["GM0788"] == "2021-01-01", "Haaren went to four others"
    assert not set(FIVE) & set(real_build.excluded)
