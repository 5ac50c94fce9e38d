"""The words that the rules of the methods earn, in Dutch: one table, used by every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivp_analysis.methods.benchmark_words import BenchmarkWord
from ivp_analysis.methods.trend_words import TrendWord
from ivp_analysis.registry.records import Polarity

Tone = Literal["good", "bad", "neutral", "unknown"]
Direction = Literal["down", "up", "flat", "unclear"]


@dataclass(frozen=True, slots=True)
class Word:
    """A verdict as the reader meets it: the word, its verb (singular, plural), its direction and a sign."""

    text: str
    singular: str
    plural: str
    direction: Direction
    sign: str


TREND_WORDS: dict[TrendWord, Word] = {
    TrendWord.STRONG_DECREASE: Word("sterke daling", "is sterk gedaald", "zijn sterk gedaald", "down", "▼▼"),
    TrendWord.DECREASE: Word("daling", "is gedaald", "zijn gedaald", "down", "▼"),
    TrendWord.SLIGHT_DECREASE: Word("lichte daling", "is licht gedaald", "zijn licht gedaald", "down", "▼"),
    TrendWord.STABLE: Word(
        "vrijwel gelijk gebleven", "is vrijwel gelijk gebleven", "zijn vrijwel gelijk gebleven", "flat", "■"
    ),
    TrendWord.SLIGHT_INCREASE: Word("lichte stijging", "is licht gestegen", "zijn licht gestegen", "up", "▲"),
    TrendWord.INCREASE: Word("stijging", "is gestegen", "zijn gestegen", "up", "▲"),
    TrendWord.STRONG_INCREASE: Word(
        "sterke stijging", "is sterk gestegen", "zijn sterk gestegen", "up", "▲▲"
    ),
    TrendWord.LEANS_DOWN: Word(
        "lijkt te dalen, niet zeker",
        "lijkt te dalen, maar dat is niet zeker",
        "lijken te dalen, maar dat is niet zeker",
        "unclear",
        "▽",
    ),
    TrendWord.LEANS_UP: Word(
        "lijkt te stijgen, niet zeker",
        "lijkt te stijgen, maar dat is niet zeker",
        "lijken te stijgen, maar dat is niet zeker",
        "unclear",
        "△",
    ),
    TrendWord.UNDETERMINED: Word("richting niet vast te stellen", "", "", "unclear", "?"),
    TrendWord.TOO_FEW_YEARS: Word("te weinig jaren", "", "", "unclear", "–"),
    TrendWord.TOO_SMALL: Word("te kleine aantallen", "", "", "unclear", "–"),
}


@dataclass(frozen=True, slots=True)
class LevelWord:
    """A level against comparable municipalities. `short` stands under a heading that says against whom."""

    text: str
    short: str
    direction: Direction
    sign: str


BENCHMARK_WORDS: dict[BenchmarkWord, LevelWord] = {
    BenchmarkWord.MUCH_HIGHER: LevelWord("veel hoger dan vergelijkbare gemeenten", "veel hoger", "up", "▲▲"),
    BenchmarkWord.HIGHER: LevelWord("hoger dan vergelijkbare gemeenten", "hoger", "up", "▲"),
    BenchmarkWord.SIMILAR: LevelWord(
        "ongeveer gelijk aan vergelijkbare gemeenten", "ongeveer gelijk", "flat", "■"
    ),
    BenchmarkWord.LOWER: LevelWord("lager dan vergelijkbare gemeenten", "lager", "down", "▼"),
    BenchmarkWord.MUCH_LOWER: LevelWord("veel lager dan vergelijkbare gemeenten", "veel lager", "down", "▼▼"),
    BenchmarkWord.UNDETERMINED: LevelWord(
        "verschil niet vast te stellen", "verschil niet vast te stellen", "unclear", "?"
    ),
    BenchmarkWord.NO_WORD: LevelWord("geen vergelijking mogelijk", "geen vergelijking", "unclear", "–"),
}

TONE_WORDS: dict[Tone, str] = {
    "good": "gunstig",
    "bad": "ongunstig",
    "neutral": "geen oordeel",
    "unknown": "",
}


def judge(direction: Direction, polarity: Polarity) -> Tone:
    """Whether a direction is good, given which direction the indicator's record calls good."""
    if direction not in ("down", "up"):
        return "unknown"
    if polarity == "none":
        return "neutral"
    wanted = "down" if polarity == "lower" else "up"
    return "good" if direction == wanted else "bad"
