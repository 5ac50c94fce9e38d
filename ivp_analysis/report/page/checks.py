"""What a page must be before it is written: whole, readable by everyone, on its own, the same each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from ivp_analysis.errors import ReportError
from ivp_analysis.report.page.facts import Facts, read_page

_FORBIDDEN = frozenset(
    {"script", "iframe", "object", "embed", "form", "base", "link", "audio", "video", "frame", "applet"}
)
# Words that programs write when nobody chose any.
_MACHINE_WORDS = re.compile(r"(?<![\w.-])(?:nan|NaN|NaT|None|inf|undefined|Traceback)(?![\w-])|<NA>")
_DEFAULT_TEXTS = (
    "No description has been provided",
    "Figure size",
    "Table of Contents",
    "Untitled",
    "lijngrafiek",
)
_MACHINE_PATHS = re.compile(r"file://|/home/|/tmp/|/Users/|(?<!\w)[A-Za-z]:\\")
_FEWEST_LETTERS = 8


class ExportError(ReportError):
    """A page is not fit to be read; it is not written."""


def check_page(html: str, *, page: str, outputs: int) -> None:
    """Refuse a page with any fault, naming all of them. outputs: how many its notebook shows in the body."""
    facts = read_page(html)
    faults = [fault for check in _CHECKS for fault in check(facts)]
    faults += _check_outputs(facts, outputs)
    if faults:
        more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
        raise ExportError(
            "; ".join(faults[:5]) + more, where=page, todo="mend the cell that shows it; run it again"
        )


def _check_outputs(facts: Facts, outputs: int) -> Iterator[str]:
    if len(facts.outputs) != outputs:
        yield f"{len(facts.outputs)} outputs on the page, {outputs} in the notebook"
    empty = facts.outputs.count(False)
    if empty:
        yield f"{empty} outputs show nothing on the page"


def _check_language(facts: Facts) -> Iterator[str]:
    if facts.lang != "nl":
        yield f"language {facts.lang!r} instead of nl"
    if not facts.title:
        yield "no title"


def _check_elements(facts: Facts) -> Iterator[str]:
    for tag, attributes in facts.tags:
        if tag in _FORBIDDEN:
            yield f"element <{tag}>"
        handlers = [name for name in attributes if name.startswith("on")]
        if handlers:
            yield f"script in {handlers[0]} of <{tag}>"
        if tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            yield "a page that leaves by itself"


def _check_loads(facts: Facts) -> Iterator[str]:
    for tag, address in facts.loads:
        if not address.startswith(("#", "data:image/")):
            yield f"<{tag}> loads {address[:60]!r}"


def _check_links(facts: Facts) -> Iterator[str]:
    known = set(facts.ids)
    for link in facts.links:
        href = link.get("href", "")
        if href.startswith("#") and href[1:] not in known:
            yield f"link to {href!r}, which is not on the page"
        if re.match(r"(?:https?:)?//", href) and "noopener" not in link.get("rel", "").split():
            yield f"link to {href[:60]!r} without rel=noopener"
        if re.match(r"\s*(?:javascript|vbscript|file):", href, re.IGNORECASE):
            yield f"link to {href[:60]!r}"
    for name in facts.references:
        if name not in known:
            yield f"reference to id {name!r}, which is not on the page"


def _check_ids(facts: Facts) -> Iterator[str]:
    for name in sorted({name for name in facts.ids if facts.ids.count(name) > 1}):
        yield f"id {name!r} used twice"


def _check_pictures(facts: Facts) -> Iterator[str]:
    for alt in facts.images:
        if len(alt.strip()) < _FEWEST_LETTERS:
            yield f"a picture described as {alt!r}"
    for name in facts.drawings:
        if not name.strip():
            yield "a drawing without role=img and a title"


def _check_headings(facts: Facts) -> Iterator[str]:
    levels = [level for level, _ in facts.headings]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of level 1"
    for (before, _), (after, text) in pairwise(facts.headings):
        if after > before + 1:
            yield f"heading {text!r} skips a level"
    if any(not text for _, text in facts.headings):
        yield "an empty heading"


def _check_tables(facts: Facts) -> Iterator[str]:
    tables = sum(tag == "table" for tag, _ in facts.tags)
    if tables != len(facts.captions):
        yield f"{tables - len(facts.captions)} tables without a caption"
    for caption in sorted({text for text in facts.captions if facts.captions.count(text) > 1}):
        yield f"caption {caption!r} used twice"
    if any(not scope for scope, _ in facts.heads):
        yield "a table heading without scope"
    if any(not text for _, text in facts.heads):
        yield "an empty table heading"


def _check_words(facts: Facts) -> Iterator[str]:
    text = " ".join(facts.texts)
    for found in sorted(set(_MACHINE_WORDS.findall(text))):
        yield f"the text holds {found!r}"
    for default in _DEFAULT_TEXTS:
        if default.lower() in text.lower():
            yield f"the text holds {default!r}"
    path = _MACHINE_PATHS.search(text)
    if path:
        yield f"the text holds a path of this machine ({path[0]!r})"


_CHECKS: tuple[Callable[[Facts], Iterator[str]], ...] = (
    _check_language,
    _check_elements,
    _check_loads,
    _check_links,
    _check_ids,
    _check_pictures,
    _check_headings,
    _check_tables,
    _check_words,
)
