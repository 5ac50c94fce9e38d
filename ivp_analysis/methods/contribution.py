"""Which area, or which part, makes a total change: contributions that add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_counts, as_floats, as_years


@dataclass(frozen=True, slots=True)
class Contribution:
    """One item of a total. `share` is its part of the total change (negative: it goes the other way; None
    when the total did not change); `against` says that it moves against the total.
    """

    label: str
    before: float
    after: float
    change: float
    share: float | None
    against: bool


@dataclass(frozen=True, slots=True)
class Contributions:
    """A total and its items, in the order given; the changes of the items sum to `change`."""

    before: float
    after: float
    change: float
    items: tuple[Contribution, ...]


def attribute_change(
    before: ArrayLike,
    after: ArrayLike,
    *,
    labels: Sequence[str],
    whole: tuple[float, float] | None = None,
    rest: str = "rest",
) -> Contributions:
    """Split the change between two periods over its items (counts of areas, or of parts of an indicator).

    `whole` is the published total before and after, when the items are not all of it: what they leave becomes
    the item `rest`, so that the sum still holds.
    """
    first, last, names = as_counts(before), as_counts(after), list(labels)
    if not (first.shape == last.shape == (len(names),)) or not np.isfinite([*first, *last]).all():
        raise MethodError(
            f"{first.size} counts before and {last.size} after do not fit {len(names)} items without gaps",
            todo="give each item a count in both periods; a missing item makes the total unknown",
        )
    if whole is not None:
        first = np.append(first, whole[0] - first.sum())
        last = np.append(last, whole[1] - last.sum())
        names.append(rest)
    total = float(last.sum() - first.sum())
    pairs = zip(names, first.tolist(), last.tolist(), strict=True)
    items = tuple(_contribution(name, start, end, total) for name, start, end in pairs)
    return Contributions(float(first.sum()), float(last.sum()), total, items)


def _contribution(label: str, before: float, after: float, total: float) -> Contribution:
    change = after - before
    return Contribution(label, before, after, change, change / total if total else None, change * total < 0)


def sum_years(values: ArrayLike, years: ArrayLike, *, last_year: int, n_years: int) -> Floats:
    """The sum over `n_years` years up to `last_year`, per row; NaN when one of those years is not known.

    A level is such a sum, not one year: one year of small counts regresses to the mean in the next.
    """
    table, wanted = np.atleast_2d(as_floats(values)), np.arange(last_year - n_years + 1, last_year + 1)
    columns = np.isin(as_years(years), wanted)
    if columns.sum() < n_years:
        return np.full(len(table), np.nan)
    return as_floats(table[:, columns].sum(axis=1))
