"""Region keys and names of the sources, and which of them are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ivp_analysis.data.tidy import Drop
from ivp_analysis.errors import InputError
from ivp_analysis.registry.names import PROVINCES, municipality_by_name, plan_names
from ivp_analysis.registry.near import near
from ivp_analysis.registry.records import Registry

# The registry knows the municipalities since 2010: what is older has no place to go.
BORDERS_FROM = 2010
COUNTRY = "NL01"
_KEPT = re.compile(r"NL\d\d|PV(?!99)\d\d|RE(?!99)\d\d")
# CBS and police put incidents without a known place under these keys.
_UNPLACED = re.compile(r"GM0000|GM099[789]|GM9999|(PV|RE|LD|CR)99")
_LEVELS = re.compile(r"(LD|CR|CP|AM|SG|GA|GG|WK|BU|RPA|AR|KK|RM|SR|TR|VR|ZK)[A-Z0-9]{2,8}")
_LEVEL_NAME = re.compile(r".*\((LD|CR|CP|AM|SG|GA|RE|PE|PO|VR)\)")


@dataclass(frozen=True, slots=True)
class Areas:
    """Per distinct key: why it is not kept, and whether nobody knows it."""

    drops: tuple[Drop | None, ...]
    unknown: tuple[bool, ...]


def classify_keys(keys: Sequence[str], registry: Registry) -> Areas:
    """Sort the region keys of an OData table."""
    drops = [_drop_of(key) for key in keys]
    known = [key in registry.municipalities or bool(_KEPT.fullmatch(key)) for key in keys]
    unknown = tuple(not k and d is None for k, d in zip(known, drops, strict=True))
    return Areas(tuple(drops), unknown)


def area_by_name(registry: Registry, name: str, year: int) -> str | Drop | None:
    """The code of a region as StatLine titles it, valid in the year if it can; a Drop; None if unknown."""
    if name == "Nederland":
        return COUNTRY
    for code, title in PROVINCES.items():
        if name == f"{title} (PV)":
            return code
    if _LEVEL_NAME.fullmatch(name):
        return Drop.LEVEL
    if name.startswith(("Niet in te delen", "Gemeente onbekend")):
        return Drop.UNPLACED
    return municipality_by_name(registry, name, year)


def unknown_area(key: str, registry: Registry, *, where: str) -> InputError:
    """The error for a key or name that nobody knows, with near ones."""
    close = near_names(key, registry)
    todo = "add the municipality to data/registry/municipalities.csv"
    if key in close:
        todo = "this table should hold the codes of regions, not their names: export it again with codes"
    elif close:
        todo = f"did you mean {' or '.join(close)}? else {todo}"
    return InputError(f"unknown area {key!r}", where=where, todo=todo)


def near_names(text: str, registry: Registry) -> list[str]:
    """At most three codes or names that look like the text."""
    names = [m.name for m in registry.municipalities.values()]
    return near(text, [*names, *registry.municipalities], plan_names(registry))


def successors(registry: Registry, code: str) -> list[str]:
    """The names of the municipalities that an ended one became part of, as far as the changes go."""
    became = [change.new_code for change in registry.changes if change.old_code == code]
    names = [
        name for new in became for name in successors(registry, new) or [registry.municipalities[new].name]
    ]
    return list(dict.fromkeys(names))


def known_at(registry: Registry, code: str, year: int) -> bool:
    """Whether the area existed in the year; country, provinces and police regions always do."""
    municipality = registry.municipalities.get(code)
    return municipality is None or municipality.valid_in(year)


def _drop_of(key: str) -> Drop | None:
    if _UNPLACED.fullmatch(key):
        return Drop.UNPLACED
    return Drop.LEVEL if _LEVELS.fullmatch(key) else None
