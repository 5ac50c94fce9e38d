"""Which word a level has earned among comparable municipalities, and whether another choice flips it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class BenchmarkWord(StrEnum):
    MUCH_HIGHER = "much_higher"
    MUCH_LOWER = "much_lower"
    HIGHER = "higher"
    LOWER = "lower"
    SIMILAR = "similar"
    UNDETERMINED = "undetermined"
    NO_WORD = "no_word"


@dataclass(frozen=True, slots=True)
class BenchmarkRules:
    """The policy constants of the benchmark; group `benchmark` of the method file."""

    years: int
    limit_inner: float
    limit_outer: float
    q_max: float
    ratio_low: float
    ratio_high: float
    same_low: float
    same_high: float
    same_confidence: float
    winsorise: float


@dataclass(frozen=True, slots=True)
class BenchmarkEvidence:
    """What the rules look at: whether the level is known, then ratios to the peers. NaN passes no rule."""

    known: bool
    n_peers: int
    ratio: float
    inner: tuple[float, float]
    outer: tuple[float, float]
    same: tuple[float, float]
    shrunken_ratio: float
    q: float


def choose_benchmark_word(
    evidence: BenchmarkEvidence, rules: BenchmarkRules, *, min_peers: int
) -> BenchmarkWord:
    """Whether there are peers and a figure at all, then the table from the top."""
    if evidence.n_peers < min_peers or not evidence.known:
        return BenchmarkWord.NO_WORD
    return _differing_word(evidence, rules) or _same_word(evidence, rules)


def _differing_word(e: BenchmarkEvidence, rules: BenchmarkRules) -> BenchmarkWord | None:
    if e.ratio > e.outer[1]:
        return BenchmarkWord.MUCH_HIGHER
    if e.ratio < e.outer[0]:
        return BenchmarkWord.MUCH_LOWER
    if e.ratio > e.inner[1] and e.q <= rules.q_max and e.shrunken_ratio > rules.ratio_high:
        return BenchmarkWord.HIGHER
    if e.ratio < e.inner[0] and e.q <= rules.q_max and e.shrunken_ratio < rules.ratio_low:
        return BenchmarkWord.LOWER
    return None


def _same_word(e: BenchmarkEvidence, rules: BenchmarkRules) -> BenchmarkWord:
    inside = e.same[0] > rules.same_low and e.same[1] < rules.same_high
    return BenchmarkWord.SIMILAR if inside else BenchmarkWord.UNDETERMINED


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The word with the chosen peers, the word with each other choice, and the choices at which it flips."""

    word: BenchmarkWord
    others: tuple[tuple[str, BenchmarkWord], ...]
    flips: tuple[str, ...]


def compare_choices(
    words: Sequence[BenchmarkWord], variants: Mapping[str, Sequence[BenchmarkWord]]
) -> list[Sensitivity]:
    """Per area: what another number of peers, or another peer set, would have made of it.

    A choice that gives no word for want of peers is shown, but is no flip: it says nothing else.
    """
    results = []
    for place, word in enumerate(words):
        others = tuple((name, chosen[place]) for name, chosen in variants.items())
        flips = tuple(name for name, other in others if other not in (word, BenchmarkWord.NO_WORD))
        results.append(Sensitivity(word, others, flips))
    return results
