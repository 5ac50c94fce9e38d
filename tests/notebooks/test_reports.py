"""The whole way: registry and sample in, pages, index and manifest out - executed by papermill, as a user does."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import ReportError
from ivp_analysis.registry import Registry
from ivp_analysis.report.run.execute import check_parameters, execute_notebook
from ivp_analysis.report.page.head import BANNER
from ivp_analysis.report.run.reports import Made, make_reports

ROOT = Path(__file__).parents[2]
YEAR = 2023


@pytest.fixture(scope="module")
def made(sample_workspace: Workspace, registry: Registry) -> Made:
    return make_reports(sample_workspace, registry, year=YEAR, workers=2)


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
    text = page.read_text(encoding="utf-8")
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


def test_a_second_run_gives_the_same_bytes(
    folder: Path, made: Made, sample_workspace: Workspace, registry: Registry
) -> None:
    kept = (
        "gemeente-vaals.html",
        "heuvelland.html",
        "index.html",
        "tables/gemeente-vaals.xlsx",
        "tables/gemeente-vaals_veld-1.csv",
    )
    before = {name: (folder / name).read_bytes() for name in kept}
    again = make_reports(
        sample_workspace, registry, year=YEAR, only=["region", "municipality:vaals"], workers=2
    )
    assert {o.outcome for o in again.outcomes} == {"made"}
    for name, content in before.items():
        assert (folder / name).read_bytes() == content, name
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [job["id"] for job in manifest["jobs"]] == [o.job.id for o in made.outcomes]


def test_one_failing_notebook_does_not_stop_the_others(
    tmp_path: Path, sample_workspace: Workspace, registry: Registry
) -> None:
    home = tmp_path / "home"
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    shutil.copytree(ROOT / "data" / "registry", home / "data" / "registry")
    broken = nbformat.read(home / "notebooks" / "region.ipynb", as_version=4)
    broken.cells[-1].source = "1 / 0"
    nbformat.write(broken, home / "notebooks" / "region.ipynb")
    place = Workspace(sample_workspace.root, home)
    made = make_reports(place, registry, year=2022, only=["region", "municipality:vaals"], workers=2)
    outcome = {o.job.id: o for o in made.outcomes}
    assert outcome["municipality:vaals"].outcome == "made"
    assert outcome["region"].outcome == "failed"
    assert "ZeroDivisionError" in outcome["region"].error
    assert (made.index.parent / "heuvelland.ipynb").is_file()
    assert not (made.index.parent / "heuvelland.html").exists()
    index = made.index.read_text(encoding="utf-8")
    assert "Niet gemaakt" in index
    assert 'href="heuvelland.html"' not in index


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
