"""One cell of a delivery: from what somebody typed to a value, or the reason why that cannot be, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from ivp_analysis.data.counts import parse_count
from ivp_analysis.data.delivery_specs import LONGEST, WORDING, DeliveryColumn, DeliveryTemplate
from ivp_analysis.data.regions import area_by_name, classify_keys, near_names, successors
from ivp_analysis.errors import InputError
from ivp_analysis.periods import LAST_YEAR
from ivp_analysis.registry.near import near
from ivp_analysis.registry.records import Registry, Source

Reader = Callable[[str, Mapping[str, str]], Any]
_FORMULA = ("=", "@")
_ERROR = re.compile(r"#(N/[AB]|[A-Z]+[A-Z/0]*[!?])")
_MONTHS = "jan|feb|mrt|maa|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec"
_DATE = re.compile(
    rf"[0-9]{{1,4}}[-/][0-9]{{1,2}}([-/][0-9]{{1,4}})?|[0-9]{{1,2}}[- ]({_MONTHS})[a-z]*.*", re.I
)
_OWN_QUESTION = re.compile(r"[a-z][a-z0-9_]{2,39}")
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_DECIMAL = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,15})?")
_ISO, _DUTCH = (
    re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<d>[0-9]{1,2})[-/](?P<m>[0-9]{1,2})[-/](?P<y>[0-9]{4})"),
)


def cell_readers(template: DeliveryTemplate, source: Source, registry: Registry) -> dict[str, Reader]:
    """Per column what reads it; each is given the text and the whole row. ValueError says what is wrong."""
    codes = dict(source.codes)
    themes = known_themes(registry)
    places = {plan.region_name: plan.region_slug for plan in registry.plans.values()}
    # The same few names stand in thousands of rows, and each is held against all that ever were.
    area = lru_cache(maxsize=None)(lambda text, year: _area(text, year, registry))

    def reader(column: DeliveryColumn) -> Reader:
        match column.kind:
            case "area":
                return lambda text, row: area(text, _year_of(row))
            case "place":
                return lambda text, row: _named(text, places) or area(text, _year_of(row))
            case "code":
                return lambda text, _: _known(text, codes, "code")
            case "question":
                return lambda text, row: _question(text, row.get(WORDING, ""), codes)
            case "theme":
                return lambda text, _: _known(text, themes, "theme")
            case "word":
                words = {word: word for word in column.words}
                return lambda text, _: _known(text, words, "word")
            case "date":
                return lambda text, _: _date(text)
            case "whole":
                return lambda text, _: _whole(text, column)
            case "count":
                return lambda text, _: _count(text)
            case "decimal":
                return lambda text, _: _decimal(text, column)
            case "text":
                return lambda text, _: _text(text)

    return {column.name: _guarded(reader(column)) for column in template.columns}


def known_themes(registry: Registry) -> dict[str, str]:
    """Ids and labels of the 22 themes, and of the priorities and strategic themes of the plans."""
    pairs = {theme.id: theme.label for theme in registry.themes.values()}
    for plan in registry.plans.values():
        pairs |= {aim.id: aim.label for aim in plan.aims if aim.kind in ("priority", "strategic-theme")}
    return pairs


def outside(text: str, column: DeliveryColumn) -> str:
    """What is said of a number beyond its bounds."""
    whole = "a whole number" if column.kind != "decimal" else "a number"
    return f"{text!r} is not {whole} from {column.low:g} to {column.high:.12g}"


def _guarded(read: Reader) -> Reader:
    """No column may hold a formula or an error of Excel."""

    def guarded(text: str, row: Mapping[str, str]) -> Any:
        if text.startswith(_FORMULA):
            raise ValueError(f"{_cut(text)!r} is a formula; paste the value instead")
        if _ERROR.fullmatch(text):
            raise ValueError(f"{text!r} is an error of Excel")
        return None if text == "" else read(text, row)

    return guarded


def _year_of(row: Mapping[str, str]) -> int:
    """The year that a row is about: the last of all where it has none, 0 where it cannot be read."""
    if "jaar" not in row and "datum" not in row:
        return LAST_YEAR
    found = _YEAR.search(row.get("jaar", "") or row.get("datum", ""))
    return int(found[0]) if found else 0


def _area(text: str, year: int, registry: Registry) -> str:
    """The code. An area that had ended by then is refused: its row would be left out of the build.

    One that did not exist yet is not: the police carry their figures back to the borders of today.
    """
    if not classify_keys([text], registry).unknown[0] and text[:2] in ("GM", "NL", "PV", "RE"):
        found: str | None = text
    else:
        try:
            found = area_by_name(registry, text, year or LAST_YEAR)
        except InputError as error:
            raise ValueError(f"{error.what}; {error.todo}") from error
    if found is None or not found[:2].isupper():
        raise ValueError(f"unknown municipality {_cut(text)!r}{_hint(near_names(text, registry))}")
    one = registry.municipalities.get(found)
    if one is not None and one.valid_to is not None and one.valid_to.year < year:
        ended = f"{one.name} does not exist since {one.valid_to + timedelta(days=1)}"
        raise ValueError(ended + _hint(successors(registry, found)))
    return str(found)


def _named(text: str, names: Mapping[str, str]) -> str | None:
    plain = text.casefold()
    return next((key for name, key in names.items() if plain in (name.casefold(), key.casefold())), None)


def _known(text: str, names: Mapping[str, str], what: str) -> str:
    """The id, from the id itself or from its name, whatever the case."""
    plain = text.casefold()
    for key, name in names.items():
        if plain in (key.casefold(), name.casefold()):
            return key
    words = [word for pair in names.items() for word in pair]
    hint = _hint(near(text, words)[:1]) or f", known are {', '.join(names)}"
    raise ValueError(f"unknown {what} {_cut(text)!r}{hint}")


def _question(text: str, wording: str, codes: Mapping[str, str]) -> str:
    """A known question, or one of the municipality's own; what looks like a known one is a slip of the pen."""
    own = _OWN_QUESTION.fullmatch(text) and wording and not get_close_matches(text, codes, n=1, cutoff=0.85)
    if own and text not in codes:
        return text
    try:
        return _known(text, codes, "question")
    except ValueError as error:
        raise ValueError(f"{error}; a question of your own needs its text in {WORDING}") from error


