"""Regions made of others: what sums of municipalities do, which one municipality cannot tell.

Municipalities share good and bad years. In a sum their own chance evens out and what they share stays, so that a
sum scatters far more around its trend, in units of Poisson chance, than one of its members. The only real region
is one series; sums of comparable municipalities, one for each member, are more of the kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ivp_analysis.methods.arrays import Floats, Indices
from ivp_analysis.methods.log_linear import fit_log_linear
from ivp_analysis.methods.pooled import Dispersion, measure_scatter

Groups = list[Indices]


def made_regions(members: Sequence[int] | Indices, peers: Sequence[Sequence[int] | Indices]) -> Groups:
    """For each j the j-th peer of every member, in the order of the members; `peers[k]`, nearest first, are of `members[k]`.

    A municipality stands once in a group: where two members have the same j-th peer, one takes its next. Which one
    follows from their peers alone, so that the order in which a plan names its members changes no sum. A group for
    which some member has no peer left is left out, and so are the members themselves.
    """
    own = {int(row) for row in members}
    lists = [[int(peer) for peer in of_one if int(peer) not in own] for of_one in peers]
    turns = sorted(range(len(lists)), key=lists.__getitem__)
    found = (_one_of_each(lists, turns, place) for place in range(min(map(len, lists), default=0)))
    return [np.array(group, dtype=np.intp) for group in found if group]


def _one_of_each(lists: Sequence[Sequence[int]], turns: Sequence[int], place: int) -> list[int]:
    """The peers at a place, each municipality once, chosen in these turns; empty when that cannot be."""
    group: dict[int, int] = {}
    for turn in turns:
        peers = lists[turn]
        free = next((peer for peer in (*peers[place:], *peers[:place]) if peer not in group.values()), None)
        if free is None:
            return []
        group[turn] = free
    return [group[turn] for turn in range(len(lists))]


def sum_groups(values: Floats, groups: Sequence[Indices]) -> Floats:
    """One row a group; a missing member makes its sum missing."""
    empty = np.empty((0, *values.shape[1:]))
    return np.concatenate([empty, *(values[group].sum(axis=0, keepdims=True) for group in groups)])


def pool_sums(
    counts: Floats,
    exposure: Floats,
    years: Floats,
    rounding: Floats,
    *,
    steps: Floats | None,
    single: Dispersion,
) -> Dispersion | None:
    """Dispersion of sums (rows; NaN outside the window of the first) around their trends; None without a fit.

    The sums share municipalities and good years: twelve of them are not twelve independent witnesses. The
    degrees of freedom are those that Satterthwaite (1946) gives to a sum of correlated squares. They are too
    few to tell a serial correlation: that is taken from the single municipalities (`single`).
    """
    inside = np.isfinite(counts[:1]).any(axis=0)
    complete = np.isfinite(counts[:, inside] * exposure[:, inside]).all(axis=1)
    fits = fit_log_linear(counts[complete], exposure[complete], years, covariates=steps)
    scatter = measure_scatter(fits, years, rounding_variance=rounding[complete], covariates=steps)
    rows = np.flatnonzero(scatter.df > 0)
    if not rows.size:
        return None
    raw = float(scatter.chi2[rows].sum() / scatter.df[rows].sum())
    df = effective_df(fits.residuals[rows][:, inside], float(scatter.df[rows[0]]))
    return Dispersion(max(raw, 1.0) * single.serial_factor, raw, df, single.autocorrelation, rows.size)


def effective_df(residuals: Floats, df: float) -> float:
    """Degrees of freedom of the pooled squares of series (rows) that each have `df`, between `df` and their sum.

    For S = E E'/df of normal residuals with covariance C between the series, n = df: the sum of squares n tr S
    has mean n tr C and variance 2n tr(C^2), hence n (tr C)^2 / tr(C^2). Both are estimated without bias from
    tr S and tr S^2 (Srivastava 2005), for few years make series look more alike than they are.
    """
    n, products = df, residuals @ residuals.T / df
    trace, squares = float(np.trace(products)), float((products**2).sum())
    if n <= 1 or trace == 0:
        return df
    alike = n**2 / ((n - 1) * (n + 2)) * (squares - trace**2 / n)
    most = df * len(residuals)
    return most if alike <= 0 else float(np.clip(n * trace**2 / alike - 2, df, most))
