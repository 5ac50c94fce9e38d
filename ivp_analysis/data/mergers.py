"""Figures of ended municipalities summed into those of today, so that a series has one set of borders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.borders import Borders
from ivp_analysis.data.coverage import pack_years
from ivp_analysis.data.merge_groups import Decisions, Groups, decide, group_rows
from ivp_analysis.data.tidy import (
    KEYS,
    STATUSES,
    Drop,
    Index,
    Mask,
    Named,
    as_category,
    join_frames,
    join_named,
    statuses,
    tally,
)
from ivp_analysis.errors import BuildError
from ivp_analysis.registry.records import Registry

_MISSING = STATUSES.index("missing")


@dataclass(frozen=True, slots=True)
class Harmonised:
    """The frame by today's municipalities; rows in = rows out + dropped; named: the areas with their years, per reason."""

    frame: pd.DataFrame
    dropped: dict[str, int]
    named: Named = field(default_factory=dict)


def harmonise(
    frame: pd.DataFrame,
    year: Index,
    borders: Borders,
    registry: Registry,
    *,
    recut: bool,
    since: date | None,
) -> Harmonised:
    """Sum whole mergers; `year` is that of the borders of each row.

    recut: the source has carried its whole history to its newest borders, so a part that it does not hold is
    already inside. since: changes before it are not bridged. A sum with a missing part is missing.
    """
    split = _rows_of(frame, lambda area: area in borders.split)
    gone = _rows_of(frame, lambda area: _has_no_successor(area, borders, registry))
    _refuse_successorless(frame, gone)
    involved = [
        area for area in frame["area_code"].cat.categories if _is_involved(area, borders, recut=recut)
    ]
    targets = {borders.target.get(area, area) for area in involved}
    affected = _rows_of(frame, lambda area: borders.target.get(area, area) in targets) & ~split & ~gone
    names = frame["area_code"].astype(object).to_numpy()
    apart = {Drop.SPLIT: split, Drop.NOT_THERE: gone}
    dropped = {reason: int(rows.sum()) for reason, rows in apart.items()}
    named = {str(reason): _with_years(names[rows], year[rows]) for reason, rows in apart.items()}
    rest = _tidy(frame[~affected & ~split & ~gone])
    if not affected.any():
        return Harmonised(rest, tally(dropped), join_named(named))
    some = frame[affected]
    groups = group_rows(some, year[affected], borders, registry, since)
    decisions = decide(groups, recut=recut)
    merged = _merge(some, groups, decisions)
    lost = _account(groups, decisions)
    counted = {reason: int(n.sum()) for reason, n in lost.items()}
    gone_rows = ~(groups.own & decisions.out[groups.group])
    for reason, n in lost.items():
        rows = gone_rows & (n > 0)[groups.group]
        named = join_named(named, {reason: _with_years(names[affected][rows], year[affected][rows])})
    return Harmonised(join_frames([rest, merged]), tally(dropped, counted), named)


def _merge(frame: pd.DataFrame, groups: Groups, decisions: Decisions) -> pd.DataFrame:
    """One row per group that gives one: the sum of its parts, or its own figure, or a gap."""
    count = frame["count"].fillna(0).to_numpy(dtype=np.float64)
    total = groups.total(count, groups.valid & ~groups.empty | groups.late)
    own = groups.total(count, groups.own)
    # An empty cell is no hole if the area's last figure under its old code fills it.
    inherited = groups.any(groups.late & groups.heir)[groups.group] & groups.own
    hole = groups.any(groups.valid & groups.empty & ~inherited)
    empty = np.where(decisions.summed, hole, ~groups.any(groups.own & ~groups.empty)) | decisions.blank
    value = np.where(empty, np.nan, np.where(decisions.summed, total, own))
    out, first = decisions.out, groups.first
    result = pd.DataFrame(
        {
            "area_code": as_category(groups.target[out]),
            "code": frame["code"].array[first][out],
            "period": frame["period"].array[first][out],
            "count": pd.Series(value[out]).astype(frame["count"].dtype),
            "status": statuses(_status(frame, groups, decisions.summed, empty)[out]),
        }
    )
    return _tidy(result)


def _status(frame: pd.DataFrame, groups: Groups, summed: Mask, empty: Mask) -> npt.NDArray[np.int8]:
    """A sum is as doubtful as its most doubtful part; a gap is missing unless its own row says otherwise."""
    codes = frame["status"].cat.codes.to_numpy()
    parts = groups.valid & ~groups.empty | groups.late
    counts = np.where(summed[groups.group], parts, groups.own)
    worst = np.full(len(groups.needed), _MISSING, dtype=np.int8)
    worst[groups.any(counts)] = 0
    np.maximum.at(worst, groups.group[counts], codes[counts])
    own_gap = ~summed & (worst == STATUSES.index("suppressed"))
    worst[empty & ~own_gap] = _MISSING
    return worst


def _account(groups: Groups, decisions: Decisions) -> dict[Drop, Index]:
    """Per reason: how many of the other rows of each group are not among the results for it."""
    every = np.ones(len(groups.group), dtype=np.bool_)
    size = groups.count(every) - decisions.out
    ended = groups.count(~groups.own & ~groups.empty & ~groups.valid & ~groups.late)
    rest = ~decisions.alone & ~decisions.carried & ~decisions.summed
    return {
        Drop.AFTER_END: ended * (decisions.alone | decisions.summed),
        Drop.NOT_THERE: (size - ended) * decisions.alone,
        Drop.OLD_BESIDE_NEW: size * decisions.carried,
        Drop.MERGED: (size - ended) * decisions.summed,
        Drop.SPLIT: size * (rest & groups.pieces),
        Drop.NOT_BRIDGED: size * (rest & ~groups.bridgeable & ~groups.pieces),
        Drop.PART_ABSENT: size * (rest & groups.bridgeable),
    }


def _with_years(areas: npt.NDArray[np.object_], years: Index) -> list[str]:
    """Each area with the years concerned: "GM0951 2012-2018"."""
    pairs = pd.DataFrame({"area": areas, "year": years}).drop_duplicates()
    return [f"{area} {pack_years(one['year'])}" for area, one in pairs.groupby("area")]


def _is_involved(area: str, borders: Borders, *, recut: bool) -> bool:
    """Ended, or made of others that a source without a new cut should hold too."""
    return area in borders.target or (not recut and area in borders.parts)


def _has_no_successor(area: str, borders: Borders, registry: Registry) -> bool:
    municipality = registry.municipalities.get(area)
    ended = (
        municipality is not None
        and municipality.valid_to is not None
        and municipality.valid_to < borders.today
    )
    return ended and area not in borders.target and area not in borders.split


def _refuse_successorless(frame: pd.DataFrame, gone: Mask) -> None:
    lost = frame[gone & frame["count"].notna().to_numpy()]
    if len(lost):
        raise BuildError(
            f"{lost['area_code'].iloc[0]} ended, but it is not said what it became",
            where="municipality_changes.csv",
            todo="add the change to data/registry/municipality_changes.csv",
        )


def _rows_of(frame: pd.DataFrame, rule: Callable[[str], bool]) -> Mask:
    """Rows whose area meets the rule, worked out once per area."""
    areas = frame["area_code"].cat
    return np.array([rule(area) for area in areas.categories], dtype=np.bool_)[areas.codes.to_numpy()]


def _tidy(frame: pd.DataFrame) -> pd.DataFrame:
    kept = frame.reset_index(drop=True)
    for key in KEYS:
        kept[key] = kept[key].cat.remove_unused_categories()
    return kept
