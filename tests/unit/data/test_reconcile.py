"""Published baselines against our own figures, and everything else that ivp verify looks at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from unit.data.given import FIVE, Cell, nuisance_cells, nuisance_table

from ivp_analysis.data.build import build
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.reconcile import Reconciliation, reconcile_baselines
from ivp_analysis.data.series import indicator_counts, open_build
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.verify import overdue_reviews, verify
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import Registry

PLAN = "ivp-heuvelland-2020-2023"
SURVEY = "gemeente;vraag;jaar;n;percentage;ontwerpeffect\n"
FIGURES = "gemeente;indicator;jaar;maand;aantal\n"


def take(workspace: Workspace, source: str, content: str | bytes, day: int = 1) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8")
    take_snapshot(workspace, source, raw, name="t.csv", taken_on=date(2025, 2, day))


def nuisance(total: int, alcohol: int = 40) -> bytes:
    """The five municipalities in 2018 with this sum of all nuisance; E38 and F010 sum to alcohol and 10."""
    cells: dict[Cell, int | str | None] = {}
    for i, area in enumerate(FIVE):
        rest = i == len(FIVE) - 1
        cells["0.0.0", area, "2018JJ00"] = total - 4 * (total // 5) if rest else total // 5
        cells["E38", area, "2018JJ00"] = alcohol // 5
        cells["F010", area, "2018JJ00"] = 2
        cells["E35", area, "2018JJ00"] = None if area == "GM0981" else 50
    return nuisance_table(cells)


def reconciled(
    workspace: Workspace, registry: Registry
) -> dict[tuple[str, str, tuple[str, ...]], Reconciliation]:
    build(workspace, registry, allow_shrink=True)
    found = reconcile_baselines(open_build(workspace), registry, registry.plans[PLAN])
    return {(one.target.id, one.recipe.source, one.recipe.codes): one for one in found}


@pytest.mark.parametrize(
    ("total", "verdict", "difference"),
    [(1656, "reproduced", 0), (1672, "reproduced", 16), (1673, "differs", 17), (1640, "reproduced", -16),
     (1639, "differs", -17)],
)  # fmt: skip
def test_one_percent_of_a_large_baseline_is_the_tolerance(
    workspace: Workspace, registry: Registry, total: int, verdict: str, difference: int
) -> None:
    take(workspace, "politie-47021", nuisance(total))
    one = reconciled(workspace, registry)["nuisance_total", "politie-47021", ("0.0.0",)]
    assert (one.verdict, one.difference, one.shown) == (verdict, difference, True)
    assert one.tolerance == pytest.approx(16.56)


@pytest.mark.parametrize(("alcohol", "verdict"), [(180, "reproduced"), (185, "differs"), (175, "reproduced")])
def test_three_is_the_tolerance_of_a_small_baseline(
    workspace: Workspace, registry: Registry, alcohol: int, verdict: str
) -> None:
    """188 was published: E38 + F010 is 10 more than E38."""
    take(workspace, "politie-47021", nuisance(1656, alcohol))
    found = reconciled(workspace, registry)
    one = found["nuisance_drugs_alcohol", "politie-47021", ("E38", "F010")]
    assert one.tolerance == 3
    assert (one.recomputed, one.verdict) == (alcohol + 10, verdict)
    other = found["nuisance_drugs_alcohol", "politie-47021", ("E38",)]
    assert (other.alternative, other.recomputed, other.shown) == (True, alcohol, False)


def test_what_cannot_be_made_says_why(workspace: Workspace, registry: Registry) -> None:
    take(workspace, "politie-47021", nuisance(1656))
    take(workspace, "survey", SURVEY + "Valkenburg aan de Geul;unsafe_nightlife;2020;812;27;\n")
    found = reconciled(workspace, registry)
    youth = found["nuisance_youth", "politie-47021", ("E35",)]
    assert youth.why() == "not reproducible: no figure over 2018 for GM0981"
    assert math.isnan(youth.recomputed)
    hic = [one for key, one in found.items() if key[:2] == ("hic", "politie-47013")]
    assert [one.why() for one in hic] == ["not reproducible: no figures of politie-47013 were taken"] * 2
    survey = found["unsafe_nightlife", "survey", ("unsafe_nightlife",)]
    assert survey.why() == "not reproducible: survey has no figures over 2016"


@pytest.mark.parametrize(("percentage", "verdict"), [("27,4", "reproduced"), ("27,6", "differs")])
def test_a_share_is_reproduced_when_it_rounds_to_the_published_one(
    workspace: Workspace, registry: Registry, percentage: str, verdict: str
) -> None:
    take(workspace, "survey", SURVEY + f"Valkenburg aan de Geul;unsafe_nightlife;2016;812;{percentage};\n")
    one = reconciled(workspace, registry)["unsafe_nightlife", "survey", ("unsafe_nightlife",)]
    assert (one.verdict, one.shown) == (verdict, True)


def test_a_delivered_figure_reproduces_what_open_data_do_not(
    workspace: Workspace, registry: Registry
) -> None:
    take(workspace, "politie-47021", nuisance(1500))
    rows = "".join(
        f"{area};nuisance_total;2018;;{n}\n" for area, n in zip(FIVE, (400, 300, 400, 256, 300), strict=True)
    )
    take(workspace, "police-figures", FIGURES + rows)
    found = reconciled(workspace, registry)
    own = found["nuisance_total", "police-figures", ("nuisance_total",)]
    theirs = found["nuisance_total", "politie-47021", ("0.0.0",)]
    assert (own.verdict, own.shown, theirs.why(), theirs.shown) == (
        "reproduced", True, "differs by -156", False,
    )  # fmt: skip


def _years(first: int, last: int) -> bytes:
    """Nuisance of the five over several years; 216 a year each."""
    return nuisance_table(nuisance_cells(FIVE, range(first, last + 1)))


def _delivered(years: Sequence[int]) -> str:
    split = zip(FIVE, (400, 300, 400, 256, 300), strict=True)
    return FIGURES + "".join(f"{area};nuisance_total;{y};;{n}\n" for area, n in split for y in years)


def test_a_delivered_base_year_serves_the_baseline_and_leaves_the_series(
    workspace: Workspace, registry: Registry
) -> None:
    take(workspace, "politie-47021", _years(2012, 2019))
    take(workspace, "police-figures", _delivered([2018]))
    found = reconciled(workspace, registry)
    own = found["nuisance_total", "police-figures", ("nuisance_total",)]
    assert (own.verdict, own.shown) == ("reproduced", False)
    assert found["nuisance_total", "politie-47021", ("0.0.0",)].shown
    series = indicator_counts(open_build(workspace), registry, "nuisance_total", FIVE)
    assert list(series.counts.columns) == [str(year) for year in range(2012, 2020)]
    assert series.source == "politie-47021"
    assert open_build(workspace).facts["warnings"] == [
        "police-figures: nuisance_total over 2018 serves the published baseline only; the series is that of "
        "politie-47021, which has more years or municipalities"
    ]


@pytest.mark.parametrize(
    ("years", "leads"),
    [(range(2014, 2020), True), (range(2015, 2020), False), (range(2010, 2020), True), ([2018], False)],
)
def test_a_delivery_long_enough_for_a_trend_leads(
    workspace: Workspace, registry: Registry, years: Sequence[int], leads: bool
) -> None:
    """Six years is what a trend needs (trend.min_years); the open data have eight."""
    take(workspace, "politie-47021", _years(2012, 2019))
    take(workspace, "police-figures", _delivered(years))
    one = reconciled(workspace, registry)["nuisance_total", "police-figures", ("nuisance_total",)]
    assert one.shown == leads


def test_a_leading_delivery_that_ends_before_the_open_data_is_told(
    workspace: Workspace, registry: Registry
) -> None:
    take(workspace, "politie-47021", _years(2012, 2019))
    take(workspace, "police-figures", _delivered(range(2012, 2019)))
    reconciled(workspace, registry)
    assert open_build(workspace).facts["warnings"] == [
        "police-figures: nuisance_total ends in 2018, politie-47021 goes on to 2019; a series is never made of two "
        "sources, so deliver the later years too"
    ]


def test_the_one_figure_of_the_plan_for_the_whole_region_reproduces_its_baseline(
    workspace: Workspace, registry: Registry, tmp_path: Path
) -> None:
    take(workspace, "politie-47021", _years(2012, 2019))
    file = tmp_path / "politie.csv"
    file.write_text(FIGURES + "Heuvelland;nuisance_total;2018;;1656\n", encoding="utf-8")
    import_file(workspace, registry, file, "police-figures")
    own = reconciled(workspace, registry)["nuisance_total", "police-figures", ("nuisance_total",)]
    assert (own.recomputed, own.verdict, own.shown, own.areas_without) == (1656, "reproduced", False, ())
    notes = open_build(workspace).facts["warnings"]
    assert notes == [
        "police-figures: nuisance_total of Heuvelland as a whole over 2018 serves the published baseline only"
    ]


def test_a_figure_of_the_region_never_stands_in_for_one_municipality(
    workspace: Workspace, registry: Registry
) -> None:
    """Region minus four would give the fifth away, and a sum of other definitions."""
    rows = [f"{area};nuisance_total;2018;;300\n" for area in FIVE[:4]]
    take(workspace, "police-figures", FIGURES + "".join(rows) + "Heuvelland;nuisance_total;2018;;1656\n")
    own = reconciled(workspace, registry)["nuisance_total", "police-figures", ("nuisance_total",)]
    assert (own.missing, own.areas_without) == ("no figures", ("GM0994",))


def test_the_sample_reproduces_what_was_published(sample_workspace: Workspace, registry: Registry) -> None:
    """It is calibrated on 498, 1656, 233, 247, 309, 358, 207 and 188, and on 27 %."""
    found = reconcile_baselines(open_build(sample_workspace), registry, registry.plans[PLAN])
    shown = {one.target.id: (round(one.recomputed, 2), one.verdict) for one in found if one.shown}
    assert shown == {
        "hic": (498, "reproduced"),
        "nuisance_total": (1656, "reproduced"),
        "neighbour_dispute": (233, "reproduced"),
        "nuisance_youth": (247, "reproduced"),
        "residential_burglary": (309, "reproduced"),
        "vehicle_theft": (358, "reproduced"),
        "bicycle_theft": (207, "reproduced"),
        "nuisance_drugs_alcohol": (188, "reproduced"),
        "unsafe_nightlife": (0.27, "reproduced"),
    }


def test_all_is_well(workspace: Workspace, registry: Registry) -> None:
    take(workspace, "politie-47021", nuisance(1500))
    build(workspace, registry)
    done = verify(workspace, today=date(2026, 12, 1))
    assert (done.ok, done.snapshots, done.overdue, done.notes) == (True, 1, (), ())
    assert any(line.endswith("differs by -156") for line in done.lines())


def test_every_changed_file_is_found_not_only_the_first(workspace: Workspace, registry: Registry) -> None:
    take(workspace, "politie-47021", nuisance(1500))
    take(workspace, "survey", SURVEY + "Valkenburg aan de Geul;unsafe_nightlife;2016;812;27;\n")
    build(workspace, registry)
    files = list(workspace.raw.rglob("*.csv"))
    files[0].write_bytes(b"anders")
    files[1].unlink()
    done = verify(workspace)
    assert not done.ok
    assert len(done.faults) == 2
    assert any("changed since it was taken" in fault for fault in done.faults)
    assert any("the file is gone" in fault for fault in done.faults)


def test_a_changed_table_of_the_build_is_a_fault(workspace: Workspace, registry: Registry) -> None:
    take(workspace, "politie-47021", nuisance(1500))
    build(workspace, registry)
    (workspace.processed / "observations.parquet").write_bytes(b"anders")
    done = verify(workspace)
    assert not done.ok
    assert "build was interrupted" in done.faults[0]
    assert done.baselines == ()


def test_before_the_build_and_after_another_snapshot_it_says_so(
    workspace: Workspace, registry: Registry
) -> None:
    take(workspace, "politie-47021", nuisance(1500))
    first = verify(workspace)
    assert first.ok
    assert "nothing was built yet" in first.notes[0]
    build(workspace, registry)
    take(workspace, "politie-47021", nuisance_table(nuisance_cells(FIVE, [2018, 2019])), day=2)
    assert "1 snapshots were taken since the build" in verify(workspace).notes[0]


def test_a_broken_registry_is_a_fault_and_the_hashes_are_still_looked_at(
    workspace: Workspace, registry: Registry
) -> None:
    take(workspace, "politie-47021", nuisance(1500))
    own = workspace.root / "data" / "registry"
    own.mkdir(parents=True)
    for file in workspace.home.joinpath("data", "registry").rglob("*"):
        if file.is_file():
            copy = own / file.relative_to(workspace.home / "data" / "registry")
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    text = (own / "indicators.toml").read_text(encoding="utf-8")
    (own / "indicators.toml").write_text(text.replace('"E35"', '"E36"'), encoding="utf-8")
    next(iter(workspace.raw.rglob("*.csv"))).write_bytes(b"anders")
    done = verify(workspace)
    assert len(done.faults) == 2
    assert "'E36' does not exist" in done.faults[0]


def test_overdue_reviews_are_told_and_do_not_fail(workspace: Workspace, registry: Registry) -> None:
    soon = min(i.review_due for i in registry.indicators.values())
    assert overdue_reviews(registry, soon) == ()
    late = overdue_reviews(registry, soon.replace(year=soon.year + 1))
    assert "hic" in {i.id for i in late}
    done = verify(workspace, today=soon.replace(year=soon.year + 1))
    assert done.ok
    assert any(line.startswith("review overdue since") and "hic" in line for line in done.lines())


def test_an_unknown_plan_is_wrong_use(workspace: Workspace, registry: Registry) -> None:
    take(workspace, "politie-47021", nuisance(1500))
    build(workspace, registry)
    with pytest.raises(UsageError, match="unknown plan 'x'"):
        verify(workspace, plan_id="x")


def test_verifying_writes_nothing(workspace: Workspace, registry: Registry) -> None:
    take(workspace, "politie-47021", nuisance(1500))
    build(workspace, registry)

    def all_files() -> dict[Path, tuple[int, bytes]]:
        return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in workspace.root.rglob("*") if p.is_file()}

    before = all_files()
    verify(workspace)
    assert all_files() == before


def test_two_plans_have_their_own_baselines(workspace: Workspace, registry: Registry) -> None:
    plan = registry.plans[PLAN]
    total = next(t for t in plan.targets if t.id == "nuisance_total")
    other = replace(plan, id="ander-plan", targets=(replace(total, areas=("GM0981",), baseline=300),))
    take(workspace, "politie-47021", nuisance(1500))
    build(workspace, registry)
    found = reconcile_baselines(open_build(workspace), registry, other)
    assert [(one.recomputed, one.verdict) for one in found if one.shown] == [(300, "reproduced")]
