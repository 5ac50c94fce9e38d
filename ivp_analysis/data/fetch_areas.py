"""Which areas counts of incidents are fetched for: the plan's and what they are held against, or as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import pandas as pd

from ivp_analysis.data.clean import clean_snapshot
from ivp_analysis.data.odata.wanted import KEY_FIGURES
from ivp_analysis.data.regions import COUNTRY, classify_keys, near_names
from ivp_analysis.data.snapshots import Snapshot, list_snapshots
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import InputError, IvpError, UsageError
from ivp_analysis.periods import LAST_YEAR
from ivp_analysis.registry.names import municipality_by_name
from ivp_analysis.registry.records import Plan, Registry

# Today's municipalities by their newest key figures -> those that the plan's are compared with.
Nearest = Callable[[pd.DataFrame], Iterable[str]]


def plan_areas(
    workspace: Workspace, registry: Registry, plan: Plan, nearest: Nearest | None, today: date
) -> tuple[list[str], str]:
    """The plan's municipalities and what they are held against, and a note when peers could not be chosen."""
    own = [*plan.areas, plan.province, plan.police_region, COUNTRY]
    if nearest is None:
        return own, ""
    figures = newest_key_figures(workspace, registry, today)
    if figures is None:
        return own, "no key figures, so no comparable municipalities: only those of the plan are fetched"
    try:
        peers = list(nearest(figures))
    except IvpError as error:
        return own, f"no comparable municipalities were fetched: {error}"
    return list(dict.fromkeys([*own, *peers])), ""


def newest_key_figures(workspace: Workspace, registry: Registry, today: date) -> pd.DataFrame | None:
    """Features by municipality of today, from the newest snapshot; of each feature its newest year."""
    snapshots = real_key_figures(workspace)
    if not snapshots:
        return None
    long = clean_snapshot(snapshots[-1], registry).frames["key_figures"]
    newest = long.groupby("feature")["year"].transform("max")
    wide = long[long["year"] == newest].pivot(index="area_code", columns="feature", values="value")
    there = [m.code for m in registry.municipalities.values() if m.valid_to is None or m.valid_to >= today]
    return wide.loc[[code for code in there if code in wide.index]].rename_axis(index=None, columns=None)


def real_key_figures(workspace: Workspace) -> list[Snapshot]:
    """Snapshots of key figures that are not of the simulated sample."""
    return [s for s in list_snapshots(workspace, KEY_FIGURES) if not s.simulated]


def listed_areas(areas: str | Sequence[str], registry: Registry) -> list[str] | None:
    """The codes of a list; None when the areas follow from the plan or are all."""
    if isinstance(areas, str):
        if areas in ("plan", "all"):
            return None
        areas = areas.split(",")
    codes = [_code(area.strip(), registry) for area in areas]
    kinds = classify_keys(codes, registry)
    for code, unknown, drop in zip(codes, kinds.unknown, kinds.drops, strict=True):
        if unknown or drop is not None:
            near = near_names(code, registry)
            hint = f"did you mean {' or '.join(near)}? " if near else ""
            raise UsageError(
                f"unknown area {code!r}",
                where="--areas",
                todo=f"{hint}give names, codes such as GM0988, PV31, RE10 or NL01, or the word plan or all",
            )
    return codes


def _code(area: str, registry: Registry) -> str:
    """The code of a municipality that is given by its name today; anything else as it stands, to be judged."""
    try:
        return municipality_by_name(registry, area, LAST_YEAR) or area.upper()
    except InputError as error:
        raise UsageError(error.what, where="--areas", todo=error.todo) from error
