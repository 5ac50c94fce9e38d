"""The shapes of the sources (OData `;` CSV, wide StatLine export) as bytes that are the same each time."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.sample_truth import Counts
from ivp_analysis.data.snapshots import SAMPLE, Snapshot, take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError

TAKEN_ON = date(2025, 2, 15)
MODIFIED = "2025-02-15T02:00:00"
MISSING = "       ."
KEY_WIDTH = 6
BOM = "\ufeff"
Gaps = npt.NDArray[np.bool_]


def years_and_months(counts: Counts) -> Counts:
    """Put behind every twelve months their sum: (..., 12 n) becomes (..., 13 n)."""
    months = counts.reshape(*counts.shape[:-1], -1, 12)
    whole = np.concatenate([months, months.sum(axis=-1, keepdims=True)], axis=-1)
    return whole.reshape(*counts.shape[:-1], -1)


def period_keys(first_year: int, last_year: int) -> list[str]:
    """2012MM01 … 2012MM12, 2012JJ00, 2013MM01 …"""
    names = [*(f"MM{month:02d}" for month in range(1, 13)), "JJ00"]
    return [f"{year}{name}" for year in range(first_year, last_year + 1) for name in names]


def odata_table(
    dimension: str,
    codes: Sequence[str],
    areas: Sequence[str],
    periods: Sequence[str],
    measures: Mapping[str, Counts],
    gaps: Gaps,
) -> str:
    """A table of police counts; measures and gaps are areas x codes x periods."""
    n, k, t = len(areas), len(codes), len(periods)
    table = pd.DataFrame(
        {
            "ID": np.arange(n * k * t),
            dimension: np.repeat([code.ljust(KEY_WIDTH) for code in codes], n * t),
            "RegioS": np.tile(np.repeat([area.ljust(KEY_WIDTH) for area in areas], t), k),
            "Perioden": np.tile(list(periods), n * k),
        }
    )
    empty = gaps.transpose(1, 0, 2).ravel()
    for name, counts in measures.items():
        text = counts.transpose(1, 0, 2).ravel().astype(str).astype(object)
        text[empty] = MISSING
        table[name] = text
    return BOM + csv_text(table)


def csv_text(table: pd.DataFrame) -> str:
    """`;` between columns, \\n on every system."""
    return str(table.to_csv(sep=";", index=False, lineterminator="\n"))


def wide_export(populations: Mapping[str, Mapping[int, int]], years: Sequence[int]) -> str:
    """The StatLine export of 37230ned: title lines on top, a row per region name, a column per year."""
    rows = [
        ["Bevolkingsontwikkeling; regio per maand"],
        [""],
        ["", "", "", "Perioden"],
        ["Regio's", "Onderwerp", "", *map(str, years)],
    ]
    for name, people in populations.items():
        values = [str(people[year]) if year in people else "" for year in years]
        rows.append([name, "Bevolking aan het einde van de periode", "aantal", *values])
    rows.append(["Bron: CBS"])
    return BOM + "".join(";".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def pack(text: str, *, level: int = 9) -> bytes:
    """Gzip without a time or a name, so that the same text gives the same bytes."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=level, fileobj=stream, mtime=0) as archive:
        archive.write(text.encode("utf-8"))
    return stream.getvalue()


def take_files(root: Path, files: Mapping[str, tuple[str, str]], *, level: int = 9) -> list[Snapshot]:
    """Keep texts (source -> name, text) as simulated snapshots under root/data/raw/sample."""
    workspace = Workspace(root, root)
    if (workspace.raw / SAMPLE).exists():
        # A second vintage of the same day would win from the first without a word.
        raise UsageError(
            "a sample is there already", where=str(workspace.raw / SAMPLE), todo="remove that folder first"
        )
    return [
        take_snapshot(
            workspace,
            source,
            pack(text, level=level),
            name=f"{name}.gz",
            taken_on=TAKEN_ON,
            modified=MODIFIED if source.startswith(("politie-", "cbs-")) else "",
            simulated=True,
        )
        for source, (name, text) in files.items()
    ]
