"""Is everything still what it was, and does it give what the plan published? Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ivp_analysis.data.opened import Build, open_build
from ivp_analysis.data.reconcile import Reconciliation, reconcile_baselines
from ivp_analysis.data.snapshots import Snapshot, list_snapshots, list_strays, open_snapshot
from ivp_analysis.data.store import TABLES, read_table
from ivp_analysis.data.text_table import text_table
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import IvpError, RegistryError, SnapshotError, UsageError, WorkspaceError
from ivp_analysis.registry import load_registry
from ivp_analysis.registry.records import Indicator, Registry


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at. faults: hashes, origins, tables or registry that do not hold; notes: the rest."""

    snapshots: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    overdue: tuple[Indicator, ...]
    baselines: tuple[Reconciliation, ...]
    simulated: bool = False

    @property
    def ok(self) -> bool:
        """Whether the figures and the registry are what they should be; baselines may differ."""
        return not self.faults

    def lines(self) -> list[str]:
        """For printing."""
        wrong = f"{len(self.faults)} faults" if self.faults else "all as they were taken"
        found = [f"{self.snapshots} snapshots, registry and build: {wrong}"]
        found += [f"fault: {fault}" for fault in self.faults]
        found += [f"note: {note}" for note in self.notes]
        found += [f"review overdue since {i.review_due}: {i.id} ({i.checker})" for i in self.overdue]
        if self.baselines:
            about = "SIMULATED figures (the sample)" if self.simulated else "our figures"
            found += [
                "",
                f"published baselines against {about}; * is the recipe that counts for those areas",
                *self._table(),
            ]
        return found

    def _table(self) -> list[str]:
        head = ["", "target", "year", "published", "recomputed", "recipe", "verdict"]
        return text_table([head, *(_line(one) for one in self.baselines)], right=(3, 4))


def verify(workspace: Workspace, *, plan_id: str | None = None, today: date | None = None) -> Verification:
    """Hashes of all snapshots and tables, the registry, overdue reviews, and the baselines of the plan(s)."""
    faults: list[str] = []
    notes = [
        f"{path.name} is not used: it has no origin; take it with ivp import"
        for path in list_strays(workspace)
    ]
    registry = _registry(workspace, faults)
    snapshots = _snapshots(workspace, faults)
    build = _build(workspace, snapshots, faults, notes)
    baselines: list[Reconciliation] = []
    overdue: tuple[Indicator, ...] = ()
    if registry is not None:
        overdue = overdue_reviews(registry, today or date.today())
        for plan in _plans(registry, plan_id) if build else ():
            baselines += reconcile_baselines(build, registry, registry.plans[plan]) if build else []
    simulated = build is not None and build.simulated
    return Verification(
        len(snapshots), tuple(faults), tuple(notes), overdue, tuple(baselines), simulated=simulated
    )


def overdue_reviews(registry: Registry, today: date) -> tuple[Indicator, ...]:
    """Indicators whose definition should have been looked at again."""
    return tuple(i for i in registry.indicators.values() if i.review_due < today)


def _registry(workspace: Workspace, faults: list[str]) -> Registry | None:
    try:
        return load_registry(workspace.registry)
    except RegistryError as error:
        faults.append(_one_line(error))
        return None


def _snapshots(workspace: Workspace, faults: list[str]) -> list[Snapshot]:
    """All of them, also when one does not hold."""
    try:
        snapshots = list_snapshots(workspace)
    except SnapshotError as error:
        faults.append(_one_line(error))
        return []
    for snapshot in snapshots:
        try:
            open_snapshot(snapshot)
        except SnapshotError as error:
            faults.append(_one_line(error))
    return snapshots


def _build(
    workspace: Workspace, snapshots: Sequence[Snapshot], faults: list[str], notes: list[str]
) -> Build | None:
    try:
        build = open_build(workspace)
    except WorkspaceError as error:
        notes.append(_one_line(error))
        return None
    try:
        for name in TABLES:
            read_table(build.folder, name, build.facts)
    except WorkspaceError as error:
        faults.append(_one_line(error))
        return None
    built = {s["id"] for facts in build.sources.values() for s in facts["snapshots"]}
    later = [s for s in snapshots if s.source in build.sources and s.id not in built]
    if later:
        notes.append(
            f"{len(later)} snapshots were taken since the build ({later[-1].path.name}): run ivp build"
        )
    return build


def _plans(registry: Registry, plan_id: str | None) -> list[str]:
    if plan_id is not None and plan_id not in registry.plans:
        raise UsageError(f"unknown plan {plan_id!r}", todo=f"choose from {', '.join(sorted(registry.plans))}")
    return sorted(registry.plans) if plan_id is None else [plan_id]


def _line(one: Reconciliation) -> list[str]:
    share = one.target.kind == "share"
    recomputed = "-" if one.missing else f"{one.recomputed:.1%}" if share else f"{one.recomputed:.0f}"
    return [
        "*" if one.shown else "",
        one.target.id,
        str(one.target.baseline_year),
        f"{one.target.baseline:.0%}" if share else f"{one.target.baseline:.0f}",
        recomputed,
        f"{one.recipe.source} {'+'.join(one.recipe.codes)}{' (alternative)' if one.alternative else ''}",
        one.why(),
    ]


def _one_line(error: IvpError) -> str:
    return str(error).replace("\n ", "")
