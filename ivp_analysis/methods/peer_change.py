"""What comparable municipalities did in the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import as_counts, as_exposure

Pair = tuple[ArrayLike, ArrayLike]


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """One municipality with its peers; every pair is (baseline year, latest year).

    `people` are the municipality's own inhabitants, `counts` and `peer_people` those of its peers.
    """

    people: tuple[float, float]
    counts: Pair
    peer_people: Pair


@dataclass(frozen=True, slots=True)
class PeerChange:
    """Elsewhere in the same time. Changes are fractions of the rate; `as_peers` is the count that would have
    been if the area had moved as its peers did, `beyond_peers` the count less that (negative: fell more).
    """

    own: float
    peers: float
    as_peers: float
    beyond_peers: float
    n_peers: int


def compare_with_peers(*, baseline: float, latest: float, groups: Sequence[PeerGroup]) -> PeerChange | None:
    """What the peers did between two years; None where a group has no peer with both counts, or none at all.

    An area of several municipalities is set against the mix of their peers: the sum over municipalities of own
    inhabitants x rate of the own peers, in both years. A mere sum of all peers would be led by the largest.
    """
    if not groups:
        raise MethodError("nothing to compare with", todo="give each municipality of the area its peers")
    rates = [_peer_rates(group) for group in groups]
    known = [(group, rate) for group, rate in zip(groups, rates, strict=True) if rate is not None]
    if len(known) < len(groups) or baseline <= 0:
        return None
    then, now = (sum(group.people[i] * rate[i] for group, rate in known) for i in (0, 1))
    growth = sum(group.people[1] for group in groups) / sum(group.people[0] for group in groups)
    if then <= 0 or not np.isfinite([latest, baseline, now, growth]).all():
        return None
    as_peers = baseline * now / then
    n_peers = min(rate[2] for _, rate in known)
    own, peers = latest / baseline / growth, now / then / growth
    return PeerChange(own - 1, peers - 1, as_peers, latest - as_peers, n_peers)


def _peer_rates(group: PeerGroup) -> tuple[float, float, int] | None:
    """Rate in the baseline year and in the latest, of the peers known in both, and how many they are."""
    then, now = (as_counts(counts) for counts in group.counts)
    people_then, people_now = (as_exposure(people, then.shape) for people in group.peer_people)
    both = np.isfinite([then, now, people_then, people_now]).all(axis=0)
    if not both.any():
        return None
    rates = (then[both].sum() / people_then[both].sum(), now[both].sum() / people_now[both].sum())
    return float(rates[0]), float(rates[1]), int(both.sum())
