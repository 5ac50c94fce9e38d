"""The matrix as a table: a theme a row, an area a column, and never a cell without words."""

from __future__ import annotations

from dataclasses import dataclass

from ivp_analysis.methods.ledger import Verdict
from ivp_analysis.registry.records import Theme
from ivp_analysis.report.page import cells, numbers
from ivp_analysis.report.page.cells import Column
from ivp_analysis.report.page.safe_html import Html, element
from ivp_analysis.report.page.shown import Shown
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.page.words import Tone
from ivp_analysis.report.priorities.assess import PriorityBook, ThemeCell
from ivp_analysis.report.targets.words import say_tally
from ivp_analysis.report.wording.trend import say_visible

_CLAIMS: dict[Verdict, str] = {
    Verdict.SUPPORTED: "klopt",
    Verdict.OPEN: "open",
    Verdict.CONTRARY: "andersom",
    Verdict.UNTESTABLE: "niet te toetsen",
}


_TONES: dict[Tone, str] = {"good": "gunstig", "bad": "ongunstig"}


@dataclass(frozen=True, slots=True)
class Matrix(Shown):
    """A table as wide as the page, for a sheet on its side."""

    table: Table

    def html(self) -> Html:
        """The table in the style of the overview."""
        return element("div", self.table.html(), class_="dashboard matrix")

    def tables(self) -> list[Table]:
        """Itself."""
        return [self.table]


def tabulate_matrix(book: PriorityBook) -> Table:
    """Every theme of the plan in every area."""
    registry, year = book.analysis.registry, book.analysis.year
    columns = [Column(area.code, area.name, format="verdict") for area in book.areas]
    level = numbers.years(year - book.analysis.benchmark_rules.years + 1, year)
    rows = [
        {"field": registry.fields[theme.field].label, "theme": _head(book, theme)}
        | {area.code: _cell(book.cells[theme.id, area.code]) for area in book.areas}
        for theme in book.themes
    ]
    notes = [
        "Het eerste woord is de trend van het cijfer dat bij het thema staat. Gunstig en ongunstig gaan over die trend.",
        f"Niveau: per inwoner in {level}, naast vergelijkbare gemeenten. Onzeker: een verschil is niet vast te stellen.",
        "Plan: wat de cijfers van nu zeggen van de uitspraken in het plan. Klopt: zij steunen die. Open: zij geven geen "
        "uitsluitsel. Andersom: zij wijzen de andere kant op.",
        "Overige: de trends van de andere cijfers van het thema. Een doel staat bij het gebied waarvoor het geldt.",
        *(f"Prioriteit {number}: {label}." for number, (label, _) in enumerate(book.priorities, start=1)),
    ]
    return Table(
        caption=f"De {len(book.themes)} thema's in {len(book.areas)} gebieden, {year}",
        columns=[Column("theme", "Thema", format="verdict"), *columns],
        rows=rows,
        notes=notes,
        id="prioriteitenmatrix",
        group=Column("field", "Veiligheidsveld"),
    )


def _head(book: PriorityBook, theme: Theme) -> cells.Verdict:
    """The theme, the figure that stands for it, and whether the plan made it a priority."""
    indicators = book.indicators(theme)
    figure = [f"cijfer: {indicators[0].label}"] if indicators else []
    chosen = [
        f"prioriteit {number}"
        for number, (_, themes) in enumerate(book.priorities, start=1)
        if theme.id in themes
    ]
    return cells.Verdict(f"{theme.id} {theme.label}", "", "unknown", "; ".join([*figure, *chosen]))


def _cell(cell: ThemeCell) -> cells.Verdict:
    if cell.finding is None:
        named = "wel een uitspraak" if cell.entries else "geen uitspraak"
        return cells.Verdict("; ".join([f"geen cijfer, {named}", *_say_targets(cell)]), "–", "unknown")
    visible = say_visible(cell.finding.trend)
    said = [
        *([visible] if visible else []),
        *_say_level(cell),
        *_say_plan(cell),
        *_say_targets(cell),
        *_say_others(cell),
    ]
    word = cell.finding.word
    return cells.Verdict(word.text, word.sign, cell.finding.tone, "; ".join(said))


def _say_level(cell: ThemeCell) -> list[str]:
    if cell.level is None:
        return []
    ratio, word = cell.level.result.ratio, cell.level.word
    if ratio != ratio:
        return ["niveau niet te vergelijken"]
    short = "onzeker" if word.direction == "unclear" else word.short
    return [f"niveau {short} ({numbers.decimal(ratio, 2)} keer)"]


def _say_plan(cell: ThemeCell) -> list[str]:
    topics = sum(not entry.is_claim for entry in cell.entries)
    said = [f"{number} {_CLAIMS[verdict]}" for verdict, number in _ordered(cell)]
    if topics and not said:
        return ["plan: alleen genoemd"]
    return [f"plan: {', '.join(said)}"] if said else []


def _ordered(cell: ThemeCell) -> list[tuple[Verdict, int]]:
    return [(verdict, cell.claims[verdict]) for verdict in _CLAIMS if cell.claims[verdict]]


def _say_targets(cell: ThemeCell) -> list[str]:
    if not cell.targets:
        return []
    said = say_tally(progress.status.word for progress in cell.targets)
    return [f"{'doel' if len(cell.targets) == 1 else 'doelen'}: {said}"]


def _say_others(cell: ThemeCell) -> list[str]:
    total = sum(cell.others.values())
    said = [f"{cell.others[tone]} {word}" for tone, word in _TONES.items() if cell.others.get(tone)]
    return [f"overige {total}: {', '.join(said) or 'gunstig noch ongunstig'}"] if total else []
