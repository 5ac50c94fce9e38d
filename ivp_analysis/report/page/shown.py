"""What a notebook cell shows: HTML for JupyterLab and the page, and beside it what the export needs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ivp_analysis.report.page.safe_html import Html, element, joined, typeset

if TYPE_CHECKING:
    from ivp_analysis.report.page.tables import Table

# Read by report/export.py from the executed notebook; JupyterLab ignores what it does not know.
PAGE_MIME = "application/vnd.ivp.page+json"


class Shown(ABC):
    """An object with one HTML form. Put it last in a cell, or give it to `display`."""

    @abstractmethod
    def html(self) -> Html:
        """The piece as HTML, without its frame."""

    def tables(self) -> list[Table]:
        """The tables in it, which the export also writes as files."""
        return []

    def page_data(self) -> dict[str, Any]:
        """What the export needs: the part of the page, and the tables as plain values."""
        return {"part": "main", "tables": [table.flat().as_json() for table in self.tables()]}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            "text/html": str(element("div", self.html(), class_="ivp")),
            "text/plain": type(self).__name__,
            PAGE_MIME: self.page_data(),
        }


Part = Shown | str


def part_html(part: Part) -> Html:
    """A piece as it is, HTML as it is, and a text as a paragraph."""
    if isinstance(part, Shown):
        return part.html()
    return part if isinstance(part, Html) else element("p", typeset(part))


def tables_in(parts: Iterable[Part]) -> list[Table]:
    """All tables of the pieces, in order."""
    return [table for part in parts if isinstance(part, Shown) for table in part.tables()]


@dataclass(frozen=True, slots=True, init=False)
class Parts(Shown):
    """Several pieces after each other, so that one line of a notebook shows them all."""

    parts: tuple[Part, ...]

    def __init__(self, *parts: Part) -> None:
        object.__setattr__(self, "parts", parts)

    def html(self) -> Html:
        """The pieces in order."""
        return joined(part_html(part) for part in self.parts)

    def tables(self) -> list[Table]:
        """The tables of all pieces."""
        return tables_in(self.parts)
