"""HTML that is escaped by construction: text as it enters an element, HTML never twice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_VOID = frozenset({"br", "col", "hr", "img", "link", "meta"})
_MONTH = "jan|feb|maart|apr|mei|juni|juli|aug|sept|okt|nov|dec"
_FIGURE_UNIT = re.compile(rf"(?<=\d) (?=%|(?:op|per|van|jaar|euro|km|uur)\b|{_MONTH})")
_WORD_FIGURE = re.compile(r"(?<=\b(?:op|nr)) (?=\d)|(?<=[±<>≤≥=]) (?=\d)|(?<=\bjaar) (?=[+−])")
_LONG_PAIR = re.compile(r"(?<=[a-z]{4})/(?=[a-z]{4})")


class Html(Markup):
    """Text that is HTML already. Only this module, the figures and the checked Markdown of an analyst make it from
    a plain string.
    """

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | int | bool | None) -> Html:
    """`element("p", text, class_="note")`; attributes that are None or False are left out."""
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    start = f"<{tag}{written}>"
    return Html(start if tag in _VOID else f"{start}{joined(children)}</{tag}>")


def joined(parts: Iterable[str], separator: str = "") -> Html:
    """Parts after each other; those that are not HTML are escaped."""
    return Html(separator).join(parts)


def hidden(text: str) -> Html:
    """Text for who listens instead of looks."""
    return element("span", text, class_="unseen")


def typeset(text: str) -> str:
    """Keep a figure and its unit on one line (`3 op 10`, `5 jaar`, `23 november`); let long/words break."""
    if isinstance(text, Markup):
        return text
    text = _LONG_PAIR.sub("/\N{ZERO WIDTH SPACE}", text)
    return _WORD_FIGURE.sub("\N{NO-BREAK SPACE}", _FIGURE_UNIT.sub("\N{NO-BREAK SPACE}", text))


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
