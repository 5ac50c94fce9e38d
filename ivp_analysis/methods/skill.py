"""The skill card of a forecast: what the backtest says of it, and what it cannot say yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, as_floats
from ivp_analysis.methods.backtest import Backtest, BacktestRules
from ivp_analysis.methods.bootstrap import Estimate, bootstrap_ratio
from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.methods.scores import (
    BrierScore,
    ReliabilityClass,
    brier_score,
    central_mass,
    inside_interval,
    pit_histogram,
    reliability,
)


class Calibration(StrEnum):
    """Whether intervals hold what they say. `consistent` only where that is shown; `not_established` with too few
    years, whatever the coverage, or where years differ too much to tell.
    """

    NOT_ESTABLISHED = "not_established"
    CONSISTENT = "consistent"
    TOO_NARROW = "too_narrow"
    TOO_WIDE = "too_wide"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Skill of the default against a rival: 1 - CRPS / CRPS of the rival; below 0 the rival was better."""

    rival: Forecaster
    skill: Estimate


@dataclass(frozen=True, slots=True)
class SkillCard:
    """How the forecaster did `horizon` years ahead. Limits come from drawing whole target years again.

    `coverage` is of the shown interval, `coverage_wide` of the wide one. `beaten_by` are the forecasters with
    a lower mean CRPS than this one. `brier`, `reliability` and `pit` are of this forecaster too. `n_apart` is how
    many of the target years can be taken without overlap: forecasts 3 years ahead of 2019 and 2020 share two.
    """

    forecaster: Forecaster
    horizon: int
    n: int
    n_areas: int
    origins: tuple[int, ...]
    target_years: tuple[int, ...]
    n_apart: int
    crps: float
    coverage: Estimate
    coverage_wide: Estimate
    against: tuple[Comparison, ...]
    brier: BrierScore
    reliability: tuple[ReliabilityClass, ...]
    pit: tuple[float, ...]
    calibration: Calibration
    beaten_by: tuple[Forecaster, ...]

    def skill_against(self, rival: Forecaster) -> Estimate:
        """The skill against one rival."""
        return next(c.skill for c in self.against if c.rival == rival)


@dataclass(frozen=True, slots=True, eq=False)
class _Cases:
    """The cases of one horizon, for one forecaster."""

    test: Backtest
    at: Flags
    row: int
    rules: BacktestRules

    def of(self, scores: Floats) -> Floats:
        return as_floats(scores[self.row, self.at])

    @property
    def years(self) -> Floats:
        return self.test.target_year[self.at].astype(np.float64)

    @property
    def apart(self) -> int:
        """How many target years lie a whole horizon from each other."""
        ahead, years = int(self.test.horizon[self.at][0]), np.unique(self.years)
        taken: list[float] = []
        for year in years.tolist():
            if not taken or year - taken[-1] >= ahead:
                taken.append(year)
        return len(taken)

    def estimate(self, top: Floats | Flags, bottom: Floats | float = 1.0) -> Estimate:
        rules = self.rules
        return bootstrap_ratio(top, bottom, self.years, draws=rules.bootstrap, level=rules.wide_interval)


def assess_skill(
    test: Backtest,
    *,
    horizon: int,
    rules: BacktestRules,
    interval: float,
    forecaster: Forecaster = Forecaster.DEFAULT,
) -> SkillCard:
    """The card of one forecaster at one horizon; `interval` is the level of the interval that is shown."""
    at = test.horizon == horizon
    if not at.any():
        raise MethodError(f"no forecast was tested {horizon} years ahead", todo="say so instead of a card")
    cases = _Cases(test, at, test.row(forecaster), rules)
    lower, upper = cases.of(test.pit_lower), cases.of(test.pit_upper)
    chances, events = cases.of(test.chance), test.observed[at] <= test.target[at]
    against = tuple(_compare(cases, rival) for rival in test.forecasters if rival != forecaster)
    return SkillCard(
        forecaster=forecaster,
        horizon=horizon,
        n=int(at.sum()),
        n_areas=int(np.unique(test.area[at]).size),
        origins=tuple(np.unique(test.origin[at]).tolist()),
        target_years=tuple(np.unique(test.target_year[at]).tolist()),
        n_apart=cases.apart,
        crps=float(cases.of(test.crps).mean()),
        coverage=cases.estimate(inside_interval(lower, upper, level=interval)),
        coverage_wide=cases.estimate(inside_interval(lower, upper, level=rules.wide_interval)),
        against=against,
        brier=brier_score(chances, events),
        reliability=reliability(chances, events, bins=rules.classes),
        pit=tuple(pit_histogram(lower, upper, bins=rules.classes).tolist()),
        calibration=_calibration(cases, interval),
        beaten_by=tuple(c.rival for c in against if c.skill.value < 0),
    )


def _compare(cases: _Cases, rival: Forecaster) -> Comparison:
    theirs = cases.test.crps[cases.test.row(rival), cases.at]
    loss = cases.estimate(cases.of(cases.test.crps), theirs)
    return Comparison(rival, Estimate(1 - loss.value, 1 - loss.upper, 1 - loss.lower))


def _calibration(cases: _Cases, interval: float) -> Calibration:
    """Whether both intervals hold what they say, judged by what does not depend on the size of counts.

    That a difference is not proven is no proof of its absence: "consistent" asks the whole interval of the share
    to lie in a band around the level.
    """
    rules = cases.rules
    if cases.apart < rules.min_origins:
        return Calibration.NOT_ESTABLISHED
    wide, shown = (_held(cases, level) for level in (rules.wide_interval, interval))
    if wide.upper < rules.wide_interval or shown.upper < interval:
        return Calibration.TOO_NARROW
    if wide.lower > rules.wide_interval or shown.lower > interval:
        return Calibration.TOO_WIDE
    in_wide = rules.wide_low <= wide.lower and wide.upper <= rules.wide_high
    in_shown = rules.shown_low <= shown.lower and shown.upper <= rules.shown_high
    return Calibration.CONSISTENT if in_wide and in_shown else Calibration.NOT_ESTABLISHED


def _held(cases: _Cases, level: float) -> Estimate:
    """The share of outcomes in the central interval of that level, with what years make of it."""
    lower, upper = cases.of(cases.test.pit_lower), cases.of(cases.test.pit_upper)
    return cases.estimate(central_mass(lower, upper, level=level))
