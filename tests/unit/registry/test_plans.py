"""A plan file elsewhere loads against the same registry; caveats and breaks find what they concern."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry import Registry, breaks_for, caveats_for, load_plan, with_plan

OTHER = """format = 1
[plan]
id = "plan-westerland"
title = "Veiligheidsplan Westerland"
document = "Veiligheidsplan Westerland 2025-2028"
adopted = "2025"
first_year = 2025
last_year = 2028
base_year = 2023
region_name = "Westerland"
region_slug = "westerland"
areas = ["GM0986", "GM1954"]
police_region = "RE10"
province = "PV31"

[[target]]
id = "violence"
indicator = "violence"
label = "geweld"
areas = ["GM0986"]
baseline = 60
baseline_year = 2023
target = 50
target_year = 2028
unit = "misdrijven"
quote = "Het geweld daalt naar 50."
where = "paragraaf 1"

[[target.amendments]]
decided_on = 2026-03-01
target = 55
target_year = 2028
decision = "raadsbesluit 12"
"""


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "plan-westerland.toml"
    path.write_text(OTHER, encoding="utf-8")
    return path


def test_another_plan_joins_the_registry(registry: Registry, other: Path) -> None:
    plan = load_plan(other, registry)
    joined = with_plan(registry, plan)
    assert set(joined.plans) == {*registry.plans, "plan-westerland"}
    assert plan.targets[0].amendments[0].target == 55
    with pytest.raises(RegistryError, match="plan 'plan-westerland' occurs twice"):
        with_plan(joined, plan)


def test_an_amendment_is_as_strict_as_the_rest(registry: Registry, other: Path) -> None:
    other.write_text(OTHER.replace("decision =", "decission ="), encoding="utf-8")
    with pytest.raises(
        RegistryError, match="target violence, field amendments, item 1: unknown field 'decission'"
    ):
        load_plan(other, registry)


def test_a_target_outside_the_plan_is_refused(registry: Registry, other: Path) -> None:
    other.write_text(OTHER.replace('areas = ["GM0986"]', 'areas = ["GM0994"]'), encoding="utf-8")
    with pytest.raises(RegistryError, match="target violence, field areas: area of the plan 'GM0994'"):
        load_plan(other, registry)


STATEMENT = """
[[statement]]
id = "s"
area = "westerland"
field = "1"
quote = "Geweld stijgt licht."
where = "paragraaf 2"
indicator = "violence"
kind = "trend"
expects = ["slight_increase"]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["slight_increase"]', '["slight_increase", "stable"]', "field expects: the words slight_increase, stable"),
        ('kind = "trend"', 'kind = "trend"\ntheme = "2.1"', "field theme: theme of field 1 '2.1' does not exist"),
        ('kind = "trend"', 'kind = "trend"\nmeasure = "aangifte"', "field measure: measure 'aangifte'"),
        ("[[statement]]", '[[theme]]\nid = "1.9"\nquote = "x"\nwhere = "x"\n[[statement]]', "theme '1.9' does not"),
        ("[[statement]]", '[[approach]]\nid = "a"\narea = "GM0994"\nfield = "1"\nquote = "x"\nwhere = "x"\n[[statement]]',
         "approach a, field area: area of the plan 'GM0994'"),
    ],
)  # fmt: skip
def test_a_statement_that_cannot_be_judged_is_refused(
    registry: Registry, other: Path, old: str, new: str, message: str
) -> None:
    other.write_text(OTHER + STATEMENT, encoding="utf-8")
    assert load_plan(other, registry).statements[0].theme == ""
    other.write_text(OTHER + STATEMENT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        load_plan(other, registry)
    assert message in str(caught.value)


def test_an_article_of_the_region_is_one_that_dutch_has(registry: Registry, other: Path) -> None:
    assert load_plan(other, registry).region_article == ""
    other.write_text(OTHER.replace("region_slug", 'region_article = "den"\nregion_slug', 1), encoding="utf-8")
    with pytest.raises(RegistryError, match="region_article"):
        load_plan(other, registry)


def test_the_registry_travels_to_a_worker_process(registry: Registry) -> None:
    assert pickle.loads(pickle.dumps(registry)) == registry


def test_caveats_follow_indicators_sources_and_areas(registry: Registry) -> None:
    everywhere = {c.id for c in caveats_for(registry)}
    assert "registration" in everywhere
    assert "visitors" not in everywhere
    assert "visitors" in {c.id for c in caveats_for(registry, areas=["GM0994"])}
    assert "rounded_fives" in {c.id for c in caveats_for(registry, sources=["cbs-83651"])}
    assert "hic_definition" in {c.id for c in caveats_for(registry, indicators=["hic"])}


def test_breaks_follow_the_series(registry: Registry) -> None:
    burglary = {b.id for b in breaks_for(registry, indicator="residential_burglary", source="politie-47013")}
    assert {"concurrence-2018", "covid-19"} <= burglary
    assert "horizontal-fraud-2016" not in burglary
    total = {b.id for b in breaks_for(registry, indicator="crime_total", source="politie-47013")}
    assert "horizontal-fraud-2016" in total
    assert "concurrence-2018" not in {
        b.id for b in breaks_for(registry, indicator="x", source="politie-47021")
    }
