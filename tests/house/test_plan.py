"""The plan as records, held against its own text: nothing left out, nothing reworded, nothing counted twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from ivp_analysis.registry import Registry
from ivp_analysis.registry.records import Approach, Plan, Statement

ROOT = Path(__file__).resolve().parents[2]
PLAN_TEXT = ROOT.parent / "shared" / "plan" / "ivp-heuvelland-2020-2023.txt"
needs_plan = pytest.mark.skipif(not PLAN_TEXT.exists(), reason="the plan's text is not beside the project")
# Field by field: the region, then Eijsden-Margraten, Gulpen-Wittem, Meerssen, Vaals, Valkenburg.
BULLETS = ((3, 4, 4, 3, 4, 4), (2, 4, 4, 4, 4, 4), (2, 3, 2, 4, 2, 2), (4, 0, 0, 0, 0, 0), (6, 0, 0, 0, 0, 0))
APPROACHES = (
    (4, 7, 5, 4, 9, 5),
    (3, 2, 3, 3, 4, 3),
    (3, 7, 6, 5, 6, 6),
    (5, 0, 0, 0, 0, 0),
    (6, 0, 0, 0, 0, 0),
)


@pytest.fixture(scope="module")
def plan(registry: Registry) -> Plan:
    return registry.plans["ivp-heuvelland-2020-2023"]


@pytest.fixture(scope="module")
def claims(plan: Plan) -> list[Statement]:
    return [s for s in _of_chapter_2(plan) if s.kind != "none"]


def _of_chapter_2(plan: Plan) -> list[Statement]:
    return [s for s in plan.statements if s.where.startswith("hoofdstuk 2")]


def _plain(text: str) -> str:
    """White space normalised, without the tags of the text's tables."""
    return " ".join(re.sub(r"</?[a-z][^>]*>", " ", re.sub(r"</?i>", "", text)).split())


def _bullets(mark: str) -> list[str]:
    """The bullets of one column of chapter 2, as the text itself marks them."""
    text = PLAN_TEXT.read_text(encoding="utf-8")
    chapter = text.split("\n2. Uitgangssituatie 2019\n")[1].split("\n3. Doelstellingen 2023\n")[0]
    ends = re.compile(r"</?(?:ul|hr|p)\b|[○✓\n]")
    return [_plain(ends.split(piece)[0]) for piece in chapter.split(mark)[1:]]


@needs_plan
def test_every_quote_stands_in_the_plan_word_for_word(plan: Plan) -> None:
    text = _plain(PLAN_TEXT.read_text(encoding="utf-8"))
    records = [*plan.targets, *plan.statements, *plan.approaches, *plan.aims, *plan.fields, *plan.themes]
    assert [r.id for r in records if _plain(r.quote) not in text] == []
    assert len(records) == 9 + 97 + 96 + 31 + 5 + 22
    assert all(r.where for r in records)


@needs_plan
def test_the_bullets_of_chapter_2_are_those_of_the_text(plan: Plan) -> None:
    said = dict.fromkeys((s.where, _plain(s.quote)) for s in _of_chapter_2(plan))
    assert Counter(_bullets("○")) == Counter(quote for _, quote in said)
    assert Counter(_bullets("✓")) == Counter(_plain(a.quote) for a in plan.approaches)


def test_chapter_2_is_complete(plan: Plan) -> None:
    first = {(s.where, s.quote): s for s in _of_chapter_2(plan)}
    assert len(first) == 69
    assert _counted(first.values(), plan) == BULLETS
    assert len({(a.where, a.quote) for a in plan.approaches}) == 96
    assert _counted(plan.approaches, plan) == APPROACHES


def _counted(records: Iterable[Statement | Approach], plan: Plan) -> tuple[tuple[int, ...], ...]:
    found = Counter((r.field, r.area) for r in records)
    areas = (plan.region_slug, *plan.areas)
    return tuple(tuple(found[field, area] for area in areas) for field in "12345")


def test_the_ledger_counts_its_claims(registry: Registry, claims: list[Statement], plan: Plan) -> None:
    assert len({(s.where, s.quote) for s in claims}) == 40
    assert Counter(s.kind for s in claims) == {"trend": 33, "level": 28}
    open_data = [s for s in claims if s.indicator and _is_open(registry, s.indicator)]
    assert (len(open_data), len(claims) - len(open_data)) == (40, 21)
    assert all(not s.untestable_because and not s.source_needed for s in open_data)
    assert all(s.untestable_because and s.source_needed for s in claims if s not in open_data)
    assert all(s.source_needed for s in plan.statements if s.kind == "none")


def _is_open(registry: Registry, indicator: str) -> bool:
    return any(
        registry.sources[r.source].kind == "observations" for r in registry.indicators[indicator].recipes
    )


def test_claims_outside_chapter_2_are_in_the_ledger(plan: Plan) -> None:
    outside = Counter(s.where.split(",")[0] for s in plan.statements if s not in _of_chapter_2(plan))
    assert outside == {
        "hoofdstuk 3": 1, "paragraaf 5.1": 1, "paragraaf 5.2": 1, "paragraaf 6.3": 3, "paragraaf 6.4": 1,
    }  # fmt: skip


def test_where_the_plan_says_aangiften_the_statement_does_too(plan: Plan) -> None:
    said = {s.id for s in plan.statements if "aangiften" in s.quote}
    assert {s.id for s in plan.statements if s.measure == "aangiften"} == said
    assert len(said) == 6


def test_every_statement_has_a_theme(registry: Registry, plan: Plan) -> None:
    for statement in plan.statements:
        assert statement.theme or statement.indicator, statement.id
    assert {t.id for t in plan.themes} == set(registry.themes)
    assert {f.id for f in plan.fields} == set(registry.fields)


def test_the_aims_are_complete(registry: Registry, plan: Plan) -> None:
    kinds = Counter(aim.kind for aim in plan.aims)
    # Chapter 3 A-D and 5.1-5.3; three priorities; 6.1-6.5 and the nine of 6.6; 7.2; burgernet and wijkagent.
    assert kinds == {"objective": 7, "priority": 3, "strategic-theme": 14, "cycle": 5, "other": 2}
    assert all(aim.evaluated_by for aim in plan.aims)
    assert {theme for aim in plan.aims for theme in aim.themes} == set(registry.themes)


def test_every_target_belongs_to_the_aims(plan: Plan) -> None:
    assert {t.indicator for t in plan.targets} <= {i for aim in plan.aims for i in aim.indicators}
