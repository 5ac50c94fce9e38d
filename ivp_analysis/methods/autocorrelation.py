"""Do residuals still hang together in time? If so, intervals that rest on them are too narrow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import as_floats


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """Ljung and Box (1978) up to `lags`, and Durbin-Watson for the first lag (2 = none)."""

    statistic: float
    p: float
    lags: int
    durbin_watson: float


def check_autocorrelation(residuals: ArrayLike, *, lags: int) -> Autocorrelation:
    """Of residuals in order of time; missing ones are closed up."""
    # statsmodels takes a second to import, and few commands need it.
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.stats.stattools import durbin_watson

    e = as_floats(residuals)
    e = e[np.isfinite(e)]
    if not 0 < lags < e.size:
        raise MethodError(f"{e.size} residuals do not show {lags} lags", todo="give more, or ask for less")
    table = acorr_ljungbox(e, lags=[lags])
    statistic, p = float(table["lb_stat"].iloc[0]), float(table["lb_pvalue"].iloc[0])
    return Autocorrelation(statistic, p, lags, float(durbin_watson(e)))
