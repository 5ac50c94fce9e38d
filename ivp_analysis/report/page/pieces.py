"""The pieces of a page that hold its findings: summary, tiles, headings, texts, folded details, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ivp_analysis.errors import ReportError
from ivp_analysis.report.page.cells import Verdict
from ivp_analysis.report.page.safe_html import Html, element, joined, typeset
from ivp_analysis.report.page.shown import Part, Shown, part_html, tables_in
from ivp_analysis.report.page.words import Tone

if TYPE_CHECKING:
    from ivp_analysis.report.figures import Drawing
    from ivp_analysis.report.page.tables import Table

MOST_SENTENCES = 7
SUMMARY_TITLE = "In één minuut"


@dataclass(frozen=True, slots=True)
class Summary(Shown):
    """The answer in at most seven sentences."""

    sentences: Sequence[str]
    title: str = SUMMARY_TITLE

    def __post_init__(self) -> None:
        if not 1 <= len(self.sentences) <= MOST_SENTENCES:
            raise ReportError(
                f"{len(self.sentences)} sentences",
                where="Summary",
                todo=f"give 1 to {MOST_SENTENCES}: a reader has one minute",
            )

    def html(self) -> Html:
        """A list, so that each sentence stands by itself."""
        items = (element("li", typeset(sentence)) for sentence in self.sentences)
        return element("section", Heading(self.title).html(), element("ul", *items), class_="summary")


@dataclass(frozen=True, slots=True)
class Tile:
    """One verdict: about what, the word with its sign and tone, the figure, and what stands behind it."""

    label: str
    word: str
    sign: str
    tone: Tone
    detail: str = ""
    value: str = ""

    def html(self) -> Html:
        """A list item that reads as one sentence."""
        value = element("span", self.value, class_="value") if self.value else Html("")
        detail = element("span", typeset(self.detail), class_="detail") if self.detail else Html("")
        verdict = Verdict(self.word, self.sign, self.tone).html()
        label = element("span", typeset(self.label), class_="label")
        return element("li", joined((label, value, verdict, detail), " "), class_=f"tile {self.tone}")


@dataclass(frozen=True, slots=True)
class Tiles(Shown):
    """A strip of verdicts."""

    tiles: Sequence[Tile]
    label: str = "Oordelen in het kort"

    def html(self) -> Html:
        """A list with a name."""
        return element("ul", *(tile.html() for tile in self.tiles), class_="tiles", aria_label=self.label)


@dataclass(frozen=True, slots=True)
class Heading(Shown):
    """A heading whose words come from results; a fixed one stands in Markdown."""

    text: str
    level: Literal[2, 3, 4] = 2
    id: str = ""

    def html(self) -> Html:
        """The heading; without an id of its own the export gives it one."""
        return element(f"h{self.level}", self.text, id=self.id or None)


@dataclass(frozen=True, slots=True, init=False)
class Text(Shown):
    """Paragraphs."""

    paragraphs: tuple[str, ...]

    def __init__(self, *paragraphs: str) -> None:
        object.__setattr__(self, "paragraphs", paragraphs)

    def html(self) -> Html:
        """One element each."""
        return joined(element("p", typeset(paragraph)) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True, init=False)
class Details(Shown):
    """What only some readers want: folded on a screen, open in print."""

    summary: str
    parts: tuple[Part, ...]

    def __init__(self, summary: str, *parts: Part) -> None:
        object.__setattr__(self, "summary", summary)
        object.__setattr__(self, "parts", parts)

    def html(self) -> Html:
        """Needs no script."""
        body = element("div", *(part_html(part) for part in self.parts), class_="folded")
        return element("details", element("summary", self.summary), body)

    def tables(self) -> list[Table]:
        """The tables inside."""
        return tables_in(self.parts)


@dataclass(frozen=True, slots=True)
class Figure(Shown):
    """A drawing with its caption; its figures as a folded table, for who cannot see it or wants to copy."""

    drawing: Drawing
    caption: str = ""
    data: Table | None = None

    def __post_init__(self) -> None:
        for name in ("title", "description"):
            words = getattr(self.drawing, name)
            if len(words.split()) < 2:  # "lijngrafiek" tells nothing
                raise ReportError(f"{name} {words!r} tells nothing", where="Figure", todo="say what it shows")

    def html(self) -> Html:
        """The caption stands above, as with a table."""
        caption = element("figcaption", typeset(self.caption or self.drawing.title))
        data = Details("Cijfers bij deze figuur", self.data).html() if self.data else Html("")
        # The figures room makes this SVG and escapes the texts in it.
        figure = element("figure", caption, Html(self.drawing.svg))
        return element("div", figure, data, class_="drawn")

    def tables(self) -> list[Table]:
        """The data table."""
        return [self.data] if self.data else []
