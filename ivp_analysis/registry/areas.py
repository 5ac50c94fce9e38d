"""Loading the municipalities since 2010 and what became of those that were merged, split or recoded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal, cast

from ivp_analysis.registry.files import read_csv
from ivp_analysis.registry.names import name_parts
from ivp_analysis.registry.records import Municipality, MunicipalityChange
from ivp_analysis.registry.references import check_known
from ivp_analysis.registry.strict import demand, shown

_CODE = re.compile(r"GM\d{4}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WEIGHT = re.compile(r"1(\.0+)?|0\.\d+", re.ASCII)
_MUNICIPALITY = ("code", "name", "province", "valid_from", "valid_to", "border")
_BORDERS = ("", "BE", "DE", "BE+DE")
_CHANGE = ("on", "old_code", "new_code", "weight", "kind")
_KINDS = ("merger", "split", "recode")
_WEIGHT_TOLERANCE = 1e-6


def load_municipalities(path: Path) -> dict[str, Municipality]:
    """`municipalities.csv` by code; an unfinished, doubled or impossible row is an error."""
    found: dict[str, Municipality] = {}
    for place, row in read_csv(path, _MUNICIPALITY, "former_names"):
        one = Municipality(
            code=_code(row["code"], f"{place}, field code"),
            name=_text(row["name"], f"{place}, field name"),
            province=_text(row["province"], f"{place}, field province"),
            valid_from=_date(row["valid_from"], f"{place}, field valid_from"),
            valid_to=_date(row["valid_to"], f"{place}, field valid_to") if row["valid_to"] else None,
            border=row["border"],
            former_names=tuple(name.strip() for name in row["former_names"].split(";") if name.strip()),
        )
        demand(
            one.code not in found, f"code {one.code!r} occurs twice", f"{place}, field code", "keep one row"
        )
        demand(
            one.border in _BORDERS,
            f"border {one.border!r} is not known",
            f"{place}, field border",
            f"use one of {', '.join(_BORDERS[1:])}, or leave it empty",
        )
        what = f"valid_to {one.valid_to} lies before valid_from {one.valid_from}"
        fits = one.valid_to is None or one.valid_from <= one.valid_to
        demand(fits, what, f"{place}, field valid_to", "mend one of the two dates")
        found[one.code] = one
    _check_names(found, path)
    return found


def load_changes(path: Path, municipalities: Mapping[str, Municipality]) -> tuple[MunicipalityChange, ...]:
    """`municipality_changes.csv`; both codes must exist and the weights of one old municipality sum to 1."""
    changes: list[MunicipalityChange] = []
    for place, row in read_csv(path, _CHANGE, "note"):
        for column in ("old_code", "new_code"):
            code = _code(row[column], f"{place}, field {column}")
            check_known((code,), municipalities, "municipality", f"{place}, field {column}")
        changes.append(_change(row, place))
    _check_weights(changes, path)
    return tuple(changes)


def _change(row: Mapping[str, str], place: str) -> MunicipalityChange:
    check_known((row["kind"],), _KINDS, "kind", f"{place}, field kind")
    weight = row["weight"]
    fits = _WEIGHT.fullmatch(weight) is not None and float(weight) > 0
    what = f"weight {shown(weight)} is not above 0 and at most 1"
    demand(fits, what, f"{place}, field weight", "write 1 or a fraction such as 0.25")
    return MunicipalityChange(
        on=_date(row["on"], f"{place}, field on"),
        old_code=row["old_code"],
        new_code=row["new_code"],
        weight=float(weight),
        kind=cast(Literal["merger", "split", "recode"], row["kind"]),
        note=row["note"],
    )


def _check_weights(changes: list[MunicipalityChange], path: Path) -> None:
    sums: dict[tuple[date, str], float] = defaultdict(float)
    for change in changes:
        sums[change.on, change.old_code] += change.weight
    for (on, old_code), total in sums.items():
        demand(
            abs(total - 1) <= _WEIGHT_TOLERANCE,
            f"the weights of {old_code} on {on} sum to {total:g}",
            f"{path.name}, old_code {old_code}, field weight",
            "make the weights of one old municipality sum to 1",
        )


def _check_names(municipalities: Mapping[str, Municipality], path: Path) -> None:
    seen: dict[tuple[str, str | None], list[Municipality]] = defaultdict(list)
    for one in municipalities.values():
        for other in seen[name_parts(one.name)]:
            demand(
                not _overlap(one, other),
                f"{one.name!r} is the name of {other.code} and of {one.code} at the same time",
                f"{path.name}, code {one.code}, field name",
                'add the province as StatLine does, such as "Bergen (L.)"',
            )
        seen[name_parts(one.name)].append(one)


def _overlap(one: Municipality, other: Municipality) -> bool:
    ends = (one.valid_to or date.max, other.valid_to or date.max)
    return one.valid_from <= ends[1] and other.valid_from <= ends[0]


def _code(text: str, where: str) -> str:
    fits = _CODE.fullmatch(text) is not None
    demand(fits, f"{shown(text)} is not a municipality code", where, "write GM and four digits")
    return text


def _text(text: str, where: str) -> str:
    fits = bool(text) and text == text.strip()
    demand(fits, f"{shown(text)} is empty or padded", where, "write it without white space around it")
    return text


def _date(text: str, where: str) -> date:
    # fromisoformat reads more than people mean (20190101, 2019-W01-2): the shape is checked first.
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    demand(found is not None, f"{shown(text)} is not a date", where, "write a date like 2019-01-01")
    return found or date.min
