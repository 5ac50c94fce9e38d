"""The results of a build on disk: Parquet tables and build.json, replaced together, always the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ivp_analysis.data.build_facts import BUILD
from ivp_analysis.data.build_facts import read_facts as read_facts
from ivp_analysis.data.files import (
    clean_leftovers,
    make_folder,
    replace_together,
    sha256_file,
    temporary_name,
    writing,
)
from ivp_analysis.data.seal import sealed
from ivp_analysis.errors import WorkspaceError

# Counts may be missing: without this they would come back as floats.
_NULLABLE = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype()}
COLUMNS = {
    "observations": ["area_code", "source", "code", "period", "count", "status", "snapshot"],
    "population": ["area_code", "year", "january_first", "average", "source", "snapshot"],
    "key_figures": ["area_code", "year", "feature", "value", "source", "snapshot"],
    "survey": [
        "area_code", "question", "year", "n", "share", "design_effect", "wording", "survey", "source", "snapshot",
    ],
    "measures": ["area_code", "theme", "action", "status", "note", "source", "snapshot"],
    "events": ["area_code", "event", "category", "date", "visitors", "source", "snapshot"],
    "visitors": ["area_code", "year", "overnight_stays", "source", "snapshot"],
}  # fmt: skip
TABLES = tuple(COLUMNS)


def table_path(folder: Path, name: str) -> Path:
    """Where a table of the build stands."""
    return folder / f"{name}.parquet"


def write_build(folder: Path, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> None:
    """Write everything beside the old files first; build.json, which makes it a build, is replaced last."""
    make_folder(folder)
    clean_leftovers(folder)
    pairs = {temporary_name(table_path(folder, name)): table_path(folder, name) for name in tables}
    pairs[temporary_name(folder / BUILD)] = folder / BUILD
    try:
        with writing(folder):
            *table_temps, facts_temp = pairs
            for temp, frame in zip(table_temps, tables.values(), strict=True):
                _write_table(temp, frame)
            hashes = {name: sha256_file(temp) for name, temp in zip(tables, table_temps, strict=True)}
            told = sealed({**facts, "tables": hashes})
            facts_temp.write_text(_json(told), encoding="utf-8", newline="\n")
            replace_together(pairs)
    finally:
        clean_leftovers(folder)
    for name in set(TABLES) - set(tables):
        table_path(folder, name).unlink(missing_ok=True)


def read_table(folder: Path, name: str, facts: Mapping[str, Any]) -> pd.DataFrame | None:
    """A table of the build with its text columns as categories; None if the build has none."""
    path = table_path(folder, name)
    if name not in facts["tables"]:
        return None
    if not path.is_file() or sha256_file(path) != facts["tables"][name]:
        # Between the first and the last replacement the machine may have stopped.
        raise WorkspaceError(
            f"is not that of {BUILD}: a build was interrupted", where=str(path), todo="run ivp build"
        )
    try:
        frame = _read(path)
    except (pa.ArrowException, OSError) as error:
        raise WorkspaceError(f"cannot be read ({error})", where=str(path), todo="run ivp build") from error
    return frame.astype({name: "int64" for name in ("year", "n") if name in frame})


def _read(path: Path) -> pd.DataFrame:
    """Where one thread is allowed none is started: a worker that forks its children must have no other."""
    many = pa.cpu_count() > 1
    with pq.ParquetFile(path, pre_buffer=False) as file:
        table = file.read(use_threads=many)
    frame: pd.DataFrame = table.to_pandas(types_mapper=_NULLABLE.get, use_threads=many)
    return frame


def _write_table(path: Path, frame: pd.DataFrame) -> None:
    # Versions of libraries in the metadata would change the bytes of unchanged figures.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd", version="2.6")


def _json(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
