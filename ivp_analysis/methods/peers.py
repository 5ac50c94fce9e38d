"""Which municipalities are alike: the nearest in what is known of people and place, not of crime."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, as_floats

Transform = Literal["log", "log1p", "none"]


@dataclass(frozen=True, slots=True)
class PeerRules:
    """The policy constants of the peer choice; group `peers` of the method file."""

    k: int
    k_small: int
    k_large: int
    min_peers: int


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of every municipality, in the order of the codes; NaN where it is not known."""

    name: str
    values: tuple[float, ...]
    transform: Transform


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """The peers of `code`, nearest first. `dropped` are features that could not be used, with the reason."""

    code: str
    peers: tuple[str, ...]
    rows: tuple[int, ...]
    distances: tuple[float, ...]
    features: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...]


def find_peers(
    codes: Sequence[str],
    features: Sequence[Feature],
    *,
    unit: str,
    k: int,
    excluded: Collection[str] = (),
    candidates: Collection[str] | None = None,
) -> PeerGroup:
    """The `k` nearest to `unit` by Euclidean distance of z-scores; ties go by code, so the order is stable.

    `excluded` (the other municipalities of the plan) never are peers; `candidates` narrows the choice (a size
    class, a province). A municipality of which no feature is known cannot be compared and is left out first;
    then a feature that is missing for any other is dropped: a distance over fewer features would be shorter.
    z-scores are taken over all municipalities that are left, so that they do not depend on the unit.
    """
    table = _transformed(codes, features)
    known = np.asarray(np.isfinite(table).any(axis=1))
    place = list(codes).index(unit) if unit in codes else -1
    usable, dropped = _usable_features(table[known], features) if known.any() else (known[:0], ())
    if place < 0 or not known[place] or not usable.any():
        raise MethodError(
            f"{unit} cannot be compared: none of its features is known", todo="give key figures"
        )
    z = np.full((len(codes), int(usable.sum())), np.nan)
    z[known] = standardise(table[known][:, usable])
    distances = np.sqrt(((z - z[place]) ** 2).sum(axis=1))
    allowed = set(codes if candidates is None else candidates) - set(excluded) - {unit}
    rows = [row for row, code in enumerate(codes) if known[row] and code in allowed]
    nearest = sorted(rows, key=lambda row: (float(distances[row]), codes[row]))[:k]
    return PeerGroup(
        code=unit,
        peers=tuple(codes[row] for row in nearest),
        rows=tuple(nearest),
        distances=tuple(float(distances[row]) for row in nearest),
        features=tuple(feature.name for feature, kept in zip(features, usable, strict=True) if kept),
        dropped=dropped,
    )


def standardise(values: ArrayLike) -> Floats:
    """z-scores per column (standard deviation with n-1)."""
    table = as_floats(values)
    return np.asarray((table - table.mean(axis=0)) / table.std(axis=0, ddof=1))


def _transformed(codes: Sequence[str], features: Sequence[Feature]) -> Floats:
    for feature in features:
        if len(feature.values) != len(codes):
            raise MethodError(
                f"{len(feature.values)} values of {feature.name!r} for {len(codes)} municipalities",
                todo="give one value, or NaN, for each",
            )
    columns = [_transform(feature) for feature in features]
    return np.column_stack(columns) if columns else np.empty((len(codes), 0))


def _transform(feature: Feature) -> Floats:
    values = as_floats(feature.values)
    if feature.transform == "none":
        return values
    lowest = 0.0 if feature.transform == "log" else -1.0
    if (values <= lowest).any():
        raise MethodError(
            f"{feature.name!r} has the value {np.nanmin(values):g}, which has no logarithm",
            todo="check the key figures, or take the transform log1p or none",
        )
    return np.log(values) if feature.transform == "log" else np.log1p(values)


def _usable_features(table: Floats, features: Sequence[Feature]) -> tuple[Flags, tuple[tuple[str, str], ...]]:
    complete = np.asarray(np.isfinite(table).all(axis=0))
    # A feature that is the same everywhere (no border municipality in the data) tells nobody apart.
    varied = np.asarray(complete & (np.where(complete, np.ptp(table, axis=0), 0.0) > 0))
    reasons = tuple(
        (feature.name, "constant" if known else "missing")
        for feature, known, kept in zip(features, complete, varied, strict=True)
        if not kept
    )
    return varied, reasons
