"""Adopted editions: what was reported, kept to the byte, and read again by later reports."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from ivp_analysis.data.files import sha256_file
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import WorkspaceError
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.page import numbers

Status = Literal["concept", "vastgesteld"]
STATUSES: tuple[Status, ...] = ("concept", "vastgesteld")
FOLDER, ABOUT, FIGURES = "editions", "edition.json", "figures.json"
FORMAT = 1
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Edition:
    """A kept edition: its folder, and the hash of every file in it. simulated: made from the sample."""

    folder: Path
    plan: str
    year: int
    status: Status
    day: date
    files: Mapping[str, str]
    simulated: bool

    def figures(self) -> dict[str, Any]:
        """The figures that its pages showed; a file that is no longer what was kept is an error."""
        path = self.folder / FIGURES
        if not path.is_file() or sha256_file(path) != self.files[FIGURES]:
            raise WorkspaceError(
                "is not what was kept", where=str(path), todo="put the kept edition back from a backup"
            )
        return dict(json.loads(path.read_text(encoding="utf-8")))


def editions_folder(workspace: Workspace, plan: str, year: int) -> Path:
    """Where the editions of a year are kept."""
    return workspace.reports / plan / str(year) / FOLDER


def list_editions(workspace: Workspace, plan: str, year: int) -> list[Edition]:
    """All editions of a year, the oldest first."""
    found = [_open(path) for path in sorted(editions_folder(workspace, plan, year).glob(f"*/{ABOUT}"))]
    return sorted(found, key=lambda e: (e.day, STATUSES.index(e.status)))


def last_adopted(workspace: Workspace, plan: str, before: int) -> Edition | None:
    """The newest adopted edition of the last year before `before` that has one."""
    folder = workspace.reports / plan
    years = sorted(
        (int(p.name) for p in folder.glob("[0-9][0-9][0-9][0-9]") if int(p.name) < before), reverse=True
    )
    for year in years:
        adopted = [e for e in list_editions(workspace, plan, year) if e.status == "vastgesteld"]
        if adopted:
            return adopted[-1]
    return None


def check_edition(edition: Edition) -> list[str]:
    """Files of an edition that are gone or changed; empty when it is still what was kept."""
    faults = []
    for name, kept in edition.files.items():
        path = edition.folder / name
        if not path.is_file():
            faults.append(f"{edition.folder.name}/{name} is gone")
        elif sha256_file(path) != kept:
            faults.append(f"{edition.folder.name}/{name} was changed")
    return faults


def check_editions(workspace: Workspace) -> list[str]:
    """The same for every kept edition of every plan and year."""
    kept = sorted(workspace.reports.glob(f"*/*/{FOLDER}/*/{ABOUT}"))
    return [f"{path.parents[2].name} {fault}" for path in kept for fault in check_edition(_open(path))]


def say_reported_before(analysis: Analysis) -> list[str]:
    """What the last adopted edition reported of each target, where our figures now differ."""
    edition = last_adopted(analysis.workspace, analysis.plan.id, analysis.year)
    if edition is None or edition.simulated != analysis.build.simulated:
        return []
    reported, region = edition.figures()["counts"], analysis.region.code
    when = "vorig jaar" if edition.year == analysis.year - 1 else f"in het verslag over {edition.year}"
    found = []
    for target in analysis.plan.targets:
        series = analysis.series.get(target.indicator)
        was = reported.get(target.indicator, {}).get(region, {}).get(str(edition.year))
        if series is None or was is None:
            continue
        now = float(series.total(analysis.plan.areas).get(str(edition.year), math.nan))
        if not math.isnan(now) and now != was:
            label = f"{target.label[:1].upper()}{target.label[1:]}"
            found.append(
                f"{label} in {edition.year}: {when} gemeld {numbers.count(was)}, nu {numbers.count(now)}."
            )
    same = (
        f"De aantallen over {edition.year} zijn gelijk aan die in het verslag van {numbers.day(edition.day)}."
    )
    return found or [same]


def _open(path: Path) -> Edition:
    todo = "put the kept edition back from a backup"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if int(told["format"]) > FORMAT:
            todo = "install that release"
            raise ValueError("it was kept by a newer release of ivp-analysis")
        return Edition(
            folder=path.parent,
            plan=str(told["plan"]),
            year=int(told["year"]),
            status=STATUSES[STATUSES.index(told["status"])],
            day=date.fromisoformat(told["day"]),
            files={_inside(name): str(kept) for name, kept in {FIGURES: "", **told["files"]}.items()},
            simulated=bool(told["simulated"]),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise WorkspaceError(f"cannot be read ({error})", where=str(path), todo=todo) from error


def _inside(name: str) -> str:
    """A file of the edition stands in its folder."""
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or "\0" in name or len(name) > _LONGEST_NAME:
        raise ValueError(f"a file called {name[:40]!r}")
    return name
