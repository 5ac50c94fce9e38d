"""Deliveries: figures that are not open data, in our own template (`;`). All faults are reported at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from ivp_analysis.data.counts import parse_count
from ivp_analysis.data.regions import FIRST_YEAR, area_by_name, classify_keys, near_names
from ivp_analysis.data.tabular import read_header
from ivp_analysis.data.tidy import STATUSES, Reading, as_category, statuses
from ivp_analysis.errors import InputError
from ivp_analysis.periods import LAST_YEAR, Period
from ivp_analysis.registry.records import Registry, Source

COLUMNS = {
    "police-inp": ("gemeente", "inp_klasse", "jaar", "maand", "aantal"),
    "survey": ("gemeente", "vraag", "jaar", "n", "percentage", "ontwerpeffect"),
    "halt": ("gemeente", "jaar", "aantal", "jongeren_12_17"),
}
KEYS = {
    "police-inp": ("gemeente", "inp_klasse", "jaar", "maand"),
    "survey": ("gemeente", "vraag", "jaar"),
    "halt": ("gemeente", "jaar"),
}
SHOWN = 20
COMMENT = "#"
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: dict[str, str]


def read_delivery(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    """Read a delivery of this source into its table; one InputError lists every faulty row."""
    if source.id not in COLUMNS:
        raise InputError(
            f"there is no template for {source.id}", where=name, todo=f"use {', '.join(COLUMNS)}"
        )
    rows = _rows(content, name, COLUMNS[source.id])
    faults: list[str] = []
    records: list[Record] = []
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        record = _record(row, source, registry, faults)
        if record is None:
            continue
        key = tuple(record[column] for column in KEYS[source.id])
        if key in seen:
            faults.append(f"row {row.number}: the same {', '.join(KEYS[source.id])} as row {seen[key]}")
        seen.setdefault(key, row.number)
        records.append(record)
    if faults:
        raise _all_at_once(faults, name)
    return _reading(source, records)


def _rows(content: bytes, name: str, columns: Sequence[str]) -> list[_Row]:
    """Rows with their number in the file; explanation lines start with #."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        what = f"byte {content[error.start : error.start + 1]!r} is not UTF-8"
        raise InputError(what, where=f"{name}, row {row}", todo="save the file as CSV UTF-8") from error
    lines = text.splitlines()
    first = next(
        (i for i, line in enumerate(lines) if line.strip("; \t") and not line.startswith(COMMENT)), None
    )
    if first is None:
        raise InputError("the file has no header", where=name, todo="begin with the template of ivp template")
    header = [n.lower() for n in read_header(lines[first].encode("utf-8"), name, ";")]
    missing = [column for column in columns if column not in header]
    if missing:
        raise InputError(
            f"column {missing[0]!r} is missing (found: {', '.join(header)[:200]})",
            where=f"{name}, row {first + 1}",
            todo="begin with the template of ivp template",
        )
    rows = _cells(lines[first + 1 :], first + 2, header, name)
    if not rows:
        raise InputError("the delivery has a header but no rows", where=name, todo="fill in at least one row")
    return rows


def _cells(lines: Sequence[str], start: int, header: Sequence[str], name: str) -> list[_Row]:
    rows: list[_Row] = []
    for number, line in enumerate(lines, start):
        if not line.strip("; \t") or line.startswith(COMMENT):
            continue
        try:
            cells = next(csv.reader(io.StringIO(line), delimiter=";", strict=True))
        except csv.Error as error:
            raise InputError(
                f"cannot be read ({error})", where=f"{name}, row {number}", todo="mend it"
            ) from error
        if len(cells) != len(header):
            what = f"{len(cells)} columns where {len(header)} are expected"
            raise InputError(
                what, where=f"{name}, row {number}", todo="mend the row; use ; between the columns"
            )
        rows.append(_Row(number, {h: c.strip() for h, c in zip(header, cells, strict=True)}))
    return rows


