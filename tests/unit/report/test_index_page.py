"""The overview page."""

import re
from dataclasses import replace

import pytest
from browser.handmade import FAILURE, overview

from ivp_analysis.errors import ReportError
from ivp_analysis.report.run.index_page import IndexCell, IndexModel, IndexRow, render_index


def _html(model: IndexModel) -> str:
    return render_index(model).decode("utf-8")


def _line(history: list[float | None]) -> str:
    row = IndexRow("Veld", "Onderwerp", [IndexCell(5, "daling", "▼", "good", history)])
    model = overview()
    found = re.search(r"<svg.*?</svg>", _html(replace(model, areas=model.areas[:1], rows=[row])))
    return found[0] if found else ""


def test_dashboard_has_a_row_per_indicator_and_a_column_per_area() -> None:
    html = _html(overview())
    assert len(re.findall(r'<th scope="row">', html)) == 4
    assert len(re.findall(r'<th scope="col"', html)) == 7
    assert len(re.findall(r'<th scope="rowgroup"', html)) == 2
    assert html.count('<span class="count">') == 23
    assert "geen cijfers in deze bron" in html


def test_same_model_gives_the_same_bytes() -> None:
    assert render_index(overview()) == render_index(overview())


def test_every_page_is_linked_with_its_question() -> None:
    html = _html(overview())
    for page in overview().pages:
        assert f'<a href="{page.href}">{page.title}</a><p>{page.question}</p>' in html


def test_failure_is_named_in_the_words_of_the_program_without_its_folders() -> None:
    html = _html(overview())
    assert "meerssen.ipynb, cell 3: InputError: None is no count" in html
    assert "/home/someone" in FAILURE
    assert "someone" not in html
    windows = replace(overview().failures[0], reason=r"C:\Users\jan\data\x.csv, row 3: wrong")
    said = _html(replace(overview(), failures=[windows]))
    assert "x.csv, row 3: wrong" in said
    assert "jan" not in said


def test_nothing_failed_means_no_section_about_it() -> None:
    assert "Niet gemaakt" not in _html(replace(overview(), failures=[]))


def test_banner_on_simulated_figures_only() -> None:
    words = "Voorbeelddata: gesimuleerd, geen politiecijfers"
    assert _html(overview()).count(words) == 2
    assert words not in _html(overview(simulated=False))


def test_trend_line_starts_at_zero_and_ends_on_its_dot() -> None:
    line = _line([0, 10, 5])
    assert re.findall(r'points="([^"]+)"', line) == ["3.0,21.0 42.0,3.0 81.0,12.0"]
    assert 'cx="81.0" cy="12.0"' in line
    assert 'aria-hidden="true"' in line


def test_trend_line_does_not_bridge_a_missing_year() -> None:
    assert len(re.findall("<polyline", _line([8, 6, None, 7, 5]))) == 2
    assert len(re.findall("<polyline", _line([8, 6, float("nan"), 7]))) == 1
    assert _line([8, None, None]) == ""


def test_zero_everywhere_is_a_flat_line() -> None:
    assert re.findall(r'points="([^"]+)"', _line([0, 0])) == ["3.0,21.0 81.0,21.0"]


def test_a_row_must_fill_every_area() -> None:
    short = replace(overview().rows[0], cells=overview().rows[0].cells[:2])
    with pytest.raises(ReportError, match="one cell per area"):
        render_index(replace(overview(), rows=[short]))


def test_overview_without_figures_still_says_what_failed() -> None:
    html = _html(replace(overview(), rows=[], pages=[], sentences=[]))
    assert "Niet gemaakt" in html
    assert "<table" not in html
