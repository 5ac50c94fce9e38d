"""A small workspace for faults: thefts and inhabitants of the five and a neighbour, and deliveries of two kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from unit.data.given import FIVE, population_export, theft_table

from ivp_analysis.data.snapshots import Snapshot, take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry

PLACES = (*FIVE, "GM0935")
YEARS = range(2014, 2022)
DAY = date(2022, 2, 15)
Count = Callable[[int, int], int]


def thefts(years: Iterable[int] = YEARS, *, plus: int = 0) -> bytes:
    """From homes, per municipality and year."""
    cells = [(gm, year) for gm in PLACES for year in years]
    return theft_table(
        ("T001540", "CRI1134", gm, f"{year}JJ00", str(30 + plus + 7 * n % 23))
        for n, (gm, year) in enumerate(cells)
    )


def people(registry: Registry, years: Iterable[int] = YEARS) -> bytes:
    """At the end of each year, from the one before on."""
    ends = [min(years) - 1, *years]
    names = {registry.municipalities[gm].name: [15_000 + 900 * n] * len(ends) for n, gm in enumerate(PLACES)}
    return population_export(ends, names)


def disputes(
    registry: Registry, years: Iterable[int] = YEARS, *, count: Count = lambda n, year: 20 + n
) -> bytes:
    """Neighbour disputes of the five, as the police delivers them; all in one class."""
    rows = [
        f"{registry.municipalities[gm].name};{code};{year};;{count(n, year) if code == 'E12' else 0}"
        for n, gm in enumerate(FIVE)
        for year in years
        for code in ("E12", "E13", "E321", "F95")
    ]
    return ("gemeente;inp_klasse;jaar;maand;aantal\n" + "\n".join(rows) + "\n").encode()


def halts(registry: Registry, years: Iterable[int] = YEARS, *, count: Count = lambda n, year: 6 + n) -> bytes:
    """Referrals to Halt of the five."""
    rows = [
        f"{registry.municipalities[gm].name};{year};{count(n, year)};{900 + n}"
        for n, gm in enumerate(FIVE)
        for year in years
    ]
    return ("gemeente;jaar;aantal;jongeren_12_17\n" + "\n".join(rows) + "\n").encode()


def fill(workspace: Workspace, registry: Registry) -> list[Snapshot]:
    """All four as snapshots of one day."""
    files = {
        "cbs-83651": thefts(), "cbs-37230": people(registry), "police-inp": disputes(registry), "halt": halts(registry),
    }  # fmt: skip
    return [
        take_snapshot(workspace, source, content, name=f"{source}.csv", taken_on=DAY)
        for source, content in files.items()
    ]


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of a workspace by its place; the lock is an empty file that stays."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
