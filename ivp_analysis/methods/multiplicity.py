"""Many tests at once: adjusted p values."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_floats

Adjustment = Literal["bh", "by", "holm"]


def adjust(p: ArrayLike, *, method: Adjustment) -> Floats:
    """Adjusted p values of one family, in the order given; NaN is no test: it stays NaN and does not count.

    bh: Benjamini & Hochberg 1995. by: Benjamini & Yekutieli 2001 (any dependence). holm: Holm 1979.
    """
    values = as_floats(p)
    tested = ~np.isnan(values)
    if ((values[tested] < 0) | (values[tested] > 1)).any():
        raise MethodError(
            "a p value lies outside 0 to 1", todo="give probabilities; NaN for what was not tested"
        )
    adjusted = np.full_like(values, np.nan)
    if tested.any():
        adjusted[tested] = _adjust_family(values[tested], method)
    return adjusted


def _adjust_family(p: Floats, method: Adjustment) -> Floats:
    if method == "holm":
        return _holm(p)
    # scipy.stats takes longer to import than all else together, and pages with kept results do not need it.
    from scipy.stats import false_discovery_control

    return as_floats(false_discovery_control(p, method=method))


def _holm(p: Floats) -> Floats:
    order = np.argsort(p, kind="stable")
    stepped = np.minimum(np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)), 1.0)
    adjusted = np.empty_like(p)
    adjusted[order] = stepped
    return adjusted
