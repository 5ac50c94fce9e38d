"""What rounding by a publisher adds to the variance of a count, by municipality and year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ivp_analysis.data.borders import map_borders
from ivp_analysis.data.series import IndicatorSeries

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis

Floats = npt.NDArray[np.float64]


def rounding_variances(
    analysis: Analysis, series: IndicatorSeries, codes: Sequence[str], years: Sequence[int]
) -> Floats:
    """Municipalities by years; 0 where the figures are exact.

    Every published number was rounded by itself: a sum of k codes over m former municipalities holds k x m
    roundings of 25/12 each.
    """
    rounded = np.asarray(analysis.rounded(series).loc[list(codes)], dtype=bool)
    if not rounded.any() or series.recipe is None:
        return np.zeros((len(codes), len(years)))
    one = float(analysis.registry.method.group("rates")["rounding5_variance"]) * len(series.recipe.codes)
    borders = map_borders(analysis.registry, date.fromisoformat(analysis.build.data_date))
    parts = [
        [len(borders.needed(analysis.registry, code, year)) if yes else 0 for year in years]
        for code, yes in zip(codes, rounded.tolist(), strict=True)
    ]
    return one * np.array(parts, dtype=np.float64)
