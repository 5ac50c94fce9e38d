"""What the notebook of the priority matrix imports."""

from __future__ import annotations

from ivp_analysis.methods.ledger import Verdict
from ivp_analysis.report.analysis.analysis import open_analysis
from ivp_analysis.report.page.head import PageHead
from ivp_analysis.report.page.pieces import MOST_SENTENCES, Summary
from ivp_analysis.report.page.shown import Shown
from ivp_analysis.report.priorities.assess import PriorityBook, ThemeCell
from ivp_analysis.report.priorities.matrix import Matrix, tabulate_matrix
from ivp_analysis.report.targets.words import say_tally
from ivp_analysis.report.wording.account import data_day
from ivp_analysis.report.wording.ends import account_section, page_foot
from ivp_analysis.report.wording.trend import join_some

__all__ = [
    "PriorityBook",
    "account_section",
    "matrix_section",
    "open_analysis",
    "page_foot",
    "page_head",
    "summarise",
]
_MOST_NAMED = 3


def page_head(book: PriorityBook) -> PageHead:
    """Title, area, year, date; printed on its side."""
    analysis = book.analysis
    return PageHead(
        title=f"Prioriteiten {analysis.region.name}",
        subtitle=analysis.plan.title,
        area=analysis.region.name,
        reference_year=analysis.year,
        data_date=data_day(analysis),
        simulated=analysis.build.simulated,
        description=(
            f"De veiligheidsthema's van {analysis.region.in_words} en zijn gemeenten in {analysis.year}: niveau, trend, "
            "uitspraken en doelen van het plan op één blad."
        ),
        slug="prioriteiten",
        landscape=True,
    )


def summarise(book: PriorityBook) -> Summary:
    """What asks for attention, what goes well, and what these figures do not tell."""
    found = [
        _say_coverage(book),
        *_say_worrying(book),
        *_say_region(book, "bad", "Ongunstig"),
        *_say_region(book, "good", "Gunstig"),
        *_say_contrary(book),
        *_say_targets(book),
    ]
    return Summary(found[:MOST_SENTENCES])


def matrix_section(book: PriorityBook) -> Shown:
    """The matrix itself."""
    return Matrix(tabulate_matrix(book))


def _say_coverage(book: PriorityBook) -> str:
    silent = [theme for theme in book.themes if not book.indicators(theme)]
    known = len(book.themes) - len(silent)
    return (
        f"Voor {known} van de {len(book.themes)} thema's zijn er cijfers. De andere {len(silent)} vragen een oordeel "
        "in woorden; de cijfers kiezen geen prioriteiten."
    )


def _say_worrying(book: PriorityBook) -> list[str]:
    """Where it gets worse and is worse than elsewhere: the first candidates for a priority."""
    named = [f"{_name(cell)} in {cell.area.in_words}" for cell in book.cells.values() if cell.is_worrying]
    if not named:
        return [
            "Nergens is een thema zowel ongunstig in trend als ongunstiger dan bij vergelijkbare gemeenten."
        ]
    return [f"Ongunstige trend én ongunstiger dan elders: {join_some(named, _MOST_NAMED)}."]


def _say_region(book: PriorityBook, tone: str, word: str) -> list[str]:
    region = book.analysis.region
    named = [
        f"{_name(cell)} ({cell.finding.word.text})"
        for (_, area), cell in book.cells.items()
        if area == region.code and cell.finding and cell.finding.tone == tone
    ]
    return [f"{word} in {region.in_words}: {join_some(named, _MOST_NAMED)}."] if named else []


def _say_contrary(book: PriorityBook) -> list[str]:
    wrong = [e for e in book.ledger.claims if e.now.verdict is Verdict.CONTRARY]
    if not wrong:
        return []
    labels = book.analysis.registry.indicators
    named = [
        f"{labels[e.statement.indicator or ''].label} in {e.area.name} ('{e.statement.quote}')" for e in wrong
    ]
    return [f"Anders dan het plan zei, volgens de cijfers van nu: {join_some(named, _MOST_NAMED)}."]


def _say_targets(book: PriorityBook) -> list[str]:
    if not book.targets:
        return []
    return [f"De {len(book.targets)} doelen van het plan: {say_tally(p.status.word for p in book.targets)}."]


def _name(cell: ThemeCell) -> str:
    assert cell.finding is not None, "only a theme with figures is named by its figure"
    return cell.finding.indicator.label
