"""build.json, read by itself: what a build says of its figures, without opening a table (or the libraries for it)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ivp_analysis.data.seal import is_whole
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError, WorkspaceError
from ivp_analysis.registry.records import Plan, Registry

BUILD = "build.json"
# Since format 5 the file is sealed.
FORMAT = 5
_SHAPE = {
    "simulated": bool,
    "data_date": str,
    "sources": dict,
    "tables": dict,
    "rows": dict,
    "excluded": list,
    "coverage": dict,
    "full_years": dict,
    "warnings": list,
}
Facts = Mapping[str, Any]


def read_facts(folder: Path) -> dict[str, Any] | None:
    """build.json; None if nothing was built yet, or in an older format: it is made again from the same files.

    One that was changed, or of a newer release, is an error.
    """
    path = folder / BUILD
    if not path.is_file():
        return None
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise WorkspaceError(f"cannot be read ({error})", where=str(path), todo="run ivp build") from error
    made_in = facts.get("format") if isinstance(facts, dict) else None
    if type(made_in) is int and made_in > FORMAT:
        todo = "install that release, or run ivp build with this one"
        raise WorkspaceError("was made by a newer release of ivp-analysis", where=str(path), todo=todo)
    if type(made_in) is int and 1 <= made_in < FORMAT:
        return None
    if not is_whole(facts) or not all(isinstance(facts.get(key), kind) for key, kind in _SHAPE.items()):
        raise WorkspaceError("was changed since it was built", where=str(path), todo="run ivp build")
    return dict(facts)


def open_facts(workspace: Workspace) -> dict[str, Any]:
    """The same; without a build the error says how to make it."""
    facts = read_facts(workspace.processed)
    if facts is None:
        raise WorkspaceError(
            "nothing was built yet", where=str(workspace.processed), todo="run ivp build first"
        )
    return facts


def unpack_years(text: str) -> set[int]:
    """The years of `pack_years`: "2010-2012 2015"."""
    runs = [run.partition("-") for run in text.split()]
    return {year for first, _, last in runs for year in range(int(first), int(last or first) + 1)}


def municipalities_held(facts: Facts) -> list[str]:
    """Municipalities with yearly figures and inhabitants, within one set of borders, in order of code."""
    excluded = {row["area_code"] for row in facts["excluded"]}
    people = facts["coverage"].get("population", {"areas": {}})["areas"]
    held = (code for code, years in facts["full_years"].items() if years and code in people)
    return sorted(code for code in held if code.startswith("GM") and code not in excluded)


def full_years(facts: Facts, areas: Iterable[str]) -> list[int]:
    """The years over which at least one of these areas has a yearly figure."""
    held: Mapping[str, str] = facts["full_years"]
    return sorted(set().union(*(unpack_years(held.get(area, "")) for area in areas)))


def choose_year(facts: Facts, areas: Iterable[str], year: int | None) -> int:
    """The reference year that was asked for, else the last full one."""
    years = full_years(facts, areas)
    if not years or (year is not None and year not in years):
        asked = f"over {year}" if year is not None else "over a whole year"
        held = f"choose a year in {years[0]}-{years[-1]}" if years else "take yearly figures, then ivp build"
        raise UsageError(f"no figures {asked}", where="reference year", todo=held)
    return year or years[-1]


def refuse_absent(facts: Facts, registry: Registry, plan: Plan, workspace: Workspace) -> None:
    """A region without one of its municipalities is another region, and nobody is compared without inhabitants."""
    people = facts["coverage"].get("population", {"areas": {}})["areas"]
    for what, held in (("figures", facts["full_years"]), ("inhabitants", people)):
        absent = [f"{registry.municipalities[code].name} ({code})" for code in plan.areas if code not in held]
        if absent:
            source = "cbs-37230" if what == "inhabitants" else "ID"
            raise UsageError(
                f"no {what} of {', '.join(absent)}, which {plan.id} covers",
                where=str(workspace.root),
                todo=f"take them with ivp import FILE --source {source}, then ivp build; or leave them out of the plan",
            )
