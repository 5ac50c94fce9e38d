"""From a matplotlib figure to inline SVG: text as text, readable aloud, light and dark, the same bytes.

matplotlib's own SVG carries a doctype, metadata, a style sheet that leaks into the page around it, and ids
that are equal in every figure; all of that goes. What is black becomes `currentColor`: the page decides.
"""

from __future__ import annotations

import hashlib
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import matplotlib
from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.text import Text

FAMILY = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
)
INK = "#000000"
_MARK = "\ue000"  # stands for the prefix of the ids until the hash of the whole is known
_NUMBER = re.compile(r"-?\d+\.\d+")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DROPPED = {"metadata", "style", "title"}
_HREF = "{http://www.w3.org/1999/xlink}href"
_EXACT = {"opacity", "fill-opacity", "stroke-opacity", "viewBox"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """An inline SVG with what it shows in words; `width` is the CSS width for which it was designed."""

    svg: str
    title: str
    description: str
    width: int

    def with_key(self, key: str) -> Drawing:
        """The same drawing with other ids, for a page that shows it twice."""
        old = self.svg.partition('aria-labelledby="')[2].partition("t ")[0]
        fresh = hashlib.sha256(f"{key}\n{self.svg}".encode()).hexdigest()[:8]
        return replace(self, svg=self.svg.replace(old, f"f{fresh}-"))


# Whether the style is set already: setting it takes as long as drawing a small chart.
_is_plain = False


@contextmanager
def plain_style() -> Iterator[None]:
    """matplotlib's defaults, whatever a notebook has set: a figure may not depend on what ran before it."""
    global _is_plain
    if _is_plain:
        yield
        return
    with (
        style.context("default", after_reset=True),
        matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ivp"}),
    ):
        _is_plain = True
        try:
            yield
        finally:
            _is_plain = False


def export(figure: Figure, *, title: str, description: str) -> Drawing:
    """Turn a finished figure into a Drawing."""
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_parse_math(False)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    source = ET.fromstring(buffer.getvalue())
    _strip(source)
    _, _, width, height = (float(part) for part in source.attrib["viewBox"].split())
    body = "".join(ET.tostring(child, encoding="unicode") for child in source)
    return compose(body, title=title, description=description, width=round(width), height=round(height))


def compose(body: str, *, title: str, description: str, width: int, height: int) -> Drawing:
    """Put SVG elements into a labelled root; the hash of everything becomes the prefix of their ids."""
    digest = hashlib.sha256("\n".join((title, description, body)).encode()).hexdigest()[:8]
    root = ET.Element("svg", _root_attributes(width, height))
    for tag, end, words in (("title", "t", title), ("desc", "d", description)):
        ET.SubElement(root, tag, {"id": f"{_MARK}{end}"}).text = words
    head = ET.tostring(root, encoding="unicode").removesuffix("</svg>")
    text = (head + body + "</svg>").replace(_MARK, f"f{digest}-")
    return Drawing(text, title, description, width)


def _root_attributes(width: int, height: int) -> dict[str, str]:
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width} {height}",
        "width": "100%",
        "role": "img",
        "aria-labelledby": f"{_MARK}t {_MARK}d",
        "class": "drawing",
        "font-family": FAMILY,
        "fill": "currentColor",
        "stroke-linejoin": "round",
    }


def _strip(root: ET.Element) -> None:
    used = {_target(node) for node in root.iter()} - {""}
    _drop(root)
    _clean(root, used)
    _flatten(root)


def _target(node: ET.Element) -> str:
    clip = _REFERENCE.search(node.get("clip-path", ""))
    return clip[1] if clip else node.get(_HREF, "").removeprefix("#")


def _drop(node: ET.Element) -> None:
    for child in list(node):
        if _tag(child) in _DROPPED:
            node.remove(child)
        else:
            _drop(child)


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def _clean(root: ET.Element, used: set[str]) -> None:
    names = {name: f"{_MARK}{position}" for position, name in enumerate(sorted(used))}
    for node in root.iter():
        node.tag = _tag(node)
        node.text = node.text if node.tag == "text" else None
        node.tail = None
        attributes = {**_declarations(node.attrib.pop("style", "")), **node.attrib}
        node.attrib.clear()
        for name, value in attributes.items():
            _set(node, name, value, names)


def _declarations(css: str) -> dict[str, str]:
    """A style attribute as presentation attributes, which a strict content policy lets through."""
    pairs = (part.partition(":") for part in css.split(";") if part.strip())
    found = {name.strip(): value.strip() for name, _, value in pairs}
    for name in ("font-family", "stroke-linejoin", "stroke-dashoffset"):
        found.pop(name, None)
    return found


def _set(node: ET.Element, name: str, value: str, names: dict[str, str]) -> None:
    if name == "id":
        if value in names:
            node.set("id", names[value])
    elif name == _HREF:
        node.set("href", f"#{names[value.removeprefix('#')]}")
    elif name == "clip-path":
        node.set(name, _REFERENCE.sub(lambda match: f"url(#{names[match[1]]})", value))
    elif name == "transform" and value.startswith("rotate(-0"):
        return
    elif value == INK:
        node.set(name, "currentColor")
    else:
        node.set(name, value if name in _EXACT else _short(value))


def _short(value: str) -> str:
    text = _NUMBER.sub(lambda match: f"{round(float(match[0]), 1) + 0:.1f}".removesuffix(".0"), value)
    return re.sub(r"\s*([MLCQZz])\s*", r"\1", text.replace("\n", " ")).strip()


def _flatten(node: ET.Element) -> None:
    """Take away groups that hold nothing or only tell a place in the figure, and shapes without paint."""
    kept: list[ET.Element] = []
    for child in node:
        _flatten(child)
        if child.tag in ("g", "defs") and not child.attrib and (child.tag == "g" or not len(child)):
            kept.extend(child)
        elif not _invisible(child):
            kept.append(child)
    node[:] = kept


def _invisible(node: ET.Element) -> bool:
    if node.tag == "path":
        return node.get("fill") == "none" and "stroke" not in node.attrib and "id" not in node.attrib
    return node.tag == "g" and not len(node)
