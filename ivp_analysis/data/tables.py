"""The tables of a build from those of its sources: joined, averaged, sorted; equal input, equal bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ivp_analysis.data.combine import combine
from ivp_analysis.data.store import COLUMNS, TABLES
from ivp_analysis.data.tidy import categories, join_frames
from ivp_analysis.data.vintages import SERIES, Vintages

_TEXT = (
    "area_code", "source", "code", "period", "snapshot", "feature", "question", "theme", "action", "event",
    "category", "date",
)  # fmt: skip


def join_tables(results: Mapping[str, Vintages]) -> dict[str, pd.DataFrame]:
    """One table of each kind over all sources."""
    pieces: dict[str, list[pd.DataFrame]] = {}
    for source in sorted(results, key=lambda s: (results[s].account["data_date"], s)):
        for name, frame in results[source].tables.items():
            mark = categories(np.zeros(len(frame), dtype=np.int8), [source])
            pieces.setdefault(name, []).append(frame.assign(source=mark))
    joined = {name: pieces[name] for name in TABLES if name in pieces}
    return {
        name: _sorted(_population(frames) if name == "population" else join_frames(frames), name)
        for name, frames in joined.items()
    }


def _population(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One series per area, also where two sources give it: whole from the newest that covers it."""
    if len(frames) == 1:
        return _averaged(frames[0])
    sources = [str(frame["source"].iloc[0]) for frame in frames]
    plain = [frame.drop(columns="source").rename(columns={"snapshot": "origin"}) for frame in frames]
    chosen = combine(plain, sources, series=SERIES["population"][0], along=SERIES["population"][1]).frame
    return _averaged(chosen.rename(columns={"snapshot": "source", "origin": "snapshot"}))


def _averaged(frame: pd.DataFrame) -> pd.DataFrame:
    """With the average of each year, which needs 1 January on both sides."""
    area = frame["area_code"].astype("str")
    people = frame["january_first"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    first = pd.Series(people, index=pd.MultiIndex.from_arrays([area.array, frame["year"].array]))
    following = pd.MultiIndex.from_arrays([area.array, frame["year"].array + 1])
    return frame.assign(average=(people + first.reindex(following).to_numpy()) / 2)


def _sorted(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    result = frame[list(COLUMNS[name])].copy()
    for column in (c for c in _TEXT if c in result):
        text = result[column].astype("category").cat.remove_unused_categories()
        result[column] = text.cat.reorder_categories(sorted(text.cat.categories))
    series, along = SERIES[name]
    columns = [result[key] for key in (along, "area_code", *series[1:], "source")]
    keys = [
        c.cat.codes.to_numpy() if isinstance(c.dtype, pd.CategoricalDtype) else c.to_numpy() for c in columns
    ]
    return result.iloc[np.lexsort(keys)].reset_index(drop=True)
