"""Fetching over a real socket: complete, as the readers want it, and no more than is needed."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from standin import made
from standin.faults import Faults
from standin.quick import POLICE, QUICK, TODAY, small_pages
from standin.real import real_theft_table
from standin.server import StandIn
from standin.table import Table, recut, renamed

from ivp_analysis.data.build import build
from ivp_analysis.data.clean import clean_file, clean_snapshot
from ivp_analysis.data.fetch import FetchResult, Step, fetch
from ivp_analysis.data.odata.wanted import DEFAULT
from ivp_analysis.data.opened import open_build
from ivp_analysis.data.series import recipe_counts
from ivp_analysis.data.snapshots import Snapshot, list_snapshots, list_strays, open_snapshot, take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import FetchError, UsageError
from ivp_analysis.registry import Registry, load_registry

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "data" / "cbs" / "83651NED_diefstallen_gemeente_2018-2021.csv"
NUISANCE = "politie-47021"
Fetch = Callable[..., list[FetchResult]]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(ROOT / "data" / "registry")


@pytest.fixture(scope="module")
def tables(registry: Registry) -> list[Table]:
    return made.all_tables(registry)


@pytest.fixture
def nuisance(registry: Registry) -> Table:
    return made.police_table(registry, NUISANCE, years=range(2020, 2026))


@pytest.fixture
def get(workspace: Workspace, registry: Registry) -> Fetch:
    """fetch into the workspace from a stand-in, impatiently."""

    def run(server: StandIn, *sources: str, **options: Any) -> list[FetchResult]:
        chosen = {"today": TODAY, "policy": QUICK, "areas": list(made.FIVE)} | options
        return fetch(workspace, registry, sources=sources or (NUISANCE,), base_urls=server.roots, **chosen)

    return run


def lines(results: Sequence[FetchResult]) -> list[str]:
    return [line for result in results for line in result.lines()]


def _only(results: Sequence[FetchResult]) -> Snapshot:
    assert len(results) == 1, lines(results)
    assert results[0].taken is not None, lines(results)
    return results[0].taken.snapshot


def _rows(snapshot: Snapshot) -> list[dict[str, str]]:
    text = gzip.decompress(open_snapshot(snapshot).read_bytes()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def _query(snapshot: Snapshot) -> dict[str, Any]:
    return dict(json.loads(snapshot.query))


@pytest.fixture(scope="module")
def whole(registry: Registry, tables: list[Table], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Five municipalities, fourteen years, both police tables, fetched without a fault in pages of 10,000."""
    workspace = Workspace(tmp_path_factory.mktemp("whole"), ROOT)
    with StandIn(tables) as server:
        results = fetch(
            workspace,
            registry,
            sources=POLICE,
            areas=list(made.FIVE),
            base_urls=server.roots,
            today=TODAY,
            policy=QUICK,
        )
    assert [r.outcome for r in results] == ["taken", "taken"]
    return workspace


def test_every_cell_of_the_table_arrives_as_the_source_has_it(whole: Workspace, tables: list[Table]) -> None:
    table = next(t for t in tables if t.id == "47013NED")
    rows = _rows(list_snapshots(whole, "politie-47013")[0])
    assert len(rows) == 5 * 59 * 14 * 13
    assert list(rows[0]) == ["ID", *(d.column for d in table.dims), *(m.key for m in table.measures)]
    for row in rows:
        number = int(row["ID"])
        for d, dim in enumerate(table.dims):
            assert row[dim.column] == dim.keys[table.index[number, d]][0]
        for measure, values in zip(table.measures, table.values, strict=True):
            value = values[number]
            assert row[measure.key] == ("" if np.isnan(value) else str(int(value)))


@pytest.mark.parametrize("seed", [1, 4])
def test_with_one_fault_in_ten_the_files_are_the_same_to_the_byte(
    seed: int, whole: Workspace, tables: list[Table], get: Fetch
) -> None:
    faults = Faults(rate=0.1, seed=seed)
    with StandIn(tables, faults=faults, page_rows=1_000) as server:
        results = get(server, *POLICE, policy=small_pages(1_000))
        asked = len(server.log)
    assert sum(faults.made.values()) >= 5, faults.made
    for result in results:
        assert result.taken is not None, lines(results)
        expected = list_snapshots(whole, result.source)[0]
        assert result.taken.snapshot.path.read_bytes() == expected.path.read_bytes()
    assert sum(r.requests for r in results) == asked


