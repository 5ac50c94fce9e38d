"""Small numbers of deliveries stay hidden from somebody who knows all that is shown, and every sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ivp_analysis.data.build import build
from ivp_analysis.data.disclosure import hide_small, shown_shares, summed_areas
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.reconcile import reconcile_baselines
from ivp_analysis.data.series import HIDDEN, indicator_counts, open_build, recipe_counts
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry

FIVE = ("GM1903", "GM1729", "GM0938", "GM0981", "GM0994")
LEAST = 5
MONTHS = [f"2020-{month:02d}" for month in range(1, 13)]


def hidden_in(rows: list[list[float]], periods: list[str]) -> tuple[list[list[bool]], list[bool]]:
    table = pd.DataFrame(rows, index=list(FIVE[: len(rows)]), columns=periods, dtype=float)
    ((cells, sums),) = hide_small([table], [table.index], LEAST)
    return cells.tolist(), sums[frozenset(table.index)].tolist()


def test_a_small_number_goes_with_the_next_smallest_of_its_sum() -> None:
    cells, sums = hidden_in([[30], [3], [12], [9], [40]], ["2020"])
    assert [row[0] for row in cells] == [False, True, False, True, False]
    assert sums == [False]


def test_two_small_numbers_that_add_up_to_little_take_another_with_them() -> None:
    cells, _ = hidden_in([[30], [1], [12], [2], [40]], ["2020"])
    assert [row[0] for row in cells] == [False, True, True, True, False]


def test_a_sum_that_is_small_itself_is_hidden_with_all_its_parts() -> None:
    cells, sums = hidden_in([[1], [0], [2]], ["2020"])
    assert (cells, sums) == ([[True]] * 3, [True])


def test_without_one_of_its_parts_there_is_no_sum_to_subtract_from() -> None:
    cells, _ = hidden_in([[30], [3], [float("nan")], [9]], ["2020"])
    assert [row[0] for row in cells] == [False, True, False, False]


def test_nothing_is_hidden_where_all_is_large() -> None:
    cells, sums = hidden_in([[30, 5], [6, 7]], ["2020", "2021"])
    assert (cells, sums) == ([[False, False]] * 2, [False, False])


# From 1: hidden cells that add up to 0 are all 0, which no choice of cells to hide can keep secret.
counts = st.one_of(st.integers(1, 9), st.integers(1, 60))


def own_row(figures: dict[str, float], members: list[str]) -> list[str]:
    """Who is hidden, where the whole has a figure of its own."""
    table = pd.DataFrame({"2020": figures}, dtype=float)
    ((cells, _),) = hide_small([table], [], LEAST, {"whole": members})
    return [area for area, gone in zip(table.index, cells[:, 0], strict=True) if gone]


def test_a_figure_of_the_whole_is_a_sum_that_gives_a_part_away() -> None:
    figures = {"a": 3, "b": 30, "c": 20, "whole": 53}
    assert own_row(figures, ["a", "b", "c"]) == ["a", "c"]
    assert own_row(figures, ["b", "c"]) == ["a"], "of another whole"


def test_a_figure_of_the_whole_that_leaves_little_for_who_has_none_is_hidden() -> None:
    figures = {"a": 25, "b": 30, "c": np.nan, "whole": 58}
    assert own_row(figures, ["a", "b", "c"]) == ["whole"]
    assert own_row(figures | {"whole": 60}, ["a", "b", "c"]) == []
    assert own_row(figures | {"whole": 55}, ["a", "b"]) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(counts, min_size=12, max_size=12), min_size=2, max_size=4))
def test_who_knows_every_sum_cannot_tell_a_small_number(rows: list[list[int]]) -> None:
    """The audit of official statistics: least and most that a cell can be, by linear programming."""
    areas = list(FIVE[: len(rows)])
    months = pd.DataFrame(rows, index=areas, columns=MONTHS, dtype=float)
    years = pd.DataFrame({"2020": months.sum(axis=1)})
    (year_cells, year_sums), (month_cells, month_sums) = hide_small([years, months], [areas], LEAST)
    group = frozenset(areas)
    values = np.vstack([np.hstack([years, months]), np.hstack([years, months]).sum(axis=0)])
    hidden = np.vstack(
        [np.hstack([year_cells, month_cells]), np.hstack([year_sums[group], month_sums[group]])]
    )
    assert hidden[values < LEAST].all()
    equations, known = [], []
    for column in range(13):  # the areas add up to the region, which stands last
        equations.append(
            _equation(values.shape, [(r, column) for r in range(len(rows))], (len(rows), column))
        )
    for row in range(len(rows) + 1):  # the months add up to the year, which stands first
        equations.append(_equation(values.shape, [(row, m) for m in range(1, 13)], (row, 0)))
    unknown = np.flatnonzero(hidden)
    matrix = np.array(equations)
    known = -(matrix[:, ~hidden.ravel()] @ values.ravel()[~hidden.ravel()])
    small = [i for i, cell in enumerate(unknown) if values.ravel()[cell] < LEAST]
    for i in small:
        goal = np.eye(len(unknown))[i]
        ends = [
            linprog(sign * goal, A_eq=matrix[:, unknown], b_eq=known, bounds=(0, None)) for sign in (1, -1)
        ]
        low, high = ends[0].fun, np.inf if ends[1].status == 3 else -ends[1].fun
        assert high - low >= 1


def _equation(shape: tuple[int, int], parts: list[tuple[int, int]], total: tuple[int, int]) -> np.ndarray:
    row = np.zeros(shape)
    row[tuple(zip(*parts, strict=True))] = 1
    row[total] = -1
    return row.ravel()


@pytest.fixture
def delivered(workspace: Workspace, registry: Registry) -> Workspace:
    """Neighbour disputes of the five, of which one municipality has 3 in 2020; nuisance is open data."""
    names = [registry.municipalities[code].name for code in FIVE]
    rows = [
        f"{name};{code};{year};;{3 if (name, code, year) == ('Vaals', 'E12', 2020) else 0 if code != 'E12' else 20 + n}"
        for n, name in enumerate(names)
        for code in ("E12", "E13", "E321", "F95")
        for year in (2018, 2019, 2020)
    ]
    file = workspace.root.parent / "inp.csv"
    file.write_text("gemeente;inp_klasse;jaar;maand;aantal\n" + "\n".join(rows) + "\n", encoding="utf-8")
    import_file(workspace, registry, file, "police-inp")
    build(workspace, registry)
    return workspace


def test_a_series_holds_its_sums_but_not_its_small_numbers(delivered: Workspace, registry: Registry) -> None:
    opened = open_build(delivered)
    series = indicator_counts(opened, registry, "neighbour_dispute", FIVE)
    assert series.counts.loc["GM0981"].tolist()[:2] == [23, 23]
    assert series.counts["2020"].isna().tolist() == [True, False, False, True, False]
    assert series.status["2020"].tolist() == [HIDDEN, "exact", "exact", HIDDEN, "exact"]
    assert series.total(FIVE)["2020"] == 20 + 21 + 22 + 3 + 24
    assert series.total_status(FIVE)["2020"] == "exact"
    assert series.total(FIVE[1:]).isna()["2020"], "of another group no sum is known"
    alone = indicator_counts(opened, registry, "neighbour_dispute", ["GM0981"])
    assert np.isnan(alone.counts.loc["GM0981", "2020"])
    assert frozenset(FIVE) in {frozenset(group) for group in summed_areas(registry)}


def test_a_baseline_is_recomputed_from_the_sum(delivered: Workspace, registry: Registry) -> None:
    (plan,) = registry.plans.values()
    found = reconcile_baselines(open_build(delivered), registry, plan)
    inp = next(
        f for f in found if f.recipe.source == "police-inp" and f.target.indicator == "neighbour_dispute"
    )
    assert inp.recomputed == 20 + 21 + 22 + 23 + 24


def test_open_data_pass_as_they_are(sample_workspace: Workspace, registry: Registry) -> None:
    opened = open_build(sample_workspace)
    held = [
        indicator_counts(opened, registry, indicator.id, FIVE)
        for indicator in registry.indicators.values()
        if any(recipe.source.startswith("politie-") for recipe in indicator.recipes)
    ]
    assert any((series.counts < LEAST).to_numpy().any() for series in held)
    assert not any((series.status == HIDDEN).to_numpy().any() for series in held)


def test_a_share_that_stands_for_few_people_is_not_shown(registry: Registry) -> None:
    frame = pd.DataFrame({"n": [812, 20, 20, 40, 4], "share": [0.27, 0.20, 0.25, 0.90, 0.50]})
    # 219 people; 4; 5; 36 that did and 4 that did not; 2.
    assert shown_shares(frame, registry).index.tolist() == [0, 2]


@pytest.mark.parametrize(("told", "shown"), [(4, []), (40, [104.0 + 40])])
def test_a_delivered_figure_of_the_region_does_not_give_the_fifth_away(
    workspace: Workspace, registry: Registry, told: int, shown: list[float]
) -> None:
    (plan,) = registry.plans.values()
    counts = {registry.municipalities[code].name: 26 for code in FIVE[:4]} | {plan.region_name: 104 + told}
    file = workspace.root.parent / "politie.csv"
    rows = "".join(f"{name};nuisance_total;2018;;{count}\n" for name, count in counts.items())
    file.write_text("gemeente;indicator;jaar;maand;aantal\n" + rows, encoding="utf-8")
    import_file(workspace, registry, file, "police-figures")
    build(workspace, registry)
    opened = open_build(workspace)
    (recipe,) = (r for r in registry.indicators["nuisance_total"].recipes if r.source == "police-figures")
    whole = recipe_counts(opened, registry, "nuisance_total", recipe, [plan.region_slug]).counts
    assert whole.loc[plan.region_slug].dropna().tolist() == shown
