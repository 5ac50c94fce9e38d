"""From notebook to page: whole, the same each time, and refused when a reader would be let down."""

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browser.handmade import count_table, head, notebook_of, pieces, save, trend_table

from ivp_analysis.report.page.checks import ExportError, check_page
from ivp_analysis.report.page.export import Page, render_page, write_page
from ivp_analysis.report.page.pieces import Heading, Text
from ivp_analysis.report.page.shown import Parts

V4 = nbformat.v4


@pytest.fixture(scope="module")
def good() -> nbformat.NotebookNode:
    return notebook_of(pieces())


@pytest.fixture(scope="module")
def page(good: nbformat.NotebookNode, tmp_path_factory: pytest.TempPathFactory) -> Page:
    path = save(good, tmp_path_factory.mktemp("nb") / "gemeente-vaals.ipynb")
    return render_page(path, stem="gemeente-vaals", notebook="gemeente-vaals.ipynb")


def _render(notebook: nbformat.NotebookNode, folder: Path) -> str:
    return render_page(save(notebook, folder / "x.ipynb"), stem="x").html.decode("utf-8")


def _with_output(notebook: nbformat.NotebookNode, output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    changed = copy.deepcopy(notebook)
    changed.cells.append(V4.new_code_cell("x", outputs=[output], id="extra"))
    return changed


def test_page_has_language_title_landmarks_and_policy(page: Page) -> None:
    html = page.html.decode("utf-8")
    assert html.startswith('<!DOCTYPE html>\n<html lang="nl">')
    assert "<title>Veiligheidsbeeld Vaals 2023</title>" in html
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in html
    for mark in ("<main ", "<nav ", "<header ", "<footer ", 'class="skip" href="#inhoud"', "<h1>"):
        assert html.count(mark) == 1, mark
    assert html.count("<style>") == 1


def test_code_and_the_notes_for_the_analyst_stay_out(page: Page) -> None:
    html = page.html.decode("utf-8")
    assert "show(" not in html
    assert "Verander de cel" not in html


def test_contents_list_every_chapter_and_section(page: Page) -> None:
    html = page.html.decode("utf-8")
    nav = re.search(r"<nav .*?</nav>", html, re.DOTALL)
    assert nav is not None
    entries = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', nav[0])
    assert entries == [
        ("in-een-minuut", "In één minuut"),
        ("veilige-woon-en-leefomgeving", "Veilige woon- en leefomgeving"),
        ("woninginbraak-2", "Woninginbraak"),  # the table of that name has the id already
        ("vier-onderwerpen-naast-elkaar", "Vier onderwerpen naast elkaar"),
        ("verantwoording", "Verantwoording"),
        ("bronnen", "Bronnen"),
        ("begrippen", "Begrippen"),
    ]
    assert all(html.count(f' id="{name}"') == 1 for name, _ in entries)


def test_every_table_has_its_file_and_all_are_in_one_workbook(page: Page) -> None:
    html = page.html.decode("utf-8")
    assert set(page.files) == {
        "tables/gemeente-vaals_overzicht.csv",
        "tables/gemeente-vaals_woninginbraak.csv",
        "tables/gemeente-vaals.xlsx",
    }
    assert all(f'href="{name}"' in html for name in page.files)
    assert "<!--ivp" not in html
    assert 'href="gemeente-vaals.ipynb"' in html


def test_page_fits_in_the_post(page: Page) -> None:
    assert len(page.html) < 100_000


def test_same_outputs_give_the_same_bytes_whenever_and_wherever_they_were_made(
    good: nbformat.NotebookNode, page: Page, tmp_path: Path
) -> None:
    other = copy.deepcopy(good)
    other.metadata["papermill"] = {"output_path": "/home/someone/x.ipynb", "start_time": "2026-11-23T22:00"}
    for number, cell in enumerate(other.cells):
        cell["id"] = f"other-{number}"
        cell.metadata["execution"] = {"iopub.execute_input": f"2026-11-23T22:00:{number:02d}"}
    path = save(other, tmp_path / "other.ipynb")
    again = render_page(path, stem="gemeente-vaals", notebook="gemeente-vaals.ipynb")
    assert again == page


def test_single_file_leads_to_no_other_file(good: nbformat.NotebookNode, tmp_path: Path) -> None:
    path = save(good, tmp_path / "x.ipynb")
    assert write_page(path, tmp_path / "los" / "x.html", single_file=True) == (tmp_path / "los" / "x.html",)
    html = (tmp_path / "los" / "x.html").read_text(encoding="utf-8")
    hrefs = set(re.findall(r'href="([^"]*)"', html))
    assert {href.partition(":")[0] for href in hrefs if not href.startswith("#")} == {"data", "https"}
    assert sum(href.startswith("data:text/csv") for href in hrefs) == 2


def test_writing_replaces_the_tables_of_an_earlier_page_and_no_others(
    good: nbformat.NotebookNode, tmp_path: Path
) -> None:
    (tmp_path / "tables").mkdir()
    stale, other = tmp_path / "tables" / "voortgang_oud.csv", tmp_path / "tables" / "voortgang-vaals_oud.csv"
    stale.touch()
    other.touch()
    written = write_page(save(good, tmp_path / "voortgang.ipynb"), tmp_path / "voortgang.html")
    assert all(path.is_file() for path in written)
    assert not stale.exists()
    assert other.exists()


def test_a_fault_leaves_the_earlier_page_as_it_was(good: nbformat.NotebookNode, tmp_path: Path) -> None:
    target = tmp_path / "x.html"
    target.write_text("earlier", encoding="utf-8")
    broken = _with_output(good, V4.new_output("error", ename="ValueError", evalue="x", traceback=[]))
    with pytest.raises(ExportError):
        write_page(save(broken, tmp_path / "x.ipynb"), target)
    assert target.read_text(encoding="utf-8") == "earlier"
    assert not (tmp_path / "tables").exists()


def test_banner_stands_on_the_page_and_at_the_head_of_each_printed_page(page: Page, tmp_path: Path) -> None:
    html = page.html.decode("utf-8")
    words = "Voorbeelddata: gesimuleerd, geen politiecijfers"
    assert f'<p class="banner">{words}</p>' in html
    assert f'@page{{@top-left{{content:"{words}"}}' in html
    assert "Voorbeelddata" not in _render(notebook_of(pieces(simulated=False)), tmp_path)


def _display(**data: Any) -> nbformat.NotebookNode:
    return V4.new_output(
        "display_data", {name.replace("__", "/").replace("_xml", "+xml"): v for name, v in data.items()}
    )


OUTPUT_FAULTS: dict[str, tuple[nbformat.NotebookNode, str]] = {
    "failed cell": (V4.new_output("error", ename="KeyError", evalue="'x'", traceback=["T"]), "KeyError"),
    "warning": (V4.new_output("stream", name="stderr", text="UserWarning: old"), "stderr.*UserWarning"),
    "print": (V4.new_output("stream", name="stdout", text="hallo"), "stdout.*hallo"),
    "only a repr": (_display(text__plain="<Foo at 0x7f>"), "cannot show.*Foo"),
    "second head": (V4.new_output("display_data", head()._repr_mimebundle_()), "2 page heads"),
    "table twice": (V4.new_output("display_data", trend_table()._repr_mimebundle_()), "two tables.*overzicht"),
    "picture without words": (_display(image__png="iVBORw0KGgo="), "picture described as ''"),
    "svg without words": (_display(image__svg_xml="<svg><path d='M0 0'/></svg>"), "drawing without"),
    "table without caption": (
        _display(text__html="<table><tr><th scope='col'>a</th></tr></table>"), "without a caption",
    ),
    "caption twice": (
        _display(text__html="<table><caption>t</caption></table><table><caption>t</caption></table>"), "'t' used twice",
    ),
    "heading without scope": (
        _display(text__html="<table><caption>t</caption><tr><th>a</th></tr></table>"), "without scope",
    ),
    "empty heading": (
        _display(text__html="<table><caption>t</caption><tr><th scope='col'></th></tr></table>"), "empty table heading",
    ),
    "nan": (V4.new_output("display_data", Text("Gemiddeld nan per jaar")._repr_mimebundle_()), "'nan'"),
    "None": (_display(text__html="<p>None</p>"), "'None'"),
    "inf": (_display(text__html="<p>+inf%</p>"), "'inf'"),
    "NA": (_display(text__html="<p>&lt;NA&gt;</p>"), "'<NA>'"),
    "traceback": (_display(text__html="<p>Traceback (most recent call last)</p>"), "'Traceback'"),
    "path": (_display(text__html="<p>uit /home/jan/data.csv</p>"), "path of this machine"),
    "windows path": (_display(text__html=r"<p>uit C:\Users\jan</p>"), "path of this machine"),
    "script": (_display(text__html="<script>1</script>"), "<script>"),
    "handler": (_display(text__html='<p onclick="x()">a</p>'), "onclick"),
    "outside picture": (_display(text__html='<img alt="een lange tekst" src="https://x.nl/a.png">'), "loads"),
    "outside style": (_display(text__html='<p style="background:url(https://x.nl/a)">a</p>'), "loads"),
    "imported style": (_display(text__html="<style>@import 'https://x.nl/a.css';</style>a"), "loads"),
    "outside font": (_display(text__html='<link rel="stylesheet" href="https://x.nl/a.css">a'), "<link>"),
    "outside svg": (_display(text__html='<svg aria-hidden="true"><image href="https://x.nl/a"/></svg>'), "loads"),
    "link that hands over": (_display(text__html='<a href="https://x.nl">a</a>'), "noopener"),
    "script link": (_display(text__html='<a href="javascript:x()">a</a>'), "javascript"),
    "dead link": (_display(text__html='<a href="#nergens">a</a>'), "nergens"),
    "dead label": (_display(text__html='<p aria-labelledby="nergens">a</p>'), "nergens"),
    "second title": (_display(text__html="<h1>Nog een</h1>"), "2 headings of level 1"),
    "skipped level": (_display(text__html="<h5>Te diep</h5>"), "skips a level"),
    "id twice": (_display(text__html='<p id="inhoud">a</p>'), "id 'inhoud' used twice"),
    "shows nothing": (_display(text__html="<div></div>"), "show nothing"),
    "default words": (
        _display(text__html='<img alt="No description has been provided for this image" src="data:image/png;base64,">'),
        "No description",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", OUTPUT_FAULTS)
def test_output_that_lets_a_reader_down_is_refused(
    good: nbformat.NotebookNode, tmp_path: Path, fault: str
) -> None:
    output, words = OUTPUT_FAULTS[fault]
    with pytest.raises(ExportError, match=words):
        _render(_with_output(good, output), tmp_path)


PAGE_FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "English": (lambda html: html.replace('lang="nl"', 'lang="en"'), "language 'en'"),
    "no language": (lambda html: html.replace(' lang="nl"', ""), "language ''"),
    "no title": (lambda html: re.sub("<title>.*?</title>", "", html), "no title"),
    "lost output": (lambda html: re.sub(r'<div class="output">\s*<div class="ivp"><details>', "<div><div><details>", html), "outputs"),
    "refresh": (lambda html: html.replace("<title>", '<meta http-equiv="refresh" content="0"><title>'), "leaves"),
}  # fmt: skip


@pytest.mark.parametrize("fault", PAGE_FAULTS)
def test_page_with_a_fault_is_refused(page: Page, fault: str) -> None:
    html = page.html.decode("utf-8")
    check_page(html, page="x.html", outputs=5)
    change, words = PAGE_FAULTS[fault]
    assert change(html) != html
    with pytest.raises(ExportError, match=words):
        check_page(change(html), page="x.html", outputs=5)


def test_a_picture_with_words_is_shown(good: nbformat.NotebookNode, tmp_path: Path) -> None:
    words = "Kaart van de vijf gemeenten"
    output = V4.new_output(
        "display_data", {"image/png": "iVBORw0K\nGgo="}, metadata={"image/png": {"alt": words}}
    )
    assert f'<img src="data:image/png;base64,iVBORw0KGgo=" alt="{words}">' in _render(
        _with_output(good, output), tmp_path
    )


def test_a_notebook_without_head_or_unreadable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="0 page heads"):
        _render(notebook_of([Text("a")]), tmp_path)
    (tmp_path / "half.ipynb").write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(ExportError, match="cannot read"):
        render_page(tmp_path / "half.ipynb", stem="half")


def test_two_headings_of_one_text_get_two_ids(tmp_path: Path) -> None:
    shown = [head(), Parts(Heading("Trend"), count_table(), Heading("Trend"), Heading("???"))]
    html = _render(notebook_of([*shown]), tmp_path)
    assert re.findall(r'<h2 id="([^"]+)">', html) == ["op-deze-pagina", "trend", "trend-2", "deel"]


def test_a_wide_page_is_printed_on_its_side(page: Page, tmp_path: Path) -> None:
    assert "A4 landscape" not in page.html.decode("utf-8")
    wide = notebook_of([replace(head(), landscape=True), *pieces()[1:]])
    assert "size:A4 landscape" in _render(wide, tmp_path)
