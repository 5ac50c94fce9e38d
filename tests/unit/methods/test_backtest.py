"""The backtest knows nothing of the future, scores what it says it scores, and its card admits what it lacks."""

import numpy as np
import pytest
from forecast_rules import BACKTEST, PROJECTION

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.backtest import run_backtest
from ivp_analysis.methods.bootstrap import bootstrap_ratio
from ivp_analysis.methods.projection import Forecaster, project_counts
from ivp_analysis.methods.scores import score_forecast
from ivp_analysis.methods.skill import Calibration, assess_skill

YEARS = np.arange(2008, 2024)


def _run(counts, years=YEARS, **options):
    return run_backtest(counts, years, rules=BACKTEST, projection=PROJECTION, **options)


def _card(test, horizon=1, **options):
    return assess_skill(test, horizon=horizon, rules=BACKTEST, interval=PROJECTION.interval, **options)


def _walks(seed, n, *, years=YEARS, s2=0.008, level=80):
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, np.sqrt(s2), (n, years.size))
    return rng.poisson(level * np.exp(np.cumsum(steps, axis=1))).astype(float)


@pytest.fixture(scope="module")
def panel():
    return _walks(41, 6)


@pytest.fixture(scope="module")
def test(panel):
    return _run(panel)


def test_every_origin_with_enough_years_is_used(test):
    assert sorted(set(test.origin.tolist())) == list(range(2013, 2023)), "2008-2013 are six years"
    assert sorted(set(test.horizon.tolist())) == [1, 2, 3, 4, 5]
    assert test.target_year.max() == 2023
    assert test.crps.shape == (len(Forecaster), 6 * (6 * 5 + 4 + 3 + 2 + 1))


def test_later_figures_change_nothing(panel, test):
    later = YEARS > 2018
    changed = _run(np.where(later, np.random.default_rng(42).poisson(120, panel.shape), panel))
    before = test.origin <= 2018
    assert (test.target[before] == changed.target[changed.origin <= 2018]).all()
    assert (test.chance[:, before] == changed.chance[:, changed.origin <= 2018]).all()
    known = test.target_year <= 2018
    for scores in ("crps", "log_score", "pit_lower", "pit_upper"):
        found, expected = getattr(changed, scores), getattr(test, scores)
        assert (found[:, changed.target_year <= 2018] == expected[:, known]).all()
    assert (changed.crps[:, changed.origin > 2018] != test.crps[:, test.origin > 2018]).all()


def test_a_case_is_the_projection_of_that_origin(panel, test):
    case = np.flatnonzero((test.area == 3) & (test.origin == 2020) & (test.horizon == 2))[0]
    window = (YEARS > 2010) & (YEARS <= 2020)
    projected = project_counts(
        panel[3, window], YEARS[window], origin=2020, peers=panel[:, window], rules=PROJECTION
    )
    outcome = panel[3, YEARS == 2022][0]
    for forecaster in Forecaster:
        law = projected.law(2022, forecaster)
        assert test.crps[test.row(forecaster), case] == score_forecast(law, outcome).crps
        chance = float(law.cdf(test.target[case]))
        assert test.chance[test.row(forecaster), case] == pytest.approx(chance, abs=1e-9)
    assert test.target[case] == np.floor(BACKTEST.target_ratio * panel[3, YEARS == 2020][0])


def test_missing_years_are_neither_origins_nor_outcomes(panel):
    gaps = panel.copy()
    gaps[0, YEARS == 2018] = np.nan
    gaps[1, YEARS < 2016] = np.nan
    gaps[2] = 0
    test = _run(gaps)
    assert not (test.origin[test.area == 0] == 2018).any()
    assert not (test.target_year[test.area == 0] == 2018).any()
    assert test.origin[test.area == 1].min() == 2021
    assert not (test.area == 2).any(), "nothing but zeros has no trend line to compare with"


def test_a_pool_shares_nothing_with_others(panel):
    other = _walks(43, 6, s2=0.05)
    both = _run(np.vstack([panel, other]), pools=[range(6)] * 6 + [range(6, 12)] * 6)
    alone = _run(panel)
    assert (both.chance[:, both.area < 6] == alone.chance).all()


def test_too_few_years_are_no_backtest(panel):
    with pytest.raises(MethodError, match="no origin"):
        _run(panel[:, :6], YEARS[:6])
    with pytest.raises(MethodError, match="do not fit"):
        _run(panel, pools=[range(3)])
    with pytest.raises(MethodError, match="6 years ahead"):
        _card(_run(panel), horizon=6)


