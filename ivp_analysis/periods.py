"""Years and months as the sources write them (`2018JJ00`, `2018MM03`) and as we keep them (`2018`, `2018-03`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ivp_analysis.errors import InputError

_SOURCE = re.compile(r"(?P<year>\d{4})(?:JJ00|MM(?P<month>\d{2}))", re.ASCII)
_KEPT = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, order=True)
class Period:
    """A calendar year (month None) or a month of it."""

    year: int
    month: int | None = None

    def __str__(self) -> str:
        return f"{self.year}" if self.month is None else f"{self.year}-{self.month:02d}"


def parse_period(text: str) -> Period:
    """Read `2018JJ00`, `2018MM03`, `2018` or `2018-03` (padding ignored); anything else is an InputError."""
    match = _SOURCE.fullmatch(text.strip()) or _KEPT.fullmatch(text.strip())
    if match is not None:
        year, month = int(match["year"]), match["month"]
        if FIRST_YEAR <= year <= LAST_YEAR and (month is None or 1 <= int(month) <= 12):
            return Period(year, None if month is None else int(month))
    raise InputError(
        f"period {text!r} is not a year or a month",
        todo="use 2018JJ00 or 2018 for a year, 2018MM03 or 2018-03 for a month; quarters are not kept",
    )
