"""The whole way: registry and sample in, pages, index and manifest out - executed by papermill, as a user does."""

import json
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from notebooks.tiny import copy_workspace, make_home, write_notebook

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import ReportError
from ivp_analysis.registry import Registry, load_registry
from ivp_analysis.report.page.head import BANNER
from ivp_analysis.report.run.execute import check_parameters, execute_notebook
from ivp_analysis.report.run.jobs import select_jobs
from ivp_analysis.report.run.manifest import NAME
from ivp_analysis.report.run.pool import WorkerPool
from ivp_analysis.report.run.reports import Due, Made, Options, make_reports, plan_run
from ivp_analysis.report.run.run import Place, render_all, render_one
from ivp_analysis.report.run.share import open_everything
from ivp_analysis.report.run.worker import CAN_FORK

ROOT = Path(__file__).parents[2]
YEAR = 2023
NEEDS_FORK = pytest.mark.skipif(not CAN_FORK, reason="this system cannot fork")


@pytest.fixture(scope="module")
def folder(made: Made) -> Path:
    return made.index.parent


def _pages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.html"))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value]


def test_every_job_is_made_and_stands_where_the_layout_says(made: Made, folder: Path) -> None:
    assert {o.outcome for o in made.outcomes} == {"made"}
    assert folder.parts[-2:] == ("ivp-heuvelland-2020-2023", str(YEAR))
    for outcome in made.outcomes:
        assert (folder / outcome.job.output).is_file()
        assert (folder / outcome.job.executed).is_file()


def test_every_page_of_the_sample_says_that_it_is_simulated(folder: Path, made: Made) -> None:
    assert len(_pages(folder)) == len(made.outcomes) + 1
    for page in _pages(folder):
        assert BANNER in page.read_text(encoding="utf-8"), page.name
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["banner"] == BANNER


def test_the_monitor_is_a_small_page_of_the_last_month_of_the_year(folder: Path) -> None:
    page = folder / "monitor.html"
    assert page.stat().st_size < 400_000
    text = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
    assert f"december {YEAR}" in text
    assert "Verwacht aantal valse signalen per jaar" in text


def test_pages_need_nothing_from_outside(folder: Path) -> None:
    for page in _pages(folder):
        html = page.read_text(encoding="utf-8")
        assert '<html lang="nl"' in html
        assert "<script" not in html
        assert "default-src 'none'" in html
        assert not re.search(r"""(?:src|href)=["']?https?:""", html), page.name


def test_all_links_lead_to_something(folder: Path) -> None:
    for page in _pages(folder):
        links = _Links()
        html = page.read_text(encoding="utf-8")
        links.feed(html)
        for href in links.found:
            place, _, fragment = href.partition("#")
            target = folder / place if place else page
            assert target.is_file(), f"{page.name}: {href}"
            if fragment:
                assert f'id="{fragment}"' in target.read_text(encoding="utf-8"), f"{page.name}: {href}"


def test_figures_on_the_page_are_those_of_the_plan_s_base_year(folder: Path) -> None:
    region = (folder / "heuvelland.html").read_text(encoding="utf-8")
    assert "1.656" in region
    assert "498" in region
    assert not re.search(
        r"\b(nan|None|inf|Traceback)\b", re.sub(r"<style.*?</style>", "", region, flags=re.S)
    )


def test_manifest_says_what_was_made_from_what(folder: Path, made: Made) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["reference_year"] == YEAR
    assert manifest["simulated"] is True
    assert {"pandas", "papermill", "ivp-analysis", "python"} <= set(manifest["versions"])
    assert [job["id"] for job in manifest["jobs"]] == [o.job.id for o in made.outcomes]
    for job in manifest["jobs"]:
        assert set(job) >= {"id", "notebook", "parameters", "output", "outcome", "seconds", "inputs"}
        assert {"build", "registry", "package", "notebook"} <= set(job["inputs"])
        assert all(re.fullmatch("[0-9a-f]{64}", value) for value in job["inputs"].values())


def test_executed_notebook_records_the_parameters(folder: Path) -> None:
    executed = nbformat.read(folder / "gemeente-vaals.ipynb", as_version=4)
    assert executed.metadata.papermill.parameters["area_code"] == "GM0981"
    assert executed.metadata.papermill.parameters["reference_year"] == YEAR


