"""Ended municipalities summed into those of today: totals stay, gaps stay gaps, pieces are never guessed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivp_analysis.data.borders import map_borders
from ivp_analysis.data.mergers import Harmonised, harmonise
from ivp_analysis.data.tidy import STATUSES, Drop, as_category, statuses
from ivp_analysis.errors import BuildError, RegistryError
from ivp_analysis.registry import Registry
from ivp_analysis.registry.records import Municipality, MunicipalityChange

TODAY, BRIDGED = date(2024, 1, 1), date(2012, 1, 1)
Row = tuple[str, str, int | None]


def small(
    registry: Registry,
    municipalities: Sequence[tuple[str, int, int | None]],
    changes: Sequence[tuple[int, str, str, float]],
) -> Registry:
    """code, first and last year; (year, old, new, weight)."""
    known = {
        code: Municipality(code, code, "Limburg", date(first, 1, 1), date(last, 12, 31) if last else None)
        for code, first, last in municipalities
    }
    made = tuple(
        MunicipalityChange(date(year, 1, 1), old, new, weight, "merger" if weight == 1 else "split")
        for year, old, new, weight in changes
    )
    return replace(registry, municipalities=known, changes=made)


def run(
    registry: Registry,
    rows: Sequence[Row],
    *,
    recut: bool = False,
    since: date | None = BRIDGED,
    today: date = TODAY,
) -> Harmonised:
    frame = pd.DataFrame(
        {
            "area_code": as_category(area for area, _, _ in rows),
            "code": as_category("E33" for _ in rows),
            "period": as_category(period for _, period, _ in rows),
            "count": pd.array([count for _, _, count in rows], dtype="Int32"),
            "status": statuses(
                np.array([STATUSES.index("missing" if c is None else "exact") for _, _, c in rows])
            ),
        }
    )
    year = np.array([int(period[:4]) for _, period, _ in rows])
    done = harmonise(frame, year, map_borders(registry, today), registry, recut=recut, since=since)
    assert len(rows) == len(done.frame) + sum(done.dropped.values()), "a row disappeared"
    gap = done.frame["status"] == "missing"
    assert (gap == done.frame["count"].isna()).all()
    return done


def cells(done: Harmonised) -> dict[tuple[str, str], int | None]:
    frame = done.frame
    values = [None if pd.isna(v) else int(v) for v in frame["count"]]
    return dict(
        zip(
            zip(frame["area_code"].astype(str), frame["period"].astype(str), strict=True), values, strict=True
        )
    )


@pytest.fixture
def beekdaelen(registry: Registry) -> Registry:
    """Three into a new one in 2019, and a neighbour that takes over a small one in 2015."""
    return small(
        registry,
        [("GM0951", 2010, 2018), ("GM0881", 2010, 2018), ("GM0962", 2010, 2018), ("GM1954", 2019, None),
         ("GM0001", 2010, None), ("GM0002", 2010, 2014)],
        [(2019, "GM0951", "GM1954", 1), (2019, "GM0881", "GM1954", 1), (2019, "GM0962", "GM1954", 1),
         (2015, "GM0002", "GM0001", 1)],
    )  # fmt: skip


def test_a_new_municipality_gets_the_sum_of_its_parts_before_its_birth(beekdaelen: Registry) -> None:
    rows: list[Row] = [
        ("GM0951", "2018", 420),
        ("GM0881", "2018", 165),
        ("GM0962", "2018", 360),
        ("GM1954", "2018", None),
    ]
    rows += [("GM0951", "2019", None), ("GM1954", "2019", 1130)]
    done = run(beekdaelen, rows)
    assert cells(done) == {("GM1954", "2018"): 945, ("GM1954", "2019"): 1130}
    assert done.dropped == {Drop.MERGED: 3, Drop.NOT_THERE: 1}


def test_one_missing_part_makes_the_sum_missing_not_smaller(beekdaelen: Registry) -> None:
    rows: list[Row] = [("GM0951", "2018", 420), ("GM0881", "2018", None), ("GM0962", "2018", 360)]
    assert cells(run(beekdaelen, rows)) == {("GM1954", "2018"): None}


def test_a_part_that_the_table_does_not_hold_leaves_no_row(beekdaelen: Registry) -> None:
    done = run(beekdaelen, [("GM0951", "2018", 420), ("GM0962", "2018", 360), ("GM1954", "2019", 1130)])
    assert cells(done) == {("GM1954", "2019"): 1130}
    assert done.dropped == {Drop.PART_ABSENT: 2}
    assert done.named == {Drop.PART_ABSENT: ["GM0951 2018", "GM0962 2018"]}


def test_what_took_over_another_is_summed_with_it(beekdaelen: Registry) -> None:
    rows: list[Row] = [
        ("GM0001", "2014", 10),
        ("GM0002", "2014", 3),
        ("GM0001", "2015", 14),
        ("GM0002", "2015", None),
    ]
    assert cells(run(beekdaelen, rows)) == {("GM0001", "2014"): 13, ("GM0001", "2015"): 14}


def test_without_the_other_it_is_incomplete_unless_the_source_was_cut_again(beekdaelen: Registry) -> None:
    rows: list[Row] = [("GM0001", "2014", 13), ("GM0001", "2015", 14)]
    assert cells(run(beekdaelen, rows)) == {("GM0001", "2015"): 14}
    assert cells(run(beekdaelen, rows, recut=True)) == {("GM0001", "2014"): 13, ("GM0001", "2015"): 14}


def test_a_figure_from_before_the_birth_is_that_of_a_source_that_was_cut_again(beekdaelen: Registry) -> None:
    rows: list[Row] = [
        ("GM1954", "2018", 950),
        ("GM0951", "2018", 420),
        ("GM0881", "2018", 165),
        ("GM0962", "2018", 360),
    ]
    done = run(beekdaelen, rows, recut=True)
    assert cells(done) == {("GM1954", "2018"): 950}, "never both"
    assert done.dropped == {Drop.OLD_BESIDE_NEW: 3}


def test_old_codes_in_a_source_that_is_usually_cut_again_are_summed_too(beekdaelen: Registry) -> None:
    rows: list[Row] = [("GM0951", "2018-05", 4), ("GM0881", "2018-05", 1), ("GM0962", "2018-05", 3)]
    assert cells(run(beekdaelen, rows, recut=True)) == {("GM1954", "2018-05"): 8}


def test_a_merger_of_later_than_the_data_has_not_happened_yet(beekdaelen: Registry) -> None:
    done = run(beekdaelen, [("GM0951", "2018", 420)], today=date(2018, 12, 31))
    assert cells(done) == {("GM0951", "2018"): 420}


def test_a_figure_of_after_the_end_is_dropped_with_its_own_reason(beekdaelen: Registry) -> None:
    done = run(beekdaelen, [("GM1954", "2019", 1130), ("GM0951", "2019", 5)])
    assert cells(done) == {("GM1954", "2019"): 1130}
    assert done.dropped == {Drop.AFTER_END: 1}


def test_the_last_figure_of_an_area_that_ended_within_the_year_is_not_lost(registry: Registry) -> None:
    land = small(
        registry,
        [("GM1921", 2014, None), ("GM1940", 2015, None), ("GM0457", 2010, None), ("GM0363", 2010, None)],
        [],
    )
    named = dict(land.municipalities)
    named["GM1921"] = replace(named["GM1921"], valid_to=date(2015, 6, 30))
    named["GM1940"] = replace(named["GM1940"], valid_from=date(2015, 7, 1))
    named["GM0457"] = replace(named["GM0457"], valid_to=date(2022, 3, 23))
    changes = (
        MunicipalityChange(date(2015, 7, 1), "GM1921", "GM1940", 1, "recode"),
        MunicipalityChange(date(2022, 3, 24), "GM0457", "GM0363", 1, "merger"),
    )
    land = replace(land, municipalities=named, changes=changes)
    rows: list[Row] = [
        ("GM1921", "2014", 51),
        ("GM1921", "2015", 52),
        ("GM1940", "2015", None),
        ("GM1940", "2016", 53),
    ]
    assert cells(run(land, rows)) == {("GM1940", "2014"): 51, ("GM1940", "2015"): 52, ("GM1940", "2016"): 53}
    # A merger within the year: the last months of the small one belong to the whole, but are not the whole.
    assert cells(run(land, [("GM0457", "2022", 3), ("GM0363", "2022", 100)])) == {("GM0363", "2022"): 103}
    assert cells(run(land, [("GM0457", "2022", 3), ("GM0363", "2022", None)])) == {("GM0363", "2022"): None}
    assert cells(run(land, [("GM0457", "2022", None), ("GM0363", "2022", 100)])) == {("GM0363", "2022"): 100}


def test_mergers_of_before_2012_are_not_bridged_for_counts_but_are_for_people(registry: Registry) -> None:
    formed = small(
        registry,
        [("GM0905", 2010, 2010), ("GM0936", 2010, 2010), ("GM1903", 2011, None)],
        [(2011, "GM0905", "GM1903", 1), (2011, "GM0936", "GM1903", 1)],
    )
    rows: list[Row] = [
        ("GM0905", "2010", 705),
        ("GM0936", "2010", 475),
        ("GM1903", "2010", None),
        ("GM1903", "2011", 1105),
    ]
    done = run(formed, rows)
    assert cells(done) == {("GM1903", "2010"): None, ("GM1903", "2011"): 1105}
    assert done.dropped == {Drop.NOT_BRIDGED: 2}
    assert cells(run(formed, rows, since=None))["GM1903", "2010"] == 1180


def test_a_chain_of_mergers_ends_in_the_last(registry: Registry) -> None:
    chain = small(
        registry,
        [("GM0001", 2010, 2013), ("GM0002", 2014, 2018), ("GM0003", 2010, 2018), ("GM0004", 2019, None)],
        [(2014, "GM0001", "GM0002", 1), (2019, "GM0002", "GM0004", 1), (2019, "GM0003", "GM0004", 1)],
    )
    rows: list[Row] = [
        ("GM0001", "2012", 1),
        ("GM0003", "2012", 10),
        ("GM0002", "2016", 2),
        ("GM0003", "2016", 20),
    ]
    assert cells(run(chain, rows)) == {("GM0004", "2012"): 11, ("GM0004", "2016"): 22}


def test_a_split_municipality_is_dropped_and_its_receivers_are_marked(registry: Registry) -> None:
    haaren = small(
        registry,
        [("GM0788", 2010, 2020), ("GM0855", 2010, None), ("GM0001", 2010, 2020), ("GM0002", 2021, None)],
        [(2021, "GM0788", "GM0855", 0.3), (2021, "GM0788", "GM0002", 0.7), (2021, "GM0001", "GM0002", 1)],
    )
    rows: list[Row] = [
        ("GM0788", "2020", 100),
        ("GM0855", "2020", 9000),
        ("GM0001", "2020", 50),
        ("GM0002", "2020", None),
    ]
    done = run(haaren, rows)
    # The new one cannot be put together from a whole and a piece; the old one keeps its figure and is marked.
    assert cells(done) == {("GM0855", "2020"): 9000, ("GM0002", "2020"): None}
    assert done.dropped == {Drop.SPLIT: 2}
    assert done.named == {Drop.SPLIT: ["GM0001 2020", "GM0788 2020"]}
    marked = {(e.area_code, e.kind, e.weight) for e in map_borders(haaren, TODAY).excluded}
    assert marked == {("GM0788", "split", 1.0), ("GM0855", "receiver", 0.3), ("GM0002", "receiver", 0.7)}


def test_a_circle_of_changes_is_an_error(registry: Registry) -> None:
    circle = small(
        registry,
        [("GM0001", 2010, None), ("GM0002", 2010, None)],
        [(2014, "GM0001", "GM0002", 1), (2015, "GM0002", "GM0001", 1)],
    )
    with pytest.raises(RegistryError, match="circle"):
        map_borders(circle, TODAY)


def test_an_end_without_a_successor_is_an_error_if_it_has_figures(registry: Registry) -> None:
    gone = small(registry, [("GM0001", 2010, 2014), ("GM0002", 2010, None)], [])
    assert cells(run(gone, [("GM0001", "2013", None), ("GM0002", "2013", 1)])) == {("GM0002", "2013"): 1}
    with pytest.raises(BuildError, match="GM0001 ended"):
        run(gone, [("GM0001", "2013", 5), ("GM0002", "2013", 1)])


def test_the_status_of_a_sum_is_the_most_doubtful_of_its_parts(beekdaelen: Registry) -> None:
    frame = pd.DataFrame(
        {
            "area_code": as_category(["GM0951", "GM0881", "GM0962"]),
            "code": as_category(["E33"] * 3),
            "period": as_category(["2018"] * 3),
            "count": pd.array([1, 2, 3], dtype="Int32"),
            "status": statuses(np.array([STATUSES.index(s) for s in ("exact", "estimated", "provisional")])),
        }
    )
    done = harmonise(
        frame,
        np.array([2018] * 3),
        map_borders(beekdaelen, TODAY),
        beekdaelen,
        recut=False,
        since=BRIDGED,
    )
    assert done.frame["status"].tolist() == ["estimated"]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[str, int, int | None]], list[tuple[int, str, str, float]]]:
    """Municipalities that merge into others or into new ones in some year, without pieces."""
    alive = [f"GM{i:04d}" for i in range(1, draw(st.integers(3, 9)))]
    born = dict.fromkeys(alive, 2010)
    ended: dict[str, int] = {}
    changes: list[tuple[int, str, str, float]] = []
    for number, year in enumerate(sorted(draw(st.sets(st.integers(2012, 2022), max_size=4)))):
        chosen = (
            draw(st.lists(st.sampled_from(alive), min_size=2, max_size=3, unique=True))
            if len(alive) > 2
            else []
        )
        if not chosen:
            continue
        into = f"GM{100 + number:04d}" if draw(st.booleans()) else chosen[0]
        born.setdefault(into, year)
        for old in (code for code in chosen if code != into):
            changes.append((year, old, into, 1.0))
            ended[old] = year - 1
            alive.remove(old)
        if into not in alive:
            alive.append(into)
    return [(code, first, ended.get(code)) for code, first in born.items()], changes


@settings(max_examples=60, deadline=None)
@given(history=histories(), data=st.data())
def test_totals_are_preserved_whatever_merges(
    registry: Registry,
    history: tuple[list[tuple[str, int, int | None]], list[tuple[int, str, str, float]]],
    data: st.DataObject,
) -> None:
    municipalities, changes = history
    land = small(registry, municipalities, changes)
    rows: list[Row] = []
    for year in range(2012, 2024):
        for code, first, last in municipalities:
            there = first <= year <= (last or 9999)
            rows.append((code, f"{year}", data.draw(st.integers(0, 500)) if there else None))
    done = run(land, rows)
    before = {year: sum(c or 0 for _, p, c in rows if p == f"{year}") for year in range(2012, 2024)}
    after = done.frame.groupby(done.frame["period"].astype(str))["count"].sum()
    assert {int(year): int(total) for year, total in after.items()} == before
    today = {code for code, _, last in municipalities if last is None}
    assert set(done.frame["area_code"].astype(str)) == today
    assert done.frame["count"].notna().all(), "a series is continuous over its mergers"
