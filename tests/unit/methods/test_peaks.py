"""Questions to the analyst on simulated series: what was put in comes out, and quiet series ask little."""

import numpy as np
import pytest
from forecast_rules import MONITOR, PEAKS

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.peaks import Peak, PeakKind, find_peaks

BREAKS = (PeakKind.BREAK_UP, PeakKind.BREAK_DOWN)


def _series(rng: np.random.Generator, mean: float, n: int = 72) -> tuple[np.ndarray, np.ndarray]:
    t = np.arange(n)
    level = mean * np.exp(0.3 * np.cos(2 * np.pi * t / 12) + 0.1 * np.sin(np.pi * t / 3))
    return rng.poisson(level).astype(float), level


def _find(monthly: np.ndarray, covariates: np.ndarray | None = None) -> list[Peak]:
    return find_peaks(monthly, rules=PEAKS, monitor=MONITOR, covariates=covariates)


def test_a_quiet_series_seldom_asks_a_question():
    """12 months beyond 3 standard deviations (0.0027 each) and a break at 0.01: some 4 in 100 series a year."""
    rng = np.random.default_rng(71)
    found = [len(_find(_series(rng, 20)[0])) for _ in range(100)]
    assert sum(found) <= 10


def test_a_jump_of_the_level_is_dated():
    rng = np.random.default_rng(72)
    found = []
    for _ in range(40):
        counts, level = _series(rng, 30)
        counts[-6:] = rng.poisson(1.7 * level[-6:])
        found += [p for p in _find(counts) if p.kind == PeakKind.BREAK_UP]
    assert len(found) >= 36
    assert np.median([p.month for p in found]) == 6
    assert np.median([p.size for p in found]) == pytest.approx(1.7, rel=0.06)


def test_a_fall_is_a_break_down_and_a_known_break_asks_nothing():
    rng = np.random.default_rng(73)
    counts, level = _series(rng, 40)
    counts[-8:] = rng.poisson(0.5 * level[-8:])
    (found,) = [p for p in _find(counts) if p.kind in BREAKS]
    assert (found.kind, found.month) == (PeakKind.BREAK_DOWN, 4)
    known = (np.arange(72) >= 64).astype(float)
    assert not [p for p in _find(counts, known) if p.kind in BREAKS]


def test_one_outlying_month_is_a_month_and_no_break():
    rng = np.random.default_rng(74)
    for _ in range(20):
        counts, level = _series(rng, 40)
        counts[-4] = round(2.4 * level[-4])
        found = _find(counts)
        assert [(p.kind, p.month) for p in found if p.month == 8] == [(PeakKind.FAR_ABOVE, 8)]
        assert not [p for p in found if p.kind in BREAKS]
        far = next(p for p in found if p.month == 8)
        assert far.size > PEAKS.residual
        assert far.expected == pytest.approx(level[-4], rel=0.25)


def test_a_month_with_a_third_of_its_year():
    year = [1.0, 1, 1, 2, 1, 9, 2, 1, 1, 2, 1, 2]
    (found,) = _find(np.array(year))
    assert (found.kind, found.month, found.count) == (PeakKind.BUSY, 5, 9)
    assert found.size == pytest.approx(9 / 24)
    assert _find(np.array(year) / 2 // 1) == [], "a dozen a year: a third in one month is nothing special"
    gap = np.array(year)
    gap[0] = np.nan
    assert _find(gap) == [], "without one of its months there is no whole year"


def test_missing_months_stay_missing():
    counts, _ = _series(np.random.default_rng(75), 30)
    counts[-5:] = np.nan
    assert all(p.month < 7 for p in _find(counts))
    assert _find(np.full(24, np.nan)) == []
    assert _find(np.zeros(72)) == []
    with pytest.raises(MethodError, match="no year"):
        _find(np.ones(11))
