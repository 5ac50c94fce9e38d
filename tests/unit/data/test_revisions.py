"""What a source changed between two downloads."""

from datetime import date

import pytest
from unit.data.given import Cell, nuisance_table, population_export

from ivp_analysis.data.revisions import compare_snapshots
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import Registry

OLD: dict[Cell, int | str | None] = {
    ("E33", "GM0938", "2018JJ00"): 100,
    ("E33", "GM0938", "2019JJ00"): None,
    ("E35", "GM0938", "2018JJ00"): 40,
    ("E35", "GM0951", "2018JJ00"): 7,
    ("E35", "GM0981", "2018JJ00"): 0,
}
NEW: dict[Cell, int | str | None] = {
    ("E33", "GM0938", "2018JJ00"): 103,
    ("E33", "GM0938", "2019JJ00"): 90,
    ("E35", "GM0938", "2018JJ00"): None,
    ("E35", "GM1954", "2018JJ00"): 20,
    ("E35", "GM0981", "2018JJ00"): 2,
}


@pytest.fixture
def two(workspace: Workspace) -> Workspace:
    for day, cells in ((1, OLD), (2, NEW)):
        content = nuisance_table(cells)
        take_snapshot(workspace, "politie-47021", content, name="t.csv", taken_on=date(2025, 2, day))
    return workspace


def test_every_difference_has_its_kind_and_size(two: Workspace, registry: Registry) -> None:
    done = compare_snapshots(two, registry, "politie-47021")
    found = {(r.area_code, r.code, r.period): (r.kind, r.change, r.share) for r in done.changes.itertuples()}
    assert found["GM0938", "E33", "2018"] == ("changed", 3, 0.03)
    assert found["GM0981", "E35", "2018"][:2] == ("changed", 2)
    assert found["GM0938", "E33", "2019"][0] == "filled"
    assert found["GM0938", "E35", "2018"][0] == "emptied"
    assert found["GM0951", "E35", "2018"][0] == "removed"
    assert found["GM1954", "E35", "2018"][0] == "added"
    assert len(found) == 6
    assert done.compared == 4
    assert (done.gone["area_code"], done.new["area_code"]) == (["GM0951"], ["GM1954"])
    assert done.by_code.loc["E33", ["cells", "before", "after"]].tolist() == [1, 100, 103]


def test_vintages_are_named_by_day_or_hash(two: Workspace, registry: Registry) -> None:
    default = compare_snapshots(two, registry, "politie-47021")
    named = compare_snapshots(two, registry, "politie-47021", "2025-02-01", default.after.id)
    turned = compare_snapshots(two, registry, "politie-47021", "2025-02-02", "2025-02-01")
    assert named.changes.equals(default.changes)
    assert turned.before == default.after
    with pytest.raises(UsageError, match="names 0 snapshots"):
        compare_snapshots(two, registry, "politie-47021", "2024-01-01")
    take_snapshot(two, "politie-47013", b"x", name="t.csv")
    with pytest.raises(UsageError, match="1 snapshot"):
        compare_snapshots(two, registry, "politie-47013")


def test_the_same_twice_has_no_changes(two: Workspace, registry: Registry) -> None:
    done = compare_snapshots(two, registry, "politie-47021", "2025-02-01", "2025-02-01")
    assert done.changes.empty
    assert done.by_code.empty


def test_population_is_compared_too(workspace: Workspace, registry: Registry) -> None:
    for day, people in ((1, 10092), (2, 10095)):
        content = population_export([2018], {"Vaals": (people,)})
        take_snapshot(workspace, "cbs-37230", content, name="b.csv", taken_on=date(2025, 2, day))
    row = compare_snapshots(workspace, registry, "cbs-37230").changes.iloc[0]
    assert (row["area_code"], row["code"], row["period"], row["change"]) == (
        "GM0981",
        "population",
        "2019",
        3,
    )


def test_the_summary_tells_counts_share_areas_and_codes(two: Workspace, registry: Registry) -> None:
    names = registry.sources["politie-47021"].codes
    lines = compare_snapshots(two, registry, "politie-47021").lines(names)
    assert lines[0].startswith("politie-47021: 2025-02-01 ")
    assert lines[1] == "4 cells in both; 1 added, 2 changed, 1 emptied, 1 filled, 1 removed"
    assert "gone: area_code GM0951" in lines
    assert "new: area_code GM1954" in lines
    table = [line.split() for line in lines]
    assert ["E33", "Overlast", "door", "verward", "persoon", "1", "100", "103", "+3", "+3.00%"] in table
    assert ["GM0981", "E35", "2018", "0", "2", "+2", "-"] in table


def test_a_code_is_told_by_its_years_not_by_its_months_again(
    workspace: Workspace, registry: Registry
) -> None:
    for day, extra in ((1, 0), (2, 4)):
        cells: dict[Cell, int | str | None] = {
            ("E33", "GM0938", "2018JJ00"): 100 + extra,
            ("E33", "GM0938", "2018MM05"): 8 + extra,
            ("E35", "GM0938", "2018MM05"): 5 + extra,
        }
        content = nuisance_table(cells)
        take_snapshot(workspace, "politie-47021", content, name="t.csv", taken_on=date(2025, 2, day))
    by_code = compare_snapshots(workspace, registry, "politie-47021").by_code
    assert by_code[["cells", "before", "after"]].values.tolist() == [[1, 100, 104], [1, 5, 9]]


def test_a_measure_with_another_status_is_one_gone_and_one_new(
    workspace: Workspace, registry: Registry
) -> None:
    head = "actie;thema;gemeente;status;toelichting\n"
    for day, status in ((1, "gepland"), (2, "loopt")):
        content = f"{head}Overleg;1.1;Vaals;{status};\n".encode()
        take_snapshot(workspace, "measures", content, name="m.csv", taken_on=date(2025, 2, day))
    done = compare_snapshots(workspace, registry, "measures")
    assert sorted(zip(done.changes["code"], done.changes["kind"], strict=True)) == [
        ("1.1 / Overleg: gepland", "removed"),
        ("1.1 / Overleg: loopt", "added"),
    ]


def test_an_unknown_source_names_the_nearest(workspace: Workspace, registry: Registry) -> None:
    with pytest.raises(UsageError, match="unknown source") as caught:
        compare_snapshots(workspace, registry, "politie-47201")
    assert "did you mean 'politie-47021'" in caught.value.todo
