"""Snapshots in, checked figures by today's municipalities out; a fault leaves the previous build alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ivp_analysis.data.areas import check_registry_with, read_areas
from ivp_analysis.data.borders import map_borders
from ivp_analysis.data.checks import check_inhabitants, check_observations, check_outliers, check_population
from ivp_analysis.data.clean import NOT_CLEANED, check_file, source_of
from ivp_analysis.data.coverage import check_coverage
from ivp_analysis.data.facts import gather_facts, summary_lines
from ivp_analysis.data.lock import one_at_a_time
from ivp_analysis.data.opened import Build
from ivp_analysis.data.preferred import passed_over
from ivp_analysis.data.snapshots import Snapshot, list_snapshots, list_strays, open_snapshot
from ivp_analysis.data.store import TABLES, read_facts, write_build
from ivp_analysis.data.tables import join_tables
from ivp_analysis.data.tabular import load_text
from ivp_analysis.data.vintages import Vintages, gather
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import BuildError, WorkspaceError
from ivp_analysis.registry.records import Registry

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made: rows per table, and everything that build.json says."""

    folder: Path
    rows: Mapping[str, int]
    facts: Mapping[str, Any]
    unchanged: bool

    @property
    def simulated(self) -> bool:
        """Whether it rests on the sample."""
        return bool(self.facts["simulated"])

    @property
    def warnings(self) -> Sequence[str]:
        """What did not stop the build but somebody should know."""
        return list(self.facts["warnings"])

    def lines(self) -> list[str]:
        """The build in words for the terminal."""
        return [
            *summary_lines(self.facts),
            *(["unchanged since the previous build"] if self.unchanged else []),
        ]


@one_at_a_time("ivp build")
def build(
    workspace: Workspace, registry: Registry, progress: Progress | None = None, *, allow_shrink: bool = False
) -> BuildResult:
    """Clean every source, check the whole, and replace the tables and build.json together."""
    say = progress or (lambda _: None)
    every = list_snapshots(workspace)
    snapshots = _figures(every, registry)
    _refuse_mixture(snapshots, workspace)
    borders = map_borders(registry, max(s.taken_on for s in snapshots))
    results: dict[str, Vintages] = {}
    for source in sorted({s.source for s in snapshots}):
        say(f"{source}: reading")
        own = [s for s in snapshots if s.source == source]
        results[source] = gather(own, registry.sources[source], borders, registry)
    tables = join_tables(results)
    before, unread = _previous(workspace)
    simulated = snapshots[0].simulated
    facts = gather_facts(
        results, tables, borders, simulated=simulated, strays=list_strays(workspace), registry=registry
    )
    facts["warnings"] += unread
    say("checking")
    _check(tables, registry)
    facts["warnings"] += _look_beside(every, registry)
    facts["warnings"] += passed_over(
        Build(workspace.processed, facts, {n: tables.get(n) for n in TABLES}), registry
    )
    if before is not None and before["simulated"] == simulated:
        losses = check_coverage(facts["coverage"], before["coverage"], allow_shrink=allow_shrink)
        facts["warnings"] += [f"lost with --allow-shrink: {loss}" for loss in losses]
    say("writing")
    write_build(workspace.processed, tables, facts)
    after = read_facts(workspace.processed) or {}
    rows = {name: len(frame) for name, frame in tables.items()}
    return BuildResult(workspace.processed, rows, after, unchanged=after == before)


def _previous(workspace: Workspace) -> tuple[dict[str, Any] | None, list[str]]:
    """What the previous build says of itself; one that cannot be read is replaced, and that is told."""
    try:
        return read_facts(workspace.processed), []
    except WorkspaceError as error:
        return None, [f"the previous build {error.what}: nothing was compared with it"]


def _figures(snapshots: Sequence[Snapshot], registry: Registry) -> list[Snapshot]:
    found = [s for s in snapshots if source_of(s, registry).kind not in NOT_CLEANED]
    if not any(source_of(s, registry).kind in ("observations", "delivery") for s in found):
        raise BuildError(
            "there are no figures to build from",
            where="data/raw",
            todo="take some with: ivp import FILE --source ID, or ivp fetch",
        )
    return found


def _look_beside(snapshots: Sequence[Snapshot], registry: Registry) -> list[str]:
    """What is no figure: boundaries that cannot be drawn stop the build, areas that differ are told."""
    newest = {s.source: s for s in snapshots if registry.sources[s.source].kind in NOT_CLEANED}
    found: list[str] = []
    for source, snapshot in newest.items():
        path, kind = open_snapshot(snapshot), registry.sources[source].kind
        check_file(path, registry.sources[source], registry)
        notes = (
            check_registry_with(read_areas(load_text(path), path.name), registry) if kind == "areas" else ()
        )
        found += [f"{source}: {note}" for note in notes]
    return found


def _refuse_mixture(snapshots: Sequence[Snapshot], workspace: Workspace) -> None:
    if len({s.simulated for s in snapshots}) > 1:
        strange = next(s for s in snapshots if s.simulated)
        raise BuildError(
            "simulated and real figures stand beside each other",
            where=str(strange.path.relative_to(workspace.root)),
            todo="remove the simulated snapshot: it belongs under data/raw/sample",
        )


def _check(tables: Mapping[str, pd.DataFrame], registry: Registry) -> None:
    rules = registry.method.group("data")
    if (observations := tables.get("observations")) is not None:
        check_observations(observations)
        check_outliers(observations, rules, [(c.area_code, c.code, c.period) for c in registry.corrections])
    if (population := tables.get("population")) is not None:
        check_population(population, rules)
        if observations is not None:
            check_inhabitants(observations, population)
