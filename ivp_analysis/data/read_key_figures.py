"""Key figures of municipalities, by which comparable ones are chosen: 85039NED (JSON) and 70072ned (CSV)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ivp_analysis.data.read_odata import parse_periods, select_rows
from ivp_analysis.data.regions import classify_keys, unknown_area
from ivp_analysis.data.tabular import find_column, read_header, read_sheet
from ivp_analysis.data.tidy import Drop, Reading, tally
from ivp_analysis.errors import InputError
from ivp_analysis.registry.records import Registry, Source

DELIMITER = ";"
FEATURES = (
    "population", "density", "share_15_24", "income", "single_households", "home_value",
    "overnight_stays", "border", "businesses", "standardised_income", "share_15_19", "share_20_24",
)  # fmt: skip
# The live table gives the ages 15 to 25 in two columns; other tables in one.
_YOUNG = ("share_15_19", "share_20_24")
# Where the nested file keeps a feature; income and home value are in thousands of euros.
_NESTED = {
    "population": ("Population",),
    "density": ("Demographics", "Population density (per km²)"),
    "share_15_24": ("Demographics", "15-24 years (%)"),
    "income": ("IncomeWealth", "Avg income per inhabitant (x€1k)"),
    "single_households": ("Demographics", "Single-person households (%)"),
    "home_value": ("Housing", "Avg WOZ value (x€1k)"),
    "businesses": ("Economy", "Business density (per 1k pop)"),
}
# 70072ned numbers its columns anew with every release, so they are known by their name without the number.
_COLUMNS = {
    "population": r"TotaleBevolking",
    "density": r"Bevolkingsdichtheid",
    "share_15_24": r"(k_)?15Tot25Jaar",
    "income": r"GemiddeldInkomenPerInwoner",
    "single_households": r"Eenpersoonshuishoudens",
    "home_value": r"Gemiddelde(WOZ|Woning)[Ww]aarde\w*",
    "overnight_stays": r"Overnachtingen\w*",
    # The number of establishments is another thing than their number per 1,000 inhabitants.
    "businesses": r"(Bedrijfsvestigingen|Vestigingen)(?!Totaal)\w*",
    "standardised_income": r"ParticuliereHuishoudensExclStudenten",
    "share_15_19": r"(k_)?15Tot20Jaar",
    "share_20_24": r"(k_)?20Tot25Jaar",
}
_YEAR = re.compile(r"20\d\d")


def read_nested(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    """85039NED as nested JSON: one object per municipality; the year stands in the table's title."""
    year = _year_of(source, name)
    cells: list[tuple[str, str, float | None]] = []
    for code, record in _municipalities(content, name).items():
        if classify_keys([code], registry).unknown[0]:
            raise unknown_area(code, registry, where=name)
        cells += [
            (code, feature, _value(record, path, f"{name}, {code}")) for feature, path in _NESTED.items()
        ]
    if not cells:
        raise InputError("the file holds no municipality", where=name, todo="download or copy the file again")
    filled = [(code, year, feature, value) for code, feature, value in cells if value is not None]
    return Reading(
        {"key_figures": _frame(filled)}, len(cells), tally({Drop.NOT_USED: len(cells) - len(filled)})
    )


