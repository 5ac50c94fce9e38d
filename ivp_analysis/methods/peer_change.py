"""What comparable municipalities did in the same time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.methods.arrays import as_counts, as_exposure


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


def compare_with_peers(
    *,
    latest: float,
    baseline: float,
    peers_latest: ArrayLike,
    peers_baseline: ArrayLike,
    population_change: float = 1.0,
    peers_population: tuple[ArrayLike, ArrayLike] | None = None,
) -> PeerChange | None:
    """What the peers did in the same time, as one sum over those with both counts; None when there is none.

    `population_change` is the area's own later population over its earlier one; `peers_population` the
    peers' (latest, baseline). Without them the changes are of counts.
    """
    later, earlier = as_counts(peers_latest), as_counts(peers_baseline)
    now, then = peers_population if peers_population is not None else (1.0, 1.0)
    people_now, people_then = as_exposure(now, later.shape), as_exposure(then, earlier.shape)
    both = np.isfinite(later) & np.isfinite(earlier) & np.isfinite(people_now) & np.isfinite(people_then)
    if not both.any() or earlier[both].sum() == 0 or baseline <= 0:
        return None
    growth = people_now[both].sum() / people_then[both].sum()
    peers = float(later[both].sum() / earlier[both].sum() / growth)
    as_peers = baseline * population_change * peers
    own = latest / baseline / population_change
    return PeerChange(own - 1, peers - 1, as_peers, latest - as_peers, int(both.sum()))
