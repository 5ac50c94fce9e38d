"""Names of municipalities: finding one by what StatLine prints, and making a file name of one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ivp_analysis.errors import InputError
from ivp_analysis.registry.records import Municipality, Registry

SLUG_LENGTH = 40
_GEMEENTE = re.compile(r"\s*\(gemeente\)$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?P<bare>.+?)\s*\((?P<province>[^()]+)\)")
PROVINCES = {
    "PV20": "Groningen", "PV21": "Fryslân", "PV22": "Drenthe", "PV23": "Overijssel",
    "PV24": "Flevoland", "PV25": "Gelderland", "PV26": "Utrecht", "PV27": "Noord-Holland",
    "PV28": "Zuid-Holland", "PV29": "Zeeland", "PV30": "Noord-Brabant", "PV31": "Limburg",
}  # fmt: skip
# The abbreviations that StatLine puts behind names which occur in more than one province.
_SHORT = {
    "gr": "PV20", "fr": "PV21", "dr": "PV22", "o": "PV23", "gld": "PV25", "ut": "PV26", "nh": "PV27",
    "zh": "PV28", "z": "PV29", "nb": "PV30", "l": "PV31",
}  # fmt: skip


def municipality_by_name(registry: Registry, name: str, year: int) -> str | None:
    """The code of the municipality of that name, preferably the one that existed in `year`; None if nobody bears it.

    Case, white space and the suffix "(gemeente)" do not matter; a province suffix may be absent on either
    side but must agree where it stands. A name that existed in other years only gives the bearer nearest in
    time: StatLine prints empty cells for it, and the reader decides with `Municipality.valid_in`.
    """
    bearers = [m for m in registry.municipalities.values() if _bears(m, name)]
    if not bearers:
        return None
    best = min(bearers, key=lambda m: _distance(m, year))
    rivals = [m.code for m in bearers if m is not best and _distance(m, year) == _distance(best, year)]
    if rivals:
        raise InputError(
            f"{name!r} is the name of {best.code} and of {', '.join(rivals)}",
            todo='write the name with its province, such as "Bergen (L.)"',
        )
    return best.code


def plan_names(registry: Registry) -> set[str]:
    """The names and codes that people most probably mean: those of the plans' municipalities."""
    codes = [area for plan in registry.plans.values() for area in plan.areas]
    return {*codes, *(registry.municipalities[code].name for code in codes)}


def slug(name: str) -> str:
    """A name for files and addresses: ASCII, lower case, hyphens, at most 40 characters."""
    bare = _GEMEENTE.sub("", name.strip()).replace("'", "")
    ascii_only = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode("ascii")
    text = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
    if not text:
        raise InputError(f"{name!r} cannot name a file", todo="use a name with Latin letters or digits")
    if len(text) <= SLUG_LENGTH:
        return text
    return text[: SLUG_LENGTH + 1].rpartition("-")[0] or text[:SLUG_LENGTH]


@lru_cache(maxsize=4096)
def name_parts(name: str) -> tuple[str, str | None]:
    """The bare name in a form that compares, and the province of its suffix where it has one."""
    text = unicodedata.normalize("NFC", name).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    plain = _GEMEENTE.sub("", " ".join(text.split())).casefold()
    suffix = _SUFFIX.fullmatch(plain)
    short = _SHORT.get(suffix["province"].replace(".", "").strip()) if suffix else None
    province = PROVINCES[short] if short else None
    return (suffix["bare"], province) if suffix and province else (plain, None)


def _bears(municipality: Municipality, name: str) -> bool:
    wanted, wanted_province = name_parts(name)
    for own in (municipality.name, *municipality.former_names):
        bare, province = name_parts(own)
        # "Bergen" alone is borne by two: the caller then hears that the name is not enough.
        if wanted == bare and wanted_province in (None, province or municipality.province):
            return True
    return False


def _distance(municipality: Municipality, year: int) -> int:
    if municipality.valid_in(year):
        return 0
    last = municipality.valid_to.year if municipality.valid_to else year
    return max(1, municipality.valid_from.year - year, year - last)
