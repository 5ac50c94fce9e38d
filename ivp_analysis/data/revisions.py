"""What a source changed between two vintages: figures, areas, codes and periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.clean import clean_snapshot
from ivp_analysis.data.snapshots import Snapshot, list_snapshots
from ivp_analysis.data.text_table import text_table
from ivp_analysis.data.tidy import Reading
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import find_source
from ivp_analysis.registry.records import Registry

_KEY = ["area_code", "code", "period"]
COLUMNS = ["area_code", "code", "period", "before", "after", "change", "share", "kind"]
# table -> (columns of the key, column of the value)
_VALUES = {
    "observations": (("area_code", "code", "period"), "count"),
    "population": (("area_code", "year"), "january_first"),
    "key_figures": (("area_code", "feature", "year"), "value"),
    "survey": (("area_code", "question", "year"), "share"),
    "events": (("area_code", "event", "date"), "visitors"),
    "visitors": (("area_code", "year"), "overnight_stays"),
}
SHOWN = 15


@dataclass(frozen=True, slots=True)
class Comparison:
    """changes: a row per cell that differs; kind: changed, filled, emptied, or a row added or removed.

    share: change divided by before, NaN where before is 0 or absent. compared: cells that both vintages have.
    gone, new: areas, codes and periods that only the older or the newer has; a new cut of borders shows here.
    """

    before: Snapshot
    after: Snapshot
    changes: pd.DataFrame
    compared: int
    gone: Mapping[str, list[str]]
    new: Mapping[str, list[str]]

    @property
    def by_code(self) -> pd.DataFrame:
        """Per code: how many cells changed, their totals before and after, and the share of the change.

        A code whose years changed is told by its years: its months are the same incidents again.
        """
        both = self.changes[self.changes["kind"] == "changed"]
        yearly = (both["period"].str.len() == 4).to_numpy()
        both = both[yearly | ~both["code"].isin(both["code"][yearly]).to_numpy()]
        grouped = both.groupby("code")[["before", "after"]].sum()
        return grouped.assign(
            cells=both.groupby("code").size(), share=grouped["after"] / grouped["before"] - 1
        )

    def lines(self, names: Mapping[str, str] | None = None) -> list[str]:
        """For printing: the summary, the codes, and the largest changes; `names` of the codes."""
        kinds = self.changes["kind"].value_counts()
        told = ", ".join(f"{kinds[kind]} {kind}" for kind in sorted(kinds.index)) or "no differences"
        found = [
            f"{self.before.source}: {_label(self.before)} -> {_label(self.after)}",
            f"{self.compared} cells in both; {told}",
        ]
        for word, absent in (("gone", self.gone), ("new", self.new)):
            found += [f"{word}: {name} {_some(all_)}" for name, all_ in absent.items() if all_]
        return found + _code_lines(self.by_code, names or {}) + _largest_lines(self.changes)


def compare_snapshots(
    workspace: Workspace, registry: Registry, source: str, a: str | None = None, b: str | None = None
) -> Comparison:
    """Vintage `a` (older) against `b`, each by its date or the start of its hash; default the newest two."""
    find_source(registry, source)
    before, after = _two(list_snapshots(workspace, source), source, a, b)
    old, new = (_values(clean_snapshot(snapshot, registry)) for snapshot in (before, after))
    whole = old.to_frame("before").join(new.rename("after"), how="outer")
    in_old, in_new = whole.index.isin(old.index), whole.index.isin(new.index)
    whole["kind"] = _kinds(whole, in_old, in_new)
    changes = whole[(whole["kind"] != "same").to_numpy()].reset_index()
    changes["change"] = changes["after"] - changes["before"]
    changes["share"] = changes["change"] / changes["before"].where(changes["before"] != 0)
    gone, fresh = _absent(old.index, new.index), _absent(new.index, old.index)
    return Comparison(before, after, changes[COLUMNS], int((in_old & in_new).sum()), gone, fresh)


def _label(snapshot: Snapshot) -> str:
    of = f", table of {snapshot.modified[:10]}" if snapshot.modified else ""
    return f"{snapshot.taken_on} {snapshot.id}{of}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _code_lines(by_code: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    if by_code.empty:
        return []
    head = ["code", "name", "cells", "before", "after", "change", "share"]
    told = zip(by_code.index, by_code["cells"], by_code["before"], by_code["after"], strict=True)
    rows = [
        [str(code), names.get(str(code), ""), f"{cells:.0f}", *_figures(before, after)]
        for code, cells, before, after in told
    ]
    return ["", "changed figures by code", *text_table([head, *rows], right=(2, 3, 4, 5, 6))]


def _largest_lines(changes: pd.DataFrame) -> list[str]:
    both = changes[changes["kind"] == "changed"]
    if both.empty:
        return []
    largest = both.loc[both["change"].abs().sort_values(ascending=False, kind="stable").index[:SHOWN]]
    head = ["area", "code", "period", "before", "after", "change", "share"]
    columns = [largest[name] for name in ("area_code", "code", "period", "before", "after")]
    rows = [
        [str(area), str(code), str(period), *_figures(before, after)]
        for area, code, period, before, after in zip(*columns, strict=True)
    ]
    what = f"the {len(rows)} largest of {len(both)} changes" if len(both) > len(rows) else "the changes"
    return ["", what, *text_table([head, *rows], right=(3, 4, 5, 6))]


def _figures(before: float, after: float) -> list[str]:
    """Whole numbers as such; shares and averages with their decimals."""
    whole = float(before).is_integer() and float(after).is_integer()
    share = f"{after / before - 1:+.2%}" if before else "-"
    return [f"{value:.{0 if whole else 3}f}" for value in (before, after)] + [
        f"{after - before:+.{0 if whole else 3}f}",
        share,
    ]


def _two(snapshots: list[Snapshot], source: str, a: str | None, b: str | None) -> tuple[Snapshot, Snapshot]:
    if len(snapshots) < 2:
        raise UsageError(
            f"{source} has {len(snapshots)} snapshot(s), a comparison needs two",
            todo="take another with: ivp fetch, or ivp import FILE",
        )
    after = _find(snapshots, b) if b else snapshots[-1]
    before = _find(snapshots, a) if a else next(s for s in reversed(snapshots) if s is not after)
    return before, after


def _find(snapshots: list[Snapshot], mark: str) -> Snapshot:
    found = [
        s
        for s in snapshots
        if s.taken_on.isoformat() == mark or (len(mark) >= 4 and s.sha256.startswith(mark))
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{s.taken_on} {s.id}" for s in snapshots)
    raise UsageError(
        f"{mark!r} names {len(found)} snapshots", todo=f"choose one by its date or hash: {known}"
    )


def _values(reading: Reading) -> pd.Series[Any]:
    """All cells of a reading as one column of numbers."""
    pieces: list[pd.DataFrame] = []
    for name, frame in reading.frames.items():
        if name == "measures":
            pieces.append(_measures(frame))
            continue
        key, value = _VALUES[name]
        code = frame[key[1]].astype("str") if len(key) == 3 else name
        piece = pd.DataFrame(
            {
                "area_code": frame["area_code"].astype("str"),
                "code": code,
                "period": frame[key[-1]].astype("str"),
                "value": frame[value].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan),
            }
        )
        pieces.append(piece)
    return pd.concat(pieces).set_index(_KEY)["value"].sort_index()


def _measures(frame: pd.DataFrame) -> pd.DataFrame:
    """A measure is no figure: with its status as its code, another status shows as one gone and one new."""
    return pd.DataFrame(
        {
            "area_code": frame["area_code"],
            "code": frame["theme"] + " / " + frame["action"] + ": " + frame["status"],
            "period": "",
            "value": 1.0,
        }
    )


def _kinds(
    whole: pd.DataFrame, in_old: npt.NDArray[np.bool_], in_new: npt.NDArray[np.bool_]
) -> npt.NDArray[Any]:
    before, after = whole["before"].to_numpy(), whole["after"].to_numpy()
    conditions = [
        ~in_old,
        ~in_new,
        np.isnan(before) & ~np.isnan(after),
        ~np.isnan(before) & np.isnan(after),
        ~np.isnan(before) & (before != after),
    ]
    return np.select(conditions, ["added", "removed", "filled", "emptied", "changed"], default="same")


def _absent(index: pd.Index[Any], other: pd.Index[Any]) -> dict[str, list[str]]:
    """Areas, codes and periods of one vintage that the other does not have at all."""
    return {name: sorted(set(index.unique(name)) - set(other.unique(name))) for name in _KEY}
