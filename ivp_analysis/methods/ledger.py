"""What the figures make of a statement: direction first, strength second, over all its readings.

A statement says that something falls, rises or stays as it is, or that a level lies above, below or at that of
others. Each reading of it (a trend, a comparison, another measure of the same subject) is one piece of evidence;
the whole ledger is one family of tests.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.multiplicity import adjust
from ivp_analysis.methods.trend_words import TrendRules

_DOWN = frozenset({"strong_decrease", "decrease", "slight_decrease", "much_lower", "lower"})
_UP = frozenset({"strong_increase", "increase", "slight_increase", "much_higher", "higher"})
_FLAT = frozenset({"stable", "similar"})


class Verdict(StrEnum):
    SUPPORTED = "supported"
    OPEN = "open"
    CONTRARY = "contrary"
    UNTESTABLE = "untestable"


class Strength(StrEnum):
    """How the size compares with what was said, once the direction is supported."""

    AS_SAID = "as_said"
    STRONGER = "stronger"
    WEAKER = "weaker"
    OPEN = "open"


class Untested(StrEnum):
    """Why a reading is no test."""

    NO_FIGURES = "no_figures"
    TOO_FEW_YEARS = "too_few_years"
    TOO_SMALL = "too_small"
    TOO_FEW_PEERS = "too_few_peers"
    NO_SCATTER = "no_scatter"


@dataclass(frozen=True, slots=True)
class Expectation:
    """direction: -1, 0 or 1. least, most: the sizes (fractions, a year or of the level) that the words allow."""

    direction: int
    least: float = 0.0
    most: float = math.inf

    @property
    def has_strength(self) -> bool:
        """Whether a size was said at all."""
        return self.direction != 0 and (self.least > 0 or math.isfinite(self.most))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reading. effect and its limits are fractions: -0.05 is 5 % down a year, 0.30 is 30 % above the others.

    p: two-sided, of no difference; p_same: of a difference beyond the margin of equivalence (NaN: not known).
    relevant: a smaller effect is no difference, however certain. untested: why it is no test; None if it is one.
    """

    effect: float
    lower: float
    upper: float
    p: float
    p_same: float = math.nan
    relevant: float = 0.0
    untested: Untested | None = None


@dataclass(frozen=True, slots=True)
class ReadingVerdict:
    """What one reading says; strength is None unless a size was said and the direction is supported."""

    verdict: Verdict
    strength: Strength | None
    q: float
    q_same: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """What all readings of one statement say together. conflict: some support it and some point the other way."""

    verdict: Verdict
    readings: tuple[ReadingVerdict, ...]
    conflict: bool = False


def expect(words: Iterable[str], rules: TrendRules) -> Expectation:
    """What words of the trend or of the benchmark, all of one direction, expect.

    Of a trend they bound the yearly change: light is within `light_change`, strong beyond `strong_change`.
    """
    said = frozenset(words)
    for direction, known in ((-1, _DOWN), (0, _FLAT), (1, _UP)):
        if said and said <= known:
            return Expectation(direction, _least(said, rules), _most(said, rules))
    raise MethodError(
        f"words {sorted(said)} have no direction in common", todo="expect words of one direction"
    )


def _least(words: frozenset[str], rules: TrendRules) -> float:
    if all(word.startswith("strong_") for word in words):
        return rules.strong_change
    plain = all(word in ("decrease", "increase") or word.startswith("strong_") for word in words)
    return rules.light_change if plain else 0.0


def _most(words: frozenset[str], rules: TrendRules) -> float:
    if all(word.startswith("slight_") for word in words):
        return rules.light_change
    return rules.strong_change if words & {"decrease", "increase"} and not _strong(words) else math.inf


def _strong(words: frozenset[str]) -> bool:
    return any(word.startswith("strong_") for word in words)


def equivalence_p(estimate: float, se: float, df: float, *, lower: float, upper: float) -> float:
    """p of two one-sided t tests (Schuirmann 1987): below `lower` or above `upper` is what they try to refute."""
    if not (np.isfinite(estimate) and se > 0 and df > 0):
        return math.nan
    below = special.stdtr(df, -(estimate - lower) / se)
    above = special.stdtr(df, -(upper - estimate) / se)
    return float(max(below, above))


def judge_ledger(claims: Sequence[tuple[Expectation, Sequence[Evidence]]], *, level: float) -> list[Ruling]:
    """Every statement with all its readings. Benjamini-Yekutieli over the ledger: its cells overlap.

    A reading of a direction is one test (the sign of the effect says which way); one of sameness is two.
    """
    pairs = [(expected, item) for expected, evidence in claims for item in evidence]
    p = [math.nan if item.untested else item.p for _, item in pairs]
    same = [
        item.p_same if expected.direction == 0 and not item.untested else math.nan for expected, item in pairs
    ]
    q = adjust([*p, *same], method="by")
    judged = iter(
        _judge(expected, item, float(q[place]), float(q[place + len(pairs)]), level)
        for place, (expected, item) in enumerate(pairs)
    )
    return [_combine([next(judged) for _ in evidence]) for _, evidence in claims]


def _judge(expected: Expectation, item: Evidence, q: float, q_same: float, level: float) -> ReadingVerdict:
    if item.untested:
        return ReadingVerdict(Verdict.UNTESTABLE, None, math.nan, math.nan)
    sign = _certain_sign(item, q, level)
    if expected.direction == 0:
        flat = q_same <= level
        verdict = Verdict.SUPPORTED if flat else Verdict.CONTRARY if sign else Verdict.OPEN
        return ReadingVerdict(verdict, None, q, q_same)
    if sign == 0:
        return ReadingVerdict(Verdict.OPEN, None, q, q_same)
    if sign != expected.direction:
        return ReadingVerdict(Verdict.CONTRARY, None, q, q_same)
    return ReadingVerdict(Verdict.SUPPORTED, _strength(expected, item), q, q_same)


def _certain_sign(item: Evidence, q: float, level: float) -> int:
    """The direction that is beyond chance; 0 where none is, or where it is too small to matter."""
    if not q <= level or abs(item.effect) < item.relevant:
        return 0
    return int(np.sign(item.effect))


def _strength(expected: Expectation, item: Evidence) -> Strength | None:
    """Whether the whole interval lies within the sizes said, beyond them, or short of them."""
    if not expected.has_strength:
        return None
    low, high = (item.lower, item.upper) if expected.direction > 0 else (-item.upper, -item.lower)
    if low > expected.most:
        return Strength.STRONGER
    if high < expected.least:
        return Strength.WEAKER
    return Strength.AS_SAID if expected.least <= low and high <= expected.most else Strength.OPEN


def _combine(readings: Sequence[ReadingVerdict]) -> Ruling:
    """One reading that supports is enough, unless another points the other way; and the reverse."""
    found = {reading.verdict for reading in readings} - {Verdict.UNTESTABLE}
    conflict = {Verdict.SUPPORTED, Verdict.CONTRARY} <= found
    if not found:
        verdict = Verdict.UNTESTABLE
    elif conflict or found == {Verdict.OPEN}:
        verdict = Verdict.OPEN
    else:
        verdict = Verdict.SUPPORTED if Verdict.SUPPORTED in found else Verdict.CONTRARY
    return Ruling(verdict, tuple(readings), conflict)
