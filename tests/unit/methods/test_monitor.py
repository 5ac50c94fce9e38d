"""The monthly monitor on simulated series: its budget of false signals, what it finds, and what it leaves alone."""

from dataclasses import replace

import numpy as np
import pytest
from forecast_rules import MONITOR, PROJECTION
from scipy import integrate, stats

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.autocorrelation import check_autocorrelation
from ivp_analysis.methods.ears import fit_ears
from ivp_analysis.methods.monitor import (
    MonitorWord,
    Resolution,
    assess_latest,
    assess_recent,
    expected_false_signals,
    fit_season,
    judge,
)
from ivp_analysis.methods.predictive import growth_law
from ivp_analysis.methods.seasonal import (
    anscombe_consistency,
    anscombe_weights,
    fit_quasi_poisson,
    season_design,
)

HIGH, LOW = (MonitorWord.HIGH, MonitorWord.VERY_HIGH), (MonitorWord.LOW, MonitorWord.VERY_LOW)


def _assess(monthly, **options):
    return assess_latest(monthly, first_month=1, rules=MONITOR, half=PROJECTION.half, **options)


def _months(rng, mean, *, phi=1.0, n=61, season=0.3, trend=-0.002):
    t = np.arange(n)
    level = mean * np.exp(trend * t + season * np.cos(2 * np.pi * t / 12) + 0.1 * np.sin(np.pi * t / 3))
    counts = rng.poisson(level) if phi == 1 else rng.negative_binomial(level / (phi - 1), 1 / phi)
    return counts.astype(float), level


@pytest.mark.slow
@pytest.mark.parametrize("phi", [1.0, 1.5, 2.5])
@pytest.mark.parametrize("mean", [4.4, 8, 30])
def test_false_signals_keep_within_twice_the_budget(mean, phi):
    """The limits that a history gives, beside the chance that the true law has of falling outside them.

    The exact chance of the next month instead of a draw of it: signals are rare, and counting them in 120
    histories would tell nothing. The level ends some 12 % below `mean`: the least is 4 a month.
    """
    rng = np.random.default_rng(51)
    true, printed = [], []
    for _ in range(120):
        counts, level = _months(rng, mean, phi=phi, n=60 + int(rng.integers(1, 13)))
        found = _assess(counts)
        assert found.resolution == Resolution.MONTH
        last = level[-1]
        law = stats.poisson(last) if phi == 1 else stats.nbinom(last / (phi - 1), 1 / phi)
        true.append(law.sf(found.upper) + law.cdf(found.lower - 1))
        printed.append(expected_false_signals([found]) / 12)
    assert 0.5 < np.mean(true) / np.mean(printed) < 2


@pytest.mark.slow
def test_a_jump_of_60_percent_is_found_in_its_first_month():
    rng = np.random.default_rng(53)
    found = 0
    for _ in range(400):
        counts, level = _months(rng, 30, n=60 + int(rng.integers(1, 13)), trend=0.0)
        counts[-1] = rng.poisson(1.6 * level[-1])
        found += _assess(counts).word in HIGH
    assert found >= 200


def test_a_seasonal_peak_is_no_signal():
    """The usual control chart gives 13-43 % false signals at the peak of the season."""
    rng = np.random.default_rng(54)
    peaks = [_assess(_months(rng, 25, n=61, season=0.5)[0]) for _ in range(300)]
    assert np.mean([s.word in HIGH for s in peaks]) < 0.02


def test_words_follow_the_two_chances():
    law = growth_law(30.0, size=np.inf)
    assert judge(30, law, MONITOR)[0] == MonitorWord.QUIET
    for count, word in [
        (46, MonitorWord.HIGH),
        (60, MonitorWord.VERY_HIGH),
        (16, MonitorWord.LOW),
        (5, MonitorWord.VERY_LOW),
    ]:
        found, p_high, p_low = judge(count, law, MONITOR)
        assert found == word
        assert p_high == pytest.approx(stats.poisson.sf(count - 1, 30), abs=1e-12)
        assert p_low == pytest.approx(stats.poisson.cdf(count, 30), abs=1e-12)


