"""A finding: what the figures say of one indicator in one area up to the reference year."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from ivp_analysis.errors import ReportError
from ivp_analysis.methods.rates import Rate
from ivp_analysis.methods.region import Heterogeneity
from ivp_analysis.methods.trend import TrendResult
from ivp_analysis.methods.trend_words import TrendWord
from ivp_analysis.registry.records import Indicator, Recipe, Source
from ivp_analysis.report.page.words import TREND_WORDS, Tone, Word, judge

NAN = float("nan")
# The indicators that a council member asks for first, where the figures hold them.
LEADING = ("crime_total", "hic", "nuisance_total", "residential_burglary")


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality of the plan, or its region: the sum of `members`; article: of the region's name, or empty."""

    code: str
    name: str
    slug: str
    members: tuple[str, ...]
    is_region: bool = False
    article: str = ""

    @property
    def in_words(self) -> str:
        """As it stands in a sentence: `Weert`, `het Waterland`, `Parkstad`."""
        return f"{self.article} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class WordingRules:
    """The constants that a sentence quotes: fewest counts for a percentage, fewest years for a trend, the margin,
    the share of series without a direction above which a page leads with counts, the yearly change within which a
    series counts as level with the certainty of that, and the smallest count of a delivery that is shown.
    """

    percent_min_count: int
    min_years: int
    confidence: float
    undetermined_share: float
    equivalence: float
    equivalence_confidence: float
    least_shown: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Counts (NaN = missing) and inhabitants by year, the rate of the reference year, and the trend.

    rate is None where the indicator has no denominator or the year no count. Regions only: heterogeneity, and
    whether the municipalities' own trends differ by it (None: it cannot be told). hidden: the years of which the
    count is not shown, because it is small or would give a small one away. of_youth: the inhabitants are those of
    12 to 17.
    """

    indicator: Indicator
    area: Area
    year: int
    years: tuple[int, ...]
    counts: tuple[float, ...]
    populations: tuple[float, ...]
    source: Source
    recipe: Recipe
    rate: Rate | None
    trend: TrendResult
    rules: WordingRules
    heterogeneity: Heterogeneity | None = None
    areas_differ: bool | None = None
    hidden: tuple[int, ...] = ()
    of_youth: bool = False

    def count_in(self, year: int) -> float:
        """The count of a year; NaN when it is missing or outside the figures."""
        return self.counts[self.years.index(year)] if year in self.years else NAN

    @property
    def count(self) -> float:
        """The count of the reference year."""
        return self.count_in(self.year)

    @property
    def previous(self) -> float:
        """The count of the year before."""
        return self.count_in(self.year - 1)

    @property
    def label(self) -> str:
        """Indicator and area, for a figure: `Woningcriminaliteit in Weert`."""
        return f"{self.indicator.label[:1].upper()}{self.indicator.label[1:]} in {self.area.in_words}"

    @property
    def word(self) -> Word:
        """The word that the trend earned within its family of tests."""
        if self.trend.word is None:
            raise ReportError(
                f"{self.label} was not judged with its family", todo="take findings from an Analysis"
            )
        return TREND_WORDS[self.trend.word]

    @property
    def tone(self) -> Tone:
        """Whether that direction is good, by the indicator's record."""
        return judge(self.word.direction, self.indicator.polarity)

    @property
    def carries_percentage(self) -> bool:
        """Whether the counts are large enough for a percentage and the trend was tested and has a margin."""
        if not isfinite(self.trend.lower):
            return False
        tested = self.trend.word not in (TrendWord.TOO_FEW_YEARS, TrendWord.TOO_SMALL)
        return bool(self.trend.n_years) and tested and self.trend.mean >= self.rules.percent_min_count
