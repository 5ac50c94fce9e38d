"""The head, sources and foot of a page; with the pieces between them all that a notebook shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ivp_analysis.errors import ReportError
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.banner import BANNER as BANNER
from ivp_analysis.report.page.glossary import GlossaryTerm
from ivp_analysis.report.page.pieces import Details as Details
from ivp_analysis.report.page.pieces import Figure as Figure
from ivp_analysis.report.page.pieces import Heading as Heading
from ivp_analysis.report.page.pieces import Summary as Summary
from ivp_analysis.report.page.pieces import Text as Text
from ivp_analysis.report.page.pieces import Tile as Tile
from ivp_analysis.report.page.pieces import Tiles as Tiles
from ivp_analysis.report.page.safe_html import Html, element, joined, typeset
from ivp_analysis.report.page.shown import Part as Part
from ivp_analysis.report.page.shown import Parts as Parts
from ivp_analysis.report.page.shown import Shown as Shown
from ivp_analysis.report.page.style import live_style


@dataclass(frozen=True, slots=True)
class PageHead(Shown):
    """Title, area, year and date of the data; `simulated` shows the banner, and nothing else hides it.

    description: one or two sentences for who finds the page by a search or a link. slug: the page's files.
    landscape: how it is printed.
    month: "2024-03" on a page about a month, in the place of the year.
    """

    title: str
    subtitle: str
    area: str
    reference_year: int
    data_date: date
    simulated: bool
    description: str
    slug: str
    landscape: bool = False
    month: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "area", "description", "slug"):
            if not getattr(self, name).strip():
                raise ReportError(f"no {name}", where="PageHead", todo="every page says what it is about")

    @property
    def banner(self) -> str:
        """The warning on every page of simulated figures."""
        return BANNER if self.simulated else ""

    def html(self) -> Html:
        """As the live notebook shows it, with the style that all pieces share."""
        return joined((Html(f"<style>{live_style()}</style>"), self.header()))

    def header(self) -> Html:
        """The head itself."""
        banner = element("p", self.banner, class_="banner") if self.banner else Html("")
        kicker = element("p", self.subtitle, class_="kicker") if self.subtitle else Html("")
        return joined((banner, kicker, element("h1", self.title), self._facts()))

    def page_data(self) -> dict[str, Any]:
        """The title and the other facts, for the export."""
        return {
            "part": "head",
            "tables": [],
            "title": self.title,
            "area": self.area,
            "reference_year": self.reference_year,
            "banner": self.banner,
            "description": self.description,
            "slug": self.slug,
            "landscape": self.landscape,
            "header": str(self.header()),
        }

    def _facts(self) -> Html:
        return fact_list(
            {
                "Gebied": self.area,
                **(
                    {"Maand": numbers.period(self.month)}
                    if self.month
                    else {"Verslagjaar": str(self.reference_year)}
                ),
                "Stand cijfers": numbers.day(self.data_date),
            }
        )


def fact_list(facts: Mapping[str, str]) -> Html:
    """Terms with their facts, beside each other where there is room."""
    pairs = [
        element("div", element("dt", term), element("dd", typeset(fact))) for term, fact in facts.items()
    ]
    return element("dl", *pairs, class_="facts")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source as readers may check it."""

    title: str
    publisher: str
    taken_on: date
    period: str = ""
    url: str = ""

    def html(self) -> Html:
        """Title (a link where there is one), publisher, period, date."""
        link = element("a", self.title, href=self.url, rel="noopener")
        title = link if self.url else element("cite", self.title)
        facts = [self.publisher, self.period, f"opgehaald {numbers.day(self.taken_on)}"]
        return element("li", title, ", ", typeset(", ".join(fact for fact in facts if fact)))


@dataclass(frozen=True, slots=True)
class Sources(Shown):
    """Where the figures come from."""

    lines: Sequence[SourceLine]

    def html(self) -> Html:
        """A list."""
        return element("ul", *(line.html() for line in self.lines), class_="sources")


@dataclass(frozen=True, slots=True)
class Foot(Shown):
    """What a reader needs to ask after this page (version, parameters); the export puts it in the footer.

    glossary: the terms that the export explains where the page uses them.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    glossary: Sequence[GlossaryTerm] = ()

    def html(self) -> Html:
        """Term and fact."""
        return fact_list(self.facts)

    def page_data(self) -> dict[str, Any]:
        """Belongs in the footer."""
        terms = [term.as_json() for term in self.glossary]
        return {"part": "foot", "tables": [], "html": str(self.html()), "glossary": terms}
