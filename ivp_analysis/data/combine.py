"""Several vintages of one source into one: a series comes whole from the newest snapshot that covers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ivp_analysis.data.tidy import Drop, Mask, categories, join_frames


@dataclass(frozen=True, slots=True)
class Combined:
    """One frame. joined: series of which no snapshot holds all periods, so that pieces stand side by side."""

    frame: pd.DataFrame
    dropped: dict[str, int]
    joined: int
    used: tuple[str, ...]


def combine(
    frames: Sequence[pd.DataFrame], names: Sequence[str], *, series: Sequence[str], along: str
) -> Combined:
    """Choose per series (columns `series`) among vintages, given oldest first; `along` is the column of time.

    A snapshot whose periods of a series are all in a newer one gives way to that. What remains is filled from
    the oldest on: a narrower newer snapshot never takes a year from a wider one, it only adds its own.
    """
    if len(frames) == 1:
        return Combined(_marked(frames[0], names[0]), {}, 0, (names[0],))
    whole = join_frames([frame.assign(_rank=rank) for rank, frame in enumerate(frames)])
    line = whole.groupby(list(series), observed=True, sort=False).ngroup().to_numpy()
    moment = pd.factorize(whole[along])[0]
    rank = whole["_rank"].to_numpy()
    there = np.zeros((len(frames), int(line.max()) + 1, int(moment.max()) + 1), dtype=np.bool_)
    there[rank, line, moment] = True
    chosen = _choose(there)
    keep = chosen[rank, line, moment]
    joined = int((chosen.any(axis=2).sum(axis=0) > 1).sum())
    label = categories(rank[keep], names)
    frame = (
        whole[keep]
        .drop(columns="_rank")
        .reset_index(drop=True)
        .assign(snapshot=label.remove_unused_categories())
    )
    used = tuple(name for i, name in enumerate(names) if (rank[keep] == i).any())
    return Combined(frame, {Drop.OLDER_SNAPSHOT: int((~keep).sum())}, joined, used)


def _choose(there: Mask) -> Mask:
    """[snapshot, series, period], oldest first -> the cells that are taken."""
    snapshots = len(there)
    chosen = np.zeros_like(there)
    for old in range(snapshots):
        covered = np.zeros(there.shape[1], dtype=np.bool_)
        for new in range(old + 1, snapshots):
            covered |= (there[new] | ~there[old]).all(axis=1)
        taken = chosen[:old].any(axis=0)
        chosen[old] = there[old] & ~taken & ~covered[:, None]
    return chosen


def _marked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    marks = categories(np.zeros(len(frame), dtype=np.int8), [name])
    return frame.reset_index(drop=True).assign(snapshot=marks)
