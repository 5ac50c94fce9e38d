"""Statements for a next plan, in the form of a plan file: what stands out in the figures, as comments to choose from."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area, Finding

_HEAD = """\
# ---- Uitspraken over het veiligheidsbeeld ----
# Wat in de cijfers opvalt, per gebied. Haal de # weg voor wat het nieuwe plan zegt, zet de zin van het plan in `quote`
# en de vindplaats in `where`. Elk verslagjaar staat dan naast die zin of de cijfers haar nog steunen.
"""
_STATEMENT = """\
# [[statement]]
# id = {id}
# area = {area}
# field = {field}
# quote = {quote}
# where = ""
# indicator = {indicator}
# kind = {kind}
# expects = [{expects}]
# window = [{first}, {last}]
"""
_FALLING = ("strong_decrease", "decrease", "slight_decrease")
_RISING = ("slight_increase", "increase", "strong_increase")
_LEVELS = {
    "up": (("higher", "much_higher"), "relatief veel"),
    "down": (("lower", "much_lower"), "relatief weinig"),
}


def statement_template(analysis: Analysis) -> str:
    """Every certain trend and level of the reference year, the region first."""
    areas = [analysis.region, *(area for area in analysis.areas if not area.is_region)]
    return "\n".join([_HEAD, *(text for area in areas for text in _of_area(analysis, area))])


def _of_area(analysis: Analysis, area: Area) -> Iterator[str]:
    for finding in analysis.findings_of(area):
        yield from _trend(finding)
        yield from _level(analysis, finding)


def _trend(finding: Finding) -> Iterator[str]:
    """A light or strong trend is said as such; a plain one leaves its size open, as a plan does."""
    word, trend = str(finding.trend.word), finding.trend
    directions = [words for words in (_FALLING, _RISING) if word in words]
    if directions and trend.first_year and trend.last_year:
        said = (word,) if word.startswith(("strong_", "slight_")) else directions[0]
        quote = f"{finding.word.text} {finding.indicator.label}"
        yield _written(finding, "trend", quote, said, (trend.first_year, trend.last_year))


def _level(analysis: Analysis, finding: Finding) -> Iterator[str]:
    found = analysis.benchmarks[finding.indicator.id, finding.area.code]
    if found.word.direction in _LEVELS:
        words, text = _LEVELS[found.word.direction]
        yield _written(finding, "level", f"{text} {finding.indicator.label}", words, found.years)


def _written(finding: Finding, kind: str, quote: str, words: tuple[str, ...], window: tuple[int, int]) -> str:
    indicator, area = finding.indicator, finding.area
    return _STATEMENT.format(
        id=_quoted(f"{area.slug}-{indicator.id}-{kind}"),
        area=_quoted(area.code),
        field=_quoted(indicator.field),
        quote=_quoted(quote),
        indicator=_quoted(indicator.id),
        kind=_quoted(kind),
        expects=", ".join(_quoted(word) for word in words),
        first=window[0],
        last=window[1],
    )


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON writes alike."""
    return json.dumps(text, ensure_ascii=False)