def read_keyed(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    """70072ned and the like: one row per region and year, one column per feature."""
    header = read_header(content, name, DELIMITER)
    region, period = (
        find_column(header, column, name)
        for column in (source.region_column or "RegioS", source.period_column or "Perioden")
    )
    features = _features(header, source, name)
    sheet = read_sheet(content, name, [region, period, *features], delimiter=DELIMITER)
    values = _with_young(
        pd.DataFrame({feature: _numbers(sheet, column) for column, feature in features.items()})
    )
    cells = len(values.columns)
    chosen = select_rows(sheet, region, {}, values.notna().any(axis=1).to_numpy(), registry)
    years = [p.year for p in parse_periods(sheet, period, source)]
    regions, periods = sheet.columns[region], sheet.columns[period]
    values.insert(0, "area_code", [regions.texts[i] for i in regions.index])
    values.insert(1, "year", [years[i] for i in periods.index])
    kept = values[chosen.rows]
    if (double := kept.duplicated(["area_code", "year"])).any():
        where = sheet.where(int(double.index[double][0]))
        raise InputError("this region and year stand there twice", where=where, todo="export the table again")
    long = kept.melt(["area_code", "year"], var_name="feature", value_name="value")
    empty = int(long["value"].isna().sum())
    lost = {reason: n * cells for reason, n in chosen.dropped.items()}
    records = list(long.dropna().itertuples(index=False, name=None))
    dropped = tally(lost, {Drop.NOT_USED: empty})
    return Reading({"key_figures": _frame(records)}, sheet.rows * cells, dropped, chosen.named)


def _with_young(values: pd.DataFrame) -> pd.DataFrame:
    """The share of people of 15 to 25 from its two halves, where the table does not give it itself."""
    if not set(_YOUNG) <= set(values.columns):
        return values.drop(columns=list(_YOUNG), errors="ignore")
    halves = values[list(_YOUNG)].astype(float)
    whole = values.drop(columns=list(_YOUNG))
    return whole if "share_15_24" in whole else whole.assign(share_15_24=halves.sum(axis=1, skipna=False))


def _frame(records: Sequence[tuple[str, int, str, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=["area_code", "year", "feature", "value"])
    return frame.astype({"year": "int64", "value": "float64"})


def _municipalities(content: bytes, name: str) -> Mapping[str, Any]:
    todo = "download or copy the file again"
    try:
        whole = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not whole JSON ({error})"[:200], where=name, todo=todo) from error
    found = whole.get("Gemeente") if isinstance(whole, dict) else None
    if not isinstance(found, dict) or not all(isinstance(record, dict) for record in found.values()):
        raise InputError('there is no object "Gemeente" with the municipalities', where=name, todo=todo)
    return found


def _value(record: Mapping[str, Any], path: Sequence[str], where: str) -> float | None:
    value: Any = record
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if value is None:
        return None
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not math.isfinite(value)
        or value < 0
    ):
        raise InputError(f"{' / '.join(path)} is {value!r}", where=where, todo="look at it in the source")
    return float(value)


def _year_of(source: Source, name: str) -> int:
    match = _YEAR.search(source.title) or _YEAR.search(name)
    if match is None:
        raise InputError(
            "the year of the key figures is not known", where=name, todo="put it in the source's title"
        )
    return int(match[0])


def _features(header: Sequence[str], source: Source, name: str) -> dict[str, str]:
    """Column -> feature: as the registry says, else by the name of the column."""
    declared = {find_column(header, column, name): feature for column, feature in source.measures.items()}
    guessed = {column: feature for feature, column in _guesses(header)} if not declared else {}
    found = declared or guessed
    if not found:
        raise InputError(
            "no column with a key figure", where=f"{name}, row 1", todo="check that this is the right table"
        )
    return found


def _guesses(header: Sequence[str]) -> Iterator[tuple[str, str]]:
    for feature in FEATURES:
        pattern = re.compile(rf"{feature}|(?:{_COLUMNS.get(feature, feature)})(_\d+)?")
        found = [column for column in header if pattern.fullmatch(column)]
        if found:
            yield feature, found[0]


def _numbers(sheet: Any, column: str) -> list[float | None]:
    keys = sheet.columns[column]
    values: list[float | None] = []
    for i, text in enumerate(keys.texts):
        try:
            value = None if text in ("", ".", "-", "x") else float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if value is not None and (not math.isfinite(value) or value < 0):
            where = f"{sheet.where(keys.row_of(i))}, column {column}"
            raise InputError(f"{text!r} is not a key figure", where=where, todo="look at it in the source")
        values.append(value)
    return [values[i] for i in keys.index]
