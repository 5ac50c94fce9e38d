"""What build.json says: where every figure came from, what was dropped and why, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ivp_analysis import __version__
from ivp_analysis.data.borders import Borders
from ivp_analysis.data.build_facts import FORMAT
from ivp_analysis.data.coverage import coverage_of, full_years_of, missing_months, pack_years
from ivp_analysis.data.tidy import present
from ivp_analysis.data.vintages import Vintages


def gather_facts(
    results: Mapping[str, Vintages],
    tables: Mapping[str, pd.DataFrame],
    borders: Borders,
    *,
    simulated: bool,
    strays: Sequence[Path],
) -> dict[str, Any]:
    """Everything but the hashes of the tables; no time of running: the same input gives the same text."""
    sources = {source: {**result.account, **_reach(result)} for source, result in results.items()}
    return {
        "format": FORMAT,
        "version": __version__,
        "simulated": simulated,
        "data_date": borders.today.isoformat(),
        "rows": {name: len(frame) for name, frame in tables.items()},
        "sources": sources,
        "overlap": _overlap(results, tables),
        "coverage": _coverage(results, tables),
        "full_years": full_years_of(tables["observations"]) if "observations" in tables else {},
        "excluded": [_plain(asdict(excluded)) for excluded in borders.excluded],
        "warnings": _warnings(sources, strays),
    }


def summary_lines(facts: Mapping[str, Any]) -> list[str]:
    """The build in words for the terminal: rows, areas, years, what is missing and why."""
    lines = ["SIMULATED figures (the sample), not police figures"] if facts["simulated"] else []
    for source, told in facts["sources"].items():
        lines.append(
            f"{source}: {told['rows_in']} rows read, {told['rows_out']} kept; {told['areas']} areas; "
            f"years {told['years']}; taken {told['data_date']}"
        )
        lines += [
            f"    missing: {n} cells" for word, n in told.get("status", {}).items() if word == "missing"
        ]
        lines += [f"    dropped: {n} {reason}" for reason, n in told["dropped"].items()]
    lines += [f"{name}: {n} rows" for name, n in facts["rows"].items()]
    return lines + [f"note: {warning}" for warning in facts["warnings"]]


def _coverage(results: Mapping[str, Vintages], tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    found = {
        source: coverage_of(result.tables["observations"])
        for source, result in results.items()
        if "observations" in result.tables
    }
    if "population" in tables:
        found["population"] = coverage_of(tables["population"])
    return found


def _overlap(results: Mapping[str, Vintages], tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """Rows that two sources give alike (population), of which one is used."""
    pieces = {name: sum(len(r.tables.get(name, ())) for r in results.values()) for name in tables}
    return {name: rows - len(tables[name]) for name, rows in pieces.items() if rows != len(tables[name])}


def _reach(result: Vintages) -> dict[str, Any]:
    """Areas, years and gaps of a source."""
    if (frame := result.tables.get("observations")) is None:
        frame = next(iter(result.tables.values()))
        return {"areas": int(frame["area_code"].nunique()), "years": _years(frame)}
    periods = present(frame["period"])
    status = frame["status"].value_counts()
    return {
        "areas": len(present(frame["area_code"])),
        "codes": len(present(frame["code"])),
        "years": pack_years(int(period[:4]) for period in periods),
        "last_period": max(periods),
        "missing_months": missing_months(periods),
        "status": {str(name): int(n) for name, n in status.items() if n},
    }


def _years(frame: pd.DataFrame) -> str:
    """A list of measures has no years."""
    if "date" in frame:
        return pack_years(int(day[:4]) for day in frame["date"])
    return pack_years(frame["year"]) if "year" in frame else "-"


def _warnings(sources: Mapping[str, Mapping[str, Any]], strays: Sequence[Path]) -> list[str]:
    found = [f"{path.name} is not used: it has no origin; take it with ivp import" for path in strays]
    for source, told in sources.items():
        if told["joined_series"]:
            found.append(
                f"{source}: {told['joined_series']} series are joined from several snapshots, because none "
                "covers them whole; take all years at once to avoid that"
            )
        if told.get("missing_months"):
            found.append(f"{source}: no figures for {', '.join(told['missing_months'])}")
    return found


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in record.items()}