def _record(row: _Row, source: Source, registry: Registry, faults: list[str]) -> Record | None:
    """The values of a row, or None with its faults added to the list."""
    readers: dict[str, Callable[[str], Any]] = {
        "gemeente": lambda text: _area(text, row.cells.get("jaar", ""), registry),
        "inp_klasse": lambda text: _code(text, source),
        "vraag": lambda text: _code(text, source),
        "jaar": lambda text: _whole(text, FIRST_YEAR, LAST_YEAR),
        "maand": lambda text: None if text == "" else _whole(text, 1, 12),
        "aantal": parse_count,
        "jongeren_12_17": parse_count,
        "n": lambda text: _whole(text, 1, 10_000_000),
        "percentage": lambda text: _decimal(text, 0, 100),
        "ontwerpeffect": lambda text: 1.0 if text == "" else _decimal(text, 0.2, 20),
    }
    record: Record = {}
    for column in COLUMNS[source.id]:
        try:
            record[column] = readers[column](row.cells[column])
        except ValueError as error:
            faults.append(f"row {row.number}, {column}: {error}")
    return record if len(record) == len(COLUMNS[source.id]) else None


def _area(text: str, year: str, registry: Registry) -> str:
    if not classify_keys([text], registry).unknown[0] and text[:2] in ("GM", "NL", "PV", "RE"):
        return text
    try:
        found = area_by_name(registry, text, int(year) if year.isdecimal() and len(year) == 4 else LAST_YEAR)
    except InputError as error:
        raise ValueError(f"{error.what}; {error.todo}") from error
    if found is None or not found[:2].isupper():
        near = near_names(text, registry)
        raise ValueError(
            f"unknown municipality {text!r}" + (f", did you mean {' or '.join(near)}?" if near else "")
        )
    return str(found)


def _code(text: str, source: Source) -> str:
    if text in source.codes:
        return text
    near = get_close_matches(text, list(source.codes), n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(source.codes)}"
    raise ValueError(f"unknown code {text!r}, {hint}")


def _whole(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdecimal() or not low <= int(text[:12]) <= high:
        raise ValueError(f"{text!r} is not a whole number from {low} to {high}")
    return int(text)


def _decimal(text: str, low: float, high: float) -> float:
    try:
        value = float(text.replace(",", ".").removesuffix("%").strip())
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ValueError(f"{text!r} is not a number from {low:g} to {high:g}")
    return value


def _all_at_once(faults: Sequence[str], name: str) -> InputError:
    shown = [*faults[:SHOWN], *([f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else [])]
    return InputError(
        f"{len(faults)} faults\n     " + "\n     ".join(shown),
        where=name,
        todo="mend these rows in your own file and import it again; nothing was changed or kept",
    )


def _reading(source: Source, records: Sequence[Record]) -> Reading:
    frame = pd.DataFrame(records)
    if source.id == "survey":
        return Reading({"survey": _survey(frame)}, len(frame))
    if source.id == "halt":
        frame = frame.assign(inp_klasse=next(iter(source.codes)), maand=None)
        observations, youth = _observations(frame), _youth(frame)
        return Reading({"observations": observations, "key_figures": youth}, len(observations) + len(youth))
    return Reading({"observations": _observations(frame)}, len(frame))


def _survey(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": frame["gemeente"],
            "question": frame["vraag"],
            "year": frame["jaar"].astype("int64"),
            "n": frame["n"].astype("int64"),
            "share": frame["percentage"].astype("float64") / 100,
            "design_effect": frame["ontwerpeffect"].astype("float64"),
        }
    )


def _observations(frame: pd.DataFrame) -> pd.DataFrame:
    moments = zip(frame["jaar"], frame["maand"], strict=True)
    counts = pd.array([None if pd.isna(count) else int(count) for count in frame["aantal"]], dtype="Int32")
    gap = np.asarray(counts.isna())
    return pd.DataFrame(
        {
            "area_code": as_category(frame["gemeente"]),
            "code": as_category(frame["inp_klasse"]),
            "period": as_category(str(Period(y, None if pd.isna(m) else int(m))) for y, m in moments),
            "count": counts,
            "status": statuses(np.where(gap, STATUSES.index("missing"), STATUSES.index("exact"))),
        }
    )


def _youth(frame: pd.DataFrame) -> pd.DataFrame:
    """Inhabitants of 12 to 17, the denominator of the Halt figures."""
    known = frame[frame["jongeren_12_17"].notna()]
    return pd.DataFrame(
        {
            "area_code": known["gemeente"],
            "year": known["jaar"].astype("int64"),
            "feature": "youth_12_17",
            "value": known["jongeren_12_17"].astype("float64"),
        }
    )
