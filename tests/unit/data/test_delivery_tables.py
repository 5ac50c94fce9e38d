"""Deliveries as tables of a build: measures, events, visitors, and the police's own figures."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.data.given import FIVE, nuisance_cells, nuisance_table

from ivp_analysis.data.build import build
from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.delivery_specs import TEMPLATES
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.series import indicator_counts, open_build
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import BuildError, InputError
from ivp_analysis.registry import Registry
from ivp_analysis.registry.records import Correction

MEASURES = "actie;thema;gemeente;status;toelichting\n"
EVENTS = "gemeente;naam;categorie;datum;bezoekers\n"
VISITORS = "gemeente;jaar;overnachtingen\n"
FIGURES = "gemeente;indicator;jaar;maand;aantal\n"
CALM = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def faults(text: str, source: str, registry: Registry, folder: Path) -> str:
    (folder / "levering.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        clean_file(folder / "levering.csv", registry.sources[source], registry)
    return str(caught.value)


def take(workspace: Workspace, source: str, text: str | bytes, day: int = 1) -> None:
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    take_snapshot(workspace, source, content, name="levering.csv", taken_on=date(2025, 2, day))


def test_measures_events_and_visitors_are_tables_of_the_build(
    workspace: Workspace, registry: Registry
) -> None:
    take(workspace, "measures", MEASURES
         + 'Camera\'s op het plein;Veilig uitgaan;Valkenburg aan de Geul;loopt;"eerst drie; later zes"\n'
         + "Regionaal overleg;priority-3;heuvelland;Gepland;\n")  # fmt: skip
    take(workspace, "events", EVENTS + "Vaals;Kerstmarkt;b;14-12-2024;5000\nGM0981;Carnaval;C;2025-03-02;\n")
    take(workspace, "visitors", VISITORS + "Vaals;2023;310000\nVaals;2024;\n")
    first = build(workspace, registry)
    opened = open_build(workspace)
    assert opened.measures[["area_code", "theme", "action", "status", "note"]].values.tolist() == [
        ["GM0994", "2.3", "Camera's op het plein", "loopt", "eerst drie; later zes"],
        ["heuvelland", "priority-3", "Regionaal overleg", "gepland", ""],
    ]
    events = opened.events.sort_values("date")
    assert events[["area_code", "event", "category", "date"]].values.tolist() == [
        ["GM0981", "Kerstmarkt", "B", "2024-12-14"],
        ["GM0981", "Carnaval", "C", "2025-03-02"],
    ]
    assert events["visitors"].isna().tolist() == [False, True]
    assert opened.visitors["overnight_stays"].isna().tolist() == [False, True]
    assert {"years 2024-2025", "years 2023-2024", "years -"} <= {
        part for line in first.lines() for part in line.split("; ")
    }
    assert build(workspace, registry).unchanged


def test_a_newer_list_renews_the_status_and_keeps_what_it_does_not_name(
    workspace: Workspace, registry: Registry
) -> None:
    take(workspace, "measures", MEASURES + "A;1.1;Vaals;gepland;\nB;1.1;Vaals;gepland;\n", day=1)
    take(workspace, "measures", MEASURES + "A;1.1;Vaals;afgerond;klaar\n", day=2)
    build(workspace, registry)
    table = open_build(workspace).measures
    assert dict(zip(table["action"], table["status"], strict=True)) == {"A": "afgerond", "B": "gepland"}


def test_a_build_without_them_has_empty_tables_with_columns(workspace: Workspace, registry: Registry) -> None:
    take(workspace, "politie-47021", nuisance_table(nuisance_cells(FIVE, [2018])))
    build(workspace, registry)
    opened = open_build(workspace)
    assert [len(table) for table in (opened.measures, opened.events, opened.visitors)] == [0, 0, 0]
    assert "status" in opened.measures
    assert "overnight_stays" in opened.visitors


@pytest.mark.parametrize(
    ("source", "text", "told"),
    [
        ("measures", MEASURES + "A;Veilig uitgan;Vaals;loopt;\n", "unknown theme 'Veilig uitgan', did you mean Veilig uitgaan?"),
        ("measures", MEASURES + "A;1.1;Vaals;lopt;\n", "unknown word 'lopt', did you mean loopt?"),
        ("measures", MEASURES + ";1.1;Vaals;loopt;\n", "row 2, actie: is empty"),
        ("measures", MEASURES + "=CMD();1.1;Vaals;loopt;\n", "row 2, actie: '=CMD()' is a formula"),
        ("measures", MEASURES + 'A;1.1;Vaals;loopt;"twee\nregels"\nB;1.1;Vals;loopt;\n', "row 3, gemeente: unknown municipality 'Vals'"),
        ("measures", MEASURES + 'A;1.1;Vaals;loopt;"open\n', "quotation marks"),
        ("events", EVENTS + "Vaals;Markt;D;14-12-2024;1\n", "row 2, categorie: unknown word 'D', known are A, B, C"),
        ("events", EVENTS + "Vaals;Markt;A;31-02-2024;1\n", "row 2, datum: '31-02-2024' is not a date"),
        ("events", EVENTS + "Vaals;Markt;A;12/2024;1\n", "row 2, datum: '12/2024' is not a date"),
        ("events", EVENTS + "Vaals;Markt;A;1-5-2024;1\nvaals;Markt;B;2024-05-01;2\n", "row 3: the same gemeente, naam, datum as row 2"),
        ("visitors", VISITORS + "Vaals;2024;3,5\n", "row 2, overnachtingen: count '3,5' is not a whole number"),
        ("visitors", VISITORS + "Vaals;2024;3-apr\n", "row 2, overnachtingen: '3-apr' looks like a date"),
        ("visitors", VISITORS + "Vaals;2024\nVals;2024;1\n", "row 2: 2 columns where 3 are expected"),
        ("visitors", VISITORS + "Vaals;2024\nVals;2024;1\n", "row 3, gemeente: unknown municipality 'Vals'"),
        ("police-figures", FIGURES + "Vaals;overlast totaal;2018;;4\n", "did you mean overlast (totaal)?"),
        ("police-figures", FIGURES + "Vaals;crime_total;2018;;4\n", "unknown code 'crime_total'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_cell(
    registry: Registry, tmp_path: Path, source: str, text: str, told: str
) -> None:
    assert told in faults(text, source, registry, tmp_path)


def test_the_polices_own_figure_goes_before_the_open_data(workspace: Workspace, registry: Registry) -> None:
    take(workspace, "politie-47021", nuisance_table(nuisance_cells(FIVE, [2018, 2019])))
    build(workspace, registry)
    area = ["GM0981"]
    open_data = indicator_counts(open_build(workspace), registry, "nuisance_total", area)
    assert open_data.source == "politie-47021"
    take(
        workspace,
        "police-figures",
        FIGURES + "Vaals;Overlast (totaal);2018;;411\nVaals;nuisance_total;2019;;402\n",
    )
    build(workspace, registry)
    opened = open_build(workspace)
    own = indicator_counts(opened, registry, "nuisance_total", area)
    assert (own.source, own.counts.loc["GM0981"].tolist()) == ("police-figures", [411, 402])
    assert own.recipe is not None
    assert own.recipe.note == "Cijfer zoals de politie het aan de gemeenten leverde."
    five = indicator_counts(opened, registry, "nuisance_total", FIVE)
    assert five.source == "politie-47021", (
        "a delivery of one municipality is never mixed into the series of five"
    )


def test_a_correction_whose_source_healed_itself_stops_the_build(
    workspace: Workspace, registry: Registry
) -> None:
    wrong = Correction(
        id="vaals-2018", source="politie-47021", area_code="GM0981", code="E33", period="2018", expect=999,
        value=24, reason="r", reference="r", author="a", decided_on=date(2025, 1, 1),
    )  # fmt: skip
    cells = nuisance_cells(["GM0981"], [2018], codes=["E33"])
    take(workspace, "politie-47021", nuisance_table({**cells, ("E33", "GM0981", "2018JJ00"): 999}), day=1)
    first = build(workspace, replace(registry, corrections=(wrong,)))
    assert open_build(workspace).observations.set_index("period").loc["2018", "count"] == 24
    take(workspace, "politie-47021", nuisance_table(cells), day=2)
    with pytest.raises(BuildError, match="the source has healed itself") as caught:
        build(workspace, replace(registry, corrections=(wrong,)))
    assert "corrections.toml, correction vaals-2018" in caught.value.where
    assert caught.value.todo == "remove the correction"
    assert open_build(workspace).facts == first.facts, "the build before stands untouched"
    build(workspace, registry)


def test_an_import_leaves_the_file_of_the_analyst_alone(
    workspace: Workspace, registry: Registry, tmp_path: Path
) -> None:
    file = tmp_path / "mijn levering.csv"
    file.write_text(VISITORS + "Vaals;2024;5\n", encoding="utf-8")
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    snapshot, checked = import_file(workspace, registry, file, "visitors")
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert (checked.rows, checked.notes, snapshot.path.read_bytes()) == (1, (), before[0])
    file.write_text(VISITORS + "Vals;2024;5\n", encoding="utf-8")
    held = sorted(workspace.raw.rglob("*"))
    with pytest.raises(InputError, match="did you mean Vaals"):
        import_file(workspace, registry, file, "visitors")
    assert sorted(workspace.raw.rglob("*")) == held


@pytest.mark.parametrize("source", TEMPLATES)
@CALM
@given(content=st.binary(max_size=300), cell=st.text(max_size=20))
def test_random_bytes_and_cells_give_rows_or_an_input_error(
    registry: Registry, tmp_path: Path, source: str, content: bytes, cell: str
) -> None:
    template = TEMPLATES[source]
    head = ";".join(template.names) + "\n"
    row = ";".join(cell if i % 2 else column.example for i, column in enumerate(template.columns))
    for whole in (content, head.encode() + content, (head + row).encode("utf-8", "replace")):
        (tmp_path / "f.csv").write_bytes(whole)
        with contextlib.suppress(InputError):
            assert clean_file(tmp_path / "f.csv", registry.sources[source], registry).accounted
