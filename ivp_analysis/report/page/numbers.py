"""The one owner of how numbers, dates and chances are written in Dutch (Babel, nl_NL).

A missing value (None, NaN, pandas.NA) is a dash; infinity is an error, since no reader can use it.
Figures are rounded half up, as people do: 2,5 is 3.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern

from ivp_analysis.errors import ReportError
from ivp_analysis.periods import parse_period

LOCALE = "nl_NL"
DASH = "–"
MINUS = "\N{MINUS SIGN}"
# Between the ends of a range; "tot" where an end may be negative, since "−3–2" cannot be read.
TO = " tot "

Number = Any  # int, float, numpy scalar, Decimal, or a missing value


def is_missing(value: Number) -> bool:
    """Whether there is no figure: None, NaN or pandas.NA."""
    return value is None or bool(pd.isna(value))


def round_half_up(value: Number, digits: int = 0) -> Decimal:
    """The figure as readers see it. `repr` keeps 0.285 what the analyst typed, not 0.28499999."""
    if not math.isfinite(value):
        raise ReportError(f"the number {value} cannot be printed", todo="find the division by zero behind it")
    exact = Decimal(repr(float(value))) if not isinstance(value, Decimal) else value
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP) + 0


def decimal(value: Number, digits: int = 1) -> str:
    """12.34 -> 12,3 and -1656.0 -> −1.656,0."""
    if is_missing(value):
        return DASH
    return _write(round_half_up(value, digits), digits)


def count(value: Number) -> str:
    """1656 -> 1.656."""
    return decimal(value, 0)


def signed(value: Number, digits: int = 0) -> str:
    """A change: +12, −12, 0."""
    if is_missing(value):
        return DASH
    rounded = round_half_up(value, digits)
    return ("+" if rounded > 0 else "") + _write(rounded, digits)


def percent(share: Number, digits: int = 0, *, signed: bool = False) -> str:
    """0.123 -> 12,3%; signed: +12,3% and −12,3%."""
    if is_missing(share):
        return DASH
    rounded = round_half_up(_times_100(share), digits)
    return ("+" if signed and rounded > 0 else "") + _write(rounded, digits) + "%"


def rate(value: Number, unit: str = "per 1.000 inwoners", digits: int = 1) -> str:
    """12.34 -> 12,3 per 1.000 inwoners."""
    return DASH if is_missing(value) else f"{decimal(value, digits)} {unit}"


def interval(low: Number, high: Number, digits: int = 1) -> str:
    """10,2–12,5; with a negative end −3,1 tot 2,0."""
    if is_missing(low) or is_missing(high):
        return DASH
    return _between(low, high).join((decimal(low, digits), decimal(high, digits)))


def percent_interval(low: Number, high: Number, digits: int = 1, *, signed: bool = False) -> str:
    """10,2–12,5%; signed: −3,1% tot +2,0%."""
    if is_missing(low) or is_missing(high):
        return DASH
    if signed:
        return TO.join((percent(low, digits, signed=True), percent(high, digits, signed=True)))
    ends = (decimal(_times_100(low), digits), decimal(_times_100(high), digits))
    return _between(low, high).join(ends) + "%"


def margin(level: Number) -> str:
    """What an interval of that level is called: 0.8 -> 80%-marge, 0.998 -> 99,8%-marge."""
    return f"{_level(level)}-marge"


def limit(level: Number) -> str:
    """The same for one of its ends: 95%-grens."""
    return f"{_level(level)}-grens"


def _level(level: Number) -> str:
    return percent(level, 0 if round(level * 100, 6).is_integer() else 1)


def chance(probability: Number) -> str:
    """As people say it: ongeveer 3 op 10; kleiner dan 1 op 20; groter dan 19 op 20."""
    if is_missing(probability):
        return DASH
    if not 0 <= probability <= 1:
        raise ReportError(f"the chance {probability} does not lie between 0 and 1")
    if probability < 0.05:
        return "kleiner dan 1 op 20"
    if probability > 0.95:
        return "groter dan 19 op 20"
    return f"ongeveer {min(max(int(round_half_up(probability * 10)), 1), 9)} op 10"


def about(value: Number) -> str:
    """A figure as said aloud, two digits: 1656 -> ongeveer 1.700; below 100 the count itself."""
    if is_missing(value):
        return DASH
    if abs(value) < 100:
        return count(value)
    digits = 1 - math.floor(math.log10(abs(value)))
    return f"ongeveer {_write(round_half_up(value, digits), 0)}"


def day(value: date | None) -> str:
    """23 november 2026."""
    return DASH if is_missing(value) else str(format_date(value, "d MMMM y", locale=LOCALE))


def period(text: str | None) -> str:
    """2018 -> 2018 and 2024-03 -> maart 2024."""
    if text is None or is_missing(text):
        return DASH
    parsed = parse_period(text)
    if parsed.month is None:
        return str(parsed)
    return str(format_date(date(parsed.year, parsed.month, 1), "MMMM y", locale=LOCALE))


def years(first: int, last: int) -> str:
    """2016–2023; one year is itself."""
    return str(first) if first == last else f"{first}–{last}"


def plain(value: Number, digits: int = 0) -> str:
    """For files that a program reads: 1656,0 and -12, without thousands marks."""
    return "" if is_missing(value) else f"{round_half_up(value, digits):f}".replace(".", ",")


def _between(low: Number, high: Number) -> str:
    return TO if low < 0 or high < 0 else "–"


def _times_100(share: Number) -> Decimal:
    if not math.isfinite(share):
        raise ReportError(f"the share {share} cannot be printed", todo="find the division by zero behind it")
    return Decimal(repr(float(share))) * 100


def _write(value: Decimal, digits: int) -> str:
    return str(_pattern(digits).apply(value, LOCALE)).replace("-", MINUS)


@lru_cache(maxsize=16)
def _pattern(digits: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * digits if digits > 0 else ""))
