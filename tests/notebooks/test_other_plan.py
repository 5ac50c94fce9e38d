"""A plan of another region, with its own areas and targets: all its reports from one file, beside those of the first."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from notebooks.tiny import copy_workspace

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import Registry, find_plan, load_registry
from ivp_analysis.report.run.reports import Made, listed_jobs, make_reports

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "data" / "registry" / "examples" / "ivp-voorbeeldstreek-2019-2022.toml"
OTHER, FIRST = EXAMPLE.stem, "ivp-heuvelland-2020-2023"
YEAR = 2019
JOBS = ("municipality:weert", "region", "targets", "progress", "priorities")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with one more file in data/registry/plans."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "data" / "registry", folder / "data" / "registry")
    shutil.copy(EXAMPLE, folder / "data" / "registry" / "plans")
    return folder


@pytest.fixture(scope="module")
def both(home: Path) -> Registry:
    return load_registry(home / "data" / "registry")


@pytest.fixture(scope="module")
def place(home: Path, sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """With the registry of both plans: whoever opens this workspace finds it there."""
    found = copy_workspace(sample_workspace, tmp_path_factory.mktemp("w") / "w", home)
    shutil.copytree(home / "data" / "registry", found.root / "data" / "registry")
    return found


@pytest.fixture(scope="module")
def made(place: Workspace, both: Registry) -> Made:
    return make_reports(place, both, plan_id=OTHER, year=YEAR, only=JOBS, workers=2)


def test_the_example_is_complete_and_not_in_force(registry: Registry, both: Registry) -> None:
    assert OTHER not in registry.plans
    plan = both.plans[OTHER]
    parts = (plan.targets, plan.statements, plan.approaches, plan.aims, plan.targets[0].amendments)
    assert all(parts)
    assert {s.kind for s in plan.statements} == {"trend", "level", "none"}
    assert not set(plan.areas) & set(registry.plans[FIRST].areas)


def test_with_two_plans_one_must_be_chosen(both: Registry) -> None:
    with pytest.raises(UsageError, match="several plans and none was chosen") as caught:
        find_plan(both, None)
    assert OTHER in caught.value.todo
    assert FIRST in caught.value.todo


def test_either_plan_has_all_jobs(place: Workspace, both: Registry) -> None:
    theirs, ours = (listed_jobs(place, both, plan, YEAR) for plan in (OTHER, FIRST))
    assert len(theirs) == len(ours) - 2  # a municipality less: its picture and its progress
    outputs = {job.output for job in theirs}
    assert {
        "gemeente-bergen-l.html",
        "voorbeeldstreek.html",
        "voortgang-weert.html",
        "prioriteiten.html",
    } <= outputs
    assert {job.parameters["plan_id"] for job in theirs} == {OTHER}


def test_the_command_line_lists_the_jobs_of_the_plan_that_was_chosen(place: Workspace) -> None:
    command = [
        sys.executable,
        "-m",
        "ivp_analysis",
        "list",
        "--workspace",
        str(place.root),
        "--year",
        str(YEAR),
    ]
    listed = {
        plan: subprocess.run(
            [*command, "--plan", plan],
            cwd=place.home,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        for plan in (OTHER, FIRST)
    }
    assert [done.returncode for done in listed.values()] == [0, 0]
    assert "voortgang-weert.html" in listed[OTHER].stdout
    assert "voortgang-weert.html" not in listed[FIRST].stdout
    assert "heuvelland.html" in listed[FIRST].stdout


@pytest.mark.slow
@pytest.mark.long
def test_its_pages_are_made_without_touching_code(made: Made) -> None:
    assert {o.job.id: o.error for o in made.outcomes if o.outcome != "made"} == {}
    assert sorted(o.job.id for o in made.outcomes) == sorted(JOBS)
    assert made.index.parent.parts[-2:] == (OTHER, str(YEAR))


@pytest.mark.slow
@pytest.mark.long
def test_its_pages_speak_of_its_own_region(made: Made) -> None:
    for page in sorted(made.index.parent.glob("*.html")):
        html = page.read_text(encoding="utf-8")
        # A municipality of the first plan may be a comparable one here; its region may not be named.
        assert "Heuvelland" not in html, page.name
        assert "Voorbeeldstreek" in html, page.name
        assert not re.search(r"\b(?:het|in|van) Voorbeeldstreek", html), page.name
    region = (made.index.parent / "voorbeeldstreek.html").read_text(encoding="utf-8")
    assert "in de Voorbeeldstreek" in region


@pytest.mark.slow
@pytest.mark.long
def test_its_own_targets_and_statements_are_judged(made: Made) -> None:
    pages = {p.stem: p.read_text(encoding="utf-8") for p in made.index.parent.glob("*.html")}
    assert "Weert telt relatief veel aangiften van vernieling." in pages["gemeente-weert"]
    assert "Het aantal woninginbraken daalt al jaren." in pages["voorbeeldstreek"]
    assert "ernielingen in Weert" in pages["voortgang"]
    assert "hoogstens 210" in pages["voortgang"]
    assert "1.1 Sociale kwaliteit" in pages["prioriteiten"]


@pytest.mark.slow
@pytest.mark.long
def test_the_first_plan_is_built_beside_it(made: Made, place: Workspace, both: Registry) -> None:
    ours = make_reports(place, both, plan_id=FIRST, year=YEAR, only=["priorities"], workers=1)
    assert [o.outcome for o in ours.outcomes] == ["made"]
    assert ours.index.parent.parts[-2:] == (FIRST, str(YEAR))
    assert "Heuvelland" in (ours.index.parent / "prioriteiten.html").read_text(encoding="utf-8")
    assert (made.index.parent / "prioriteiten.html").is_file()