def test_limits_are_where_the_word_changes():
    counts, _ = _months(np.random.default_rng(55), 20)
    for step, inside in [(0, True), (1, False)]:
        for bound, sign in [("upper", 1), ("lower", -1)]:
            changed = counts.copy()
            changed[-1] = getattr(_assess(counts), bound) + sign * step
            assert (_assess(changed).word == MonitorWord.QUIET) is inside


def test_a_past_outbreak_does_not_hide_the_next():
    rng = np.random.default_rng(56)
    rows = np.array([_months(rng, 20, season=0.0, trend=0.0)[0] for _ in range(60)])
    limit = np.mean([_assess(row).upper for row in rows])
    rows[:, 40:43] += 60
    unweighted = replace(MONITOR, downweight_residual=99.0)
    kept = np.mean([_assess(row).upper for row in rows])
    hidden = np.mean([assess_latest(r, first_month=1, rules=unweighted, half=0.5).upper for r in rows])
    assert kept < 1.35 * limit
    assert hidden > 1.6 * limit


def test_weights_and_their_consistency():
    rng = np.random.default_rng(57)
    counts = rng.poisson(200, 60).astype(float)
    design = season_design(np.arange(60), period=12, harmonics=1)
    fit = fit_quasi_poisson(counts, design)
    assert (anscombe_weights(fit, counts, threshold=9.0) == 1).all()
    counts[30] = 400
    weights = anscombe_weights(
        fit_quasi_poisson(counts, design), counts, threshold=MONITOR.downweight_residual
    )
    assert weights.sum() == pytest.approx(60)
    assert weights[30] < 0.2 * np.median(weights)
    c = MONITOR.downweight_residual
    inverse = integrate.quad(lambda s: stats.norm.pdf(s) / s**2, c, 30)[0]
    squares = integrate.quad(lambda s: stats.norm.pdf(s) * s**2, -30, c)[0]
    expected = (squares + stats.norm.sf(c)) / (stats.norm.cdf(c) + inverse)
    assert anscombe_consistency(c) == pytest.approx(expected)


def test_the_fit_equals_statsmodels():
    import statsmodels.api as sm

    counts, _ = _months(np.random.default_rng(58), 15, phi=2.0, n=60)
    design = season_design(np.arange(60), period=12, harmonics=2)
    weights = np.linspace(0.5, 1.5, 60)
    ours = fit_quasi_poisson(counts, design, weights=weights)
    theirs = sm.GLM(counts, design, family=sm.families.Poisson(), var_weights=weights).fit(
        scale="X2", tol=1e-12
    )
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-6)
    assert ours.raw_dispersion == pytest.approx(theirs.scale, rel=1e-6)
    assert ours.se == pytest.approx(theirs.bse, rel=1e-6)


def test_a_known_break_is_no_signal_and_a_new_one_cannot_be_judged():
    rng = np.random.default_rng(59)
    counts, _ = _months(rng, 30, n=61, season=0.0, trend=0.0)
    after = (np.arange(61) >= 40).astype(float)
    counts[40:] = rng.poisson(60, 21)
    counts[-1] = 62
    assert _assess(counts, covariates=after).word == MonitorWord.QUIET
    assert _assess(counts, covariates=after).expected == pytest.approx(60, rel=0.1)
    longer = np.concatenate([np.full(24, 5.0), counts])
    before = (np.arange(85) >= 20).astype(float)
    assert assess_latest(longer, first_month=1, rules=MONITOR, half=0.5, covariates=before) == assess_latest(
        longer, first_month=1, rules=MONITOR, half=0.5
    ), "a break from before the years looked at changes nothing"
    begins = (np.arange(61) == 60).astype(float)
    assert _assess(counts, covariates=begins).word == MonitorWord.NOT_ASSESSABLE


def test_missing_months_stay_missing():
    counts, _ = _months(np.random.default_rng(60), 20)
    gaps = counts.copy()
    gaps[[5, 17, 44]] = np.nan
    found = _assess(gaps)
    assert found.n_history == 57
    assert found.word != MonitorWord.NOT_ASSESSABLE
    gaps[-1] = np.nan
    latest = _assess(gaps)
    assert latest.word == MonitorWord.NOT_ASSESSABLE
    assert np.isnan([latest.false_chance, latest.upper]).all()
    assert expected_false_signals([found, latest]) == pytest.approx(12 * found.false_chance)


