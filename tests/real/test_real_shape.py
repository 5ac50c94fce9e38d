"""The stand-in speaks as the real tables do: its metadata beside those that were really downloaded."""

import csv
from pathlib import Path
from typing import Any

import pytest
from standin import made
from standin.quick import TODAY
from standin.table import Table

from ivp_analysis.data.odata.columns import find_columns
from ivp_analysis.data.odata.shape import Shape, bare_dimensions, make_dimension, topics_of
from ivp_analysis.data.odata.wanted import make_request
from ivp_analysis.data.regions import classify_keys
from ivp_analysis.registry import Registry

POLICE = "politie-47013"
METADATA = "47013NED_metadata_2025-12-21.csv"
SETS = ("TableInfos", "DataProperties", "SoortMisdrijf", "RegioS", "Perioden")
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, Rows]:
    """The sets of the real 47013NED, one under the other in the file."""
    path = shared / "codes" / METADATA
    if not path.is_file():
        pytest.skip(f"{METADATA} is not here")
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.reader(file, delimiter=";") if any(line)]
    starts = [i for i, line in enumerate(lines) if line[0] in SETS and not any(line[1:])]
    found: dict[str, Rows] = {}
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        head = lines[start + 1]
        found[lines[start][0]] = [dict(zip(head, line, strict=True)) for line in lines[start + 2 : stop]]
    return found


@pytest.fixture(scope="module")
def ours(registry: Registry) -> Table:
    return made.police_table(registry, POLICE, years=range(2012, 2026))


def test_dimensions_and_measures_are_those_of_the_real_table(real: dict[str, Rows], ours: Table) -> None:
    mine = ours.metadata("DataProperties")
    assert mine is not None
    names = ("ID", "Type", "Key", "Title")
    assert [[str(row[name]) for name in names] for row in mine] == [
        [row[name] for name in names] for row in real["DataProperties"]
    ]


def test_keys_are_padded_and_named_as_the_real_ones(real: dict[str, Rows], ours: Table) -> None:
    crimes, regions, periods = ours.dims
    assert [key for key, _ in crimes.keys] == [row["Key"] for row in real["SoortMisdrijf"]]
    there = {row["Key"]: row["Title"] for row in real["RegioS"]}
    assert {key for key, _ in regions.keys} <= set(there)
    assert {there[key] for key, _ in regions.keys if key.startswith("GM")} == {
        title for key, title in regions.keys if key.startswith("GM")
    }
    # 2012 to November 2025; the year 2025 and its last month came in January.
    assert {row["Key"] for row in real["Perioden"]} <= {key for key, _ in periods.keys}
    mine = ours.metadata("Perioden")
    assert mine is not None
    assert set(mine[0]) <= set(real["Perioden"][0])
    assert {row["Status"] for row in mine} == {row["Status"] for row in real["Perioden"]} == {"Definitief"}


def test_the_registry_names_every_code_and_area_of_the_real_table(
    real: dict[str, Rows], registry: Registry
) -> None:
    codes = registry.sources[POLICE].codes
    assert {row["Key"].strip() for row in real["SoortMisdrijf"]} == set(codes)
    kinds = classify_keys([row["Key"].strip() for row in real["RegioS"]], registry)
    assert not any(kinds.unknown)


def test_what_we_want_is_found_in_the_real_metadata(real: dict[str, Rows], registry: Registry) -> None:
    """47018NED has a GeoDetail, regions ten wide and headings; it is read by the same code."""
    properties = real["DataProperties"]
    dimensions = tuple(
        make_dimension(column, title, kind, real[column], "47013NED")
        for column, title, kind in bare_dimensions(properties)
    )
    shape = Shape("47013NED", "", "2025-12-15T02:00:00", dimensions, topics_of(properties))
    assert [d.kind for d in dimensions] == ["other", "region", "period"]
    wanted = make_request(
        registry.sources[POLICE], registry, areas=None, from_year=2012, today=TODAY, year=2025
    )
    found, notes = find_columns(shape, wanted.wishes)
    assert [one.heading for one in found] == list(registry.sources[POLICE].measures)
    assert notes == []


def test_regions_of_the_neighbourhood_table_are_seen(shared: Path) -> None:
    with (shared / "codes" / "47018NED_DataProperties.csv").open(encoding="utf-8-sig", newline="") as file:
        properties = list(csv.DictReader(file))
    assert [kind for _, _, kind in bare_dimensions(properties)] == ["other", "region", "period"]
    main, *labels = topics_of(properties)
    assert (main.key, main.unit) == ("GeregistreerdeMisdrijven_1", "aantal")
    assert {topic.group for topic in labels} == {"Regioaanduiding"}
