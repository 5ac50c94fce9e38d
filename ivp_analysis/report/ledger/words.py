"""The verdicts of the ledger in Dutch: one table, and a clause for every reading."""

from __future__ import annotations

from ivp_analysis.methods.ledger import ReadingVerdict, Strength, Untested, Verdict
from ivp_analysis.report.ledger.ledger import Entry, Judged
from ivp_analysis.report.ledger.subjects import Reading
from ivp_analysis.report.page import cells, numbers

# Full text, the same inside brackets behind one of several readings, and a sign.
VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    Verdict.SUPPORTED: ("cijfers steunen dit", "steunt dit", "✓"),
    Verdict.OPEN: ("cijfers geven geen uitsluitsel", "geen uitsluitsel", "?"),
    Verdict.CONTRARY: ("cijfers wijzen de andere kant op", "wijst de andere kant op", "✗"),
    Verdict.UNTESTABLE: ("niet te toetsen", "niet te toetsen", "–"),
}
STRENGTHS: dict[Strength, str] = {
    Strength.AS_SAID: "ook zo sterk als het plan zegt",
    Strength.STRONGER: "sterker dan het plan zegt",
    Strength.WEAKER: "minder sterk dan het plan zegt",
    Strength.OPEN: "hoe sterk, is niet vast te stellen",
}
UNTESTED: dict[Untested, str] = {
    Untested.NO_FIGURES: "geen cijfers over deze jaren",
    Untested.TOO_FEW_YEARS: "te weinig jaren met cijfers",
    Untested.TOO_SMALL: "te kleine aantallen",
    Untested.TOO_FEW_PEERS: "cijfers van te weinig vergelijkbare gemeenten",
    Untested.NO_SCATTER: "niet te schatten hoe sterk jaren toevallig schommelen",
}
_AGAINST = {"peers": "vergelijkbare gemeenten", "others": "de andere gemeenten van het plan"}
CONFLICT = "de lezingen spreken elkaar tegen"


def ledger_verdict(judged: Judged, entry: Entry, *, least: int) -> cells.Verdict:
    """The verdict of a moment, with every reading behind it. least: the fewest counts for a percentage.

    It never is favourable or unfavourable: it judges a sentence, not the safety.
    """
    word, _, sign = VERDICTS[judged.verdict]
    return cells.Verdict(word, sign, "unknown", say_readings(judged, entry, least=least))


def say_readings(judged: Judged, entry: Entry, *, least: int) -> str:
    """All readings in one line; where there is no test, why."""
    if judged.verdict is Verdict.UNTESTABLE:
        return say_untestable(judged, entry)
    several = len(judged.readings) > 1
    clauses = [
        _say_reading(reading, found, least, several=several, dated=place == 0)
        for place, (reading, found) in enumerate(judged.pairs)
    ]
    return "; ".join([*clauses, *([CONFLICT] if judged.ruling.conflict else [])])


def say_untestable(judged: Judged, entry: Entry) -> str:
    """What the plan file says of it, else what the figures lack."""
    reasons = {reading.evidence.untested for reading in judged.readings} - {None, Untested.NO_FIGURES}
    if reasons or not entry.statement.untestable_because:
        words = sorted(UNTESTED[reason] for reason in reasons if reason)
        return " en ".join(words) or UNTESTED[Untested.NO_FIGURES]
    return entry.statement.untestable_because.removesuffix(".")


def say_needed(entry: Entry) -> str:
    """The source that would make it testable, as it follows a colon; an abbreviation keeps its capitals."""
    needed = entry.statement.source_needed.removesuffix(".") or "meer jaren of meer gemeenten met cijfers"
    return needed if needed[1:2].isupper() else needed[:1].lower() + needed[1:]


def _say_reading(reading: Reading, found: ReadingVerdict, least: int, *, several: bool, dated: bool) -> str:
    measure = f"{reading.measure}: " if reading.measure else ""
    if reading.evidence.untested:
        return f"{measure}{UNTESTED[reading.evidence.untested]}"
    when = f"{numbers.years(*reading.years)}: " if dated else ""
    said = _say_time(reading, least) if reading.against == "time" else _say_level(reading)
    verdict = f" ({VERDICTS[found.verdict][1]})" if several else ""
    strength = f", {STRENGTHS[found.strength]}" if found.strength else ""
    return f"{when}{measure}{said}{verdict}{strength}"


def _say_time(reading: Reading, least: int) -> str:
    counts = f"van {numbers.count(reading.before)} naar {numbers.count(reading.after)}"
    if min(reading.before, reading.after) < least:
        return counts
    return f"{counts}, {numbers.percent(reading.evidence.effect, 1, signed=True)} per jaar"


def _say_level(reading: Reading) -> str:
    return f"{numbers.decimal(1 + reading.evidence.effect, 2)} keer {_AGAINST[reading.against]}"
