"""Reading numbers as sources write them: a count, a gap with a reason, or a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ivp_analysis.data.tabular import Column
from ivp_analysis.data.tidy import STATUSES, statuses
from ivp_analysis.errors import InputError

# "25.0" is how spreadsheets and pandas write 25; "25.00" or "1.025" may be thousands, so they are refused.
_WHOLE = re.compile(r"([0-9]{1,9})(\.0)?")
_GAPS = {"": "missing", ".": "missing", "-": "missing", "x": "suppressed"}


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts per row, nullable, with the status that the text itself gives."""

    values: pd.arrays.IntegerArray
    status: pd.Categorical[str]


def parse_count(text: str) -> int | None:
    """The count; None for a gap; ValueError with the reason for anything else."""
    match = _WHOLE.fullmatch(text)
    if match:
        return int(match[1])
    if text in _GAPS:
        return None
    if re.fullmatch(r"-\d+([.,]\d+)?", text):
        raise ValueError(f"count {text!r} is negative")
    if re.fullmatch(r"\d+[.,]\d+", text):
        raise ValueError(f"count {text!r} is not a whole number")
    raise ValueError(f"{text!r} is not a count")


def read_counts(column: Column, *, name: str, where: Callable[[int], str], known: str) -> Counts:
    """All counts of a column; `known` is the status of what is there (exact or rounded5)."""
    numbers = np.zeros(len(column.texts), dtype=np.int32)
    gap = np.zeros(len(column.texts), dtype=np.bool_)
    status = np.full(len(column.texts), STATUSES.index(known), dtype=np.int8)
    for i, text in enumerate(column.texts):
        try:
            number = parse_count(text)
        except ValueError as error:
            place = f"{where(column.row_of(i))}, column {name}"
            raise InputError(
                str(error), where=place, todo="look at it in the source; never edit it here"
            ) from error
        gap[i] = number is None
        numbers[i] = number or 0
        if number is None:
            status[i] = STATUSES.index(_GAPS[text])
    values = pd.arrays.IntegerArray(numbers[column.index], gap[column.index])
    return Counts(values, statuses(status[column.index]))
