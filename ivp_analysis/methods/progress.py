"""How far a target has come, and the word for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.targets import yearly_change
from ivp_analysis.methods.two_periods import compare_periods


class ProgressWord(StrEnum):
    NOT_ASSESSABLE = "not_assessable"
    MET = "met"
    MISSED = "missed"
    BELOW_TARGET_NOW = "below_target_now"
    ABOVE_BASELINE = "above_baseline"
    LIKELY_MET = "likely_met"
    EITHER_WAY = "either_way"
    LIKELY_MISSED = "likely_missed"


class NoProgress(StrEnum):
    """Why a target cannot be judged."""

    NO_SOURCE = "no_source"
    NOT_REPRODUCIBLE = "not_reproducible"
    NO_COUNT = "no_count"
    NO_BASELINE = "no_baseline"
    NO_FORECAST = "no_forecast"


@dataclass(frozen=True, slots=True)
class ProgressRules:
    """The policy constants of progress; group `progress` of the method file."""

    met_likely: float
    met_unlikely: float
    above_baseline_p: float
    durable_quarters: int


@dataclass(frozen=True, slots=True)
class Milestones:
    """A target as adopted: from where and when, to where and when."""

    baseline: float
    baseline_year: int
    target: float
    target_year: int

    def path(self, when: float) -> float:
        """The straight path at a year; 2021.5 is for the 12 months up to the middle of 2022."""
        return self.baseline + self._way(when) * (self.target - self.baseline)

    def growth_path(self, when: float) -> float:
        """The path of an equal percentage a year; NaN from or to 0."""
        if self.baseline <= 0 or self.target <= 0:
            return float("nan")
        return float(self.baseline * (self.target / self.baseline) ** self._way(when))

    def _way(self, when: float) -> float:
        return (when - self.baseline_year) / (self.target_year - self.baseline_year)


@dataclass(frozen=True, slots=True)
class ProgressFigures:
    """The arithmetic of Healthy People 2030 and of Eurostat's ratio; all fractions, NaN where undefined.

    `share_of_change`: the part of the asked change that is there (negative: the wrong way); `ratio`: actual
    against required yearly change; `path` and `growth_path`: where the count should have been.
    """

    share_of_change: float
    change: float
    required_yearly: float
    actual_yearly: float
    ratio: float
    required_from_now: float
    path: float
    growth_path: float


@dataclass(frozen=True, slots=True)
class ProgressEvidence:
    """What the rules look at. `latest` is the count of `latest_year`, the reference year (NaN: missing), and
    `at_target_year` that of the target year (NaN: missing, or still to come).

    `chance` is P(met) by the default forecast, None without a forecast. `dispersion` and `df` are the pooled
    ones of the indicator. `durable` None: no monthly figures. `absent`: known beforehand not to be judged.
    """

    milestones: Milestones
    latest: float
    latest_year: int
    at_target_year: float
    chance: float | None
    dispersion: float
    df: float
    durable: bool | None = None
    absent: NoProgress | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The word with what it rests on; `p_above` is the p against the baseline, NaN when not above it."""

    word: ProgressWord
    reason: NoProgress | None
    is_durable: bool | None
    p_above: float


def measure_progress(milestones: Milestones, *, latest: float, latest_year: int) -> ProgressFigures:
    """Compare the latest year with baseline, target and the paths between them."""
    m = milestones
    if not m.baseline_year < m.target_year:
        raise MethodError("the target year is not after the baseline", todo="check the years of the target")
    elapsed = latest_year - m.baseline_year
    required = yearly_change(m.baseline, m.target, m.target_year - m.baseline_year)
    actual = yearly_change(m.baseline, latest, elapsed)
    asked = m.target - m.baseline
    return ProgressFigures(
        share_of_change=(latest - m.baseline) / asked if asked != 0 else float("nan"),
        change=latest / m.baseline - 1 if m.baseline > 0 else float("nan"),
        required_yearly=required,
        actual_yearly=actual,
        ratio=actual / required if required != 0 else float("nan"),
        required_from_now=yearly_change(latest, m.target, m.target_year - latest_year),
        path=m.path(latest_year),
        growth_path=m.growth_path(latest_year),
    )


def assess_progress(evidence: ProgressEvidence, rules: ProgressRules) -> Progress:
    """The table, tested from the top."""
    e, m = evidence, evidence.milestones
    ended = e.latest_year >= m.target_year
    decisive = e.at_target_year if ended else e.latest
    if e.absent is not None or not np.isfinite(decisive):
        return _not_assessable(e.absent or NoProgress.NO_COUNT)
    p_above = _p_above(e, rules)
    if ended:
        word = ProgressWord.MET if decisive <= m.target else ProgressWord.MISSED
    elif e.latest <= m.target:
        word = ProgressWord.BELOW_TARGET_NOW
    elif p_above < rules.above_baseline_p:
        word = ProgressWord.ABOVE_BASELINE
    elif e.chance is None:
        return _not_assessable(NoProgress.NO_FORECAST)
    else:
        word = _forecast_word(e.chance, rules)
    return Progress(word, None, e.durable, p_above)


def _not_assessable(reason: NoProgress) -> Progress:
    return Progress(ProgressWord.NOT_ASSESSABLE, reason, None, float("nan"))


def _forecast_word(chance: float, rules: ProgressRules) -> ProgressWord:
    if chance >= rules.met_likely:
        return ProgressWord.LIKELY_MET
    return ProgressWord.EITHER_WAY if chance >= rules.met_unlikely else ProgressWord.LIKELY_MISSED


def _p_above(e: ProgressEvidence, rules: ProgressRules) -> float:
    """Two-sided p of the latest year above the baseline, the wider of exact and quasi; NaN passes no rule."""
    if not e.latest > e.milestones.baseline:
        return float("nan")
    level = 1 - rules.above_baseline_p
    test = compare_periods(
        e.latest, e.milestones.baseline, confidence=level, dispersion=e.dispersion, df=e.df
    )
    return test.p