def test_a_fetch_of_everything_is_built_without_a_warning(
    registry: Registry, workspace: Workspace, get: Fetch
) -> None:
    tables = made.all_tables(registry, police_from=2020)
    with StandIn(tables, boundaries={2026: made.boundaries(registry, 2026)}) as server:
        results = get(server, *DEFAULT, areas="plan", nearest=lambda _: made.NEIGHBOURS)
    assert {r.outcome for r in results} == {"taken"}, lines(results)
    result = build(workspace, registry)
    assert not result.simulated
    assert list(result.warnings) == []
    opened = open_build(workspace)
    recipe = next(
        r for r in registry.indicators["residential_burglary"].recipes if r.source == "politie-47013"
    )
    counts = recipe_counts(opened, registry, "residential_burglary", recipe, made.FIVE).counts
    table = next(t for t in tables if t.id == "47013NED")
    codes = [list(registry.sources["politie-47013"].codes).index(code) for code in recipe.codes]
    place = {(*(int(i) for i in row),): n for n, row in enumerate(table.index)}
    vaals = [key.strip() for key, _ in table.dims[1].keys].index("GM0981")
    year = [key for key, _ in table.dims[2].keys].index("2023JJ00")
    assert counts.loc["GM0981", "2023"] == sum(table.values[0][place[code, vaals, year]] for code in codes)


def test_default_sources_come_in_an_order_in_which_peers_can_be_chosen(
    tables: list[Table], registry: Registry, workspace: Workspace
) -> None:
    seen: list[pd.DataFrame] = []

    def nearest(figures: pd.DataFrame) -> list[str]:
        seen.append(figures)
        return ["GM0917", "GM0928"]

    with StandIn(tables) as server:
        results = fetch(
            workspace,
            registry,
            sources=[NUISANCE],
            base_urls=server.roots,
            today=TODAY,
            policy=QUICK,
            nearest=nearest,
        )
    assert [r.source for r in results] == ["cbs-70072", NUISANCE]
    today = {m.code for m in registry.municipalities.values() if m.valid_to is None}
    assert set(seen[0].index) == today
    assert {"population", "density", "single_households", "home_value"} <= set(seen[0].columns)
    assert seen[0]["single_households"].between(25, 50).all(), "the share was taken, not the number"
    assert results[1].taken is not None
    areas = _query(results[1].taken.snapshot)["areas"]
    assert set(areas) == {*made.FIVE, "PV31", "RE10", "NL01", "GM0917", "GM0928"}
    there = {row["RegioS"] for row in _rows(results[1].taken.snapshot)}
    assert there == {*made.FIVE, "PV31  ", "RE10  ", "NL01  ", "GM0917", "GM0928"}, "with their padding"
    assert len(seen) == 1


def test_a_table_that_keeps_old_municipalities_is_asked_for_the_parts_of_a_merger(
    tables: list[Table], get: Fetch
) -> None:
    with StandIn(tables) as server:
        results = get(server, "cbs-83651", NUISANCE, areas=["GM1954"])
    nuisance, theft = (r.taken.snapshot for r in results if r.taken)
    assert {row["RegioS"] for row in _rows(theft)} == {"GM1954", *made.OLD_PARTS}
    assert {row["RegioS"] for row in _rows(nuisance)} == {"GM1954"}


def test_theft_is_held_at_one_key_of_violence_and_at_the_codes_we_know(
    tables: list[Table], get: Fetch
) -> None:
    with StandIn(tables) as server:
        results = get(server, "cbs-83651")
        filters = [asked.where for asked in server.data]
    rows = _rows(_only(results))
    assert {row["GebruikVanGeweld"] for row in rows} == {"T001540"}
    assert all("GebruikVanGeweld eq 'T001540'" in where for where in filters)
    assert "CRI1199" not in {row["SoortDiefstal"] for row in rows}
    assert any("CRI1199 Overige diefstal" in line for line in lines(results))


def test_a_year_that_the_source_calls_provisional_is_marked(
    registry: Registry, workspace: Workspace, get: Fetch
) -> None:
    table = made.theft_table(registry, years=range(2018, 2026))
    dims = tuple(
        replace(d, provisional=("2025JJ00", "2017JJ00")) if d.column == "Perioden" else d for d in table.dims
    )
    with StandIn([replace(table, dims=dims)]) as server:
        assert _query(_only(get(server, "cbs-83651")))["provisional"] == ["2025JJ00"]
    result = build(workspace, registry)
    frame = open_build(workspace).observations
    filled = frame[frame["count"].notna().to_numpy()]
    assert set(filled["status"][filled["period"] == "2025"]) == {"provisional"}
    assert set(filled["status"][filled["period"] == "2024"]) == {"rounded5"}
    assert "    provisional, says the source: 2025" in result.lines()


