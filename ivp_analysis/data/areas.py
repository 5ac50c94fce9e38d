"""Gebieden in Nederland: the municipalities of a year with their province and police region, to check the registry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pandas as pd

from ivp_analysis.data.municipal_year import municipal_year
from ivp_analysis.data.tabular import Column, read_header, read_sheet
from ivp_analysis.data.tidy import shortened
from ivp_analysis.errors import InputError
from ivp_analysis.registry.names import PROVINCES
from ivp_analysis.registry.records import Plan, Registry

_MUNICIPALITY = r"GM\d{4}"
_ABOVE = {"province": r"PV\d{2}", "police_region": r"RE\d{2}"}
_AGAIN = 'take the whole table "Gebieden in Nederland" of one year'


def read_areas(content: bytes, name: str) -> pd.DataFrame:
    """A row a municipality: area_code, province and police_region (codes; "" where the table has none).

    The headings differ per year, so the columns are known by what stands in them.
    """
    head = content.split(b"\n", 1)[0]
    delimiter = "," if head.count(b",") > head.count(b";") else ";"
    sheet = read_sheet(content, name, read_header(content, name, delimiter), delimiter=delimiter)
    codes = _column_of(sheet.columns.values(), _MUNICIPALITY)
    if codes is None:
        raise InputError("no column with the codes of municipalities", where=name, todo=_AGAIN)
    if len(codes.texts) < sheet.rows:
        raise InputError("a municipality stands in it twice", where=name, todo=_AGAIN)
    found = {what: _column_of(sheet.columns.values(), kind) for what, kind in _ABOVE.items()}
    table = {what: [""] * sheet.rows if one is None else _row_by_row(one) for what, one in found.items()}
    return pd.DataFrame({"area_code": _row_by_row(codes), **table})


def check_registry_with(areas: pd.DataFrame, registry: Registry) -> Iterator[str]:
    """In which municipalities, provinces and police regions the registry and its plans say something else."""
    fit = municipal_year(list(areas["area_code"]), registry)
    if not fit.whole:
        yield f"{fit.differences(registry)}; mend data/registry/municipalities.csv and municipality_changes.csv"
    by_code = areas.set_index("area_code")
    elsewhere = [
        f"{code} {known.name} ({PROVINCES[above]}, not {known.province})"
        for code, above in by_code["province"].items()
        if (known := registry.municipalities.get(str(code)))
        and PROVINCES.get(above, known.province) != known.province
    ]
    if elsewhere:
        yield f"in another province than the registry says: {shortened(elsewhere)}"
    for plan in registry.plans.values():
        yield from _check_plan(plan, by_code)


def _check_plan(plan: Plan, by_code: pd.DataFrame) -> Iterator[str]:
    for what, said in (("province", plan.province), ("police_region", plan.police_region)):
        there = by_code.reindex(list(plan.areas))[what].dropna()
        for code, above in there[(there != "") & (there != said)].items():
            yield f"{code} lies in {above}, but {plan.id} has {what} = {said}"


def _column_of(columns: Iterable[Column], pattern: str) -> Column | None:
    """The first column of which every text is such a code."""
    whole = re.compile(pattern, re.ASCII)
    return next((c for c in columns if all(whole.fullmatch(text) for text in c.texts)), None)


def _row_by_row(column: Column) -> list[str]:
    return [column.texts[i] for i in column.index]
