"""A file that somebody downloaded from the real service, served again."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from ivp_analysis.registry.records import Registry
from standin.made import MODIFIED
from standin.table import Dim, Measure, Table


def real_theft_table(path: Path, registry: Registry) -> Table:
    """The rows of a downloaded 83651NED as a table of the stand-in."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        header = next(reader)
        rows = list(reader)
    columns = list(zip(*rows, strict=True))
    kinds = {"RegioS": "GeoDimension", "Perioden": "TimeDimension"}
    dims, index = [], []
    for name, column in list(zip(header, columns, strict=True))[1:5]:
        keys = sorted(set(column))
        place = {key: i for i, key in enumerate(keys)}
        title = {"RegioS": "Regio's"}.get(name, name)
        dims.append(Dim(name, title, kinds.get(name, "Dimension"), tuple((key, key) for key in keys)))
        index.append(np.array([place[key] for key in column], dtype=np.int32))
    counts = np.array([np.nan if text.strip() in ("", ".") else float(text) for text in columns[5]])
    measures = (Measure(header[5], "Totaal geregistreerde diefstallen"),)
    source = registry.sources["cbs-83651"]
    return Table("83651NED", source.title, MODIFIED, tuple(dims), measures, np.column_stack(index), [counts])
