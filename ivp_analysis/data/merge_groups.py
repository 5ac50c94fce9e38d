"""Rows of municipalities that have parts, grouped by area of today, code and period; their fate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.borders import Borders
from ivp_analysis.data.tidy import Index, Mask
from ivp_analysis.registry.records import Registry

Names = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Groups:
    """Per row: its group and what it is; per group: the row that stands for it, and what it needs.

    late: the last figure of an area that ended in the course of that year; heir: the same under another code.
    needed: how many municipalities lay there in that year. pieces: one of them was split later.
    """

    group: Index
    own: Mask
    valid: Mask
    late: Mask
    heir: Mask
    empty: Mask
    first: Index
    target: Names
    needed: Index
    bridgeable: Mask
    pieces: Mask

    def any(self, rows: Mask) -> Mask:
        """Per group, whether this holds for one of its rows."""
        return self.count(rows) > 0

    def count(self, rows: Mask) -> Index:
        """Per group, for how many of its rows this holds."""
        return np.bincount(self.group[rows], minlength=len(self.needed))

    def total(self, values: npt.NDArray[np.float64], rows: Mask) -> npt.NDArray[np.float64]:
        """Per group, the sum of the values of these rows."""
        sums = np.bincount(self.group[rows], weights=values[rows], minlength=len(self.needed))
        return sums.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Per group: alone (its own row), carried (the same, cut again by the source), summed, blank or none."""

    alone: Mask
    carried: Mask
    summed: Mask
    blank: Mask

    @property
    def out(self) -> Mask:
        """Groups that give a row."""
        return self.alone | self.carried | self.summed | self.blank


def group_rows(
    frame: pd.DataFrame, year: Index, borders: Borders, registry: Registry, since: date | None
) -> Groups:
    """Group the rows and look up what the borders of each year say of them."""
    names = frame["area_code"].astype(object).to_numpy()
    target = np.array([borders.target.get(name, name) for name in names], dtype=object)
    first, group = _keys(frame, target)
    own, empty = names == target, frame["count"].isna().to_numpy()
    valid = _each(names, year, lambda area, y: registry.municipalities[area].valid_in(y))
    ends = _each(names, year, lambda area, y: borders.ends_within(area, y, since))
    area, when = target[first], year[first]
    return Groups(
        group=group,
        own=own,
        valid=valid,
        late=ends & ~valid & ~own & ~empty,
        heir=np.isin(names, list(borders.recoded)),
        empty=empty,
        first=first,
        target=area,
        needed=_each(area, when, lambda a, y: len(borders.needed(registry, a, y))),
        bridgeable=_each(area, when, lambda a, y: borders.bridgeable(registry, a, y, since)),
        pieces=_each(area, when, lambda a, y: borders.has_pieces(registry, a, y)),
    )


def decide(groups: Groups, *, recut: bool) -> Decisions:
    """What each group becomes; a group with a part that the source does not hold gives no row."""
    own_figure = groups.any(groups.own & ~groups.empty)
    own_valid = groups.any(groups.own & groups.valid)
    part_figure = groups.any(~groups.own & ~groups.empty & groups.valid)
    complete = groups.bridgeable & (groups.needed > 0) & (groups.count(groups.valid) == groups.needed)
    alone = (groups.needed == 1) & own_valid & ~groups.any(groups.late)
    # A figure of before the area's time, or without its parts in a table that was cut again, is complete.
    carried = ~alone & own_figure & (~own_valid | (recut & ~part_figure))
    summed = ~alone & ~carried & complete
    rest = ~alone & ~carried & ~summed
    blank = rest & groups.any(groups.own) & (~groups.bridgeable | (groups.needed == 0))
    return Decisions(alone, carried, summed, blank)


def _keys(frame: pd.DataFrame, target: Names) -> tuple[Index, Index]:
    """Position of the first row of each group, and the group of each row."""
    key = pd.factorize(target, sort=True)[0].astype(np.int64)
    for column in (frame["code"].cat, frame["period"].cat):
        key = key * len(column.categories) + column.codes.to_numpy()
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return first, group


def _each(areas: Sequence[str] | Names, years: Index, rule: Callable[[str, int], Any]) -> npt.NDArray[Any]:
    """The rule for every row, worked out once per area and year."""
    pairs = list(zip(areas, years.tolist(), strict=True))
    known = {pair: rule(*pair) for pair in set(pairs)}
    return np.array([known[pair] for pair in pairs])
