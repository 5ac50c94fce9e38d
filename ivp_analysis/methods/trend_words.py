"""Which word a trend has earned: one table of rules, tested in one order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TrendWord(StrEnum):
    STRONG_DECREASE = "strong_decrease"
    STRONG_INCREASE = "strong_increase"
    DECREASE = "decrease"
    INCREASE = "increase"
    SLIGHT_DECREASE = "slight_decrease"
    SLIGHT_INCREASE = "slight_increase"
    STABLE = "stable"
    LEANS_DOWN = "leans_down"
    LEANS_UP = "leans_up"
    UNDETERMINED = "undetermined"
    TOO_FEW_YEARS = "too_few_years"
    TOO_SMALL = "too_small"


UNTESTED = frozenset({TrendWord.TOO_FEW_YEARS, TrendWord.TOO_SMALL})


@dataclass(frozen=True, slots=True)
class TrendRules:
    """The policy constants of the trend; group `trend` of the method file. Changes are fractions a year."""

    window_years: int
    min_years: int
    strong_change: float
    light_change: float
    equivalence: float
    confidence: float
    equivalence_confidence: float
    q_max: float
    lean_probability: float
    min_total: float
    min_mean: float
    min_own_df: float
    max_autocorrelation: float
    autocorrelation_p: float
    power: float


@dataclass(frozen=True, slots=True)
class TrendEvidence:
    """What the rules look at. Changes and limits are fractions a year; NaN where there is no fit."""

    n_years: int
    total: float
    change: float
    lower: float
    upper: float
    lower90: float
    upper90: float
    q: float
    probability_down: float
    same_sign: bool


def choose_trend_word(evidence: TrendEvidence, rules: TrendRules) -> TrendWord:
    """Whether there is enough to look at first, then the table from the top; NaN passes no rule."""
    return (
        _untested_word(evidence.n_years, evidence.total, rules)
        or _significant_word(evidence, rules)
        or _quiet_word(evidence, rules)
    )


def _untested_word(n_years: int, total: float, rules: TrendRules) -> TrendWord | None:
    if n_years < rules.min_years:
        return TrendWord.TOO_FEW_YEARS
    if total < rules.min_total or total / n_years < rules.min_mean:
        return TrendWord.TOO_SMALL
    return None


def is_tested(n_years: int, total: float, rules: TrendRules) -> bool:
    """Only a series that could earn a direction is one of the family of tests."""
    return _untested_word(n_years, total, rules) is None


def _significant_word(e: TrendEvidence, rules: TrendRules) -> TrendWord | None:
    if not (e.q <= rules.q_max and (e.upper < 0 or e.lower > 0)):
        return None
    if e.upper < -rules.strong_change:
        return TrendWord.STRONG_DECREASE
    if e.lower > rules.strong_change:
        return TrendWord.STRONG_INCREASE
    if abs(e.change) > rules.light_change:
        return TrendWord.DECREASE if e.change < 0 else TrendWord.INCREASE
    return TrendWord.SLIGHT_DECREASE if e.change < 0 else TrendWord.SLIGHT_INCREASE


def _quiet_word(e: TrendEvidence, rules: TrendRules) -> TrendWord:
    if e.lower90 > -rules.equivalence and e.upper90 < rules.equivalence:
        return TrendWord.STABLE
    if e.same_sign and e.probability_down >= rules.lean_probability:
        return TrendWord.LEANS_DOWN
    if e.same_sign and 1 - e.probability_down >= rules.lean_probability:
        return TrendWord.LEANS_UP
    return TrendWord.UNDETERMINED
