"""The priority matrix on the sample: complete, never silent, and each fact the one of its own page."""

from __future__ import annotations

import re

import pytest

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.page.cells import Verdict
from ivp_analysis.report.page.pieces import MOST_SENTENCES
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.priorities.assess import PriorityBook
from ivp_analysis.report.priorities.matrix import tabulate_matrix
from ivp_analysis.report.priorities.notebook import matrix_section, page_head, summarise


@pytest.fixture(scope="module")
def book(analysis_2023: Analysis) -> PriorityBook:
    return PriorityBook(analysis_2023)


@pytest.fixture(scope="module")
def table(book: PriorityBook) -> Table:
    return tabulate_matrix(book)


def test_it_holds_every_theme_in_every_area(book: PriorityBook, table: Table) -> None:
    assert len(table.rows) == 22
    assert [column.label for column in table.columns][:2] == ["Thema", "Heuvelland"]
    assert len(table.columns) == 1 + 6
    assert len(book.cells) == 22 * 6


def test_no_cell_is_without_words(table: Table) -> None:
    for row in table.rows:
        assert re.match(r"[1-5]\.[1-5] \w+", row["theme"].word)
        for cell in (row[column.key] for column in table.columns[1:]):
            assert isinstance(cell, Verdict)
            assert len(re.findall(r"[a-z]{3,}", cell.plain())) >= 2, cell
            # Favourable and unfavourable are written out, never colour alone.
            assert cell.tone in ("good", "bad", "neutral", "unknown")
            assert (cell.tone == "good") == ("(gunstig)" in cell.plain())
            assert (cell.tone == "bad") == ("(ongunstig)" in cell.plain())


def test_a_theme_is_led_by_the_figure_with_a_target(book: PriorityBook) -> None:
    themes = {theme.id: theme for theme in book.themes}
    lead = {key: [i.id for i in book.indicators(theme)][:1] for key, theme in themes.items()}
    assert lead["1.1"] == ["nuisance_total"]
    assert lead["1.3"] == ["hic"]
    assert lead["3.1"] == ["nuisance_youth"]
    assert lead["1.4"] == []


def test_each_fact_is_that_of_its_own_page(book: PriorityBook, table: Table) -> None:
    analysis = book.analysis
    row = next(r for r in table.rows if "1.3" in r["theme"].word)
    finding = analysis.findings["hic", "GM0938"]
    assert (row["GM0938"].word, row["GM0938"].tone) == (finding.word.text, finding.tone)
    cell = book.cells["1.3", "GM0938"]
    mine = [
        e
        for e in book.ledger.of(analysis.area("GM0938"), "1")
        if e.statement.indicator in ("violence", "residential_burglary", "theft_from_vehicle")
    ]
    assert set(mine) == set(cell.entries)
    assert sum(cell.others.values()) == len(book.indicators(cell.theme)) - 1


def test_a_target_stands_where_it_is_for(book: PriorityBook, table: Table) -> None:
    placed = {key: [p.target.id for p in cell.targets] for key, cell in book.cells.items() if cell.targets}
    assert placed["1.3", "heuvelland"] == ["hic", "residential_burglary", "vehicle_theft", "bicycle_theft"]
    assert placed["2.3", "GM0994"] == ["unsafe_nightlife"]
    assert sum(map(len, placed.values())) == 9
    assert {area for _, area in placed} == {"heuvelland", "GM0994"}
    row = next(r for r in table.rows if "3.1" in r["theme"].word)
    assert "doel: 1 niet bereikt" in row["heuvelland"].detail
    assert "doel" not in row["GM0981"].detail


def test_priorities_of_the_plan_are_marked(table: Table) -> None:
    marked = {r["theme"].word.split()[0] for r in table.rows if "prioriteit" in r["theme"].detail}
    assert marked == {"1.1", "1.3", "2.4", "2.5", "5.2"}
    assert "Prioriteit 1: Overlast/geweld op het snijvlak van Zorg & Veiligheid." in table.notes


def test_the_page_is_for_a_sheet_on_its_side(book: PriorityBook) -> None:
    assert page_head(book).page_data()["landscape"] is True
    assert matrix_section(book).html().startswith('<div class="dashboard matrix">')


def test_the_summary_tells_what_asks_attention_and_chooses_nothing(book: PriorityBook) -> None:
    sentences = summarise(book).sentences
    assert 3 <= len(sentences) <= MOST_SENTENCES
    assert sentences[0].startswith("Voor 11 van de 22 thema's zijn er cijfers.")
    assert "kiezen geen prioriteiten" in sentences[0]
    worrying = [c for c in book.cells.values() if c.is_worrying]
    assert ("Nergens" in sentences[1]) == (not worrying)
