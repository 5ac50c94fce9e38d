"""Nothing twice: a job runs when something that its page rests on is another, and the manifest says why."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from notebooks.tiny import copy_workspace, make_home, write_notebook

from ivp_analysis.data.seal import sealed
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry, load_registry
from ivp_analysis.report.run import inputs as inputs_module
from ivp_analysis.report.run.reports import Made, Options, make_reports, plan_run

ROOT = Path(__file__).parents[2]
YEAR = 2023
PLAN = "ivp-heuvelland-2020-2023"
AREAS = ("eijsden-margraten", "gulpen-wittem", "meerssen", "vaals", "valkenburg-aan-de-geul")
ALL = {
    *(f"{kind}:{area}" for kind in ("municipality", "progress_area") for area in AREAS),
    *("region", "benchmark", "targets", "progress", "priorities", "monitor", "accountability"),
}


class TestWhatAPageRestsOn:
    """Every job of the plan, by its hashes alone: which of them does a change reach?"""

    @pytest.fixture
    def place(self, sample_workspace: Workspace, tmp_path: Path) -> Workspace:
        home = tmp_path / "home"
        shutil.copytree(ROOT / "data" / "registry", home / "data" / "registry")
        shutil.copytree(ROOT / "notebooks", home / "notebooks")
        place = Workspace(tmp_path / "w", home)
        place.processed.mkdir(parents=True)
        shutil.copy(sample_workspace.processed / "build.json", place.processed)
        (place.raw / "x" / "2025-01-01").mkdir(parents=True)
        return place

    def _reached(self, place: Workspace, change: Callable[[], object]) -> set[str]:
        before = self._inputs(place)
        change()
        after = self._inputs(place)
        return {job for job in after if before[job] != after[job]}

    def _inputs(self, place: Workspace) -> dict[str, dict[str, str]]:
        run = plan_run(place, load_registry(place.registry), None, YEAR, Options())
        return {job.id: run.inputs.of(job) for job in run.jobs}

    def test_nothing_changed_reaches_nothing(self, place: Workspace) -> None:
        assert set(self._inputs(place)) == ALL
        assert self._reached(place, lambda: (place.registry / "sources.toml").touch()) == set()

    def test_a_notebook_reaches_its_own_jobs(self, place: Workspace) -> None:
        path = place.notebooks / "progress.ipynb"
        reached = self._reached(place, lambda: path.write_text(path.read_text() + " "))
        assert reached == {"progress", *(f"progress_area:{area}" for area in AREAS)}

    @pytest.mark.parametrize("name", ["indicators.toml", "method.toml", "glossary.toml"])
    def test_the_registry_reaches_all(self, name: str, place: Workspace) -> None:
        path = place.registry / name
        assert self._reached(place, lambda: path.write_bytes(path.read_bytes() + b"\n")) == ALL

    def test_the_plan_reaches_its_jobs_and_another_plan_none(self, place: Workspace) -> None:
        own = place.registry / "plans" / f"{PLAN}.toml"
        assert self._reached(place, lambda: own.write_bytes(own.read_bytes() + b"\n")) == ALL
        run = plan_run(place, load_registry(place.registry), PLAN, YEAR, Options())
        before = run.inputs.of(run.jobs[0])
        text = own.read_text(encoding="utf-8").replace(f'id = "{PLAN}"', 'id = "another"')
        (own.parent / "another.toml").write_text(text, encoding="utf-8")
        run = plan_run(place, load_registry(place.registry), PLAN, YEAR, Options())
        assert run.inputs.of(run.jobs[0]) == before

    def test_the_list_of_reports_reaches_none_of_those_that_stay(self, place: Workspace) -> None:
        path = place.registry / "reports.toml"
        text = path.read_text(encoding="utf-8").replace('title = "Voortgang"', 'title = "Stand"')
        assert self._reached(place, lambda: path.write_text(text, encoding="utf-8")) == set()

    def test_figures_reach_all(self, place: Workspace) -> None:
        path = place.processed / "build.json"
        facts = json.loads(path.read_text(encoding="utf-8"))
        facts["tables"]["population"] = "0" * 64
        facts = sealed(facts)
        assert self._reached(place, lambda: path.write_text(json.dumps(facts), encoding="utf-8")) == ALL

    def test_a_story_reaches_the_pages_that_may_tell_it(self, place: Workspace) -> None:
        place.narrative.mkdir()
        of_all = {"region", "progress"}
        of_vaals = {*of_all, "municipality:vaals", "progress_area:vaals"}
        story = place.narrative / "2-1-Vaals.md"
        assert self._reached(place, lambda: story.write_text("Nieuw.")) == of_vaals
        assert self._reached(place, lambda: story.write_text("Anders.")) == of_vaals
        assert self._reached(place, story.unlink) == of_vaals
        assert self._reached(place, lambda: (place.narrative / "voortgang.md").write_text("x")) == of_all

    def test_a_kept_edition_reaches_the_progress_report_of_later_years(self, place: Workspace) -> None:
        def keep(year: int) -> None:
            folder = place.reports / PLAN / str(year) / "editions" / "2024-05-01-vastgesteld"
            folder.mkdir(parents=True)
            (folder / "edition.json").write_text("{}")

        assert self._reached(place, lambda: keep(2022)) == {"progress"}
        assert self._reached(place, lambda: keep(2023)) == set()

    def test_a_file_that_no_build_has_read_yet_reaches_pages_that_look_at_files(
        self, place: Workspace
    ) -> None:
        origin = place.raw / "x" / "2025-01-01" / "a.csv.origin.json"
        assert self._reached(place, lambda: origin.write_text("{}")) == {
            "region",
            "benchmark",
            "accountability",
        }

    def test_code_and_template_reach_all(self, place: Workspace, tmp_path: Path, monkeypatch: Any) -> None:
        package = tmp_path / "package"
        shutil.copytree(inputs_module.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
        monkeypatch.setattr(inputs_module, "PACKAGE", package)
        style = package / "report" / "page" / "template" / "page.css"
        assert self._reached(place, lambda: style.write_text(style.read_text() + " ")) == ALL
        code = package / "periods.py"
        assert self._reached(place, lambda: code.write_text(code.read_text() + " ")) == ALL
        assert self._reached(place, code.touch) == set()


class TestRuns:
    """With a small report of three municipalities, as a user runs it."""

    THREE: ClassVar = ("municipality:vaals", "municipality:meerssen", "municipality:gulpen-wittem")

    @pytest.fixture(scope="class")
    def place(self, sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
        home = make_home(tmp_path_factory.mktemp("tiny"))
        return copy_workspace(sample_workspace, tmp_path_factory.mktemp("runs") / "w", home)

    def _make(self, place: Workspace, registry: Registry, **options: Any) -> Made:
        chosen = {"only": self.THREE} | options
        return make_reports(place, load_registry(place.registry), year=YEAR, workers=1, **chosen)

    def _why(self, made: Made) -> dict[str, tuple[str, str]]:
        told = json.loads((made.index.parent / "manifest.json").read_text(encoding="utf-8"))["jobs"]
        return {job["id"].partition(":")[2]: (job["outcome"], job["why"]) for job in told}

    def test_what_runs_and_why(self, place: Workspace, registry: Registry) -> None:
        first = self._make(place, registry)
        assert set(self._why(first).values()) == {("made", "not made before")}
        pages = {p.name: p.read_bytes() for p in first.index.parent.glob("*.html")}

        again = self._make(place, registry)
        assert set(self._why(again).values()) == {("skipped", "nothing changed")}
        assert {p.name: p.read_bytes() for p in again.index.parent.glob("*.html")} == pages

        vaals = first.index.parent / "gemeente-vaals.html"
        vaals.write_text("bewerkt", encoding="utf-8")
        (first.index.parent / "tables" / "gemeente-meerssen.xlsx").unlink()
        mended = self._why(self._make(place, registry))
        assert mended["vaals"] == ("made", "gemeente-vaals.html is gone or was changed")
        assert mended["meerssen"] == ("made", "tables/gemeente-meerssen.xlsx is gone or was changed")
        assert mended["gulpen-wittem"] == ("skipped", "nothing changed")
        assert vaals.read_bytes() == pages[vaals.name]

        two = self.THREE[:2]
        write_notebook(place.home, version=2, extra="1 / 0 if area.slug == 'vaals' else None")
        broken = self._why(self._make(place, registry, only=two))
        assert broken["vaals"] == ("failed", "notebook changed")
        assert broken["meerssen"] == ("made", "notebook changed")
        assert vaals.read_bytes() == pages[vaals.name], "the page of an earlier run stays"
        assert "Niet gemaakt" in first.index.read_text(encoding="utf-8")

        write_notebook(place.home, version=2)
        one = self._make(place, registry, only=("municipality:meerssen",), force=True)
        assert [(o.job.area, o.why) for o in one.outcomes] == [("Meerssen", "--force")]
        assert set(self._why(one)) == set(broken), "the others stay known"
        last = self._why(self._make(place, registry, only=two))
        assert last["vaals"] == ("made", "failed before")
        assert last["meerssen"] == ("skipped", "nothing changed")
        assert "Niet gemaakt" not in first.index.read_text(encoding="utf-8")

    @pytest.mark.long
    def test_other_areas_get_a_page_and_stay_known(self, place: Workspace, registry: Registry) -> None:
        write_notebook(place.home, version=2)
        made = self._make(place, registry, areas="Coevorden, GM0163", only=("municipality:coevorden",))
        assert [o.outcome for o in made.outcomes] == ["made"]
        assert "Versie 2 in Coevorden" in (made.index.parent / "gemeente-coevorden.html").read_text(
            encoding="utf-8"
        )
        plain = self._make(place, registry)
        assert "coevorden" in self._why(plain)
        assert 'href="gemeente-coevorden.html">Coevorden</a>' in made.index.read_text(encoding="utf-8")

    def test_an_unchanged_run_imports_nothing_that_opens_figures(
        self, place: Workspace, registry: Registry
    ) -> None:
        self._make(place, registry)
        code = (
            "import sys; only = [word for job in sys.argv[2:] for word in ('--only', job)]\n"
            "sys.argv = ['ivp', 'reports', '--year', '2023', '--workspace', sys.argv[1], *only]\n"
            "from ivp_analysis.cli import app\n"
            "app(standalone_mode=False)\n"
            "print([m for m in ('pandas', 'numpy', 'scipy', 'pyarrow', 'matplotlib', 'papermill') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(place.root), *self.THREE],
            cwd=place.home,
            capture_output=True,
            text=True,
            check=True,
        )
        tally, index, modules = done.stdout.strip().splitlines()
        assert tally.startswith("0 made, 3 skipped, 0 failed in ")
        assert (index, modules) == (str(place.reports / PLAN / str(YEAR) / "index.html"), "[]")
