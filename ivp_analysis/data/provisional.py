"""Figures that the source itself calls provisional: their periods, and the mark in the rows."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from ivp_analysis.data.tidy import STATUSES, Reading, statuses
from ivp_analysis.errors import InputError
from ivp_analysis.periods import parse_period

PROVISIONAL = STATUSES.index("provisional")
# What a fetched snapshot's origin keeps of the set of periods: the keys whose Status is not final.
FIELD = "provisional"
_FINAL = ("", "Definitief")


def is_provisional(status: str) -> bool:
    """Whether the Status of a period (Voorlopig, NaderVoorlopig) says that its figures may still change."""
    return status.strip() not in _FINAL


def provisional_periods(query: str) -> frozenset[str]:
    """The periods that were provisional when the table was fetched; a file that was imported says nothing."""
    try:
        record = json.loads(query)
        return frozenset(str(parse_period(key)) for key in record.get(FIELD, ()))
    except (ValueError, AttributeError, TypeError, InputError):
        return frozenset()


def mark_provisional(reading: Reading, periods: Collection[str]) -> Reading:
    """The same figures, those of these periods with that status, and the periods in the account."""
    if not periods:
        return reading
    frames = dict(reading.frames)
    if (frame := frames.get("observations")) is not None:
        some = frame["period"].isin(list(periods)).to_numpy() & frame["count"].notna().to_numpy()
        codes = np.where(some, PROVISIONAL, frame["status"].cat.codes.to_numpy())
        frames["observations"] = frame.assign(status=statuses(codes.astype(np.int8)))
    return replace(reading, frames=frames, provisional=tuple(sorted({*reading.provisional, *periods})))