def test_few_origins_establish_nothing():
    panel = _walks(45, 6, s2=0.03, level=100)
    card = _card(_run(panel[:, :11], YEARS[:11]), forecaster=Forecaster.LAST_YEAR)
    assert card.origins == (2013, 2014, 2015, 2016, 2017)
    assert card.calibration == Calibration.NOT_ESTABLISHED
    assert card.coverage.upper < PROJECTION.interval, "however far off the few are"


def test_the_card_counts_what_it_rests_on(test):
    card = _card(test, horizon=3)
    assert (card.n, card.n_areas) == (48, 6)
    assert card.origins == tuple(range(2013, 2021))
    assert card.target_years == tuple(range(2016, 2024))
    assert sum(card.pit) == pytest.approx(48)
    assert sum(c.n for c in card.reliability) == card.brier.n == 48
    assert [c.rival for c in card.against] == [f for f in Forecaster if f != Forecaster.DEFAULT]


def test_skill_is_one_less_the_ratio_of_scores(test):
    card, at = _card(test), test.horizon == 1
    ours, theirs = (test.crps[test.row(f), at].mean() for f in (Forecaster.DEFAULT, Forecaster.LAST_YEAR))
    skill = card.skill_against(Forecaster.LAST_YEAR)
    assert skill.value == pytest.approx(1 - ours / theirs)
    assert skill.lower < skill.value < skill.upper
    assert card.crps == pytest.approx(ours)


def test_a_simpler_rival_that_wins_is_named():
    """Around one steady rate three years know more than the last one; on a steep steady line the line wins."""
    rng = np.random.default_rng(44)
    steady = _card(_run(rng.poisson(60, (6, YEARS.size)).astype(float)))
    assert Forecaster.THREE_YEAR_MEAN in steady.beaten_by
    assert steady.skill_against(Forecaster.THREE_YEAR_MEAN).value < 0
    slopes = rng.uniform(-0.2, 0.2, (6, 1))
    line = _card(_run(rng.poisson(300 * np.exp(slopes * (YEARS - 2015))).astype(float)), horizon=5)
    assert Forecaster.LOG_LINEAR in line.beaten_by


def test_forecasts_that_are_too_sure_are_called_so():
    test = _run(_walks(45, 6, s2=0.03, level=100))
    assert _card(test, forecaster=Forecaster.LAST_YEAR).calibration == Calibration.TOO_NARROW


def test_only_what_is_shown_to_hold_is_called_in_order():
    """Of six series the share is not proven to differ, which is no proof that it holds; of thirty it is."""
    few, many = (_run(_walks(45, n, s2=0.03, level=100)) for n in (6, 30))
    cards = [_card(test, forecaster=Forecaster.DRIFTLESS) for test in (few, many)]
    assert [card.calibration for card in cards] == [Calibration.NOT_ESTABLISHED, Calibration.CONSISTENT]
    assert cards[0].coverage.lower < 0.8 < cards[0].coverage.upper


def test_years_that_overlap_count_once(test):
    """Three years ahead of 2013 to 2020: 2016, 2019 and 2022 share no year; that is too few to judge by."""
    assert [_card(test, horizon=h).n_apart for h in (1, 2, 3, 5)] == [10, 5, 3, 2]
    sure = _run(_walks(45, 6, s2=0.03, level=100))
    card = _card(sure, horizon=3, forecaster=Forecaster.LAST_YEAR)
    assert card.calibration == Calibration.NOT_ESTABLISHED


def test_bootstrap_draws_whole_clusters():
    rng = np.random.default_rng(46)
    years = np.repeat(np.arange(30), 20)
    shared = np.repeat(rng.normal(5, 1, 30), 20)
    found = bootstrap_ratio(shared, 1.0, years, draws=2000, level=0.95)
    half = 1.96 * shared[::20].std() / np.sqrt(30)
    assert found.value == pytest.approx(shared.mean())
    assert (found.upper - found.lower) / 2 == pytest.approx(half, rel=0.12)
    assert found == bootstrap_ratio(shared, 1.0, years, draws=2000, level=0.95), "the same to the last digit"
    assert np.isnan(bootstrap_ratio([1.0, 2.0], 1.0, [2020, 2020], draws=100, level=0.95).lower)
