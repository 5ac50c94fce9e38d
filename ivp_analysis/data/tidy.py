"""What every reader gives: tidy frames, and an account of every row that was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

STATUSES = ("exact", "rounded5", "provisional", "missing", "suppressed", "estimated")
_SHOWN = 5
KEYS = ["area_code", "code", "period"]
Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
# Why rows were dropped -> which they were.
Named = Mapping[str, Sequence[str]]


class Drop(StrEnum):
    """Why a row that was read is not among the results."""

    FILTER = "other-filter-key"  # GebruikVanGeweld and the like: without it everything doubles
    LEVEL = "other-region-level"  # landsdeel, COROP, wijk, buurt
    UNPLACED = "not-assignable-area"  # GM0000 and the like
    UNKNOWN_EMPTY = "unknown-area-without-figures"
    BEFORE_REGISTRY = "before-the-first-year-of-the-registry"
    NOT_THERE = "area-did-not-exist"
    NOT_BRIDGED = "borders-changed-before-bridging-starts"
    AFTER_END = "figure-of-an-area-that-had-ended"
    MERGED = "summed-into-todays-municipality"
    SPLIT = "split-area"
    PART_ABSENT = "part-of-a-merger-absent-in-source"
    OLD_BESIDE_NEW = "old-area-beside-recut-figure"
    OLDER_SNAPSHOT = "in-a-newer-snapshot"
    OTHER_MONTHS = "month-of-a-yearly-figure"
    NOT_USED = "measure-without-figure"


@dataclass(frozen=True, slots=True)
class Reading:
    """Tables by name (observations, population, key_figures, survey); rows = kept + dropped, cell by cell.

    named: per reason the areas or years that were dropped, where a name tells something. provisional: the periods
    that the source itself calls so. notes: what a person who imports the file should know.
    """

    frames: Mapping[str, pd.DataFrame]
    rows: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    named: Named = field(default_factory=dict)
    provisional: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def kept(self) -> int:
        """Rows over all tables."""
        return sum(len(frame) for frame in self.frames.values())

    @property
    def accounted(self) -> bool:
        """Whether no row disappeared silently."""
        return self.rows == self.kept + sum(self.dropped.values())


def categories(codes: npt.NDArray[Any], names: Sequence[str]) -> pd.Categorical[str]:
    """A text column from positions in its distinct values."""
    kind = pd.CategoricalDtype(pd.Index(list(names), dtype="str"))
    column: pd.Categorical[Any] = pd.Categorical.from_codes(codes, dtype=kind)
    return column


def as_category(values: Iterable[str]) -> pd.Categorical[str]:
    """A text column from its values."""
    return pd.Categorical(pd.Series(list(values), dtype="str"))


def statuses(codes: npt.NDArray[Any]) -> pd.Categorical[str]:
    """A column of statuses from their positions in STATUSES."""
    return categories(codes, STATUSES)


def present(column: pd.Series[Any]) -> list[str]:
    """The distinct values of a text column, sorted; far quicker than unique() on millions of rows."""
    codes = column.cat.codes.to_numpy()
    used = np.bincount(codes[codes >= 0], minlength=len(column.cat.categories)) > 0
    return sorted(str(name) for name, there in zip(column.cat.categories, used, strict=True) if there)


def first_duplicate(keys: Sequence[pd.Categorical]) -> int | None:
    """Position of the first row whose key was seen before; None if all differ."""
    key = np.zeros(len(keys[0]), dtype=np.int64)
    for column in keys:
        key = key * max(len(column.categories), 1) + column.codes
    order = np.argsort(key, kind="stable")
    again = order[1:][key[order][1:] == key[order][:-1]]
    return int(again.min()) if again.size else None


def join_frames(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One frame below the other, with the categories joined and sorted."""
    if len(frames) == 1:
        return frames[0]
    return pd.DataFrame({name: _join([frame[name] for frame in frames]) for name in frames[0].columns})


def tally(*parts: Mapping[Any, int]) -> dict[str, int]:
    """Add up accounts of dropped rows; zeros disappear."""
    total: Counter[str] = Counter()
    for part in parts:
        total.update({str(key): int(value) for key, value in part.items()})
    return {key: value for key, value in sorted(total.items()) if value}


def join_named(*parts: Named) -> dict[str, list[str]]:
    """All names per reason, each once, sorted; a reason without names disappears."""
    found: dict[str, set[str]] = {}
    for part in parts:
        for reason, names in part.items():
            found.setdefault(str(reason), set()).update(names)
    return {reason: sorted(names) for reason, names in sorted(found.items()) if names}


def shortened(names: Sequence[str], between: str = ", ") -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return between.join(names[:_SHOWN]) + more


def _join(columns: Sequence[pd.Series[Any]]) -> Any:
    same = all(column.dtype == columns[0].dtype for column in columns)
    if same or not isinstance(columns[0].dtype, pd.CategoricalDtype):
        return pd.concat(columns, ignore_index=True)
    # concat would turn columns of different categories into plain text.
    return union_categoricals([column.array for column in columns], sort_categories=True)
