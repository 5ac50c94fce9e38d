"""What forecasts made from these very figures would have been worth: computed once, kept beside the build.

A kept backtest is named after the hash of all that it was made from: counts, years, the constants of the method and
its code. The pages of one run, and later runs on the same figures, read it instead of making it again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ivp_analysis.data.files import atomic_path, sha256_bytes
from ivp_analysis.errors import MethodError
from ivp_analysis.methods.backtest import Backtest, run_backtest
from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.report.analysis.kept import CODE, drop_older
from ivp_analysis.report.forecast.forecasts import Floats, Outlook, like_areas, rows_of, sums_of

FORMAT = 2
_BY_CASE = ("area", "origin", "horizon", "observed", "target")
_BY_FORECASTER = ("chance", "crps", "log_score", "pit_lower", "pit_upper")


def backtested_indicators(outlook: Outlook) -> tuple[str, ...]:
    """The indicators with a target; of a group that has none with figures, all of the group; and the total."""
    analysis = outlook.analysis
    group = {i: analysis.registry.indicators[i].group for i in analysis.series}
    targeted = {t.indicator for t in analysis.plan.targets}
    covered = {group[i] for i in group if i in targeted}
    return tuple(i for i in group if i in targeted or group[i] not in covered or i == "crime_total")


def open_backtest(outlook: Outlook, indicator: str, *, sums: bool = False) -> Backtest | None:
    """The backtest of an indicator, kept or made now; None with too few years for any forecast.

    sums: of sums of municipalities like the region, and the region among them, instead of single municipalities.
    """
    path = kept_path(outlook, indicator, sums=sums)
    if (kept := _read(path)) is not None:
        return kept
    _, years, counts = _inputs(outlook, indicator, sums=sums)
    found = _run(outlook, years, counts)
    if found is not None:
        _write(path, found)
    return found


def kept_path(outlook: Outlook, indicator: str, *, sums: bool = False) -> Path:
    """Where the backtest of an indicator stands once it was made from these figures."""
    analysis, mark = outlook.analysis, _hash_inputs(outlook, *_inputs(outlook, indicator, sums=sums))
    kind = f"{indicator}_sums" if sums else indicator
    return (
        analysis.workspace.processed
        / f"backtest-{analysis.plan.id}-{analysis.year}-{kind}-{mark[:16]}.parquet"
    )


def _inputs(outlook: Outlook, indicator: str, *, sums: bool) -> tuple[list[str], tuple[int, ...], Floats]:
    return _sums(outlook, indicator) if sums else _panel(outlook, indicator)


def join_backtests(tests: Sequence[Backtest]) -> Backtest:
    """Several indicators as one test; the same municipality under two indicators counts as two series."""
    starts = np.cumsum([0, *(int(test.area.max()) + 1 for test in tests)])
    areas = [test.area + start for test, start in zip(tests, starts, strict=False)]
    names = [f.name for f in fields(Backtest) if f.name not in ("forecasters", "area")]
    whole = {name: np.concatenate([getattr(t, name) for t in tests], axis=-1) for name in names}
    return Backtest(forecasters=tests[0].forecasters, area=np.concatenate(areas), **whole)


def _panel(outlook: Outlook, indicator: str) -> tuple[list[str], tuple[int, ...], Floats]:
    """All municipalities no larger than the region: what is forecast is never larger than it."""
    analysis = outlook.analysis
    table = analysis.series[indicator].counts
    years = tuple(int(period) for period in table.columns if int(period) <= analysis.year)
    people = analysis.people.reindex(index=list(analysis.pool)).ffill(axis=1).iloc[:, -1]
    most = float(people.reindex(list(analysis.plan.areas)).sum(skipna=False))
    known = table.notna().any(axis=1)
    codes = [code for code in analysis.pool if known[code] and not people[code] > most]
    return codes, years, table.loc[codes, [str(year) for year in years]].to_numpy(dtype=np.float64)


def _sums(outlook: Outlook, indicator: str) -> tuple[list[str], tuple[int, ...], Floats]:
    """The region and the sums that are like it; nothing where there are no such sums."""
    analysis, panel = outlook.analysis, outlook.panel(indicator)
    like = like_areas(panel, analysis.region) if panel else []
    if panel is None or not like:
        return [], (), np.empty((0, 0))
    groups = [rows_of(panel, analysis.region.members), *like]
    known = [i for i, year in enumerate(panel.years) if year <= analysis.year]
    codes = ["+".join(panel.codes[row] for row in group) for group in groups]
    return codes, tuple(panel.years[i] for i in known), sums_of(panel, groups)[:, known]


def _run(outlook: Outlook, years: Sequence[int], counts: Floats) -> Backtest | None:
    if not counts.size:
        return None
    try:
        return run_backtest(counts, years, rules=outlook.backtest_rules, projection=outlook.rules)
    except MethodError:
        # Too few years for one forecast and its outcome: the pages say so where a card would stand.
        return None


def _hash_inputs(outlook: Outlook, codes: Sequence[str], years: Sequence[int], counts: Floats) -> str:
    rules = [asdict(outlook.rules), asdict(outlook.backtest_rules), [str(f) for f in Forecaster]]
    told = json.dumps([FORMAT, list(codes), list(years), rules, CODE["methods"]], sort_keys=True)
    return sha256_bytes(told.encode() + np.ascontiguousarray(counts, dtype="<f8").tobytes())


def _write(path: Path, test: Backtest) -> None:
    """One row a case, one column a score and forecaster."""
    columns = {name: pa.array(getattr(test, name)) for name in _BY_CASE}
    for name in _BY_FORECASTER:
        for row, forecaster in enumerate(test.forecasters):
            columns[f"{name}:{forecaster}"] = pa.array(getattr(test, name)[row])
    with atomic_path(path) as temp:
        pq.write_table(pa.table(columns), temp, compression="zstd", version="2.6")
    drop_older(path)


def _read(path: Path) -> Backtest | None:
    """None: there is none, or none that can be read; it is made anew."""
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            table = file.read(use_threads=False)
    except (pa.ArrowInvalid, OSError):
        return None
    forecasters = tuple(Forecaster(n.split(":")[1]) for n in table.column_names if n.startswith("crps:"))
    by_case = {name: table[name].to_numpy() for name in _BY_CASE}
    scores = {
        name: np.vstack([table[f"{name}:{forecaster}"].to_numpy() for forecaster in forecasters])
        for name in _BY_FORECASTER
    }
    return Backtest(forecasters=forecasters, **by_case, **scores)