def test_a_short_history_judges_nothing():
    counts, _ = _months(np.random.default_rng(61), 20, n=36)
    assert _assess(counts).word == MonitorWord.NOT_ASSESSABLE, "35 months before it"
    assert _assess(np.append(counts, 20.0)).word != MonitorWord.NOT_ASSESSABLE


def test_only_the_last_years_count():
    rng = np.random.default_rng(62)
    counts, _ = _months(rng, 20, n=90)
    other = counts.copy()
    other[:29] *= 5
    assert _assess(counts) == _assess(other)


def test_small_counts_become_quarters_and_then_years():
    rng = np.random.default_rng(63)
    assert _assess(rng.poisson(4, 73).astype(float)).resolution == Resolution.MONTH
    quarter = _assess(np.concatenate([rng.poisson(1.2, 72), [9.0]]))
    assert quarter.resolution == Resolution.QUARTER
    assert quarter.n_history == 20
    year = _assess(np.concatenate([rng.poisson(0.3, 72), np.full(12, 2.0)]))
    assert year.resolution == Resolution.TWELVE_MONTHS
    assert (year.count, year.word) == (24, MonitorWord.VERY_HIGH)
    assert _assess(np.zeros(84)).word == MonitorWord.QUIET


def test_quarters_are_calendar_quarters():
    monthly = np.full(70, 1.0)
    monthly[-3:] = 20
    for first_month, count in [(1, 41), (3, 60)]:
        found = assess_latest(monthly, first_month=first_month, rules=MONITOR, half=0.5)
        assert (found.resolution, found.count) == (Resolution.QUARTER, count), first_month
    with pytest.raises(MethodError, match="no month"):
        assess_latest(monthly, first_month=13, rules=MONITOR, half=0.5)


def test_quarters_have_a_season_too():
    t = np.arange(84)
    rng = np.random.default_rng(64)
    monthly = rng.poisson(1.2 * np.exp(0.7 * np.cos(2 * np.pi * t / 12))).astype(float)
    found = _assess(monthly)
    assert found.resolution == Resolution.QUARTER
    assert found.expected > 1.15 * monthly.mean() * 3, "the last quarter of the year is a busy one"


def test_each_recent_month_is_judged_by_what_came_before():
    counts, _ = _months(np.random.default_rng(65), 20, n=80)
    recent = assess_recent(counts, months=5, first_month=1, rules=MONITOR, half=0.5)
    assert [s.count for s in recent] == counts[-5:].tolist()
    assert recent[1] == _assess(counts[:-3])
    assert recent[-1] == _assess(counts)


def test_nothing_to_fit_is_no_fit():
    design = season_design(np.arange(40), period=12, harmonics=2)
    assert fit_quasi_poisson(np.zeros(40), design) is None
    assert fit_quasi_poisson(np.full(40, np.nan), design) is None
    assert fit_season(np.zeros(40), np.zeros((40, 0)), period=12, rules=MONITOR) is None
    step = (np.arange(40) >= 30).astype(float)
    assert fit_quasi_poisson(np.where(step > 0, 0.0, 9.0), np.column_stack([design, step])) is None
    with pytest.raises(MethodError, match="rows"):
        fit_quasi_poisson(np.ones(3), design)


def test_ears_needs_its_nine_months():
    counts = np.array([5, 6, 7, 5, 6, 7, 5, 6, 7, 30], dtype=float)
    assert fit_ears(counts).alarms() == (True, True, False)
    assert fit_ears(counts[-8:]).alarms() == (True, False, False)
    assert fit_ears(counts[-5:]).alarms() == (False, False, False)
    gap = counts.copy()
    gap[6] = np.nan
    assert fit_ears(gap).alarms() == (False, False, False)


def test_autocorrelation_is_seen_and_not_imagined():
    e = np.random.default_rng(66).normal(size=400)
    assert check_autocorrelation(e, lags=12).p > 0.05
    assert check_autocorrelation(np.cumsum(e), lags=12).p < 1e-6
    with pytest.raises(MethodError):
        check_autocorrelation(e[:10], lags=12)
