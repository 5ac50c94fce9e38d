"""What the registry says, held against the plan's text, the police's own lists and the methods' words."""

from __future__ import annotations

import csv
import importlib
import io
import re
from collections import Counter
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from ivp_analysis.methods.benchmark_words import BenchmarkWord
from ivp_analysis.methods.trend_words import TrendWord
from ivp_analysis.registry import Registry, load_registry, municipality_by_name
from ivp_analysis.registry.constants import GROUPS
from ivp_analysis.registry.plans import LEVEL_WORDS, TREND_WORDS
from ivp_analysis.registry.records import Plan

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
PLAN_TEXT = SHARED / "plan" / "ivp-heuvelland-2020-2023.txt"
needs_plan = pytest.mark.skipif(not PLAN_TEXT.exists(), reason="the plan's text is not beside the project")
needs_data = pytest.mark.skipif(
    not (SHARED / "data").exists(), reason="the real files are not beside the project"
)
HIC_CODES = ("1.1.1", "1.1.2", "1.4.3", "1.4.4", "1.4.5", "1.4.6", "1.4.7")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(ROOT / "data" / "registry")


@pytest.fixture(scope="module")
def plan(registry: Registry) -> Plan:
    return registry.plans["ivp-heuvelland-2020-2023"]


@needs_plan
def test_the_fields_and_themes_are_those_of_appendix_1(registry: Registry) -> None:
    appendix = PLAN_TEXT.read_text(encoding="utf-8").split("Bijlage 1: Veiligheidsvelden")[-1]
    # The table hyphenates and spaces at line ends: "Informatie-veiligheid", "/ individuele".
    text = re.sub(r"[\s-]", "", appendix)
    for field in registry.fields.values():
        assert re.sub(r"[\s-]", "", field.label) in text
    for theme in registry.themes.values():
        assert re.sub(r"[\s-]", "", theme.id + theme.label) in text
    assert (len(registry.fields), len(registry.themes)) == (5, 22)


def test_the_nine_targets_have_the_published_numbers(plan: Plan) -> None:
    published = {
        "hic": (498, 400),
        "nuisance_total": (1656, 1400),
        "neighbour_dispute": (233, 200),
        "nuisance_youth": (247, 200),
        "residential_burglary": (309, 275),
        "vehicle_theft": (358, 325),
        "bicycle_theft": (207, 180),
        "nuisance_drugs_alcohol": (188, 150),
        "unsafe_nightlife": (0.27, 0.20),
    }
    assert {t.indicator: (t.baseline, t.target) for t in plan.targets} == published
    years = {t.id: (t.baseline_year, t.target_year) for t in plan.targets}
    assert years == {key: (2016 if key == "unsafe_nightlife" else 2018, 2023) for key in published}
    assert all(str(round(t.baseline * (100 if t.kind == "share" else 1))) in t.quote for t in plan.targets)


def test_hic_is_burglary_robbery_and_violence(registry: Registry) -> None:
    recipes = {
        i: next(r for r in registry.indicators[i].recipes if r.source == "politie-47013")
        for i in ("hic", "residential_burglary", "violence", "robbery")
    }
    assert recipes["hic"].codes == HIC_CODES
    parts = [code for i, recipe in recipes.items() if i != "hic" for code in recipe.codes]
    assert sorted(parts) == sorted(HIC_CODES)
    assert {i for i in recipes if "hic" in registry.indicators[i].part_of} == set(recipes) - {"hic"}


def test_the_police_may_deliver_the_figure_of_every_count_target(registry: Registry, plan: Plan) -> None:
    counted = {t.indicator for t in plan.targets if t.kind == "count"}
    first = {i.id: i.recipes[0] for i in registry.indicators.values() if i.recipes}
    delivered = {key for key, recipe in first.items() if recipe.source == "police-figures"}
    assert delivered == counted == set(registry.sources["police-figures"].codes)
    assert all(first[key].codes == (key,) for key in delivered)
    for key, label in registry.sources["police-figures"].codes.items():
        assert registry.indicators[key].label == label