@pytest.mark.parametrize(
    ("fork", "only"),
    [
        pytest.param(True, ["progress_area:vaals", "municipality:vaals"], marks=NEEDS_FORK, id="fork"),
        pytest.param(
            True,
            ["monitor", "progress_area:vaals", "progress", "region", "municipality:vaals"],
            marks=[NEEDS_FORK, pytest.mark.long],
            id="fork-many",
        ),
        pytest.param(False, ["municipality:vaals"], marks=pytest.mark.long, id="kernel"),
    ],
)
def test_any_order_and_either_way_give_the_same_bytes(
    fork: bool, only: list[str], folder: Path, sample_workspace: Workspace, registry: Registry, tmp_path: Path
) -> None:
    """One after the other in one worker, the last first; nothing of one page reaches the next."""
    run = plan_run(sample_workspace, registry, None, YEAR, Options())
    jobs = sorted(select_jobs(run.jobs, only), key=lambda job: only.index(job.id))
    place = Place(sample_workspace.notebooks, sample_workspace.root, tmp_path)
    compared = 0
    with WorkerPool(1, fork=fork) as pool:
        pool.prepare = (
            partial(open_everything, run.shared([Due(job, "", {}) for job in jobs])) if fork else None
        )
        for rendered in render_all(jobs, render_one, place=place, executor=pool):
            assert rendered.outcome == "made", rendered.error
            for name in rendered.files:
                if not name.endswith(".ipynb"):
                    assert rendered.files[name] == (folder / name).read_bytes(), name
                    compared += 1
    assert compared > 2 * len(only)


def test_an_unchanged_set_is_skipped_and_what_was_made_stays(
    made: Made, folder: Path, sample_workspace: Workspace, registry: Registry
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != NAME}
    chosen = tuple(o.job.id for o in made.outcomes)
    again = make_reports(sample_workspace, registry, year=YEAR, only=chosen)
    assert {o.outcome for o in again.outcomes} == {"skipped"}
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != NAME} == before
    manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
    assert [job["id"] for job in manifest["jobs"]] == [o.job.id for o in made.outcomes]
    assert {job["why"] for job in manifest["jobs"]} == {"nothing changed"}
    assert all(job["seconds"] > 0 for job in manifest["jobs"])


MISHAPS = {
    "vaals": "1 / 0",
    "meerssen": "import time; time.sleep(600)",
    "gulpen-wittem": "import os; os.kill(os.getpid(), 9)",
}


@NEEDS_FORK
def test_a_notebook_that_fails_hangs_or_dies_ends_its_own_job_only(
    tmp_path: Path, sample_workspace: Workspace, registry: Registry
) -> None:
    home = make_home(tmp_path / "home")
    steps = "".join(f"\nif area.slug == {slug!r}:\n    {code}" for slug, code in MISHAPS.items())
    write_notebook(home, version=1, extra=f"pass{steps}")
    place = copy_workspace(sample_workspace, tmp_path / "w", home)
    made = make_reports(place, load_registry(place.registry), year=YEAR, workers=2, limit=12)
    folder, by_area = made.index.parent, {o.job.id.partition(":")[2]: o for o in made.outcomes}
    assert {slug for slug, o in by_area.items() if o.outcome == "failed"} == set(MISHAPS)
    assert "cell 6 failed: ZeroDivisionError" in by_area["vaals"].error
    assert "stopped after 12 seconds" in by_area["meerssen"].error
    assert "signal 9" in by_area["gulpen-wittem"].error
    index = made.index.read_text(encoding="utf-8")
    assert index.count("<samp") == 3
    for slug, outcome in by_area.items():
        assert (folder / f"gemeente-{slug}.html").exists() == (outcome.outcome == "made")
        assert (f'href="gemeente-{slug}.html"' in index) == (outcome.outcome == "made")
        kept = nbformat.read(folder / f"gemeente-{slug}.ipynb", as_version=4)
        shown = [cell for cell in kept.cells if cell.cell_type == "code" and cell.outputs]
        assert len(shown) >= 3, "what came before the mishap is kept"
    assert not list(folder.rglob(".ivp-tmp-*"))


def test_an_unknown_parameter_is_an_error_before_any_run(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="unknown parameter area_cod") as caught:
        check_parameters(ROOT / "notebooks" / "municipality.ipynb", {"area_cod": "GM0981"})
    assert "area_code" in caught.value.todo
    with pytest.raises(ReportError, match=r"nowhere\.ipynb is not there"):
        execute_notebook(tmp_path / "nowhere.ipynb", tmp_path / "out.ipynb", {}, cwd=tmp_path)


def test_an_area_outside_the_plan_names_those_in_it(tmp_path: Path, sample_workspace: Workspace) -> None:
    parameters = {"area_code": "GM0363", "reference_year": YEAR, "workspace": str(sample_workspace.root)}
    with pytest.raises(ReportError, match="'GM0363' is not in ivp-heuvelland-2020-2023"):
        execute_notebook(
            ROOT / "notebooks" / "municipality.ipynb",
            tmp_path / "out.ipynb",
            parameters,
            cwd=ROOT / "notebooks",
        )
    assert (tmp_path / "out.ipynb").is_file()