def test_population_by_sex_and_age_is_taken_at_its_totals(registry: Registry, get: Fetch) -> None:
    with StandIn([made.population_by_age_table(registry)]) as server:
        snapshot = _only(get(server, "cbs-03759"))
    assert _query(snapshot)["fixed"] == {
        "BurgerlijkeStaat": "T001019",
        "Geslacht": "T001038",
        "Leeftijd": "10000",
    }
    people = clean_snapshot(snapshot, registry).frames["population"]
    row = people[(people["area_code"] == "GM1903") & (people["year"] == 2010)]
    assert row["january_first"].tolist() == [23_000]


def test_areas_of_a_year_keep_their_headings_in_the_origin(tables: list[Table], get: Fetch) -> None:
    with StandIn(tables) as server:
        snapshot = _only(get(server, "cbs-gebieden", year=2026))
    assert snapshot.original == "86247NED-2026.csv.gz"
    assert _query(snapshot)["columns"]["Naam_4"] == "Naam_4 | Provincies | Naam"
    assert len(_rows(snapshot)) == 342


def test_boundaries_are_fetched_once_and_must_be_whole(registry: Registry, get: Fetch) -> None:
    whole = made.boundaries(registry, 2026)
    with StandIn(boundaries={2026: whole, 2025: {**whole, "features": whole["features"][:-1]}}) as server:
        first, again = get(server, "cbs-grenzen", year=2026), get(server, "cbs-grenzen", year=2026)
        short = get(server, "cbs-grenzen", year=2025)
        asked = len(server.log)
    assert json.loads(gzip.decompress(_only(first).path.read_bytes())) == whole
    assert (again[0].outcome, again[0].requests) == ("unchanged", 0)
    assert "missing GM1992 Voorne aan Zee" in lines(short)[0]
    assert asked == 2


def test_boundaries_in_metres_are_refused(registry: Registry, get: Fetch) -> None:
    metres = made.boundaries(registry, 2026)
    metres["features"][3]["geometry"]["coordinates"] = [[[187_000, 318_000]] * 4]
    with StandIn(boundaries={2026: metres}) as server:
        results = get(server, "cbs-grenzen", year=2026)
    assert "not longitude and latitude" in lines(results)[0]


@pytest.mark.parametrize("spoil", ["changed", "gone"])
def test_a_fetched_file_that_was_spoiled_is_fetched_again_and_put_right(
    nuisance: Table, get: Fetch, spoil: str
) -> None:
    with StandIn([nuisance]) as server:
        first = _only(get(server))
        whole = first.path.read_bytes()
        if spoil == "changed":
            first.path.write_bytes(whole[:-100])
        else:
            first.path.unlink()
        again = get(server)
    assert again[0].outcome == "taken"
    assert _only(again) == first
    assert first.path.read_bytes() == whole


def test_spoiled_boundaries_are_fetched_again(registry: Registry, get: Fetch) -> None:
    with StandIn(boundaries={2026: made.boundaries(registry, 2026)}) as server:
        first = _only(get(server, "cbs-grenzen", year=2026))
        whole = first.path.read_bytes()
        first.path.write_bytes(b"{}")
        assert _only(get(server, "cbs-grenzen", year=2026)) == first
    assert first.path.read_bytes() == whole


def test_an_unchanged_table_is_asked_for_its_date_only(nuisance: Table, get: Fetch) -> None:
    with StandIn([nuisance]) as server:
        first = _only(get(server))
        before = len(server.log)
        again = get(server)
        names = [asked.name for asked in server.log[before:]]
    assert names == ["TableInfos"]
    assert again[0].outcome == "unchanged"
    assert _only(again) == first


@pytest.mark.parametrize(
    ("narrower", "covered"),
    [({"areas": ["GM0981"]}, True), ({"from_year": 2023}, True), ({"areas": ["GM0981", "GM0917"]}, False)],
)
def test_what_a_wider_snapshot_holds_is_not_fetched(
    narrower: dict[str, Any], covered: bool, nuisance: Table, get: Fetch
) -> None:
    with StandIn([nuisance]) as server:
        get(server, from_year=2022)
        outcome = get(server, **{"from_year": 2022, **narrower})[0].outcome
    assert outcome == ("unchanged" if covered else "taken")


def test_an_earlier_year_than_the_snapshot_has_is_fetched(nuisance: Table, get: Fetch) -> None:
    with StandIn([nuisance]) as server:
        get(server, from_year=2022)
        assert get(server, from_year=2021)[0].outcome == "taken"


