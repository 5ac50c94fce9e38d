"""The frame that every page has: head, landmarks, the one style sheet; and the table of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from ivp_analysis.errors import InputError
from ivp_analysis.registry import slug
from ivp_analysis.report.page.safe_html import Html, element
from ivp_analysis.report.page.style import TEMPLATE, page_style, print_margins

_HEADING = re.compile(r"<h([2-6])([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\sid="([^"]*)"')
_TAG = re.compile(r"<[^>]+>")
# Two headings need no list of where they are.
_FEWEST_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class FileLink:
    """A link in the foot of a page; `download` is the name to save under."""

    text: str
    href: str
    download: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page is made of. up: the overview; banner: repeated on every printed page."""

    title: str
    description: str
    header: Html
    body: Html
    contents: Html
    foot: Html
    banner: str = ""
    up: str = ""
    links: Sequence[FileLink] = ()
    landscape: bool = False

    @property
    def style(self) -> Html:
        """The style sheet, with the words that head each printed page."""
        left, right = (self.banner, self.title) if self.banner else (self.title, "")
        return Html(page_style() + print_margins(left, right, landscape=self.landscape))


@dataclass(frozen=True, slots=True)
class _Place:
    level: int
    id: str
    text: str


def render_frame(frame: Frame) -> str:
    """The whole page."""
    return template("frame.html.j2").render(frame=frame) + "\n"


@cache
def template(name: str) -> Template:
    """A template of the package; what is not HTML yet is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(name)


def outline(body: str) -> tuple[Html, Html]:
    """The body with an id on every heading, each used once, and the list of contents (h2 with their h3)."""
    taken = set(_ID.findall(_HEADING.sub("", body)))
    places: list[_Place] = []

    def with_id(match: re.Match[str]) -> str:
        level, attributes, inside = match.groups()
        text = unescape(_TAG.sub("", inside)).strip()
        own = _unique(_wanted(attributes, text), taken)
        places.append(_Place(int(level), own, text))
        return f'<h{level}{_ID.sub("", attributes)} id="{own}">{inside}</h{level}>'

    marked = _HEADING.sub(with_id, body)
    return Html(marked), _contents(places)


def _wanted(attributes: str, text: str) -> str:
    found = _ID.search(attributes)
    if found and re.fullmatch(r"[a-z][a-z0-9-]*", found[1]):
        return found[1]
    try:
        return slug(text)
    except InputError:  # a heading of signs only
        return "deel"


def _unique(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name


def _contents(places: Sequence[_Place]) -> Html:
    chapters: list[tuple[_Place, list[_Place]]] = []
    for place in places:
        if place.level == 2:
            chapters.append((place, []))
        elif place.level == 3 and chapters:
            chapters[-1][1].append(place)
    if len(chapters) < _FEWEST_HEADINGS:
        return Html("")
    return element("ol", *(_entry(chapter, sections) for chapter, sections in chapters))


def _entry(place: _Place, sections: Sequence[_Place] = ()) -> Html:
    inner = element("ol", *(_entry(section) for section in sections)) if sections else Html("")
    return element("li", element("a", place.text, href=f"#{place.id}"), inner)
