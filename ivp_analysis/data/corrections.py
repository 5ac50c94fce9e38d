"""Corrections are data: each says what the source is expected to say, and ends once the source has healed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from ivp_analysis.errors import BuildError
from ivp_analysis.registry.records import Correction

_WHERE = "data/registry/corrections.toml"


def corrections_for(corrections: Sequence[Correction], source: str, *, simulated: bool) -> list[Correction]:
    """Those of a source; the sample has corrections of its own, which real figures never meet."""
    return [c for c in corrections if c.source == source and c.only_simulated == simulated]


def apply_corrections(
    frame: pd.DataFrame, corrections: Sequence[Correction], *, newer: Collection[str] = ()
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """The frame with the corrected values, the ids that were used, and those whose figure the frame holds.

    newer: the corrections whose figure a newer vintage holds. In the newest that holds it a value other than
    `expect` stops the build, for the correction is stale; older vintages may still say either.
    """
    used: list[str] = []
    held: list[str] = []
    for correction in corrections:
        row = _row_of(frame, correction)
        if row is None:
            continue
        held.append(correction.id)
        found = _value(frame, row)
        if found == correction.expect:
            frame = frame if used else frame.copy()
            used.append(correction.id)
            # Value equal to expect: somebody looked at a strange figure and found it right.
            if correction.value != correction.expect:
                _replace(frame, row, correction.value)
        elif correction.id not in newer:
            raise _stale(correction, found)
    return frame, used, held


def _row_of(frame: pd.DataFrame, correction: Correction) -> int | None:
    cell = (
        (frame["area_code"] == correction.area_code)
        & (frame["code"] == correction.code)
        & (frame["period"] == correction.period)
    ).to_numpy()
    return int(np.argmax(cell)) if cell.any() else None


def _value(frame: pd.DataFrame, row: int) -> int | None:
    value = frame["count"].iloc[row]
    return None if pd.isna(value) else int(value)


def _replace(frame: pd.DataFrame, row: int, value: int | None) -> None:
    status = "missing" if value is None else "estimated"
    frame.loc[frame.index[row], "count"] = pd.NA if value is None else value
    frame.loc[frame.index[row], "status"] = status


def _stale(correction: Correction, found: int | None) -> BuildError:
    said = "nothing" if found is None else f"{found}"
    expected = "nothing" if correction.expect is None else f"{correction.expect}"
    healed = found == correction.value
    return BuildError(
        f"the source now says {said} for {correction.area_code} / {correction.code} / {correction.period}, "
        f"the correction expects {expected}" + (": the source has healed itself" if healed else ""),
        where=f"{_WHERE}, correction {correction.id}",
        todo="remove the correction" if healed else "look at the source, then renew or remove the correction",
    )
