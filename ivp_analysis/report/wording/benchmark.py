"""One sentence for a level against comparable municipalities: subject, years, direction, how good, how sure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivp_analysis.methods.benchmark_words import BenchmarkWord
from ivp_analysis.methods.ranks import Rank
from ivp_analysis.report.analysis.benchmarks import Benchmark
from ivp_analysis.report.analysis.sensitivity import AreaSensitivity
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.words import BENCHMARK_WORDS
from ivp_analysis.report.wording.trend import join_some, join_words

_VERDICTS = {"good": " Dat is gunstig.", "bad": " Dat is ongunstig."}
_OUTSIDE_OUTER = "ver buiten wat toeval en gewone verschillen verklaren"
_OUTSIDE_INNER = "buiten wat toeval en gewone verschillen verklaren"
# The clause after "was" or "waren", and how sure it is; the words without a direction have sentences of their own.
_CLAUSES: dict[BenchmarkWord, tuple[str, str]] = {
    BenchmarkWord.MUCH_HIGHER: ("veel hoger dan bij vergelijkbare gemeenten", _OUTSIDE_OUTER),
    BenchmarkWord.HIGHER: ("hoger dan bij vergelijkbare gemeenten", _OUTSIDE_INNER),
    BenchmarkWord.SIMILAR: ("ongeveer gelijk aan vergelijkbare gemeenten", ""),
    BenchmarkWord.LOWER: ("lager dan bij vergelijkbare gemeenten", _OUTSIDE_INNER),
    BenchmarkWord.MUCH_LOWER: ("veel lager dan bij vergelijkbare gemeenten", _OUTSIDE_OUTER),
}


def say_benchmark(found: Benchmark) -> str:
    """The level over its years against the level of comparable municipalities, per inhabitant."""
    word, result = found.result.word, found.result
    if word is BenchmarkWord.NO_WORD or not math.isfinite(result.ratio):
        return _absent(found)
    if word is BenchmarkWord.UNDETERMINED or word is None:
        verb = "waren" if found.finding.indicator.plural else "was"
        return (
            f"Of {_subject(found)} in {_years(found)} hoger of lager {verb} dan bij vergelijkbare gemeenten, "
            f"is niet vast te stellen. Het was {say_ratio(found)}; {_doubt(found)}."
        )
    clause, sure = _CLAUSES[word]
    verb = "waren" if found.finding.indicator.plural else "was"
    ground = f"; {sure}" if sure else f"; {_same(found)}"
    sentence = f"{_upper(_subject(found))} {verb} in {_years(found)} {clause} ({say_ratio(found)}{ground})."
    return sentence + _VERDICTS.get(found.tone, "")


def say_ratio(found: Benchmark) -> str:
    """`1,32 keer hun niveau`."""
    return f"{numbers.decimal(found.result.ratio, 2)} keer hun niveau"


def say_rank(rank: Rank | None) -> str:
    """A place never stands without its interval."""
    if rank is None:
        return ""
    span = f"{rank.lower}–{rank.upper}" if rank.lower < rank.upper else f"{rank.lower}"
    return f"plaats {rank.rank} ({span}) van {rank.n}"


def say_absent_reason(found: Benchmark) -> str:
    """Why there is no word."""
    if math.isnan(found.result.count) or math.isnan(found.result.exposure):
        return f"niet van elk jaar in {_years(found)} een cijfer"
    if found.result.n_peers < found.min_peers:
        return f"cijfers van {found.result.n_peers} vergelijkbare gemeenten, minstens {found.min_peers} nodig"
    return "vergelijkbare gemeenten telden niets"


def say_flips(found: Benchmark, sensitivity: AreaSensitivity) -> str:
    """Under which other choices the word would have been another; nothing when under none."""
    words = dict(sensitivity.words.others)
    choices: dict[str, list[str]] = {}
    for name in sensitivity.words.flips:
        choices.setdefault(BENCHMARK_WORDS[words[name]].short, []).append(name)
    if not choices:
        return ""
    about = f"{_upper(found.finding.indicator.label)} in {found.area.in_words}"
    every = len(sensitivity.words.flips) == len(words) and len(choices) == 1
    others = [
        f"{word} bij {'elke andere keuze' if every else join_words(names)}" for word, names in choices.items()
    ]
    return f"{about} ({found.word.short}): {'; '.join(others)}."


def say_differences(benchmarks: Sequence[Benchmark], *, most: int) -> str:
    """Which subjects of one area are higher, and which lower: the largest ratios first."""
    if not benchmarks:
        return ""
    where, years = benchmarks[0].area.in_words, _years(benchmarks[0])
    sides = {
        word: _named(benchmarks, direction, most) for direction, word in (("up", "hoger"), ("down", "lager"))
    }
    parts = [f"{word} voor {names}" for word, names in sides.items() if names]
    if not parts:
        return (
            f"Van geen onderwerp is zeker dat het in {years} in {where} hoger of lager was dan bij "
            "vergelijkbare gemeenten."
        )
    return f"Het niveau in {where} was in {years}, naast vergelijkbare gemeenten, {' en '.join(parts)}."


def _named(benchmarks: Sequence[Benchmark], direction: str, most: int) -> str:
    chosen = [b for b in benchmarks if b.word.direction == direction]
    chosen.sort(key=lambda b: -abs(math.log(max(b.result.ratio, 1e-9))))
    labels = [b.finding.indicator.label for b in chosen]
    return join_some(labels, most, "andere onderwerpen")


def _absent(found: Benchmark) -> str:
    return f"Voor een vergelijking van {_subject(found)} met andere gemeenten ontbreekt de grond: {say_absent_reason(found)}."


def _same(found: Benchmark) -> str:
    low, high = (numbers.decimal(end, 2) for end in found.result.same)
    return f"marge {low} tot {high}"


def _doubt(found: Benchmark) -> str:
    """A ratio outside its limits may still fall short: among many comparisons, or once it is smoothed."""
    low, high = found.result.inner
    ends = f"{numbers.decimal(low, 2)} en {numbers.decimal(high, 2)}"
    if low <= found.result.ratio <= high:
        return f"tussen {ends} kan dat toeval zijn"
    weighed = found.result.q is None or found.result.q > found.q_max
    why = "na weging van alle vergelijkingen is dat niet zeker genoeg"
    if not weighed:
        why = "na afvlakking van toeval is het verschil klein"
    return f"dat ligt buiten {ends}, maar {why}"


def _subject(found: Benchmark) -> str:
    return f"{found.finding.indicator.sentence_label} in {found.area.in_words}"


def _years(found: Benchmark) -> str:
    return numbers.years(*found.years)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
