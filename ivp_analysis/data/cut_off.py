"""A file that was cut exactly at a line end looks whole; what can be seen is that its last block is shorter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ivp_analysis.data.tabular import Column, Sheet

_BLOCKS = 3


def shorter_last_block(sheet: Sheet) -> tuple[str, ...]:
    """A note when every key of the slowest column has as many rows as the others, but the last one has fewer.

    Sources export every combination of the keys that were chosen. A cut between two blocks, or in a table that leaves
    combinations out, cannot be seen.
    """
    for name, column in _slow_columns(sheet):
        counts = np.bincount(column.index, minlength=len(column.texts))
        last = int(column.index[-1])
        others = np.delete(counts, last)
        if len(counts) >= _BLOCKS and others.min() == others.max() > counts[last]:
            what = f"{name} {column.texts[last]}, the last in the file, has {counts[last]} rows where the others have"
            return (f"{what} {others[0]}: check that the file is whole",)
    return ()


def _slow_columns(sheet: Sheet) -> Iterator[tuple[str, Column]]:
    """Columns of which each key stands in one unbroken run of rows."""
    for name, column in sheet.columns.items():
        if 1 + int(np.count_nonzero(np.diff(column.index))) == len(column.texts):
            yield name, column
