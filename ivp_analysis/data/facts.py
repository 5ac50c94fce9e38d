"""What build.json says: where every figure came from, what was dropped and why, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from ivp_analysis import __version__
from ivp_analysis.data.borders import Borders, Excluded
from ivp_analysis.data.build_facts import FORMAT
from ivp_analysis.data.coverage import coverage_of, full_years_of, missing_months, pack_years
from ivp_analysis.data.tidy import present, shortened
from ivp_analysis.data.vintages import Vintages
from ivp_analysis.registry.records import Registry


def gather_facts(
    results: Mapping[str, Vintages],
    tables: Mapping[str, pd.DataFrame],
    borders: Borders,
    *,
    simulated: bool,
    strays: Sequence[Path],
    registry: Registry,
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
        "excluded": [_named(excluded, registry) for excluded in borders.excluded],
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
        lines += _missing_lines(told)
        if told["provisional"]:
            lines.append(f"    provisional, says the source: {shortened(told['provisional'])}")
        for reason, n in told["dropped"].items():
            which = told["named"].get(reason)
            lines.append(f"    dropped: {n} {reason}" + (f": {shortened(which)}" if which else ""))
    lines += [f"{name}: {n} rows" for name, n in facts["rows"].items()]
    lines += _excluded_lines(facts)
    return lines + [f"note: {warning}" for warning in facts["warnings"]]


def _missing_lines(told: Mapping[str, Any]) -> list[str]:
    """How many cells are empty, and where most of them are."""
    number = told.get("status", {}).get("missing", 0)
    where = "; ".join(f"{what} {shortened(names)}" for what, names in told.get("missing", {}).items())
    return [f"    missing: {number} cells: {where}"] if number else []


def _excluded_lines(facts: Mapping[str, Any]) -> list[str]:
    """Municipalities with figures that no comparison uses, with the split behind it."""
    held = {area for told in facts["coverage"].values() for area in told["areas"]}
    told = [
        f"{one['area_code']} {one['name']} ({one['on']}: {one['old_name']} was divided over {', '.join(one['new_names'])})"
        for one in facts["excluded"]
        if one["area_code"] in held
    ]
    return (
        [f"not compared, for their borders cannot be carried back: {shortened(told, '; ')}"] if told else []
    )


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
        "missing": _most_missing(frame),
        "status": {str(name): int(n) for name, n in status.items() if n},
    }


def _most_missing(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Areas, codes and periods with missing cells, those with the most first."""
    gaps = frame[(frame["status"] == "missing").to_numpy()]
    names = {"areas": "area_code", "codes": "code", "periods": "period"}
    if not len(gaps):
        return {}
    found = {what: gaps[column].astype("str").value_counts() for what, column in names.items()}
    return {what: sorted(n.index, key=lambda name: (-n[name], name)) for what, n in found.items()}


def _years(frame: pd.DataFrame) -> str:
    """A list of measures has no years."""
    if "date" in frame:
        return pack_years(int(day[:4]) for day in frame["date"])
    return pack_years(frame["year"]) if "year" in frame else "-"


def _warnings(sources: Mapping[str, Mapping[str, Any]], strays: Sequence[Path]) -> list[str]:
    found = [f"{path.name} is not used: it has no origin; take it with ivp import" for path in strays]
    for source, told in sources.items():
        found += told["doubts"]
        if told["joined_series"]:
            found.append(
                f"{source}: {told['joined_series']} series are joined from several snapshots, because none "
                "covers them whole; take all years at once to avoid that"
            )
        if told.get("missing_months"):
            found.append(f"{source}: no figures for {', '.join(told['missing_months'])}")
    return found


def _named(excluded: Excluded, registry: Registry) -> dict[str, Any]:
    """As plain values, with the names that a reader knows."""
    names = {code: one.name for code, one in registry.municipalities.items()}
    return asdict(excluded) | {
        "on": excluded.on.isoformat(),
        "name": names[excluded.area_code],
        "old_name": names[excluded.old_code],
        "new_names": [names[code] for code in excluded.new_codes],
    }
