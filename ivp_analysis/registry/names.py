"""Names of municipalities: finding one by what StatLine prints, and making a file name of one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ivp_analysis.errors import InputError
from ivp_analysis.registry.records import Municipality, Registry
from ivp_analysis.registry.strict import nearest

SLUG_LENGTH = 40
_GEMEENTE = re.compile(r"\s*\(gemeente\)$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?P<bare>.+?)\s*\((?P<province>[^()]+)\)")
# The abbreviations that StatLine puts behind names which occur in more than one province.
_PROVINCES = {
    "dr": "Drenthe",
    "fr": "Fryslân",
    "gld": "Gelderland",
    "gr": "Groningen",
    "l": "Limburg",
    "nb": "Noord-Brabant",
    "nh": "Noord-Holland",
    "o": "Overijssel",
    "ut": "Utrecht",
    "z": "Zeeland",
    "zh": "Zuid-Holland",
}


def municipality_by_name(registry: Registry, name: str, year: int) -> str:
    """The code of the municipality that StatLine calls `name`, preferably the one that existed in `year`.

    Case, white space and the suffix "(gemeente)" do not matter; a province suffix may be absent on either
    side but must agree where it stands. A name that existed in other years only gives the bearer nearest in
    time: StatLine prints empty cells for it, and the reader decides with `Municipality.valid_in`.
    """
    bearers = [m for m in registry.municipalities.values() if _bears(m, name)]
    if not bearers:
        close = nearest(name, [m.name for m in registry.municipalities.values()])
        raise InputError(
            f"no Dutch municipality is called {name!r}",
            todo=f"{close}mend the name, or add the municipality to data/registry/municipalities.csv",
        )
    best = min(bearers, key=lambda m: _distance(m, year))
    rivals = [m.code for m in bearers if m is not best and _distance(m, year) == _distance(best, year)]
    if rivals:
        raise InputError(
            f"{name!r} is the name of {best.code} and of {', '.join(rivals)}",
            todo='write the name with its province, such as "Bergen (L.)"',
        )
    return best.code


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
    province = _PROVINCES.get(suffix["province"].replace(".", "").strip()) if suffix else None
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
