"""Reading the registry's TOML and CSV files; whatever is wrong with a file becomes one RegistryError."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from ivp_analysis import __version__
from ivp_analysis.errors import RegistryError
from ivp_analysis.registry.near import did_you_mean
from ivp_analysis.registry.strict import build_record, demand, shown

T = TypeVar("T")
FORMAT = 1


def read_toml(path: Path, tables: Iterable[str] | None) -> dict[str, Any]:
    """The tables of a registry file of format 1; `tables` are the names it may hold (None: any)."""
    text = _read_text(path)
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        # TOMLDecodeError is a ValueError, as is Python's limit on the digits of an integer.
        raise _not_toml(path, fault) from fault
    _check_format(content.pop("format", None), path)
    allowed = list(content if tables is None else tables)
    for name in content:
        if name not in allowed:
            todo = f"{did_you_mean(name, allowed)}this file holds {', '.join(allowed)}"
            raise RegistryError(f"unknown table {shown(name)}", where=path.name, todo=todo)
    return content


def read_by_id(content: dict[str, Any], name: str, kind: type[T], path: Path) -> dict[str, T]:
    """The records of one `[[name]]` array by their id; an id that occurs twice is an error."""
    found: dict[str, T] = {}
    for key, record in _read_list(content, name, kind, path):
        place = f"{path.name}, {name} {key}, field id"
        demand(key not in found, f"id {key!r} occurs twice", place, "rename or remove one of them")
        found[key] = record
    return found


def read_csv(path: Path, columns: tuple[str, ...], last: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row as (place for an error, values by column); comma separated, UTF-8, exactly these columns.

    The column `last` may be absent; it then is empty in every row.
    """
    reader = csv.reader(io.StringIO(_read_text(path), newline=""), strict=True)
    try:
        found = next(reader, [])
        _check_header(found, columns, last, path)
        todo = f"write {','.join(found)}; put a value that holds a comma between double quotes"
        for row in reader:
            place = f"{path.name}, row {reader.line_num}"
            demand(len(row) == len(found), f"{len(row)} values for {len(found)} columns", place, todo)
            yield place, {last: "", **dict(zip(found, row, strict=True))}
    except csv.Error as fault:
        place = f"{path.name}, row {reader.line_num}"
        raise RegistryError(f"not valid CSV: {fault}", where=place, todo="mend that row") from fault


def _read_list(content: dict[str, Any], name: str, kind: type[T], path: Path) -> Iterator[tuple[str, T]]:
    rows = content.get(name, [])
    demand(isinstance(rows, list), f"{name} is not a list", path.name, f"head each record with [[{name}]]")
    for number, row in enumerate(rows, start=1):
        key = row.get("id") if isinstance(row, dict) else None
        known = isinstance(key, str) and key
        record = build_record(kind, row, f"{path.name}, {name} {key if known else f'number {number}'}")
        yield str(key), record


def _check_header(found: list[str], columns: tuple[str, ...], last: str, path: Path) -> None:
    hint = "separate by commas, not by semicolons: " if found and ";" in found[0] else ""
    demand(
        tuple(found) in (columns, (*columns, last)),
        f"columns {shown(','.join(found))}",
        f"{path.name}, row 1",
        f"{hint}write {','.join(columns)} and, if you like, {last}",
    )


def _read_text(path: Path) -> str:
    try:
        # A byte order mark, as Windows editors write it, is not part of the text.
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        what = f"byte {fault.start + 1} is not UTF-8"
        raise RegistryError(what, where=path.name, todo="save the file as UTF-8") from fault
    except OSError as fault:
        raise RegistryError(
            f"cannot be read ({fault.strerror or fault})",
            where=str(path),
            todo="put it back from the project; without a data/registry of its own a workspace uses the project's",
        ) from fault


def _not_toml(path: Path, fault: Exception) -> RegistryError:
    line = re.search(r"\bline (\d+)", str(fault))
    return RegistryError(
        f"not valid TOML: {shown(str(fault))}",
        where=f"{path.name}, line {line[1]}" if line else path.name,
        todo="mend that line (text in quotes, each key once, lists in [ ])",
    )


def _check_format(found: object, path: Path) -> None:
    demand(
        type(found) is int and found == FORMAT,
        "the file does not say its format" if found is None else f"format {shown(found)} is unknown",
        f"{path.name}, field format",
        f"ivp-analysis {__version__} reads format {FORMAT}: begin the file with format = {FORMAT}, "
        "or install the release that wrote it",
    )
