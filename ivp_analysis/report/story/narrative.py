"""The analyst's own texts in narrative/ of the workspace: found by theme and area, read, and never written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import InputError
from ivp_analysis.registry import slug
from ivp_analysis.registry.near import did_you_mean
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.safe_html import Html, element
from ivp_analysis.report.page.shown import Shown
from ivp_analysis.report.story.markdown import markdown_html

GENERAL = "voortgang"
TOLD = ("priority", "strategic-theme")
_KEYS = ("naam", "datum")
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text can be about: a theme of the safety fields, a priority or strategic theme, or the whole report.

    names: how its file may be called, the first as we propose it.
    """

    id: str
    label: str
    names: tuple[str, ...]
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Narrative(Shown):
    """A text with its writer and day, marked as the analyst's own."""

    label: str
    text: str
    author: str
    day: date | None

    @property
    def byline(self) -> str:
        """Whose text it is and of when."""
        told = [part for part in (self.author, numbers.day(self.day) if self.day else "") if part]
        lacking = (
            "naam en datum" if not told else "naam" if not self.author else "datum" if not self.day else ""
        )
        return ", ".join(["Tekst van de analist", *told]) + (f" ({lacking} niet vermeld)" if lacking else "")

    def html(self) -> Html:
        """Set apart from what is made of figures."""
        label = element("span", self.label, class_="label") if self.label else Html("")
        head = element("p", label, " " if self.label else "", self.byline, class_="byline")
        return element("div", head, markdown_html(self.text), class_="narrative")


def theme_topics(analysis: Analysis, field: str | None = None) -> list[Topic]:
    """The themes of the safety fields (of one field)."""
    themes = [t for t in analysis.registry.themes.values() if field in (None, t.field)]
    return [Topic(t.id, t.label, (t.id, slug(t.label))) for t in themes]


def aim_topics(analysis: Analysis) -> list[Topic]:
    """The priorities and strategic themes of the plan."""
    aims = [a for a in analysis.plan.aims if a.kind in TOLD]
    return [Topic(a.id, a.label, (slug(a.label), a.id), a.indicators) for a in aims]


def general_topic() -> Topic:
    """A text about the report as a whole."""
    return Topic(GENERAL, "", (GENERAL,))


def read_narrative(analysis: Analysis, topic: Topic, area: Area) -> Narrative | None:
    """The text about a topic in an area; None where nobody wrote one."""
    files = _files(analysis.workspace)
    path = next((files[name] for name in _stems(topic, area) if name in files), None)
    return None if path is None else _parse(path, topic.label)


def proposed_file(topic: Topic, area: Area) -> str:
    """How the file of a text is best called."""
    return f"{_stems(topic, area)[0]}.md"


def find_strays(analysis: Analysis) -> list[str]:
    """Files that belong to no topic of this plan and registry: nobody would miss them on a page."""
    topics = [general_topic(), *theme_topics(analysis), *aim_topics(analysis)]
    known = {stem for topic in topics for area in analysis.areas for stem in _stems(topic, area)}
    return sorted(path.name for stem, path in _files(analysis.workspace).items() if stem not in known)


def _stems(topic: Topic, area: Area) -> list[str]:
    """Of the region the bare name too; the one that is proposed first."""
    suffixes = ("", f"-{area.slug}") if area.is_region else (f"-{area.slug}",)
    return [f"{name}{suffix}".casefold() for suffix in suffixes for name in topic.names]


def _files(workspace: Workspace) -> dict[str, Path]:
    """By name without ending, whatever the case; empty files say nothing."""
    found = sorted(workspace.narrative.glob("*.md")) if workspace.narrative.is_dir() else []
    return {path.stem.casefold(): path for path in found if path.stat().st_size}


def _parse(path: Path, label: str) -> Narrative | None:
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError as error:
        raise InputError(
            "the text is not UTF-8", where=f"narrative/{path.name}", todo="save it as UTF-8 in the editor"
        ) from error
    head, body = _split(text)
    facts = _facts(head, path.name)
    if not body:
        return None
    return Narrative(label, body, facts.get("naam", ""), _day(facts.get("datum", ""), path.name))


def _split(text: str) -> tuple[Sequence[str], str]:
    """The lines between --- and --- at the top, and the rest."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return [], text
    end = next((i for i, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    return ([], text) if end is None else (lines[1:end], "\n".join(lines[end + 1 :]).strip())


def _facts(lines: Sequence[str], name: str) -> dict[str, str]:
    found = {}
    for line in (line for line in lines if line.strip()):
        key, mark, value = line.partition(":")
        if not mark or key.strip().casefold() not in _KEYS:
            raise InputError(
                f"the line {line.strip()!r} at the top is not understood",
                where=f"narrative/{name}",
                todo=f"{did_you_mean(key.strip(), _KEYS)}write naam: ... and datum: ... between the lines of ---",
            )
        found[key.strip().casefold()] = value.strip()
    return found


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    match = next((m for pattern in _DATES if (m := pattern.fullmatch(text))), None)
    try:
        if match:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        pass
    raise InputError(f"{text!r} is not a date", where=f"narrative/{name}", todo="write it as 14-12-2024")