def test_a_narrower_newer_snapshot_hides_nothing(
    nuisance: Table, registry: Registry, workspace: Workspace, get: Fetch
) -> None:
    with StandIn([nuisance]) as server:
        get(server)
        server.replace(replace(nuisance, modified="2026-02-15T02:00:00"))
        assert get(server, areas=["GM0981"], from_year=2024, today=date(2026, 3, 1))[0].outcome == "taken"
    build(workspace, registry)
    frame = open_build(workspace).observations
    assert set(frame["area_code"].astype("str")) == set(made.FIVE)
    assert {p[:4] for p in frame["period"].astype("str")} == {str(year) for year in range(2020, 2026)}


def test_another_state_of_the_table_with_the_same_figures_is_fetched_once(
    nuisance: Table, get: Fetch
) -> None:
    """The publisher mends a text: Modified is new, the bytes are not, and so neither is the snapshot."""
    with StandIn([nuisance]) as server:
        first = _only(get(server))
        server.replace(replace(nuisance, modified="2026-02-15T02:00:00"))
        results = get(server)
        assert (results[0].outcome, _only(results)) == ("taken", first)
        assert get(server)[0].outcome == "unchanged"


def test_recut_borders_come_as_the_new_municipality_and_the_gone_ones_are_named(
    nuisance: Table, registry: Registry, workspace: Workspace, get: Fetch
) -> None:
    """Meerssen and Valkenburg merge: the police carry all years over, and the old codes are no more."""
    with StandIn([nuisance]) as server:
        old = _rows(_only(get(server)))
        merged = ("GM0938", "GM0994")
        server.replace(recut(nuisance, merged, ("GM0971", "Heuvelland"), "2027-01-15T02:00:00"))
        results = get(server, areas=[*made.FIVE, "GM0971"], today=date(2027, 2, 1))
    rows = _rows(_only(results))
    assert results[0].taken is not None
    assert set(results[0].taken.absent) == set(merged)
    key = ("Overlast", "Perioden")
    sums = {tuple(r[k] for k in key): 0 for r in old}
    for row in old:
        if row["RegioS"] in merged:
            sums[row[key[0]], row[key[1]]] += int(row["GeregistreerdeOverlast_1"])
    new = {
        (r[key[0]], r[key[1]]): int(r["GeregistreerdeOverlast_1"]) for r in rows if r["RegioS"] == "GM0971"
    }
    assert new == sums


def test_a_measure_whose_number_drifts_is_found(nuisance: Table, registry: Registry, get: Fetch) -> None:
    drifted = renamed(nuisance, "GeregistreerdeOverlast_1", key="GeregistreerdeOverlast_7", title="Anders")
    with StandIn([drifted]) as server:
        snapshot = _only(get(server))
    assert "GeregistreerdeOverlast_7" in _rows(snapshot)[0]
    assert clean_snapshot(snapshot, registry).kept == 9 * 5 * 6 * 13


def test_a_measure_with_another_key_is_found_by_its_title(
    nuisance: Table, registry: Registry, get: Fetch
) -> None:
    moved = renamed(nuisance, "GeregistreerdeOverlast_1", key="Aantal_1", title="Geregistreerde overlast")
    with StandIn([moved]) as server:
        snapshot = _only(get(server))
    assert _query(snapshot)["columns"] == {
        "GeregistreerdeOverlast_1": "Aantal_1 | Geregistreerde overlast | aantal"
    }
    assert clean_snapshot(snapshot, registry).kept == 9 * 5 * 6 * 13


def test_a_measure_that_is_gone_is_an_error_with_what_there_is(
    nuisance: Table, get: Fetch, workspace: Workspace
) -> None:
    gone = renamed(nuisance, "GeregistreerdeOverlast_1", key="OverlastTotaal_2", title="Overlast, totaal")
    with StandIn([nuisance]) as server:
        first = _only(get(server))
        server.replace(replace(gone, modified="2026-02-15T02:00:00"))
        results = get(server)
    text = "\n".join(lines(results))
    assert results[0].outcome == "failed"
    assert isinstance(results[0].error, FetchError)
    for word in ("47021NED", "GeregistreerdeOverlast_1", "OverlastTotaal_2", "sources.toml"):
        assert word in text
    assert list_snapshots(workspace, NUISANCE) == [first]


def test_one_failing_source_leaves_the_others(tables: list[Table], get: Fetch) -> None:
    with StandIn([t for t in tables if t.id != "47013NED"]) as server:
        results = get(server, *POLICE)
    assert [r.outcome for r in results] == ["failed", "taken"]
    assert "47013NED" in lines(results)[0]
    assert "404" in lines(results)[0]


