"""An opened build: its tables, loaded when first asked for, and quick tables of areas by periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.build_facts import open_facts
from ivp_analysis.data.store import COLUMNS, read_table
from ivp_analysis.data.tidy import STATUSES, present
from ivp_analysis.data.workspace import Workspace

Frequency = Literal["year", "month"]
Values = npt.NDArray[np.float64]
States = npt.NDArray[np.int8]
MISSING = STATUSES.index("missing")


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One code of one source: areas x periods. Without a row in the observations a cell is missing."""

    areas: pd.Index
    periods: pd.Index
    values: Values
    states: States


@dataclass(slots=True)
class Build:
    """What `ivp build` made in a workspace."""

    folder: Path
    facts: Mapping[str, Any]
    _tables: dict[str, pd.DataFrame | None] = field(default_factory=dict, repr=False)
    _rows: dict[str, slice] = field(default_factory=dict, repr=False)
    _areas: dict[str | None, list[str]] = field(default_factory=dict, repr=False)
    _codes: dict[tuple[str, str, Frequency], CodeTable] = field(default_factory=dict, repr=False)

    @property
    def simulated(self) -> bool:
        """Whether the figures are the sample's: every page must say so."""
        return bool(self.facts["simulated"])

    @property
    def data_date(self) -> str:
        """Day of the newest snapshot, ISO."""
        return str(self.facts["data_date"])

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """Per source: attribution, data_date, snapshots, rows, dropped, years, gaps."""
        return dict(self.facts["sources"])

    @property
    def excluded(self) -> Mapping[str, str]:
        """Areas whose series is not within one set of borders -> day of the last such change (ISO)."""
        rows: list[Mapping[str, Any]] = self.facts["excluded"]
        return {row["area_code"]: row["on"] for row in sorted(rows, key=lambda row: str(row["on"]))}

    @property
    def observations(self) -> pd.DataFrame:
        """area_code, source, code, period, count, status, snapshot."""
        return self._table("observations")

    @property
    def population(self) -> pd.DataFrame:
        """area_code, year, january_first, average, source, snapshot."""
        return self._table("population")

    @property
    def key_figures(self) -> pd.DataFrame:
        """area_code, year, feature, value, source, snapshot."""
        return self._table("key_figures")

    @property
    def survey(self) -> pd.DataFrame:
        """area_code, question, year, n, share (0 to 1), design_effect, wording, survey (its name), source, snapshot."""
        return self._table("survey")

    @property
    def measures(self) -> pd.DataFrame:
        """area_code (or a plan's region_slug), theme, action, status, note, source, snapshot."""
        return self._table("measures")

    @property
    def events(self) -> pd.DataFrame:
        """area_code, event, category (A, B or C), date (ISO), visitors, source, snapshot."""
        return self._table("events")

    @property
    def visitors(self) -> pd.DataFrame:
        """area_code, year, overnight_stays, source, snapshot."""
        return self._table("visitors")

    def areas(self, source: str | None = None) -> list[str]:
        """Area codes with observations, of one source or of any."""
        if source not in self._areas:
            frame = self.observations if source is None else self._source(source)
            self._areas[source] = present(frame["area_code"]) if len(frame) else []
        return list(self._areas[source])

    def codes(self, source: str) -> list[str]:
        """The codes that the observations of a source have."""
        frame = self._source(source)
        return present(frame["code"]) if len(frame) else []

    def code_table(self, source: str, code: str, frequency: Frequency) -> CodeTable | None:
        """Areas x periods of one code, pivoted once; None if the source has no such code or frequency."""
        key = (source, code, frequency)
        if key not in self._codes:
            table = self._pivot(source, code, frequency)
            if table is None:
                return None
            self._codes[key] = table
        return self._codes[key]

    def _pivot(self, source: str, code: str, frequency: Frequency) -> CodeTable | None:
        frame = self._source(source)
        if not len(frame) or code not in frame["code"].cat.categories:
            return None
        # The table is sorted by source and code, so that a code is one slice.
        wanted = list(frame["code"].cat.categories).index(code)
        start, stop = np.searchsorted(frame["code"].cat.codes.to_numpy(), [wanted, wanted + 1])
        rows = frame.iloc[start:stop]
        length = 4 if frequency == "year" else 7
        right = np.array([len(p) == length for p in rows["period"].cat.categories])[rows["period"].cat.codes]
        rows = rows[right]
        if not len(rows):
            return None
        areas = pd.Index(present(rows["area_code"]))
        periods = _run(present(rows["period"]))
        row = areas.get_indexer(rows["area_code"].cat.categories)[rows["area_code"].cat.codes]
        column = periods.get_indexer(rows["period"].cat.categories)[rows["period"].cat.codes]
        values = np.full((len(areas), len(periods)), np.nan)
        states = np.full(values.shape, MISSING, dtype=np.int8)
        values[row, column] = rows["count"].to_numpy(dtype=np.float64, na_value=np.nan)
        states[row, column] = pd.Index(STATUSES).get_indexer(rows["status"].cat.categories)[
            rows["status"].cat.codes
        ]
        return CodeTable(areas, periods, values, states)

    def _source(self, source: str) -> pd.DataFrame:
        frame = self.observations
        if not self._rows and len(frame):
            codes = frame["source"].cat.codes.to_numpy()
            for i, name in enumerate(frame["source"].cat.categories):
                self._rows[str(name)] = slice(*np.searchsorted(codes, [i, i + 1]))
        return frame.iloc[self._rows.get(source, slice(0, 0))]

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            self._tables[name] = read_table(self.folder, name, self.facts)
        table = self._tables[name]
        return pd.DataFrame(columns=list(COLUMNS[name])) if table is None else table


def open_build(workspace: Workspace) -> Build:
    """The build of a workspace; without one the error says how to make it."""
    return Build(workspace.processed, open_facts(workspace))


def _run(periods: Sequence[str]) -> pd.Index:
    """All periods from the first to the last, so that a year or month without any row is a visible gap."""
    first, last = min(periods), max(periods)
    if len(first) == 4:
        return pd.Index([str(year) for year in range(int(first), int(last) + 1)])
    start, stop = (int(p[:4]) * 12 + int(p[5:]) - 1 for p in (first, last))
    return pd.Index([f"{n // 12}-{n % 12 + 1:02d}" for n in range(start, stop + 1)])
