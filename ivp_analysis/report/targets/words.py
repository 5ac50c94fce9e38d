"""The words of targets and progress in Dutch: one table each, as the rules of the methods earn them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ivp_analysis.methods.candidates import BenchmarkBasis, Candidate
from ivp_analysis.methods.coherence import CoherenceWord
from ivp_analysis.methods.progress import NoProgress, ProgressWord
from ivp_analysis.methods.targets import ChanceWord, TargetAssessment
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Verdict
from ivp_analysis.report.page.words import Tone

NOT_BEYOND_CHANCE = "niet van toeval te onderscheiden"
NOT_BEYOND_SCATTER = "alleen in een kale telling van toeval te onderscheiden"
DURABLE = "bestendig"

CHANCE_WORDS: dict[ChanceWord, str] = {
    ChanceWord.LARGE: "kans groot",
    ChanceWord.ABOUT_HALF: "kans ongeveer half",
    ChanceWord.SMALL: "kans klein",
    ChanceWord.VERY_SMALL: "kans zeer klein",
}
# Word, sign, tone. A chance is no verdict on anybody: only what has happened is called good or bad.
PROGRESS_WORDS: dict[ProgressWord, tuple[str, str, Tone]] = {
    ProgressWord.NOT_ASSESSABLE: ("niet te beoordelen", numbers.DASH, "unknown"),
    ProgressWord.MET: ("doel bereikt", "✓", "good"),
    ProgressWord.MISSED: ("doel niet bereikt", "✗", "bad"),
    ProgressWord.BELOW_TARGET_NOW: ("nu onder streefwaarde", "✓", "good"),
    ProgressWord.ABOVE_BASELINE: ("boven uitgangswaarde, meer dan toeval", "▲", "bad"),
    ProgressWord.LIKELY_MET: ("waarschijnlijk gehaald", "▽", "unknown"),
    ProgressWord.EITHER_WAY: ("kan beide kanten op", "?", "unknown"),
    ProgressWord.LIKELY_MISSED: ("waarschijnlijk niet gehaald", "△", "unknown"),
}
# After a number in a tally: singular, plural.
PROGRESS_TALLY: dict[ProgressWord, tuple[str, str]] = {
    ProgressWord.NOT_ASSESSABLE: ("niet te beoordelen", "niet te beoordelen"),
    ProgressWord.MET: ("bereikt", "bereikt"),
    ProgressWord.MISSED: ("niet bereikt", "niet bereikt"),
    ProgressWord.BELOW_TARGET_NOW: ("nu onder de streefwaarde", "nu onder de streefwaarde"),
    ProgressWord.ABOVE_BASELINE: (
        "boven de uitgangswaarde, meer dan toeval",
        "boven de uitgangswaarde, meer dan toeval",
    ),
    ProgressWord.LIKELY_MET: ("waarschijnlijk gehaald", "waarschijnlijk gehaald"),
    ProgressWord.EITHER_WAY: ("kan beide kanten op", "kunnen beide kanten op"),
    ProgressWord.LIKELY_MISSED: ("waarschijnlijk niet gehaald", "waarschijnlijk niet gehaald"),
}
REASONS: dict[NoProgress, str] = {
    NoProgress.NO_SOURCE: "de bron ontbreekt in deze gegevens",
    NoProgress.NOT_REPRODUCIBLE: "onze cijfers geven een andere uitgangswaarde dan het plan",
    NoProgress.NO_COUNT: "er is geen cijfer over dit jaar",
    NoProgress.NO_BASELINE: "er is geen cijfer over het uitgangsjaar",
    NoProgress.NO_FORECAST: "er zijn te weinig jaren voor een verwachting",
}
# Letter and name, and on what it rests.
CANDIDATES: dict[Candidate, tuple[str, str]] = {
    Candidate.PROJECTION: ("A. Verwachting", "wat er komt als het gaat zoals het gaat"),
    Candidate.BENCHMARK: ("B. Vergelijkbare gemeenten", ""),
    Candidate.VISIBLE: (
        "C. Zichtbaar verschil",
        "de hoogste waarde die in een kale telling niet met toeval te verwarren is",
    ),
    Candidate.AMBITION: ("D. Ambitie", ""),
    Candidate.KEEP: ("E. Vasthouden", "niet meer dan in het uitgangsjaar"),
}
BENCHMARK_GROUNDS: dict[BenchmarkBasis, str] = {
    BenchmarkBasis.MEDIAN: "het middelste niveau van vergelijkbare gemeenten, bij het aantal inwoners van nu",
    BenchmarkBasis.BEST_QUARTER: "het niveau van het beste kwart van vergelijkbare gemeenten, bij het aantal inwoners van nu",
    BenchmarkBasis.ALREADY_BEST: "het niveau van het beste kwart; wij zitten daar al onder",
}
COHERENCE_WORDS: dict[CoherenceWord, str] = {
    CoherenceWord.REST_IMPOSSIBLE: "past niet: de rest zou onder nul moeten komen",
    CoherenceWord.REST_HARDER: "vraagt van de rest een grotere daling dan van het geheel",
    CoherenceWord.REST_LIGHTER: "vraagt van de rest een kleinere daling dan van het geheel",
    CoherenceWord.REST_MAY_RISE: "laat ruimte voor een stijging van de rest",
    CoherenceWord.NO_REST: "er is geen rest",
}


def progress_verdict(word: ProgressWord, *, durable: bool | None = None, detail: str = "") -> Verdict:
    """The status word with its sign and tone, and what it rests on."""
    text, sign, tone = PROGRESS_WORDS[word]
    if word == ProgressWord.BELOW_TARGET_NOW and durable:
        detail = f"{DURABLE}; {detail}" if detail else DURABLE
    return Verdict(text, sign, tone, detail)


def say_tally(words: Iterable[ProgressWord]) -> str:
    """`2 bereikt, 1 kan beide kanten op`: what is reached first, what cannot be judged last."""
    tally = Counter(words)
    order = [*list(ProgressWord)[1:], ProgressWord.NOT_ASSESSABLE]
    return ", ".join(f"{tally[w]} {PROGRESS_TALLY[w][tally[w] > 1]}" for w in order if tally[w])


def say_hidden(assessed: TargetAssessment) -> str:
    """Whether chance, or the usual swing of years, hides a target that is exactly met; nothing where neither does."""
    if not assessed.is_beyond_chance:
        return NOT_BEYOND_CHANCE
    return "" if assessed.is_beyond_scatter else NOT_BEYOND_SCATTER


def say_chance(chance: float) -> str:
    """The chance as people say it: `ongeveer 3 op 10`."""
    return numbers.chance(chance)
