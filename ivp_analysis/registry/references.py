"""References from one record to another: each must lead somewhere, and the error suggests where to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ivp_analysis.errors import InputError, RegistryError
from ivp_analysis.periods import Period, parse_period
from ivp_analysis.registry.near import did_you_mean
from ivp_analysis.registry.records import Registry, Source

_OTHER_AREA = re.compile(r"(NL|RE|PV|LD)\d{2}")


def check_known(keys: Iterable[str], pool: Iterable[str], what: str, where: str) -> None:
    """Refuse a key that is not in the pool."""
    names = list(pool)
    for key in keys:
        if key not in names:
            listed = f"known are {', '.join(sorted(names)[:12])}{', ...' if len(names) > 12 else ''}; "
            todo = f"{did_you_mean(key, names) or listed}add it or mend the reference"
            raise RegistryError(f"{what} {key!r} does not exist", where=where, todo=todo)


def check_area(code: str, registry: Registry, where: str) -> None:
    """Refuse an area that is neither a municipality nor a country, province, police region or landsdeel."""
    if not _OTHER_AREA.fullmatch(code):
        check_known((code,), registry.municipalities, "area", where)


def check_period(text: str, where: str) -> Period:
    """Read a year or month of a record."""
    try:
        return parse_period(text)
    except InputError as fault:
        raise RegistryError(fault.what, where=where, todo=fault.todo) from fault


def check_code(code: str, source: Source, where: str) -> None:
    """Refuse a code (or `code|suffix`) that the source does not have."""
    base, bar, suffix = code.partition("|")
    check_known((base,), source.codes, f"code of source {source.id}", where)
    if bar:
        suffixes = filter(None, source.measures.values())
        check_known((suffix,), suffixes, f"measure of source {source.id}", where)
