"""`--single-file` and `--pdf`: a copy of a page holds what the page holds, and is never older than it."""

import base64
import re
from pathlib import Path

import pytest
from notebooks.tiny import copy_workspace, make_home, write_notebook

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import load_registry
from ivp_analysis.report.page.pdf import find_browser
from ivp_analysis.report.run.copies import SINGLE
from ivp_analysis.report.run.reports import make_reports

ONLY = ("municipality:vaals",)


@pytest.fixture
def place(tmp_path: Path, sample_workspace: Workspace) -> Workspace:
    return copy_workspace(sample_workspace, tmp_path / "w", make_home(tmp_path / "home"))


def test_a_single_file_holds_its_tables_and_follows_its_page(place: Workspace) -> None:
    registry = load_registry(place.registry)
    folder = make_reports(place, registry, year=2023, only=ONLY, single_file=True).index.parent
    copy = folder / SINGLE / "gemeente-vaals.html"
    html = copy.read_text(encoding="utf-8")
    assert [found.name for found in copy.parent.iterdir()] == [copy.name]
    assert all(href.startswith(("#", "data:")) for href in re.findall(r'href="([^"]*)"', html))
    csv = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]*)"', html)
    assert csv is not None
    beside = {path.read_bytes() for path in (folder / "tables").glob("gemeente-vaals_*.csv")}
    assert base64.b64decode(csv[1]) in beside
    printed = folder / "gemeente-vaals.pdf"
    printed.write_bytes(b"%PDF of the older page")
    write_notebook(place.home, version=2)
    make_reports(place, registry, year=2023, only=ONLY)
    assert not copy.exists(), "a copy of the older page"
    assert not printed.exists(), "on paper too"
    # Nothing is due any more: the page is up to date, and only its copy is made.
    make_reports(place, registry, year=2023, only=ONLY, single_file=True)
    assert "Versie 2" in copy.read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.skipif(find_browser() is None, reason="no Chromium on this machine (apt install chromium)")
def test_pdfs_lie_beside_the_pages(place: Workspace) -> None:
    registry = load_registry(place.registry)
    folder = make_reports(place, registry, year=2023, only=ONLY, pdf=True).index.parent
    assert {path.name for path in folder.glob("*.pdf")} == {"gemeente-vaals.pdf", "index.pdf"}
    before = (folder / "gemeente-vaals.pdf").read_bytes()
    assert b"/StructTreeRoot" in before
    make_reports(place, registry, year=2023, only=ONLY, pdf=True)
    assert (folder / "gemeente-vaals.pdf").read_bytes() == before, "what lies there is not printed again"
