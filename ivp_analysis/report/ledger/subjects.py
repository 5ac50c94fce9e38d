"""What a statement is about, and the figures that it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ivp_analysis.data.series import IndicatorSeries, recipe_counts
from ivp_analysis.methods.ledger import Evidence, Untested
from ivp_analysis.registry.records import Recipe, Statement
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import NAN

Against = Literal["time", "peers", "others"]
Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Subject:
    """An indicator by a measure of its source ("" is the main count), over the years of a window."""

    kind: Literal["trend", "level"]
    indicator: str
    measure: str
    window: Window


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading with its evidence. before, after: the counts of its first and last year; of a level its sum."""

    against: Against
    measure: str
    years: Window
    before: float
    after: float
    evidence: Evidence


def absent(against: Against, subject: Subject) -> Reading:
    """A reading that the figures do not allow."""
    gone = Evidence(NAN, NAN, NAN, NAN, untested=Untested.NO_FIGURES)
    return Reading(against, subject.measure, subject.window, NAN, NAN, gone)


def window_then(statement: Statement, analysis: Analysis) -> Window:
    """The years that the statement is about; without a window of its own as many as a word takes, to the base year."""
    if statement.window:
        return statement.window[0], statement.window[-1]
    return _until(analysis.plan.base_year, statement, analysis)


def window_now(statement: Statement, analysis: Analysis) -> Window:
    """The years that a word of the reference year is about."""
    return _until(analysis.year, statement, analysis)


def _until(last: int, statement: Statement, analysis: Analysis) -> Window:
    trend = statement.kind == "trend"
    years = analysis.trend_rules.window_years if trend else analysis.benchmark_rules.years
    return last - years + 1, last


def subject_series(analysis: Analysis, subject: Subject) -> IndicatorSeries | None:
    """The counts by the measure that was asked for; None where the source has them not."""
    series = analysis.series.get(subject.indicator)
    if series is None or series.recipe is None or not subject.measure:
        return series
    recipe: Recipe = series.recipe
    if subject.measure not in analysis.registry.sources[recipe.source].measures.values():
        return None
    codes = tuple(f"{code}|{subject.measure}" for code in recipe.codes)
    measured = replace(recipe, codes=codes)
    found = recipe_counts(analysis.build, analysis.registry, subject.indicator, measured, analysis.pool)
    return found if found.counts.notna().to_numpy().any() else None
