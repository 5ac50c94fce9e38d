"""Reads a page as a browser would meet it, and collects what the checks look at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_SHOWS = frozenset({"img", "svg", "table", "hr"})
_WORDS_IN = ("alt", "aria-label", "title", "content")
_REFERS = ("aria-labelledby", "aria-describedby", "for")
_LOADS = ("src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "manifest")
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")\s]*)|@import\s+['\"]?([^'\"\s;]*)", re.IGNORECASE)
Attributes = dict[str, str]


@dataclass
class Facts:
    """What stands on the page. loads: (element, address) of everything a browser fetches by itself."""

    lang: str = ""
    title: str = ""
    texts: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    tags: list[tuple[str, Attributes]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    loads: list[tuple[str, str]] = field(default_factory=list)
    links: list[Attributes] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    heads: list[tuple[bool, str]] = field(default_factory=list)
    outputs: list[bool] = field(default_factory=list)


@dataclass
class _Open:
    tag: str
    attributes: Attributes
    output: int | None
    words: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.facts = Facts()
        self.open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        output = self.open[-1].output if self.open else None
        if "output" in attributes.get("class", "").split():
            output = len(self.facts.outputs)
            self.facts.outputs.append(False)
        if output is not None and tag in _SHOWS:
            self.facts.outputs[output] = True
        self._note(tag, attributes)
        if tag not in _VOID:
            self.open.append(_Open(tag, attributes, output))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            closed = self.open.pop()
            self._close(closed)
            if closed.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.open:
            return
        inner = self.open[-1]
        if inner.tag == "style":
            self._css("style", data)
            return
        for element in self.open:
            element.words.append(data)
        if inner.output is not None and data.strip():
            self.facts.outputs[inner.output] = True
        if all(element.tag != "samp" for element in self.open):  # what a program said, and is shown as such
            self.facts.texts.append(data)

    def _note(self, tag: str, attributes: Attributes) -> None:
        facts = self.facts
        facts.tags.append((tag, attributes))
        facts.texts += [attributes[name] for name in _WORDS_IN if name in attributes]
        facts.ids += [attributes["id"]] if "id" in attributes else []
        facts.references += [name for key in _REFERS for name in attributes.get(key, "").split()]
        facts.loads += [(tag, attributes[name]) for name in _LOADS if name in attributes]
        for value in attributes.values():
            self._css(tag, value)
        if tag == "html":
            facts.lang = attributes.get("lang", "")
        elif tag == "a":
            facts.links.append(attributes)
        elif tag == "img":
            facts.images.append(attributes.get("alt", ""))
        elif any(name in attributes for name in ("href", "xlink:href")):
            facts.loads += [
                (tag, attributes.get(name, "")) for name in ("href", "xlink:href") if name in attributes
            ]

    def _css(self, tag: str, text: str) -> None:
        for address, imported in _CSS_URL.findall(text):
            self.facts.loads.append((tag, address or imported))

    def _close(self, closed: _Open) -> None:
        facts, words = self.facts, " ".join("".join(closed.words).split())
        inside = {element.tag for element in self.open}
        if closed.tag == "title" and "svg" not in inside:
            facts.title = words
        elif closed.tag == "svg" and "svg" not in inside:
            facts.drawings.append(_name_of_drawing(closed))
        elif re.fullmatch("h[1-6]", closed.tag):
            facts.headings.append((int(closed.tag[1]), words))
        elif closed.tag == "th":
            facts.heads.append(("scope" in closed.attributes, words))
        elif closed.tag == "caption" and words:
            facts.captions.append(words)


def _name_of_drawing(svg: _Open) -> str:
    """A drawing is read aloud by its label; one that only decorates says so."""
    if svg.attributes.get("aria-hidden") == "true":
        return "decoration"
    labelled = svg.attributes.get("aria-label") or svg.attributes.get("aria-labelledby", "")
    return labelled if svg.attributes.get("role") == "img" else ""


def read_page(html: str) -> Facts:
    """All facts of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.facts