def test_a_server_that_is_away_is_told_once(workspace: Workspace, registry: Registry) -> None:
    away = {"Politie": "http://127.0.0.1:9"}
    results = fetch(
        workspace, registry, sources=POLICE, areas=["GM0981"], base_urls=away, today=TODAY, policy=QUICK
    )
    first, second = (r.lines() for r in results)
    assert "the server refuses the connection" in first[0]
    assert second == ["politie-47021: not fetched, for the same reason"]


def test_a_figure_that_no_reader_takes_is_not_kept(nuisance: Table, get: Fetch, workspace: Workspace) -> None:
    wrong = replace(
        nuisance, values=[np.where(np.arange(len(nuisance.index)) % 50 == 7, -3, nuisance.values[0])]
    )
    with StandIn([wrong]) as server:
        results = get(server)
    assert "count '-3' is negative" in lines(results)[0]
    assert list_snapshots(workspace) == []
    assert list_strays(workspace) == []


def test_the_steps_tell_how_far_it_is(nuisance: Table, get: Fetch) -> None:
    steps: list[Step] = []
    with StandIn([nuisance], page_rows=500) as server:
        get(server, progress=steps.append, policy=small_pages(500))
    assert [s.rows for s in steps] == sorted(s.rows for s in steps)
    assert (steps[0].rows, steps[-1].rows, steps[-1].most) == (0, 3_510, 3_510)
    assert steps[-1].pages == len(steps) - 1


def test_a_municipality_may_be_named(nuisance: Table, get: Fetch) -> None:
    with StandIn([nuisance]) as server:
        snapshot = _only(get(server, areas="vaals, Eijsden-Margraten,NL01"))
    assert _query(snapshot)["areas"] == ["GM0981", "GM1903", "NL01"]


def test_whole_tables_are_asked_without_a_filter_on_areas(nuisance: Table, get: Fetch) -> None:
    with StandIn([nuisance]) as server:
        rows = _rows(_only(get(server, areas="all")))
        assert all("RegioS" not in asked.where for asked in server.data)
    assert {row["RegioS"].strip() for row in rows} == {*made.ABOVE, *made.FIVE, *made.NEIGHBOURS}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sources": ["politie-4701"]}, "unknown source 'politie-4701'"),
        ({"sources": ["halt"]}, "take a file of it with ivp import"),
        ({"areas": ["GM0982"]}, "unknown area 'GM0982'"),
        ({"areas": "Vals"}, "unknown area 'VALS'\n  -> did you mean Vaals?"),
        ({"areas": "Bergen"}, "is the name of"),
        ({"sources": ["cbs-gebieden"], "year": 2011}, "no table of 2011"),
    ],
)
def test_wrong_use_is_said_before_anything_is_asked(
    options: dict[str, Any], said: str, workspace: Workspace, registry: Registry
) -> None:
    with StandIn() as server, pytest.raises(UsageError) as error:
        fetch(workspace, registry, base_urls=server.roots, policy=QUICK, **options)
    assert said in str(error.value)
    assert server.log == []


def test_a_simulated_snapshot_is_no_reason_not_to_fetch(
    nuisance: Table, workspace: Workspace, whole: Workspace, get: Fetch
) -> None:
    real = list_snapshots(whole, NUISANCE)[0]
    take_snapshot(
        workspace,
        NUISANCE,
        real.path,
        taken_on=TODAY,
        query=real.query,
        modified=nuisance.modified,
        simulated=True,
    )
    with StandIn([nuisance]) as server:
        assert get(server)[0].outcome == "taken"


@pytest.mark.skipif(not REAL.is_file(), reason="the real files are not beside the project")
def test_the_real_rows_of_83651ned_survive_the_way(registry: Registry, get: Fetch, tmp_path: Path) -> None:
    """What CBS published, served and fetched, reads as the file itself does."""
    with StandIn([real_theft_table(REAL, registry)]) as server:
        snapshot = _only(get(server, "cbs-83651", areas="all"))
        assert len(server.data) == 3
    fetched = clean_snapshot(snapshot, registry).frames["observations"]
    itself = clean_file(REAL, registry.sources["cbs-83651"], registry).frames["observations"]
    keys = ["area_code", "code", "period"]
    both = [
        frame.astype(dict.fromkeys([*keys, "status"], "str")).sort_values(keys).reset_index(drop=True)
        for frame in (fetched, itself)
    ]
    pd.testing.assert_frame_equal(both[0], both[1])
    vaals = both[0].query("area_code == 'GM0981' and code == 'CRI1134' and period == '2018'")
    assert vaals["count"].tolist() == [25]
