"""The analyst's Markdown as HTML that can do no harm: a few elements, no images, no scripts, links that leave."""

from __future__ import annotations

import re

import bleach
import mistune

from ivp_analysis.report.page.safe_html import Html, element

# A text stands under a heading of level 3 at most; its own headings are one below, whatever the writer chose.
_HEADING = "h4"
_TAGS = frozenset(
    {"p", "br", "em", "strong", "ul", "ol", "li", "a", "blockquote", "hr", "code", "pre", _HEADING}
)
_ATTRIBUTES = {"a": ["href", "rel"], "ol": ["start"]}
_PROTOCOLS = frozenset({"http", "https", "mailto"})
_LINK = re.compile(r"(?:https?://|mailto:)\S+", re.I)


class _Writer(mistune.HTMLRenderer):
    """Headings of one level, pictures as their description, links only to addresses of their own."""

    def heading(self, text: str, level: int, **_: object) -> str:
        return f"<{_HEADING}>{text}</{_HEADING}>\n" if text.strip() else ""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return str(Html.escape(text))

    def link(self, text: str, url: str, title: str | None = None) -> str:
        # The text is HTML already; a link within the workspace would lead nowhere on a page.
        return str(element("a", Html(text), href=url, rel="noopener")) if _LINK.fullmatch(url) else text


_write = mistune.create_markdown(renderer=_Writer(escape=True))


def markdown_html(text: str) -> Html:
    """HTML typed into the text is shown as text; what is left is checked once more against a list of elements."""
    written = _write(text)
    assert isinstance(written, str), "the renderer writes text"
    clean = bleach.clean(written, tags=_TAGS, attributes=_ATTRIBUTES, protocols=_PROTOCOLS, strip=True)
    return Html(clean.strip())
