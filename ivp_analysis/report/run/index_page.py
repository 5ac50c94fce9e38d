"""The overview: a dashboard of indicators by areas, the pages with their question, what failed and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ivp_analysis.errors import ReportError
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Link, Missing, Verdict
from ivp_analysis.report.page.checks import check_page
from ivp_analysis.report.page.frame import Frame, outline, render_frame
from ivp_analysis.report.page.glossary import GlossaryTerm, explain_terms
from ivp_analysis.report.page.head import Foot, PageHead
from ivp_analysis.report.page.pieces import Details, Heading, Summary, Tile, Tiles
from ivp_analysis.report.page.safe_html import Html, element, joined
from ivp_analysis.report.page.tables import Table, files_mark
from ivp_analysis.report.page.words import Tone

DASHBOARD = "overzicht"
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\s\\/:'\"]+)+[\\/](?=[^\s\\/])")
_WIDTH, _HEIGHT, _EDGE = 84, 24, 3


@dataclass(frozen=True, slots=True)
class IndexCell:
    """One indicator in one area. history: the counts up to the reference year, None where there is none.

    absent: why there is no figure; it takes the place of all else.
    """

    count: float | None = None
    word: str = ""
    sign: str = ""
    tone: Tone = "unknown"
    history: Sequence[float | None] = ()
    absent: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An indicator with a cell for every area; rows of one field follow each other."""

    field: str
    label: str
    cells: Sequence[IndexCell]


@dataclass(frozen=True, slots=True)
class IndexLink:
    """A page, and the question it answers; without `href` a column without a page."""

    title: str
    href: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class IndexFailure:
    """A page that was not made, and what the program said."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexModel:
    """All that the overview shows. areas: the columns of the dashboard, each with its page; guests: pages about
    municipalities outside the plan.
    """

    title: str
    subtitle: str
    area: str
    reference_year: int
    data_date: date
    simulated: bool
    description: str
    areas: Sequence[IndexLink]
    rows: Sequence[IndexRow]
    pages: Sequence[IndexLink]
    guests: Sequence[IndexLink] = ()
    failures: Sequence[IndexFailure] = ()
    sentences: Sequence[str] = ()
    tiles: Sequence[Tile] = ()
    notes: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    glossary: Sequence[GlossaryTerm] = ()


def render_index(model: IndexModel) -> bytes:
    """The page, checked as every page is."""
    head = PageHead(
        title=model.title,
        subtitle=model.subtitle,
        area=model.area,
        reference_year=model.reference_year,
        data_date=model.data_date,
        simulated=model.simulated,
        description=model.description,
        slug="index",
    )
    shown = joined((_summary(model), _failures(model), _dashboard(model), _pages(model)))
    body, _ = outline(explain_terms(shown, model.glossary))
    frame = Frame(
        title=f"{model.title} {model.reference_year}",
        description=model.description,
        header=head.header(),
        body=body,
        contents=Html(""),
        foot=Foot(model.facts).html(),
        banner=head.banner,
        landscape=True,
    )
    html = render_frame(frame)
    check_page(html, page="index.html", outputs=0)
    return html.encode("utf-8")


def _summary(model: IndexModel) -> Html:
    said = Summary(model.sentences).html() if model.sentences else Html("")
    return joined((said, Tiles(model.tiles).html())) if model.tiles else said


def _failures(model: IndexModel) -> Html:
    if not model.failures:
        return Html("")
    intro = element("p", "Deze pagina's konden niet worden gemaakt. De andere pagina's zijn volledig.")
    items = [
        element("li", element("strong", failure.title), element("p", _said(failure.reason)))
        for failure in model.failures
    ]
    return joined((Heading("Niet gemaakt").html(), intro, element("ul", *items, class_="failures")))


def _said(reason: str) -> Html:
    """In the words of the program, without the folders of the machine it ran on."""
    return element("samp", _FOLDERS.sub("", reason), lang="en")


def _dashboard(model: IndexModel) -> Html:
    if not model.rows:
        return Html("")
    wrong = [row.label for row in model.rows if len(row.cells) != len(model.areas)]
    if wrong:
        raise ReportError(f"row {wrong[0]!r} has not one cell per area", where="index.html")
    columns = [
        Column(f"area{number}", _area_head(area), format="html") for number, area in enumerate(model.areas)
    ]
    rows = [
        {"field": row.field, "label": row.label}
        | {column.key: _cell(cell) for column, cell in zip(columns, row.cells, strict=True)}
        for row in model.rows
    ]
    table = Table(
        caption=f"Aantallen in {model.reference_year}, het verloop en de trend, per onderwerp en gebied",
        columns=[Column("label", "Onderwerp"), *columns],
        rows=rows,
        notes=model.notes,
        id=DASHBOARD,
        group=Column("field", "Veiligheidsveld"),
    )
    html = Html(table.html().replace(files_mark(DASHBOARD), Html("")))
    return joined((Heading("Onderwerpen en gebieden").html(), element("div", html, class_="dashboard")))


def _area_head(area: IndexLink) -> str:
    return Link(area.title, area.href).html() if area.href else area.title


def _cell(cell: IndexCell) -> Html | Missing:
    if cell.absent:
        return Missing(cell.absent)
    number = element("span", numbers.count(cell.count), class_="count")
    word = Verdict(cell.word, cell.sign, cell.tone, cell.detail).html() if cell.word else Html("")
    return joined((number, _sparkline(cell.history), " ", word))


def _sparkline(history: Sequence[float | None]) -> Html:
    """A line from zero that says nothing which the words beside it do not say: hidden from who listens."""
    known = [(place, value) for place, value in enumerate(history) if not numbers.is_missing(value)]
    if len(known) < 2:
        return Html("")
    across = (_WIDTH - 2 * _EDGE) / (len(history) - 1)
    up = (_HEIGHT - 2 * _EDGE) / max(max(value for _, value in known if value is not None), 1)
    points = {
        place: f"{_EDGE + across * place:.1f},{_HEIGHT - _EDGE - up * value:.1f}"
        for place, value in known
        if value is not None
    }
    x, y = points[known[-1][0]].split(",")
    drawn = [
        element(
            "polyline",
            points=run,
            fill="none",
            stroke="currentColor",
            stroke_width="2",
            stroke_linejoin="round",
        )
        for run in _runs(points)
    ]
    dot = element("circle", cx=x, cy=y, r="3", fill="currentColor")
    return element(
        "svg", *drawn, dot, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", aria_hidden="true", focusable="false"
    )


def _runs(points: Mapping[int, str]) -> list[str]:
    """Points of years that follow each other: a line may not bridge a missing year."""
    runs: list[list[str]] = []
    for place, point in points.items():
        if place - 1 in points:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [" ".join(run) for run in runs if len(run) > 1]


def _pages(model: IndexModel) -> Html:
    items = [
        element(
            "li",
            element("a", page.title, href=page.href),
            element("p", page.question) if page.question else Html(""),
        )
        for page in model.pages
    ]
    if not items:
        return Html("")
    listed = element("ul", *items, class_="reports")
    return element("section", Heading("Alle pagina's").html(), listed, _guests(model), class_="pages")


def _guests(model: IndexModel) -> Html:
    """Folded: with all of the country there are hundreds."""
    if not model.guests:
        return Html("")
    items = [element("li", element("a", page.title, href=page.href)) for page in model.guests]
    return Details(f"Andere gemeenten ({len(items)})", element("ul", *items, class_="guests")).html()
