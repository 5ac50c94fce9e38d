"""Gebieden in Nederland: read by what stands in its columns, and the registry held against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from unit.data.given import FIVE, nuisance_cells, nuisance_table

from ivp_analysis.data.areas import check_registry_with, read_areas
from ivp_analysis.data.build import build
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry
from ivp_analysis.registry.records import Municipality

SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "cbs"
PROVINCE = {"Limburg": "PV31"}


def _there(m: Municipality, year: int) -> bool:
    return m.valid_from <= date(year, 1, 1) and (m.valid_to is None or date(year, 1, 1) <= m.valid_to)


def gebieden(registry: Registry, year: int, *, without: str = "", police: str = "RE10") -> bytes:
    """As CBS gives it: padded texts, headings that repeat with another number."""
    lines = ["ID;RegioS;Code_1;Naam_2;Code_3;Naam_4;Code_5;Naam_6"]
    there = [m for m in registry.municipalities.values() if _there(m, year) and m.code != without]
    for i, m in enumerate(there):
        above = PROVINCE.get(m.province, "PV27")
        lines.append(f"{i};{m.code};{m.code:<10};{m.name:<20};{above:<10};x;{police:<10};y")
    return ("\n".join(lines) + "\n").encode("utf-8")


def test_the_columns_are_known_by_what_stands_in_them(registry: Registry) -> None:
    table = read_areas(gebieden(registry, 2021), "g.csv").set_index("area_code")
    assert len(table) == 352
    assert table.loc["GM0981"].to_dict() == {"province": "PV31", "police_region": "RE10"}


def test_a_registry_that_agrees_gives_no_note_but_of_the_provinces_that_were_made_up(
    registry: Registry,
) -> None:
    some = replace(
        registry, municipalities={c: m for c, m in registry.municipalities.items() if m.province == "Limburg"}
    )
    assert list(check_registry_with(read_areas(gebieden(some, 2023), "g.csv"), some)) == []
    notes = list(check_registry_with(read_areas(gebieden(registry, 2023), "g.csv"), registry))
    assert notes[0].startswith(
        "in another province than the registry says: GM0014 Groningen (gemeente) (Noord-Holland, not"
    )


def test_a_municipality_too_few_and_another_police_region_are_told(registry: Registry) -> None:
    notes = list(
        check_registry_with(read_areas(gebieden(registry, 2023, without="GM0014"), "g.csv"), registry)
    )
    assert notes[0].startswith(
        "other municipalities than in 2023: missing GM0014 Groningen (gemeente); mend data/registry"
    )
    moved = list(check_registry_with(read_areas(gebieden(registry, 2023, police="RE09"), "g.csv"), registry))
    assert f"GM0981 lies in RE09, but {next(iter(registry.plans))} has police_region = RE10" in moved


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ID;RegioS;Naam\n0;NL01;Nederland\n", "no column with the codes of municipalities"),
        ("ID;RegioS;Naam\n0;GM0981;Vaals\n1;GM0981;Vaals\n", "stands in it twice"),
        ("ID;RegioS;Naam\n", "a header but no rows"),
    ],
)
def test_another_table_is_refused(
    workspace: Workspace, registry: Registry, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "g.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        import_file(workspace, registry, file, "cbs-gebieden")


def test_the_build_tells_what_differs_and_goes_on(workspace: Workspace, registry: Registry) -> None:
    figures = nuisance_table(nuisance_cells(FIVE, [2018]))
    take_snapshot(workspace, "politie-47021", figures, name="o.csv", taken_on=date(2025, 2, 1))
    some = gebieden(registry, 2023, without="GM0014")
    take_snapshot(workspace, "cbs-gebieden", some, name="g.csv", taken_on=date(2025, 2, 1))
    notes = build(workspace, registry).warnings
    assert notes[0].startswith("cbs-gebieden: other municipalities than in 2023: missing GM0014 Groningen")
    take_snapshot(workspace, "cbs-grenzen", b"{}", name="g.geojson", taken_on=date(2025, 2, 1))
    with pytest.raises(InputError, match=r"g\.geojson: no GeoJSON"):
        build(workspace, registry)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real lists are not there: {SHARED}")
@pytest.mark.parametrize(("year", "number"), [(2018, 380), (2019, 355), (2020, 355), (2021, 352)])
def test_the_real_lists_of_municipalities_agree_with_the_registry(
    registry: Registry, year: int, number: int
) -> None:
    path = SHARED / f"gemeentelijst_{year}.csv"
    table = read_areas(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), path.name)
    assert len(table) == number
    assert list(check_registry_with(table, registry)) == []
