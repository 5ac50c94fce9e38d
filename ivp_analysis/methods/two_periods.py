"""Is the count of one period different from that of another, beyond chance?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ivp_analysis.errors import MethodError


@dataclass(frozen=True, slots=True)
class PeriodComparison:
    """The later rate over the earlier one. `method` says which of the two forms is reported: the wider."""

    ratio: float
    lower: float
    upper: float
    p: float
    method: str
    later: float
    earlier: float


def compare_periods(
    later: float,
    earlier: float,
    *,
    later_exposure: float = 1.0,
    earlier_exposure: float = 1.0,
    confidence: float,
    dispersion: float = 1.0,
    df: float = np.inf,
    rounding_variance: float = 0.0,
) -> PeriodComparison:
    """The exact conditional test and the quasi form beside it; the one with the wider interval is reported.

    Given their sum, the later count is binomial with share t1/(t1+t2) when nothing changed. The quasi form
    lets that share's variance be `dispersion` times as large (t with `df`, as pooled over the peers).
    """
    _check(later, earlier, later_exposure, earlier_exposure)
    null = later_exposure / (later_exposure + earlier_exposure)
    forms = [_exact(later, earlier, null, confidence)]
    if dispersion > 1 or rounding_variance > 0:
        forms.append(_quasi(later, earlier, null, confidence, max(dispersion, 1.0), df, rounding_variance))
    low, high, p, method = max(forms, key=lambda form: form[1] - form[0])
    odds = earlier_exposure / later_exposure
    ratio = _to_ratio(later / (later + earlier), odds) if later + earlier > 0 else float("nan")
    return PeriodComparison(ratio, _to_ratio(low, odds), _to_ratio(high, odds), p, method, later, earlier)


def _check(later: float, earlier: float, later_exposure: float, earlier_exposure: float) -> None:
    if not (later >= 0 and earlier >= 0 and later == int(later) and earlier == int(earlier)):
        raise MethodError(f"counts {later} and {earlier} cannot be compared", todo="give whole counts from 0")
    if not (later_exposure > 0 and earlier_exposure > 0):
        raise MethodError("a period without people or time cannot be compared", todo="give exposures above 0")


def _exact(later: float, earlier: float, null: float, confidence: float) -> tuple[float, float, float, str]:
    """Clopper-Pearson limits (beta quantiles: binomtest's root search is 100 times slower) and R's p."""
    if later + earlier == 0:
        return 0.0, 1.0, 1.0, "exact"
    tail = (1 - confidence) / 2
    low = special.betaincinv(later, earlier + 1, tail) if later > 0 else 0.0
    high = special.betaincinv(later + 1, earlier, 1 - tail) if earlier > 0 else 1.0
    # scipy.stats takes longer to import than all else together, and few pages need it.
    from scipy.stats import binomtest

    p = binomtest(int(later), int(later + earlier), null).pvalue
    return float(low), float(high), float(p), "exact"


def _quasi(
    later: float,
    earlier: float,
    null: float,
    confidence: float,
    dispersion: float,
    df: float,
    rounding: float,
) -> tuple[float, float, float, str]:
    """Score test of the share and the interval that inverts it, which holds up at a zero count."""
    total = later + earlier
    if total == 0:
        return 0.0, 1.0, 1.0, "quasi"
    # Rounding moves x1 - n*share by (1-share)*u1 - share*u2, each u with the rounding's variance.
    factor = dispersion + rounding * ((1 - null) ** 2 + null**2) / (total * null * (1 - null))
    share = later / total
    z = abs(share - null) / np.sqrt(factor * null * (1 - null) / total)
    p = 2 * special.stdtr(df, -z)
    t2 = special.stdtrit(df, (1 + confidence) / 2) ** 2 * factor / total
    centre = (share + t2 / 2) / (1 + t2)
    half = np.sqrt(t2 * share * (1 - share) + t2**2 / 4) / (1 + t2)
    low, high = (0.0 if later == 0 else centre - half), (1.0 if earlier == 0 else centre + half)
    return float(low), float(high), float(p), "quasi"


def _to_ratio(share: float, odds: float) -> float:
    return float("inf") if share >= 1 else share / (1 - share) * odds
