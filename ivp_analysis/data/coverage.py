"""What a build covers, and what it would lose against the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ivp_analysis.data.build_facts import unpack_years
from ivp_analysis.data.tidy import present
from ivp_analysis.errors import BuildError

_SHOWN = 5


def coverage_of(frame: pd.DataFrame) -> dict[str, Any]:
    """Codes, and per area the years with a figure, of one source's observations (or the population)."""
    value = "count" if "count" in frame else "january_first"
    there = frame[frame[value].notna().to_numpy()]
    years = _years(there)
    area = there["area_code"].cat
    span = int(years.max(initial=0)) + 1
    pairs = np.unique(area.codes.to_numpy().astype(np.int64) * span + years)
    found: dict[str, list[int]] = {}
    for pair in pairs:
        found.setdefault(str(area.categories[pair // span]), []).append(int(pair % span))
    codes = present(there["code"]) if "code" in there else []
    return {"areas": {name: pack_years(found[name]) for name in sorted(found)}, "codes": codes}


def full_years_of(frame: pd.DataFrame) -> dict[str, str]:
    """Per area the years with a yearly figure; an area that has rows but none of those has an empty text."""
    yearly = np.array([len(name) == 4 for name in frame["period"].cat.categories], dtype=bool)
    there = frame[yearly[frame["period"].cat.codes.to_numpy()] & frame["count"].notna().to_numpy()]
    found = coverage_of(there)["areas"]
    return {area: found.get(area, "") for area in sorted(present(frame["area_code"]))}


def pack_years(years: Iterable[int]) -> str:
    """2010 2011 2012 2015 -> "2010-2012 2015"."""
    ordered = np.unique(np.fromiter(years, dtype=np.int64))
    runs = np.split(ordered, np.flatnonzero(np.diff(ordered) > 1) + 1)
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs if len(run))


def missing_months(periods: Iterable[str]) -> list[str]:
    """Months between the first and the last for which no area has a row."""
    months = sorted({p for p in periods if len(p) == 7})
    number = [int(p[:4]) * 12 + int(p[5:]) - 1 for p in months]
    holes = [n for before, after in pairwise(number) for n in range(before + 1, after)]
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in holes]


def check_coverage(new: Mapping[str, Any], old: Mapping[str, Any], *, allow_shrink: bool) -> list[str]:
    """What the previous build had and this one has not; an error unless allowed, then the list of losses."""
    losses = [
        loss for source, before in sorted(old.items()) for loss in _losses(source, before, new.get(source))
    ]
    if losses and not allow_shrink:
        raise BuildError(
            "figures that the previous build had would disappear: " + "; ".join(losses),
            todo="put the removed snapshots back, or accept the loss with: ivp build --allow-shrink",
        )
    return losses


def _losses(source: str, before: Mapping[str, Any], now: Mapping[str, Any] | None) -> list[str]:
    if now is None:
        return [f"{source} as a whole"]
    areas: Mapping[str, str] = now["areas"]
    years = [
        f"{area} {pack_years(lost)}"
        for area, had in before["areas"].items()
        if area in areas and (lost := unpack_years(had) - unpack_years(areas[area]))
    ]
    kinds = {
        "codes": sorted(set(before["codes"]) - set(now["codes"])),
        "areas": sorted(set(before["areas"]) - set(areas)),
        "areas with fewer years": years,
    }
    return [
        f"{source}: {len(lost)} {kind} ({', '.join(lost[:_SHOWN])}{', …' if len(lost) > _SHOWN else ''})"
        for kind, lost in kinds.items()
        if lost
    ]


def _years(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    if "year" in frame:
        return frame["year"].to_numpy(dtype=np.int64)
    period = frame["period"].cat
    return np.array([int(name[:4]) for name in period.categories], dtype=np.int64)[period.codes.to_numpy()]
