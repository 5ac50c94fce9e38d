"""Small numbers of deliveries are hidden before anything else sees them, with what would give them away.

A count below the threshold is hidden, and with it the next-smallest count of every sum that it is part of, so that
it does not follow from the others: the municipalities of a plan make its region, and months make a year. A figure
that was delivered for a region, a province or the country as a whole is such a sum too. Open data are public already
and pass as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.regions import COUNTRY
from ivp_analysis.registry.names import PROVINCES
from ivp_analysis.registry.records import Registry

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
# Of a coefficient that is a sum of ones: numerical, no policy.
_ZERO = 1e-9


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells that add up to another cell, by their positions."""

    parts: Indices
    total: int


def threshold(registry: Registry) -> int:
    """The smallest count of a delivery that is shown."""
    return int(registry.method.group("disclosure")["threshold"])


def summed_areas(registry: Registry) -> tuple[tuple[str, ...], ...]:
    """The groups of municipalities of which pages show the sum: those of a plan, and of a target of several."""
    plans = registry.plans.values()
    groups = [group for plan in plans for group in (plan.areas, *(target.areas for target in plan.targets))]
    return tuple(dict.fromkeys(tuple(sorted(group)) for group in groups if len(group) > 1))


def wholes_of(registry: Registry, areas: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Which of these areas consist of municipalities, and of which: a plan's region, a province, the country."""
    today = [one for one in registry.municipalities.values() if one.valid_to is None]
    known = {plan.region_slug: plan.areas for plan in registry.plans.values()}
    for code, name in PROVINCES.items():
        known[code] = tuple(one.code for one in today if one.province == name)
    known[COUNTRY] = tuple(one.code for one in today)
    return {area: known[area] for area in areas if area in known}


def find_hidden(values: Floats, sums: Sequence[Sum], least: float, telling: Flags | None = None) -> Flags:
    """Which cells are hidden; NaN is a cell that is not there, and a sum without one of its cells gives nothing away.

    telling: cells that are hidden as if they were small, for what follows from them is.

    The next-smallest part goes with a small one even where several are small: two that add up to little would
    still say that both are. After that as many as it takes, until no small one follows from what is shown.
    """
    known = np.isfinite(values)
    hidden = known & (values < least)
    if telling is not None:
        hidden |= known & telling
    small = hidden.copy()
    whole = [one for one in sums if known[one.parts].all() and known[one.total]]
    for one in whole:
        if small[one.parts].any() and not (hidden & ~small)[one.parts].any():
            _hide_next(values, hidden, one)
    while (cell := _given_away(hidden, small, whole)) is not None:
        around = [one for one in whole if cell in (*one.parts, one.total)]
        if not any(_hide_next(values, hidden, one) for one in around):
            break
    return hidden


def _given_away(hidden: Flags, small: Flags, whole: Sequence[Sum]) -> int | None:
    """A small cell that the sums and the shown cells leave one value for, if any.

    The hidden cells are the unknowns of linear equations, one for each sum: a cell is free if some solution of
    the equations without right-hand side moves it.
    """
    cells = np.flatnonzero(hidden)
    equations = np.array([hidden[cells] * _coefficients(one, cells) for one in whole])
    if not equations.size:
        return None
    _, scale, solutions = np.linalg.svd(equations)
    rank = int((scale > _ZERO).sum())
    free = (np.abs(solutions[rank:]) > _ZERO).any(axis=0)
    fixed = cells[~free & small[cells]]
    return int(fixed[0]) if fixed.size else None


def _coefficients(one: Sum, cells: Indices) -> Floats:
    parts, total = np.isin(cells, one.parts), cells == one.total
    found: Floats = parts.astype(np.float64) - total
    return found


def _hide_next(values: Floats, hidden: Flags, one: Sum) -> bool:
    """Hide the smallest part that is still shown, if there is one."""
    shown = one.parts[~hidden[one.parts]]
    if not shown.size:
        return False
    hidden[shown[np.argmin(values[shown])]] = True
    return True


def hide_small(
    tables: Sequence[pd.DataFrame],
    groups: Sequence[Sequence[str]],
    least: float,
    wholes: Mapping[str, Sequence[str]] | None = None,
) -> list[tuple[Flags, dict[frozenset[str], Flags]]]:
    """Per table (areas x periods, the years and the months of one indicator): hidden cells, and hidden sums by group.

    The tables have the same areas. They are looked at together, a calendar year at a time: months that are shown
    would give a hidden year away. wholes: areas with a figure of their own, and the municipalities they consist of.
    """
    periods = [[str(period) for period in table.columns] for table in tables]
    place = tables[0].index.get_indexer
    rows = [place(pd.Index(list(group))) for group in groups]
    own = {
        int(place(pd.Index([area]))[0]): place(pd.Index(list(members)))
        for area, members in (wholes or {}).items()
    }
    cells = [table.to_numpy(dtype=np.float64) for table in tables]
    blocks = [np.vstack([one, *(one[members].sum(axis=0) for members in rows)]) for one in cells]
    flags = [np.zeros(block.shape, dtype=np.bool_) for block in blocks]
    for year in sorted({period[:4] for some in periods for period in some}):
        places = [[i for i, period in enumerate(some) if period[:4] == year] for some in periods]
        block = np.hstack([one[:, some] for one, some in zip(blocks, places, strict=True)])
        names = [some[i] for some, mine in zip(periods, places, strict=True) for i in mine]
        telling, said = _look_at_wholes(block, own, least)
        sums = [*_sums(names, rows, len(cells[0])), *said]
        found = find_hidden(block.ravel(), sums, least, telling.ravel())
        parts = np.split(found.reshape(block.shape), np.cumsum([len(some) for some in places])[:-1], axis=1)
        for flag, some, part in zip(flags, places, parts, strict=True):
            flag[:, some] = part
    n = len(cells[0])
    return [(flag[:n], {frozenset(group): flag[n + i] for i, group in enumerate(groups)}) for flag in flags]


def _look_at_wholes(block: Floats, own: Mapping[int, Indices], least: float) -> tuple[Flags, list[Sum]]:
    """Figures of a whole that leave a small number for the municipalities without one; of the others the sums."""
    telling, sums = np.zeros(block.shape, dtype=np.bool_), list[Sum]()
    width = block.shape[1]
    for row, members in own.items():
        there = np.isfinite(block[members])
        rest = block[row] - np.nansum(block[members], axis=0)
        telling[row] = ~there.all(axis=0) & (rest < least)
        sums += [
            Sum(members[there[:, column]] * width + column, row * width + column)
            for column in range(width)
            if there[:, column].any() and not telling[row, column]
        ]
    return telling, sums


def _sums(periods: Sequence[str], rows: Sequence[Indices], areas: int) -> Iterator[Sum]:
    """In a block of areas, with a row for each group below them, by the periods of one calendar year."""
    width = len(periods)
    for group, members in enumerate(rows):
        for column in range(width):
            yield Sum(members * width + column, (areas + group) * width + column)
    year = [column for column, period in enumerate(periods) if len(period) == 4]
    months = np.array([column for column, period in enumerate(periods) if len(period) > 4], dtype=np.intp)
    if len(year) == 1 and len(months) == 12:
        for row in range(areas + len(rows)):
            yield Sum(row * width + months, row * width + year[0])


def shown_shares(survey: pd.DataFrame, registry: Registry) -> pd.DataFrame:
    """The rows of a survey whose share stands for enough people, on either side of the question."""
    n = survey["n"].to_numpy(dtype=np.float64)
    share = survey["share"].to_numpy(dtype=np.float64)
    # A share is rounded: what it stands for is a whole number of people.
    fewest = np.rint(n * np.minimum(share, 1 - share))
    shown: pd.DataFrame = survey[fewest >= threshold(registry)]
    return shown
