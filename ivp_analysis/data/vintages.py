"""All snapshots of one source, cleaned, corrected, checked, carried to today's borders and combined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ivp_analysis.data.borders import Borders, bridge_from
from ivp_analysis.data.clean import clean_snapshot
from ivp_analysis.data.combine import Combined, combine
from ivp_analysis.data.corrections import apply_corrections, corrections_for
from ivp_analysis.data.mergers import Harmonised, harmonise
from ivp_analysis.data.snapshots import Snapshot
from ivp_analysis.data.sums import check_sums, doubt_sums
from ivp_analysis.data.tidy import join_named, tally
from ivp_analysis.errors import BuildError
from ivp_analysis.registry.records import Registry, Source

# Per table: what makes a series, and the column of time along it.
SERIES = {
    "observations": (("area_code", "code"), "period"),
    "population": (("area_code",), "year"),
    "key_figures": (("area_code", "feature"), "year"),
    "survey": (("area_code", "question"), "year"),
    # What has no time of its own is a series by itself: the newest delivery that names it counts.
    "measures": (("area_code", "theme", "action"), "area_code"),
    "events": (("area_code", "event", "date"), "area_code"),
    "visitors": (("area_code",), "year"),
}


@dataclass(frozen=True, slots=True)
class Vintages:
    """The tables of one source and the account of its rows."""

    tables: Mapping[str, pd.DataFrame]
    account: dict[str, Any] = field(default_factory=dict)


def gather(snapshots: Sequence[Snapshot], source: Source, borders: Borders, registry: Registry) -> Vintages:
    """One source, from its snapshots (oldest first) to tables by today's municipalities."""
    pieces: dict[str, list[pd.DataFrame]] = {}
    names: dict[str, list[str]] = {}
    rows, sums = 0, 0
    corrected, held, doubts = set[str](), set[str](), set[str]()
    dropped: dict[str, int] = {}
    named: dict[str, list[str]] = {}
    provisional: dict[str, tuple[str, ...]] = {}
    wrong: dict[str, BuildError] = {}
    # The newest first: a correction must fit the newest vintage that holds its figure, however narrow others are.
    for snapshot in reversed(snapshots):
        reading = clean_snapshot(snapshot, registry)
        rows, dropped = rows + reading.rows, tally(dropped, reading.dropped)
        named = join_named(named, reading.named)
        provisional[snapshot.id] = reading.provisional
        for name, frame in reading.frames.items():
            if name == "observations":
                wanted = corrections_for(registry.corrections, source.id, simulated=snapshot.simulated)
                frame, used, there = apply_corrections(frame, wanted, newer=held)
                corrected, held = corrected | set(used), held | set(there)
                doubts |= {f"{source.id}: {doubt}" for doubt in doubt_sums(frame, source, snapshot.path.name)}
                try:
                    sums += check_sums(frame, source, snapshot.path.name)
                except BuildError as error:
                    wrong[snapshot.id] = error
            done = _today(name, frame, source, borders, registry)
            dropped, named = tally(dropped, done.dropped), join_named(named, done.named)
            pieces.setdefault(name, []).append(done.frame)
            names.setdefault(name, []).append(snapshot.id)
    combined = {
        name: combine(pieces[name][::-1], names[name][::-1], series=SERIES[name][0], along=SERIES[name][1])
        for name in pieces
    }
    _refuse_wrong(wrong, combined)
    dropped = tally(dropped, *(c.dropped for c in combined.values()))
    account = _account(snapshots, source, rows, dropped, combined)
    account |= {
        "sums_checked": sums,
        "corrections": sorted(corrected),
        "named": named,
        "doubts": sorted(doubts),
    }
    chosen = {name for c in combined.values() for name in c.used}
    account["provisional"] = sorted({period for name in chosen for period in provisional[name]})
    return Vintages({name: c.frame for name, c in combined.items()}, account)


def _refuse_wrong(wrong: Mapping[str, BuildError], combined: Mapping[str, Combined]) -> None:
    """A sum that does not hold stops, unless newer vintages took the place of all figures of that one.

    Once a source has healed itself its correction goes, and the older vintage with the mistake is kept.
    """
    for snapshot in combined["observations"].used if wrong else ():
        if snapshot in wrong:
            raise wrong[snapshot]


def _today(
    name: str, frame: pd.DataFrame, source: Source, borders: Borders, registry: Registry
) -> Harmonised:
    """Counts and inhabitants by today's municipalities; shares and averages cannot be summed and stay."""
    if name == "observations":
        # Only the distinct periods are text; the rows are codes.
        year = np.array([int(p[:4]) for p in frame["period"].cat.categories])[frame["period"].cat.codes]
        return harmonise(frame, year, borders, registry, recut=source.recut, since=bridge_from(registry))
    if name == "population":
        return _population_today(frame, source, borders, registry)
    return Harmonised(frame, {})


def _population_today(
    frame: pd.DataFrame, source: Source, borders: Borders, registry: Registry
) -> Harmonised:
    counts = pd.DataFrame(
        {
            "area_code": frame["area_code"],
            "code": pd.Categorical(["population"] * len(frame)),
            "period": pd.Categorical(frame["year"].astype("str")),
            "count": frame["january_first"],
            "status": pd.Categorical(
                np.where(frame["january_first"].isna(), "missing", "exact"), ["exact", "missing"]
            ),
        }
    )
    # The inhabitants of a municipality on its first day are those of its parts on the day before.
    done = harmonise(
        counts, frame["borders_of"].to_numpy(), borders, registry, recut=source.recut, since=None
    )
    result = pd.DataFrame(
        {
            "area_code": done.frame["area_code"],
            "year": done.frame["period"].astype("str").astype("int64"),
            "january_first": done.frame["count"],
        }
    )
    return replace(done, frame=result)


def _account(
    snapshots: Sequence[Snapshot],
    source: Source,
    rows: int,
    dropped: Mapping[str, int],
    combined: Mapping[str, Combined],
) -> dict[str, Any]:
    kept = sum(len(c.frame) for c in combined.values())
    if rows != kept + sum(dropped.values()):
        lost = rows - kept - sum(dropped.values())
        raise BuildError(f"{lost} rows of {source.id} disappeared", todo="report this: it is our fault")
    used = {name for c in combined.values() for name in c.used}
    return {
        "title": source.title,
        "attribution": source.attribution,
        "rows_in": rows,
        "rows_out": kept,
        "dropped": dict(dropped),
        "joined_series": sum(c.joined for c in combined.values()),
        "data_date": max(s.taken_on for s in snapshots if s.id in used).isoformat(),
        "snapshots": [_facts(s, used=s.id in used) for s in snapshots],
    }


def _facts(snapshot: Snapshot, *, used: bool) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "file": snapshot.path.name,
        "original": snapshot.original,
        "sha256": snapshot.sha256,
        "taken_on": snapshot.taken_on.isoformat(),
        "modified": snapshot.modified,
        "url": snapshot.url,
        "used": used,
    }
