"""Would anyone see that a target was reached? What a difference between two counts can show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.predictive import growth_law
from ivp_analysis.methods.two_periods import compare_periods


@dataclass(frozen=True, slots=True)
class Detectability:
    """A target against its baseline, both single-year counts taken as Poisson; changes are fractions.

    `p_scattered` is the wider of the exact test and its quasi form: years scatter more than Poisson chance alone.
    `largest_visible` is the largest later count whose exact test against the baseline gives p below the
    rule, None when no count does. The two chances are those of a count at or below the target although
    nothing changed: with the rate known to be the baseline, and with the rate known from the baseline only.
    """

    change: float
    yearly_change: float
    p_exact: float
    p_scattered: float
    z: float
    largest_visible: int | None
    is_visible: bool
    is_visible_in_scatter: bool
    p_unchanged_known: float
    p_unchanged: float


def assess_detectability(
    baseline: float,
    target: float,
    *,
    years: int,
    detectable_p: float,
    half: float,
    scatter: float = 1.0,
    df: float = np.inf,
) -> Detectability:
    """Exact conditional test (poisson.test), z of square roots (Wheeler), and NB(x + 1/2, 1/2).

    `scatter` is what multiplies the Poisson variance of one year's count, pooled with `df` degrees of freedom.
    """
    base, goal = _whole(baseline), int(np.floor(target))
    if goal < 0 or years < 1:
        raise MethodError(
            f"a target of {target} from {baseline} in {years} years cannot be judged",
            todo="give a target of 0 or more and at least one year",
        )
    visible = largest_visible_count(base, detectable_p=detectable_p)
    p_exact = exact_p(base, goal)
    is_visible = visible is not None and goal <= visible
    wider = compare_periods(goal, base, confidence=1 - detectable_p, dispersion=scatter, df=df)
    p_scattered = max(wider.p, p_exact)
    return Detectability(
        change=target / base - 1 if base > 0 else float("nan"),
        yearly_change=(target / base) ** (1 / years) - 1 if base > 0 else float("nan"),
        p_exact=p_exact,
        p_scattered=p_scattered,
        z=2 * float(np.sqrt(base) - np.sqrt(goal)),
        largest_visible=visible,
        is_visible=is_visible,
        is_visible_in_scatter=is_visible and p_scattered < detectable_p,
        p_unchanged_known=float(special.pdtr(goal, base)),
        p_unchanged=float(growth_law(base + half, size=base + half).cdf(goal)),
    )


def exact_p(first: int, second: int) -> float:
    """Two-sided exact p of two counts over equal time, by the likelihood of outcomes as R's poisson.test.

    Given their sum the first count is binomial with chance 1/2: symmetric, with one top, so that the outcomes as
    unlikely as this one are the two tails from it outwards.
    """
    if first == second:
        return 1.0
    return min(2 * float(special.bdtr(min(first, second), first + second, 0.5)), 1.0)


def largest_visible_count(baseline: int, *, detectable_p: float) -> int | None:
    """The largest later count below the baseline with exact p < `detectable_p`; None when even 0 is not."""
    # The exact test is stricter than the normal one: nothing is visible within 3/4 of the normal distance.
    skip = -0.75 * float(special.ndtri(detectable_p / 2)) * np.sqrt(baseline)
    for count in range(max(baseline - int(skip) - 1, 0), -1, -1):
        if exact_p(baseline, count) < detectable_p:
            return count
    return None


def _whole(count: float) -> int:
    if not (count >= 0 and count == int(count)):
        raise MethodError(f"a baseline of {count} is no count of one year", todo="give a whole count")
    return int(count)
