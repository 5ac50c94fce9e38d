"""The same trend under other eyes: without the corona years, and with the known breaks of its series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivp_analysis.methods.trend import TrendResult, with_adjusted
from ivp_analysis.methods.trend_words import UNTESTED, TrendWord
from ivp_analysis.periods import parse_period
from ivp_analysis.registry import breaks_for
from ivp_analysis.registry.records import SeriesBreak
from ivp_analysis.report.analysis.assess import Panel, fit_region, fit_trends, open_panel
from ivp_analysis.report.page.words import TREND_WORDS

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SecondLook:
    """None: there is nothing to leave out, or no break inside the window. `breaks` are those reckoned with."""

    headline: TrendResult
    without_covid: TrendResult | None
    with_breaks: TrendResult | None
    covid_years: tuple[int, ...]
    breaks: tuple[SeriesBreak, ...]

    @property
    def covid_flips(self) -> bool:
        """Whether leaving out the corona years changes the direction that the word gives."""
        return _flips(self.headline, self.without_covid)

    @property
    def breaks_flip(self) -> bool:
        """Whether reckoning with breaks changes the direction that the word gives."""
        return _flips(self.headline, self.with_breaks)


def assess_second_looks(analysis: Analysis) -> dict[Key, SecondLook]:
    """For every finding; each of the two variants is a family of tests of its own."""
    covid: dict[Key, TrendResult] = {}
    stepped: dict[Key, TrendResult] = {}
    moments: dict[str, tuple[tuple[int, ...], tuple[SeriesBreak, ...]]] = {}
    for series in analysis.series.values():
        panel = open_panel(analysis, series)
        source = series.source or ""
        known = breaks_for(analysis.registry, indicator=series.indicator, source=source)
        window = _window(analysis, series.indicator)
        years = tuple(sorted({y for b in known if b.kind == "covid" for y in _years(b) if y in window}))
        steps = tuple(b for b in known if b.kind != "covid" and _inside(b, window))
        moments[series.indicator] = years, steps
        if years:
            covid |= _by_area(analysis, panel, excluded_years=years)
        if steps:
            stepped |= _by_area(analysis, panel, breaks=[_moment(b.first) for b in steps])
    covid, stepped = _judged(analysis, covid), _judged(analysis, stepped)
    return {
        key: SecondLook(finding.trend, covid.get(key), stepped.get(key), *moments[key[0]])
        for key, finding in analysis.findings.items()
    }


def _judged(analysis: Analysis, results: dict[Key, TrendResult]) -> dict[Key, TrendResult]:
    return dict(zip(results, with_adjusted(list(results.values()), analysis.trend_rules), strict=True))


def _by_area(
    analysis: Analysis, panel: Panel, *, excluded_years: Sequence[int] = (), breaks: Sequence[float] = ()
) -> dict[Key, TrendResult]:
    trends = fit_trends(analysis, panel, excluded_years=excluded_years, breaks=breaks, relative=False)
    if analysis.region.is_region:
        region = fit_region(analysis, panel, excluded_years=excluded_years, breaks=breaks, relative=False)
        trends.append(region.trend)
    areas = zip(analysis.areas, trends, strict=True)
    return {(panel.series.indicator, area.code): trend for area, trend in areas}


def _window(analysis: Analysis, indicator: str) -> range:
    """The years that the headline of any of the areas looks at."""
    trends = [analysis.findings[indicator, area.code].trend for area in analysis.areas]
    first = min((t.first_year for t in trends if t.first_year), default=analysis.year)
    last = max((t.last_year for t in trends if t.last_year), default=analysis.year)
    return range(first, last + 1)


def _years(found: SeriesBreak) -> range:
    """Every year that it touches."""
    return range(parse_period(found.first).year, parse_period(found.last or found.first).year + 1)


def _moment(period: str) -> float:
    """`2018-07` is 2018.5."""
    parsed = parse_period(period)
    return parsed.year + ((parsed.month or 1) - 1) / 12


def _inside(found: SeriesBreak, window: range) -> bool:
    """A break before or at the start of the window changes nothing within it."""
    return bool(window) and window[0] < _moment(found.first) < window[-1] + 1


def _flips(headline: TrendResult, other: TrendResult | None) -> bool:
    if other is None or other.word is None or headline.word is None or other.word in UNTESTED:
        return False
    return _direction(other.word) != _direction(headline.word)


def _direction(word: TrendWord) -> str:
    return TREND_WORDS[word].direction