def test_a_part_never_holds_a_police_code_that_its_whole_lacks(registry: Registry) -> None:
    # Codes of CBS are nested (CRI3200 lies within CRI3000); those of the police stand side by side.
    for part in registry.indicators.values():
        for key in part.part_of:
            whole = {r.source: set(r.codes) for r in registry.indicators[key].recipes}
            for recipe in part.recipes:
                if recipe.source.startswith("politie") and recipe.source in whole:
                    codes = whole[recipe.source]
                    assert "0.0.0" in codes or set(recipe.codes) <= codes, (part.id, key)


def test_the_statements_speak_the_words_of_the_methods() -> None:
    assert set(TREND_WORDS) <= {word.value for word in TrendWord}
    assert set(LEVEL_WORDS) <= {word.value for word in BenchmarkWord}


def _rules_of_the_methods() -> list[type]:
    """Every dataclass of policy constants that a method takes whole."""
    found = {}
    for path in sorted((ROOT / "ivp_analysis" / "methods").glob("*.py")):
        module = importlib.import_module(f"ivp_analysis.methods.{path.stem}")
        found |= {n: kind for n, kind in vars(module).items() if n.endswith("Rules") and is_dataclass(kind)}
    return list(found.values())


@pytest.mark.parametrize("rules", _rules_of_the_methods(), ids=lambda kind: kind.__name__)
def test_the_rules_of_a_method_are_a_group_of_constants(registry: Registry, rules: type) -> None:
    wanted = get_type_hints(rules)
    groups = [name for name, kinds in GROUPS.items() if dict(kinds) == wanted]
    assert len(groups) == 1, f"declare {wanted} in registry/constants.py"
    assert rules(**registry.method.group(groups[0]))


def test_the_constants_are_those_of_the_method(registry: Registry) -> None:
    assert registry.method.group("rates")["rounding5_variance"] == 25 / 12
    assert registry.method.group("progress")["met_likely"] == registry.method.group("targets")["large"]
    drift = registry.method.group("projection")["drift_window_years"]
    assert drift == registry.method.group("trend")["window_years"]


def test_labels_are_subjects_of_a_dutch_sentence(registry: Registry) -> None:
    for indicator in registry.indicators.values():
        article, rest = indicator.sentence_label.split(" ", 1)
        assert article in ("de", "het"), indicator.id
        assert not (indicator.plural and article == "het"), indicator.id
        says_registration = re.search(r"geregistreerd|meldingen|verwijzingen|aandeel inwoners", rest)
        assert says_registration, indicator.id
        assert indicator.definition.endswith("."), indicator.id


def test_every_report_has_its_notebook(registry: Registry) -> None:
    missing = [
        r.notebook for r in registry.reports.values() if not (ROOT / "notebooks" / r.notebook).exists()
    ]
    assert missing == []


@needs_data
def test_crime_and_nuisance_codes_are_those_of_the_police(registry: Registry) -> None:
    for source, name in (("politie-47013", "47025NED_SoortMisdrijf"), ("politie-47021", "47021NED_Overlast")):
        rows = _rows(SHARED / "data" / "codes" / f"{name}.csv")
        theirs = {r["Key"].strip(): r["Title"].strip() for r in rows}
        ours = registry.sources[source].codes
        assert set(ours) == set(theirs)
        assert all(theirs[code].endswith(title) for code, title in ours.items())


@needs_data
@pytest.mark.parametrize(("file", "source"), [("47025NED", "politie-47013"), ("47021NED", "politie-47021")])
def test_the_national_types_add_up_to_the_total(registry: Registry, file: str, source: str) -> None:
    rows = _rows(SHARED / "data" / "politie" / f"{file}_nederland_2012-2023.csv")
    total, parts = Counter[str](), Counter[str]()
    for row in rows:
        bucket = total if row["incident_type_code"].startswith("Totaal") else parts
        bucket[row["year"]] += int(row["incident_count"])
    assert len(total) == 12
    assert (total == parts) == registry.sources[source].total_is_complete


@needs_data
def test_every_name_of_the_cbs_totals_is_a_municipality(registry: Registry) -> None:
    rows = _rows(SHARED / "data" / "cbs" / "83648NED_totaal_gemeente_2010-2020.csv")
    names = {(r["RegioS"], int(r["Perioden"])) for r in rows if r["RegioS"] != "Nederland"}
    codes = {(municipality_by_name(registry, name, year), year) for name, year in names}
    assert len(codes) == len(names)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
