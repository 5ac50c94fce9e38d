"""A new plan: loads once it is filled in, refuses what is not, and shows the candidates as comments."""

from pathlib import Path

import pytest

from ivp_analysis.errors import RegistryError, UsageError
from ivp_analysis.registry import load_plan
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.forecast.skill_cards import SkillBook
from ivp_analysis.report.targets.plan_template import NewPlan, plan_template

NEW = NewPlan('Veiligheidsplan "Samen" 2024-2027', 2024, 2027)


@pytest.fixture(scope="module")
def template(analysis_2023: Analysis) -> str:
    with pytest.MonkeyPatch.context() as patch:
        # The cards need the backtests of all indicators; they have tests of their own.
        patch.setattr(SkillBook, "tests", {})
        return plan_template(analysis_2023, NEW)


def _uncomment(template: str, indicator: str) -> str:
    """What the analyst does: the # goes from one target."""
    block = next(b for b in template.split("# [[target]]")[1:] if f'indicator = "{indicator}"' in b)
    old = f"# [[target]]{block}".split("\n# ----")[0]
    new = "\n".join(line.removeprefix("# ") for line in old.splitlines())
    return template.replace(old, new)


def _load(text: str, folder: Path, analysis: Analysis):
    path = folder / "nieuw.toml"
    path.write_text(text, encoding="utf-8")
    return load_plan(path, analysis.registry)


def test_the_head_loads_as_it_is(template: str, tmp_path: Path, analysis_2023: Analysis) -> None:
    plan = _load(template, tmp_path, analysis_2023)
    assert (plan.first_year, plan.last_year, plan.base_year) == (2024, 2027, 2023)
    assert plan.areas == analysis_2023.plan.areas
    assert plan.title == NEW.title
    assert plan.targets == ()


def test_a_filled_in_target_loads(template: str, tmp_path: Path, analysis_2023: Analysis) -> None:
    text = _uncomment(template, "hic").replace("target = VUL-IN", "target = 360", 1)
    for field, words in (
        ("quote", "hoogstens 360"),
        ("where", "hoofdstuk 3"),
        ("ground", "zichtbaar verschil"),
    ):
        text = text.replace(f'\n{field} = ""', f'\n{field} = "{words}"', 1)
    (target,) = _load(text, tmp_path, analysis_2023).targets
    assert (target.indicator, target.target, target.target_year) == ("hic", 360, 2027)
    assert target.baseline == analysis_2023.series["hic"].total(analysis_2023.plan.areas)["2023"]
    assert target.ground == "zichtbaar verschil"


def test_a_target_that_is_not_filled_in_is_refused(
    template: str, tmp_path: Path, analysis_2023: Analysis
) -> None:
    with pytest.raises(RegistryError):
        _load(_uncomment(template, "hic"), tmp_path, analysis_2023)


def test_candidates_stand_beside_every_indicator_with_a_forecast(
    template: str, analysis_2023: Analysis
) -> None:
    assert template.count("# [[target]]") == len(analysis_2023.series)
    for letter in "ABCDE":
        assert template.count(f"# {letter}. ") == len(analysis_2023.series)
    assert template.count("# Eerdere verwachtingen: ") == len(analysis_2023.series)


def test_a_plan_starts_after_its_base(analysis_2023: Analysis) -> None:
    with pytest.raises(UsageError):
        plan_template(analysis_2023, NewPlan("Te vroeg", 2023, 2026))


def test_a_statement_of_the_new_plan_starts_from_the_figures(
    template: str, tmp_path: Path, analysis_2023: Analysis
) -> None:
    blocks = template.split("# [[statement]]")[1:]
    assert len({block.split("id = ")[1].split("\n")[0] for block in blocks}) == len(blocks) > 30
    lines = [
        line.removeprefix("# ") for block in blocks for line in ["[[statement]]", *block.strip().splitlines()]
    ]
    head = template.split("# ----")[0]
    text = "\n".join(line for line in lines if line).replace('where = ""', 'where = "hoofdstuk 2"')
    plan = _load(head + text, tmp_path, analysis_2023)
    for statement in plan.statements:
        assert statement.indicator is not None
        finding = analysis_2023.findings[statement.indicator, statement.area]
        if statement.kind == "trend":
            assert finding.trend.word in statement.expects
            assert statement.window == (finding.trend.first_year, finding.trend.last_year)
        else:
            word = analysis_2023.benchmarks[statement.indicator, statement.area].result.word
            assert word in statement.expects
