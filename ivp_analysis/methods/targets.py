"""What a target asks: its chance, its size, whether it would show, its place among the peers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.candidates import Baseline, PeerRates, TargetRules
from ivp_analysis.methods.detectability import Detectability, assess_detectability
from ivp_analysis.methods.projection import Forecaster, Projection


class ChanceWord(StrEnum):
    """A chance as people say it; it describes and does not judge."""

    LARGE = "large"
    ABOUT_HALF = "about_half"
    SMALL = "small"
    VERY_SMALL = "very_small"


@dataclass(frozen=True, slots=True)
class TargetAssessment:
    """What stands beside a target. Changes are fractions, `asked_beyond` counts below the projected median.

    `p_met` is by the default forecast, `p_driftless` by the driftless one; `p_unchanged` (in `detectability`)
    is the chance that nothing changes and the target is met all the same. `share_of_peers_below`: the part of
    the peers whose rate is already at or below that of the target; None without peers.
    """

    target: float
    target_year: int
    p_met: float
    p_driftless: float
    word: ChanceWord
    median: int
    asked_beyond: float
    asked_beyond_share: float
    yearly_change: float
    yearly_change_from_now: float
    detectability: Detectability
    share_of_peers_below: float | None

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the target, exactly met, could be told from chance, were counts to vary by chance alone."""
        return self.detectability.is_visible

    @property
    def is_beyond_scatter(self) -> bool:
        """The same where years scatter as they do."""
        return self.detectability.is_visible_in_scatter


def choose_chance_word(chance: float, rules: TargetRules) -> ChanceWord:
    """The table from the top."""
    if not 0 <= chance <= 1:
        raise MethodError(f"a chance of {chance} has no word", todo="give a chance between 0 and 1")
    if chance >= rules.large:
        return ChanceWord.LARGE
    if chance >= rules.half:
        return ChanceWord.ABOUT_HALF
    return ChanceWord.SMALL if chance >= rules.small else ChanceWord.VERY_SMALL


def assess_target(
    target: float,
    baseline: Baseline,
    projection: Projection,
    *,
    target_year: int,
    rules: TargetRules,
    peer_rates: PeerRates | None,
    scatter: float = 1.0,
    df: float = np.inf,
) -> TargetAssessment:
    """Everything that stands beside a target but its coherence with others; `scatter` of a year, with its `df`."""
    point = projection.path([target_year])[0]
    p_met = projection.probability(target, target_year)
    years_left = target_year - projection.last_year
    below = None if peer_rates is None else peer_rates.share_at_or_below(target)
    return TargetAssessment(
        target=target,
        target_year=target_year,
        p_met=p_met,
        p_driftless=projection.probability(target, target_year, Forecaster.DRIFTLESS),
        word=choose_chance_word(p_met, rules),
        median=point.median,
        asked_beyond=point.median - target,
        asked_beyond_share=1 - target / point.median if point.median > 0 else float("nan"),
        yearly_change=yearly_change(baseline.count, target, target_year - baseline.year),
        yearly_change_from_now=yearly_change(projection.last_count, target, years_left),
        detectability=assess_detectability(
            baseline.count,
            target,
            years=target_year - baseline.year,
            detectable_p=rules.detectable_p,
            half=projection.rules.half,
            scatter=scatter,
            df=df,
        ),
        share_of_peers_below=below,
    )


def yearly_change(start: float, end: float, years: float) -> float:
    """Compound change a year, as a fraction; NaN from 0 or over no time."""
    return float((end / start) ** (1 / years) - 1) if start > 0 and years > 0 else float("nan")
