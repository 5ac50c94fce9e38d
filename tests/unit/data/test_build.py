"""A build is whole and repeatable, or the one before stands untouched."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from unit.data.given import FIVE, NUISANCE, Cell, nuisance_cells, nuisance_table, population_export

from ivp_analysis.data.build import build
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.series import open_build
from ivp_analysis.data.snapshots import list_snapshots, take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import BuildError, InputError, SnapshotError, UsageError, WorkspaceError
from ivp_analysis.registry import Registry
from ivp_analysis.registry.records import Correction

NAMES = ("Eijsden-Margraten", "Gulpen-Wittem", "Meerssen", "Vaals", "Valkenburg aan de Geul")
PEOPLE = population_export([2017, 2018, 2019], dict.fromkeys(NAMES, (10000, 10100, 10200)))
Take = Callable[..., None]


@pytest.fixture
def take(workspace: Workspace) -> Take:
    def one(content: bytes, source: str = "politie-47021", *, day: int = 1, simulated: bool = False) -> None:
        take_snapshot(
            workspace, source, content, name="t.csv", taken_on=date(2025, 2, day), simulated=simulated
        )

    return one


def contents(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in workspace.processed.iterdir()}


def test_unchanged_input_gives_the_same_bytes(workspace: Workspace, registry: Registry, take: Take) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018, 2019])))
    take(PEOPLE, "cbs-37230")
    first = build(workspace, registry)
    before = contents(workspace)
    again = build(workspace, registry)
    assert contents(workspace) == before
    assert (first.unchanged, again.unchanged) == (False, True)
    assert set(before) == {"observations.parquet", "population.parquet", "build.json"}


def test_the_order_of_rows_in_a_file_does_not_matter(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    cells = nuisance_cells(FIVE, [2018])
    take(nuisance_table(dict(reversed(cells.items()))))
    build(workspace, registry)
    frame = open_build(workspace).observations
    keys = list(zip(frame["source"], frame["code"], frame["area_code"], frame["period"], strict=True))
    assert keys == sorted(keys)


def test_build_json_accounts_for_every_row(workspace: Workspace, registry: Registry, take: Take) -> None:
    cells = nuisance_cells([*FIVE, "LD04"], [2018]) | nuisance_cells(["NL01"], [2018], level=20)
    take(nuisance_table(cells))
    take(PEOPLE, "cbs-37230")
    facts = build(workspace, registry).facts
    for source in facts["sources"].values():
        assert source["rows_in"] == source["rows_out"] + sum(source["dropped"].values())
    police = facts["sources"]["politie-47021"]
    assert police["dropped"] == {"other-region-level": 9 * 13}
    assert police["named"] == {"other-region-level": ["LD04"]}
    assert (police["areas"], police["codes"], police["years"], police["last_period"]) == (
        6,
        9,
        "2018",
        "2018-12",
    )
    assert police["snapshots"][0]["sha256"] == list_snapshots(workspace, "politie-47021")[0].sha256
    assert facts["data_date"] == "2025-02-01"
    assert facts["coverage"]["population"]["areas"]["GM0938"] == "2018-2020"


def test_the_terminal_says_which_cells_are_empty_and_who_is_not_compared(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    """Vught got a part of Haaren in 2021."""
    cells = nuisance_cells([*FIVE, "LD04", "GM0865"], [2018])
    for code in NUISANCE:
        cells |= {(code, "GM0981", f"2018{month}"): None for month in ("MM03", "JJ00")}
    take(nuisance_table(cells))
    told = build(workspace, registry).lines()
    assert (
        "    missing: 18 cells: areas GM0981; codes 0.0.0, E33, E35, E38, E41 and 4 more; periods 2018, 2018-03"
        in told
    )
    assert "    dropped: 117 other-region-level: LD04" in told
    (compared,) = [line for line in told if line.startswith("not compared")]
    assert "GM0865 Vught (2021-01-01: Haaren was divided over " in compared


def test_population_has_the_average_of_both_ends_of_the_year(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018])))
    take(PEOPLE, "cbs-37230")
    build(workspace, registry)
    frame = open_build(workspace).population
    meerssen = frame[frame["area_code"] == "GM0938"]
    assert meerssen["year"].tolist() == [2018, 2019, 2020]
    assert meerssen["average"].tolist()[:2] == [10_050, 10_150]
    assert meerssen["average"].isna().tolist() == [False, False, True]


def test_two_sources_of_population_give_one_series_per_area(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018])))
    take(PEOPLE, "cbs-37230", day=2)
    older = b"RegioS;Perioden;BevolkingOp1Januari_1\nGM0938;2018JJ00;1\nGM0935;2018JJ00;122000\n"
    take(older, "cbs-03759", day=1)
    facts = build(workspace, registry).facts
    frame = open_build(workspace).population
    assert not frame.duplicated(["area_code", "year"]).any()
    found = {(r.area_code, r.year): (r.january_first, r.source) for r in frame.itertuples()}
    assert found["GM0938", 2018] == (10_000, "cbs-37230"), "whole from the newest that covers it"
    assert found["GM0935", 2018] == (122_000, "cbs-03759")
    assert facts["overlap"] == {"population": 1}


def test_a_fault_leaves_the_previous_build_as_it_was(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018])))
    build(workspace, registry)
    before = contents(workspace)
    cells: dict[Cell, int | str | None] = nuisance_cells(FIVE, [2018, 2019])
    cells["E33", "GM0938", "2019MM03"] = 15
    take(nuisance_table(cells), day=2)
    with pytest.raises(BuildError, match="the months make"):
        build(workspace, registry)
    assert contents(workspace) == before


def test_a_changed_raw_file_stops_before_anything_is_read(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018])))
    build(workspace, registry)
    before = contents(workspace)
    raw = list_snapshots(workspace)[0].path
    raw.write_bytes(raw.read_bytes().replace(b";24\r\n", b";25\r\n", 1))
    with pytest.raises(SnapshotError, match=r"t\.csv.*changed since it was taken"):
        build(workspace, registry)
    assert contents(workspace) == before


def test_an_empty_workspace_says_what_to_do(workspace: Workspace, registry: Registry, take: Take) -> None:
    with pytest.raises(BuildError, match="ivp import"):
        build(workspace, registry)
    take(PEOPLE, "cbs-37230")
    with pytest.raises(BuildError, match="no figures"):
        build(workspace, registry)
    assert list(workspace.processed.iterdir()) == []
    with pytest.raises(WorkspaceError, match="ivp build"):
        open_build(workspace)


def test_simulated_and_real_never_meet(workspace: Workspace, registry: Registry, take: Take) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018])), simulated=True)
    assert build(workspace, registry).simulated
    take(nuisance_table(nuisance_cells(FIVE, [2019], level=3)))
    result = build(workspace, registry)
    assert not result.simulated
    assert result.facts["sources"]["politie-47021"]["years"] == "2019", "the sample gives way as a whole"


def test_a_simulated_file_among_the_real_stops(workspace: Workspace, registry: Registry, take: Take) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018])))
    take(PEOPLE, "cbs-37230")
    origin = next((workspace.raw / "cbs-37230").rglob("*.origin.json"))
    origin.write_text(json.dumps(json.loads(origin.read_text()) | {"simulated": True}), encoding="utf-8")
    with pytest.raises(BuildError, match="simulated and real"):
        build(workspace, registry)


def test_figures_do_not_disappear_silently(workspace: Workspace, registry: Registry, take: Take) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2017, 2018])))
    build(workspace, registry)
    before = contents(workspace)
    for path in (workspace.raw / "politie-47021" / "2025-02-01").iterdir():
        path.unlink()
    take(nuisance_table(nuisance_cells(FIVE, [2018])), day=2)
    with pytest.raises(BuildError, match="5 areas with fewer years"):
        build(workspace, registry)
    assert contents(workspace) == before
    result = build(workspace, registry, allow_shrink=True)
    assert any("lost with --allow-shrink" in warning for warning in result.warnings)


def test_a_newer_wider_snapshot_takes_over_and_the_older_is_said_to_be_unused(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018])))
    take(nuisance_table(nuisance_cells(FIVE, [2018, 2019], level=3)), day=2)
    told = build(workspace, registry).facts["sources"]["politie-47021"]
    assert [s["used"] for s in told["snapshots"]] == [False, True]
    assert told["data_date"] == "2025-02-02"
    frame = open_build(workspace).observations
    assert frame["snapshot"].nunique() == 1


def test_a_stale_correction_is_seen_in_the_newest_vintage_that_holds_its_figure(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    """The wide vintage of a year ago is healed; the narrow one of yesterday says nothing of the year concerned."""
    healed = Correction(
        id="old", source="politie-47021", area_code="GM0981", code="E33", period="2017", expect=99, value=24,
        reason="r", reference="r", author="a", decided_on=date(2025, 1, 1),
    )  # fmt: skip
    take(nuisance_table(nuisance_cells(FIVE, [2017, 2018])))
    take(nuisance_table(nuisance_cells(FIVE, [2018])), day=2)
    with pytest.raises(BuildError, match="healed"):
        build(workspace, replace(registry, corrections=(healed,)))


def test_a_stray_and_an_unseen_month_are_notes(workspace: Workspace, registry: Registry, take: Take) -> None:
    cells = {k: v for k, v in nuisance_cells(FIVE, [2018]).items() if k[2] not in ("2018MM05", "2018JJ00")}
    take(nuisance_table(cells))
    (workspace.raw / "politie-47021" / "2025-02-01" / "los.csv").write_bytes(b"")
    result = build(workspace, registry)
    assert any("los.csv is not used" in warning for warning in result.warnings)
    assert any("no figures for 2018-05" in warning for warning in result.warnings)
    assert any("politie-47021: 495 rows read" in line for line in result.lines())


def test_a_source_that_nobody_knows_stops(workspace: Workspace, registry: Registry, take: Take) -> None:
    take(b"x", "politie-99999")
    with pytest.raises(BuildError, match="'politie-99999' is not in the registry"):
        build(workspace, registry)


def test_tables_of_two_builds_are_never_read_together(
    workspace: Workspace, registry: Registry, take: Take
) -> None:
    take(nuisance_table(nuisance_cells(FIVE, [2018])))
    build(workspace, registry)
    older = (workspace.processed / "observations.parquet").read_bytes()
    take(nuisance_table(nuisance_cells(FIVE, [2018, 2019])), day=2)
    build(workspace, registry)
    # As if the machine had stopped between the replacement of the table and that of build.json.
    (workspace.processed / "observations.parquet").write_bytes(older)
    with pytest.raises(WorkspaceError, match="a build was interrupted"):
        _ = open_build(workspace).observations
    build(workspace, registry)
    assert len(open_build(workspace).observations) == 5 * 9 * 26


def test_import_reads_before_it_keeps(workspace: Workspace, registry: Registry, tmp_path: Path) -> None:
    good, bad = tmp_path / "goed.csv", tmp_path / "fout.csv"
    good.write_bytes(nuisance_table(nuisance_cells(FIVE, [2018])))
    bad.write_bytes(good.read_bytes().replace(b"GM0938", b"GM4321"))
    with pytest.raises(InputError, match="unknown area"):
        import_file(workspace, registry, bad, "politie-47021")
    assert list_snapshots(workspace) == []
    snapshot, checked = import_file(workspace, registry, good, "politie-47021")
    assert (snapshot.original, checked.rows, checked.notes) == ("goed.csv", 5 * 9 * 13, ())
    with pytest.raises(UsageError, match="unknown source"):
        import_file(workspace, registry, good, "politie-1")
    with pytest.raises(UsageError, match="no such file"):
        import_file(workspace, registry, tmp_path / "weg.csv", "politie-47021")
