"""Did a survey's share change, and how large a change could two surveys of this size have shown?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.rates import Share


@dataclass(frozen=True, slots=True)
class ShareChange:
    """The later share less the earlier one, with its limits (fractions).

    `detectable`: the smallest fall from the earlier share that two surveys of this size show with the chance
    that was asked for; NaN when not even a fall to 0 would show.
    """

    change: float
    lower: float
    upper: float
    detectable: float

    @property
    def is_certain(self) -> bool:
        """Whether the limits leave out no change at all."""
        return self.lower > 0 or self.upper < 0


def compare_shares(before: Share, after: Share, *, confidence: float, power: float) -> ShareChange:
    """Newcombe (1998, method 10): the limits of the difference, made of the two Wilson intervals.

    They hold at the confidence of those intervals, which `confidence` names for what can be detected.
    """
    change = after.value - before.value
    down = np.hypot(after.value - after.lower, before.upper - before.value)
    up = np.hypot(after.upper - after.value, before.value - before.lower)
    smallest = detectable_fall(
        before.value, before.effective, after.effective, confidence=confidence, power=power
    )
    return ShareChange(change, float(change - down), float(change + up), smallest)


def detectable_fall(share: float, before: float, after: float, *, confidence: float, power: float) -> float:
    """The smallest fall from `share` that a two-sided test of two samples finds with chance `power`.

    `before` and `after` are numbers of answers (effective ones). Normal approximation with the pooled variance
    under no change, as R's power.prop.test.
    """
    if not (0 <= share <= 1 and before > 0 and after > 0 and 0 < power < 1 and 0 < confidence < 1):
        raise MethodError(
            f"no detectable fall from {share} with {before} and {after} answers",
            todo="give a share between 0 and 1 and numbers of answers above 0",
        )
    z, z_power = special.ndtri((1 + confidence) / 2), special.ndtri(power)

    def lacking(later: float) -> float:
        pooled = (share * before + later * after) / (before + after)
        chance = z * np.sqrt(pooled * (1 - pooled) * (1 / before + 1 / after))
        spread = z_power * np.sqrt(share * (1 - share) / before + later * (1 - later) / after)
        return float(share - later - chance - spread)

    if lacking(0.0) < 0:
        return float("nan")
    return share - float(optimize.brentq(lacking, 0.0, share))