def _whole(text: str, column: DeliveryColumn) -> int:
    _refuse_date(text)
    plain = text.removesuffix(".0")
    if not plain.isascii() or not plain.isdecimal():
        raise ValueError(outside(text, column))
    return int(plain[:18])


def _count(text: str) -> int | None:
    _refuse_date(text)
    return parse_count(text)


def _decimal(text: str, column: DeliveryColumn) -> float:
    _refuse_date(text)
    plain = text.removesuffix("%").strip()
    if not _DECIMAL.fullmatch(plain):
        raise ValueError(outside(_cut(text), column))
    value = float(plain.replace(",", "."))
    if column.unit == "procent" and 0 < value < 1 and not text.endswith("%"):
        raise ValueError(f"{text!r} is below 1 percent: write 27 for 27 %, or {text}% if that is meant")
    return value


def _date(text: str) -> str:
    match = _ISO.fullmatch(text) or _DUTCH.fullmatch(text)
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"])) if match else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= LAST_YEAR:
        raise ValueError(f"{_cut(text)!r} is not a date such as 14-12-2024")
    return day.isoformat()


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(f"the text has {len(text)} characters, {LONGEST} are allowed")
    if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in text):
        raise ValueError("the text holds signs that cannot be printed")
    return text


def _refuse_date(text: str) -> None:
    if _DATE.fullmatch(text):
        raise ValueError(f"{_cut(text)!r} looks like a date; Excel may have made one of a number")


def _hint(close: Iterable[str]) -> str:
    words = " or ".join(close)
    return f", did you mean {words}?" if words else ""


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
