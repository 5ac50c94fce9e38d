"""What stands in a table cell: the value as readers see it, and the value as a file holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ivp_analysis.errors import ReportError
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.safe_html import Html, element, hidden, joined, typeset
from ivp_analysis.report.page.words import TONE_WORDS, Tone

Kind = Literal[
    "text", "count", "decimal", "percent", "signed", "signed_percent", "range", "percent_range",
    "signed_percent_range", "year", "period", "date", "chance", "verdict", "html",
]  # fmt: skip
Align = Literal["left", "right"]
FileValue = str | int | float | None
_TEXT_KINDS = frozenset({"text", "verdict", "html", "chance", "period", "date"})
_RANGES = frozenset({"range", "percent_range", "signed_percent_range"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word with its sign and tone; the tone is written out, so that colour never carries it alone."""

    word: str
    sign: str
    tone: Tone
    detail: str = ""

    def html(self) -> Html:
        """Sign (not read aloud), word, tone word, detail."""
        parts: list[str] = [element("span", typeset(self.word), class_="word")]
        if self.sign:
            parts[:0] = [element("span", self.sign, class_="sign", aria_hidden="true"), " "]
        if TONE_WORDS[self.tone]:
            parts += [" ", element("span", TONE_WORDS[self.tone], class_="tone")]
        if self.detail:
            parts += [" ", element("span", typeset(self.detail), class_="detail")]
        return element("span", joined(parts), class_=f"verdict {self.tone}")

    def plain(self) -> str:
        """The same in one line of text."""
        tone = f" ({TONE_WORDS[self.tone]})" if TONE_WORDS[self.tone] else ""
        return f"{self.word}{tone}" + (f"; {self.detail}" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Missing:
    """No figure, and why."""

    reason: str = "geen cijfer"

    def html(self) -> Html:
        """A dash for the eye, the reason for the ear and under the mouse."""
        dash = element("span", numbers.DASH, aria_hidden="true", title=self.reason)
        return joined((dash, hidden(self.reason)))


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere: another page, or a place on this one."""

    text: str
    href: str

    def html(self) -> Html:
        """An ordinary link."""
        return element("a", self.text, href=self.href)


@dataclass(frozen=True, slots=True)
class Bullets:
    """Several short texts in one cell."""

    items: tuple[str, ...]

    def html(self) -> Html:
        """A list, or the dash of a cell that has nothing."""
        listed = element("ul", *(element("li", typeset(item)) for item in self.items))
        return listed if self.items else Missing("niets genoemd").html()

    def plain(self) -> str:
        """The same in one line of text."""
        return "; ".join(self.items)


class Counted(str):
    """A count as readers see it, in a column that holds shares too: `1.656`, while a file holds the number."""

    number: int

    def __new__(cls, count: float) -> Counted:
        """Written once, by the number."""
        made = super().__new__(cls, numbers.count(count))
        made.number = int(numbers.round_half_up(count))
        return made


@dataclass(frozen=True, slots=True)
class Column:
    """One column: key into the rows, heading, unit, and how its values are written.

    unit: shown in the heading ("per 1.000 inwoners"). align: right for figures unless told otherwise.
    """

    key: str
    label: str
    unit: str = ""
    align: Align | None = None
    format: Kind = "text"
    digits: int = 0

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ReportError(f"column {self.key!r} has no heading", todo="readers who listen need one")

    @property
    def alignment(self) -> Align:
        """Figures stand right, words left."""
        return self.align or ("left" if self.format in _TEXT_KINDS else "right")

    @property
    def is_range(self) -> bool:
        """Whether a value has two ends."""
        return self.format in _RANGES


def cell_html(column: Column, value: Any) -> Html:
    """The value as readers see it."""
    if isinstance(value, (Verdict, Missing, Link, Bullets)):
        return value.html()
    if isinstance(value, Html):
        return value
    if _absent(column, value):
        return Missing().html()
    return Html.escape(_WRITE[column.format](column, value))


def cell_values(column: Column, value: Any) -> list[FileValue]:
    """The value as a file holds it: figures as figures, a range as two of them, shares in percents."""
    if column.format == "html":
        return []
    if column.is_range:
        return [None, None] if _absent(column, value) else [_figure(column, end) for end in value]
    if isinstance(value, (Verdict, Bullets)):
        return [value.plain()]
    if isinstance(value, Link):
        return [value.text]
    if isinstance(value, Counted):
        return [value.number]
    if isinstance(value, Missing) or _absent(column, value):
        return [None]
    return [_figure(column, value)]


def column_labels(column: Column) -> list[str]:
    """The headings of a column in a file."""
    if column.format == "html":
        return []
    unit = column.unit
    if ("percent" in column.format or column.format == "chance") and "%" not in unit:
        unit = f"% {unit}".strip()
    base = f"{column.label} ({unit})" if unit else column.label
    return [f"{base}, ondergrens", f"{base}, bovengrens"] if column.is_range else [base]


def _absent(column: Column, value: Any) -> bool:
    if isinstance(value, Missing):
        return True
    if column.is_range:
        return value is None or any(numbers.is_missing(end) for end in value)
    return value == "" or numbers.is_missing(value)


def _figure(column: Column, value: Any) -> FileValue:
    if column.format in ("text", "verdict", "period"):
        return str(value)
    if column.format == "date":
        return value.isoformat() if isinstance(value, date) else str(value)
    if column.format in ("count", "year"):
        return int(numbers.round_half_up(value))
    share = "percent" in column.format or column.format == "chance"
    return float(value) * 100 if share else float(value)


_WRITE: Mapping[Kind, Callable[[Column, Any], str]] = {
    "text": lambda column, value: typeset(str(value)),
    "verdict": lambda column, value: typeset(str(value)),
    "html": lambda column, value: str(value),
    "count": lambda column, value: numbers.count(value),
    "year": lambda column, value: str(int(value)),
    "decimal": lambda column, value: numbers.decimal(value, column.digits),
    "percent": lambda column, value: numbers.percent(value, column.digits),
    "signed": lambda column, value: numbers.signed(value, column.digits),
    "signed_percent": lambda column, value: numbers.percent(value, column.digits, signed=True),
    "range": lambda column, value: numbers.interval(value[0], value[1], column.digits),
    "percent_range": lambda column, value: numbers.percent_interval(value[0], value[1], column.digits),
    "signed_percent_range": lambda column, value: numbers.percent_interval(
        value[0], value[1], column.digits, signed=True
    ),
    "period": lambda column, value: numbers.period(str(value)),
    "date": lambda column, value: numbers.day(value),
    "chance": lambda column, value: numbers.chance(value),
}
