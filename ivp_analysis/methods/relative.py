"""A series against its peers: the same model with the peers' rate in the offset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivp_analysis.methods.arrays import Flags, Floats, Indices


@dataclass(frozen=True, slots=True)
class RelativePanel:
    """Stacked rows: each unit and then its peers, with exposure population x rate of the others in the group.

    `series` is the row that each came from, `units` the rows that have peers, `unit_rows` where those stand
    here, and `members` all rows of a unit's group, over which its dispersion is pooled.
    """

    counts: Floats
    exposure: Floats
    series: Indices
    units: Indices
    unit_rows: Indices
    members: tuple[Indices, ...]


def relative_exposure(counts: Floats, exposure: Floats) -> Floats:
    """Population x rate of the others, for each row of a group; NaN in a year without a count of theirs."""
    others = counts.sum(axis=0) - counts
    people = exposure.sum(axis=0) - exposure
    rates = np.divide(others, people, out=np.full_like(others, np.nan), where=(people > 0) & (others > 0))
    return np.asarray(exposure * rates)


def stack_relative(
    counts: Floats, exposure: Floats, windows: Floats, pools: Sequence[Indices]
) -> RelativePanel:
    """Groups of unit and peers, each over the unit's own window (`windows`: NaN outside it).

    A peer that misses a year of that window is left out: it would change the mix from year to year. A unit
    without peers has no relative trend. Peers are set against the group without themselves, so that the
    dispersion is that of a municipality around its peers and the common ups and downs fall away.
    """
    inside = np.isfinite(windows)
    groups = [_group(counts, exposure, inside[unit], unit, pool) for unit, pool in enumerate(pools)]
    units = np.array([unit for unit, group in enumerate(groups) if group.size], dtype=np.intp)
    sizes = np.array([groups[unit].size for unit in units], dtype=np.intp)
    ends = np.cumsum(sizes)
    stacked = [_against_others(counts, exposure, inside[unit], groups[unit]) for unit in units]
    empty = np.empty((0, counts.shape[1]))
    return RelativePanel(
        counts=np.concatenate([empty, *(y for y, _ in stacked)]),
        exposure=np.concatenate([empty, *(e for _, e in stacked)]),
        series=np.concatenate([np.empty(0, dtype=np.intp), *(groups[unit] for unit in units)]),
        units=units,
        unit_rows=ends - sizes,
        members=tuple(np.arange(end - size, end) for end, size in zip(ends, sizes, strict=True)),
    )


def _group(counts: Floats, exposure: Floats, inside: Flags, unit: int, pool: Indices) -> Indices:
    """The unit and its peers that know every year of the unit's window; empty when nobody does."""
    peers = pool[pool != unit]
    known = np.isfinite(counts[peers]) & np.isfinite(exposure[peers])
    complete = peers[known[:, inside].all(axis=1)]
    return np.concatenate([[unit], complete]).astype(np.intp) if complete.size and inside.any() else peers[:0]


def _against_others(counts: Floats, exposure: Floats, inside: Flags, group: Indices) -> tuple[Floats, Floats]:
    y = np.where(inside, counts[group], np.nan)
    return y, relative_exposure(y, np.where(inside, exposure[group], np.nan))
