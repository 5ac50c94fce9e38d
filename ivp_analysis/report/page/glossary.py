"""Difficult words explained: the first place of each on a page leads to a list at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from ivp_analysis.report.page.pieces import Heading
from ivp_analysis.report.page.safe_html import Html, element, joined

TITLE = "Begrippen"
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)", re.IGNORECASE)
# Where a link would be a link in a link, would fold or unfold, or would stand in a drawing or a name.
_CLOSED = frozenset(
    {
        "a",
        "h1",
        "h2",
        "h3",
        "h4",
        "summary",
        "svg",
        "caption",
        "figcaption",
        "th",
        "style",
        "samp",
        "blockquote",
    }
)
_SPACE = re.compile(r"[\s\u00a0]+")


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A term as its list names it, the words that lead to it, and its explanation."""

    id: str
    label: str
    words: tuple[str, ...]
    text: str

    def as_json(self) -> dict[str, Any]:
        """For the executed notebook."""
        return {"id": self.id, "label": self.label, "words": list(self.words), "text": self.text}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> GlossaryTerm:
        """Back from it."""
        return cls(str(told["id"]), str(told["label"]), tuple(told["words"]), str(told["text"]))

    @property
    def anchor(self) -> str:
        """The id of its explanation on a page."""
        return f"begrip-{self.id}"


def explain_terms(body: str, terms: Sequence[GlossaryTerm]) -> str:
    """The body with each term linked once, and the list of those that occur after it."""
    linked, used = _link(body, terms)
    return f"{linked}\n{_list(used)}" if used else linked


def _link(body: str, terms: Sequence[GlossaryTerm]) -> tuple[str, list[GlossaryTerm]]:
    pending = {_plain(word): term for term in terms for word in term.words}
    used: set[str] = set()
    pieces, depth = [], 0
    for piece in _TAG.split(body):
        if piece.startswith("<"):
            depth += _step(piece)
            pieces.append(piece)
        elif depth or not piece.strip():
            pieces.append(piece)
        else:
            pieces += _with_links(piece, pending, used)
    return "".join(pieces), [term for term in terms if term.id in used]


def _step(tag: str) -> int:
    """How a tag changes the number of closed elements that are open."""
    name = _NAME.match(tag)
    if name is None or name[1].lower() not in _CLOSED or tag.endswith("/>"):
        return 0
    return -1 if tag.startswith("</") else 1


def _with_links(text: str, pending: dict[str, GlossaryTerm], used: set[str]) -> Iterator[str]:
    """The text of one element; a term that is linked here is not pending any more."""
    done = 0
    while pending:
        found = _pattern(pending).search(text, done)
        if found is None:
            break
        term = pending[_plain(unescape(found[0]))]
        yield text[done : found.start()]
        yield element("a", Html(found[0]), href=f"#{term.anchor}", class_="term")
        used.add(term.id)
        for word in term.words:
            pending.pop(_plain(word), None)
        done = found.end()
    yield text[done:]


def _pattern(pending: Mapping[str, GlossaryTerm]) -> re.Pattern[str]:
    """The longest words first, so that "high impact crimes" wins from a part of it."""
    words = sorted(pending, key=lambda word: (-len(word), word))
    written = (re.escape(word).replace(r"\ ", r"[\s\u00a0]+") for word in words)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(written)})(?![\w-])", re.IGNORECASE)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).lower()


def _list(used: Sequence[GlossaryTerm]) -> Html:
    pairs = [
        joined((element("dt", term.label, id=term.anchor), element("dd", term.text)))
        for term in sorted(used, key=lambda term: term.label.lower())
    ]
    return element("section", Heading(TITLE).html(), element("dl", *pairs, class_="terms"), class_="glossary")
