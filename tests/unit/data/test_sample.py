"""The embedded sample: committed bytes, published baselines, the traps that it must hold."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ivp_analysis.data.clean import clean_snapshot
from ivp_analysis.data.corrections import apply_corrections, corrections_for
from ivp_analysis.data.sample import write_sample
from ivp_analysis.data.sample_files import pack
from ivp_analysis.data.snapshots import Snapshot, list_snapshots, open_snapshot
from ivp_analysis.data.sums import check_sums
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import BuildError, UsageError
from ivp_analysis.registry import Registry, load_registry

HOME = Path(__file__).resolve().parents[3]
COMMITTED = HOME / "data" / "raw" / "sample"
FIVE = ["GM1903", "GM1729", "GM0938", "GM0981", "GM0994"]
CRIMES, NUISANCE = "GeregistreerdeMisdrijven_1", "GeregistreerdeOverlast_1"
# The plan's baselines of 2018 (ivp-heuvelland-2020-2023) by the recipe that counts them.
CRIME_BASELINES = {
    "1.1.1 1.1.2 1.4.3 1.4.4 1.4.5 1.4.6 1.4.7": 498,
    "1.1.1 1.1.2": 309,
    "1.2.1 1.2.2": 358,
    "1.2.3": 207,
}
NUISANCE_BASELINES = {"0.0.0": 1656, "E35": 247, "E38 F010": 188}
# Statistics Netherlands, 37230ned, 31-12-2018.
PEOPLE = {
    "Eijsden-Margraten": 25_658,
    "Gulpen-Wittem": 14_246,
    "Meerssen": 18_923,
    "Vaals": 10_092,
    "Valkenburg aan de Geul": 16_470,
}


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Snapshot]:
    """A copy, for a checkout with real figures beside the sample would show those."""
    root = tmp_path_factory.mktemp("committed")
    shutil.copytree(COMMITTED, root / "data" / "raw" / "sample")
    return {snapshot.source: snapshot for snapshot in list_snapshots(Workspace(root, HOME))}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(HOME / "data" / "registry")


def raw(source: str) -> pd.DataFrame:
    (path,) = COMMITTED.glob(f"{source}/2025-02-15/*.csv.gz")
    return pd.read_csv(path, sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)


@pytest.fixture(scope="module")
def crime() -> pd.DataFrame:
    return raw("politie-47013")


@pytest.fixture(scope="module")
def nuisance() -> pd.DataFrame:
    return raw("politie-47021")


def figures(table: pd.DataFrame, measure: str) -> pd.Series:
    """By stripped code, area and period; what the source does not say is left out."""
    known = table[table[measure] != "       ."]
    keys = [known[column].str.strip() for column in (table.columns[1], "RegioS", "Perioden")]
    return pd.Series(known[measure].astype(int).to_numpy(), pd.MultiIndex.from_arrays(keys)).sort_index()


def test_the_committed_files_are_what_the_generator_writes(
    committed: dict[str, Snapshot], tmp_path: Path
) -> None:
    written = write_sample(tmp_path)
    assert {s.source for s in written} == set(committed)
    for new in written:
        old = committed[new.source]
        assert (old.path.name, old.taken_on.isoformat(), old.simulated) == (new.path.name, "2025-02-15", True)
        assert open_snapshot(old) == old.path
        # The text, not the archive: another build of zlib may pack the same text otherwise.
        assert gzip.decompress(old.path.read_bytes()) == gzip.decompress(new.path.read_bytes()), new.source


def test_an_archive_holds_no_time_and_no_name() -> None:
    packed = pack("gemeente;jaar\n")
    assert packed[3] == 0  # flags: no file name
    assert packed[4:8] == bytes(4)  # no modification time
    assert packed == pack("gemeente;jaar\n")


def test_the_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*")) < 3_000_000


def test_a_second_sample_is_not_written_beside_the_first(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw" / "sample").mkdir(parents=True)
    with pytest.raises(UsageError, match="there already"):
        write_sample(tmp_path)


def test_raw_files_are_never_converted_by_git() -> None:
    lines = (HOME / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "* text=auto eol=lf"
    assert lines[-1] == "data/raw/** -text"


@pytest.mark.parametrize(("recipe", "published"), CRIME_BASELINES.items())
def test_crime_meets_the_published_baselines(crime: pd.DataFrame, recipe: str, published: int) -> None:
    assert figures(crime, CRIMES).loc[recipe.split(), FIVE, "2018JJ00"].sum() == published


@pytest.mark.parametrize(("recipe", "published"), NUISANCE_BASELINES.items())
def test_nuisance_meets_the_published_baselines(nuisance: pd.DataFrame, recipe: str, published: int) -> None:
    assert figures(nuisance, NUISANCE).loc[recipe.split(), FIVE, "2018JJ00"].sum() == published


def test_the_police_delivery_meets_its_baseline_in_years_and_in_months(crime: pd.DataFrame) -> None:
    delivered = raw("police-inp").query("jaar == '2018'").astype({"aantal": int})
    assert set(delivered["gemeente"]) == set(PEOPLE)
    assert set(delivered["inp_klasse"]) == {"E12", "E13", "E321", "F95"}
    assert delivered[delivered["maand"] == ""]["aantal"].sum() == 233
    assert delivered[delivered["maand"] != ""]["aantal"].sum() == 233
    # F95 is published as crime 2.4.1: the two sources count the same thing.
    breaches = delivered[(delivered["inp_klasse"] == "F95") & (delivered["maand"] == "")]["aantal"].sum()
    assert breaches == figures(crime, CRIMES).loc["2.4.1", FIVE, "2018JJ00"].sum()


@pytest.mark.parametrize("source", ["politie-47013", "politie-47021"])
def test_tables_have_the_shape_of_the_police(source: str) -> None:
    (path,) = COMMITTED.glob(f"{source}/2025-02-15/*.csv.gz")
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    assert text.startswith("\ufeffID;")
    assert "\r" not in text
    table = raw(source)
    assert set(table.iloc[:, 1].str.len()) == {6}
    assert set(table["RegioS"].str.len()) == {6}
    assert {"GM0938", "NL01  ", "RE10  ", "PV31  "} <= set(table["RegioS"])
    assert len(set(table["RegioS"])) == 3 + 5 + 25 + 3 + 1 + 20
    assert set(table["Perioden"].str[4:]) == {"JJ00", *(f"MM{m:02d}" for m in range(1, 13))}
    assert set(table["Perioden"].str[:4]) == {str(year) for year in range(2012, 2025)}
    for column in table.columns[4:]:
        assert {value for value in set(table[column]) if not value.isdecimal()} == {"       ."}


def test_police_reports_are_a_part_of_the_crimes(crime: pd.DataFrame) -> None:
    registered, filed = figures(crime, CRIMES), figures(crime, "Aangiften_2")
    online = figures(crime, "Internetaangiften_3")
    assert (filed <= registered).all()
    assert (online <= filed).all()
    assert 0.6 < filed["0.0.0", "NL01", "2018JJ00"] / registered["0.0.0", "NL01", "2018JJ00"] < 0.9


def test_the_merged_municipality_stands_beside_its_parts(nuisance: pd.DataFrame) -> None:
    total = figures(nuisance, NUISANCE)["0.0.0"]
    years = {
        area: {period[:4] for period in total[area].index}
        for area in ("GM1954", "GM0951", "GM0881", "GM0962")
    }
    assert years["GM1954"] == {str(year) for year in range(2019, 2025)}
    for part in ("GM0951", "GM0881", "GM0962"):
        assert years[part] == {str(year) for year in range(2012, 2019)}
    whole, last = total["GM1954", "2019JJ00"], total.loc[["GM0951", "GM0881", "GM0962"], "2018JJ00"].sum()
    assert 0.5 < whole / last < 2


def test_one_month_is_missing_and_its_year_is_not(crime: pd.DataFrame) -> None:
    vandalism = figures(crime, CRIMES)["2.2.1", "GM0981"]
    months = [f"2015MM{month:02d}" for month in range(1, 13)]
    assert [month for month in months if month not in vandalism.index] == ["2015MM08"]
    assert vandalism["2015JJ00"] >= vandalism.reindex(months).sum()


def test_one_month_is_misprinted_and_its_sums_are_right(crime: pd.DataFrame) -> None:
    table = figures(crime, CRIMES)
    assert table["2.5.2", "GM0994", "2016MM05"] == 999
    others = [f"2016MM{month:02d}" for month in range(1, 13) if month != 5]
    assert table["2.5.2", "GM0994", "2016JJ00"] - table["2.5.2", "GM0994"][others].sum() == 9
    assert table["0.0.0", "GM0994", "2016MM05"] < 999


def test_some_types_have_years_only(crime: pd.DataFrame) -> None:
    table = figures(crime, CRIMES)
    for code in ("1.4.1", "3.2.1"):
        assert set(table[code].index.get_level_values(1).str[4:]) == {"JJ00"}
    monthly = table.drop(["0.0.0", "1.4.1", "3.2.1"]).xs("GM0917", level=1).xs("2018MM03", level=1).sum()
    # What is hidden in months is still in the month's total, as in the real table.
    hidden = table.loc[["1.4.1", "3.2.1"], "GM0917", "2018JJ00"].sum()
    assert 0 <= table["0.0.0", "GM0917", "2018MM03"] - monthly <= hidden


@pytest.mark.parametrize("source", ["politie-47013", "politie-47021"])
def test_codes_add_up_to_the_total_and_months_to_the_year(source: str) -> None:
    table = figures(raw(source), raw(source).columns[4])
    # The misprint is outside the sums: the year and the total were made from the 9 that is meant.
    if source == "politie-47013":
        table["2.5.2", "GM0994", "2016MM05"] = 9
    years = table[table.index.get_level_values(2).str.endswith("JJ00")].unstack(level=0).dropna(how="all")
    assert (years.drop(columns="0.0.0").sum(axis=1) == years["0.0.0"]).all()
    wide = table.unstack(level=2)
    for year in range(2012, 2025):
        months = wide[[f"{year}MM{month:02d}" for month in range(1, 13)]]
        whole = months.notna().all(axis=1)
        assert whole.sum() > 450
        assert (months[whole].sum(axis=1) == wide.loc[whole, f"{year}JJ00"]).all()


def test_the_province_and_the_country_hold_their_municipalities(crime: pd.DataFrame) -> None:
    total = figures(crime, CRIMES).loc["0.0.0", :, "2018JJ00"]
    total = total.droplevel(1) if total.index.nlevels > 1 else total
    municipalities = total[total.index.str.startswith("GM")]
    assert total["PV31"] == total["RE10"]
    assert municipalities.sum() < total["NL01"]
    assert municipalities[FIVE].sum() < total["PV31"] < municipalities.sum()


def test_population_is_published_for_2018_and_absent_where_there_was_no_municipality() -> None:
    (path,) = COMMITTED.glob("cbs-37230/2025-02-15/*.csv.gz")
    table = pd.read_csv(
        path, sep=";", skiprows=3, index_col=0, encoding="utf-8-sig", skipfooter=1, engine="python"
    )
    assert table["2018"][list(PEOPLE)].astype(int).to_dict() == PEOPLE
    assert pd.isna(table["2010"]["Eijsden-Margraten"])
    assert table.loc["Beekdaelen", "2010":"2018"].isna().all()
    assert table.loc["Nuth", "2018":"2024"].isna().all()
    assert table.loc["Nederland"].notna().all()


def test_the_survey_says_27_percent_in_2016() -> None:
    survey = raw("survey")
    survey = survey[survey["vraag"] == "unsafe_nightlife"].set_index("jaar")
    assert survey["percentage"]["2016"] == "27,0"
    assert list(survey.index) == ["2016", "2019", "2021", "2023"]
    assert set(survey["gemeente"]) == {"Valkenburg aan de Geul"}


def test_every_file_reads_without_losing_a_row(committed: dict[str, Snapshot], registry: Registry) -> None:
    for snapshot in committed.values():
        reading = clean_snapshot(snapshot, registry)
        assert reading.kept == reading.rows > 0, snapshot.source


def test_the_sums_hold_only_after_the_correction(committed: dict[str, Snapshot], registry: Registry) -> None:
    source = registry.sources["politie-47013"]
    frame = clean_snapshot(committed["politie-47013"], registry).frames["observations"]
    with pytest.raises(BuildError, match="2\\.5\\.2"):
        check_sums(frame, source, "47013NED")
    corrections = corrections_for(registry.corrections, source.id, simulated=True)
    corrected, used, _ = apply_corrections(frame, corrections)
    assert len(used) == 1
    check_sums(corrected, source, "47013NED")
