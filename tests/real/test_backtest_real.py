"""The default forecast on real totals: registered crime of small municipalities, 2010-2020 (CBS 83648NED)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecast_rules import BACKTEST, PROJECTION

from ivp_analysis.methods.backtest import run_backtest
from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.methods.skill import Calibration, assess_skill

TOTALS = Path(__file__).parents[2] / "../shared/data/cbs/83648NED_totaal_gemeente_2010-2020.csv"
COUNT = "TotaalGeregistreerdeMisdrijven_1"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not TOTALS.exists(), reason=f"real totals are not here: {TOTALS.name}"),
]


@pytest.fixture(scope="module")
def panel():
    """Complete series below 1,000 crimes in 2018. In this file 0 stands for missing: never a count."""
    table = pd.read_csv(TOTALS, encoding="utf-8")
    wide = table.pivot(index="RegioS", columns="Perioden", values=COUNT)
    wide = wide[(wide > 0).all(axis=1) & (wide[2018] < 1000)]
    assert list(wide.columns) == list(range(2010, 2021))
    return wide


@pytest.fixture(scope="module")
def test(panel):
    return run_backtest(panel.to_numpy(float), panel.columns, rules=BACKTEST, projection=PROJECTION)


def _card(test, horizon, forecaster=Forecaster.DEFAULT):
    return assess_skill(
        test, horizon=horizon, rules=BACKTEST, interval=PROJECTION.interval, forecaster=forecaster
    )


def test_many_small_municipalities(panel):
    assert 150 <= len(panel) <= 170


@pytest.mark.parametrize("horizon", [1, 3, 5])
def test_default_holds_what_it_says(test, horizon):
    card = _card(test, horizon)
    assert 0.90 <= card.coverage_wide.value <= 0.99
    assert card.skill_against(Forecaster.LAST_YEAR).value >= 0.10


@pytest.mark.parametrize("horizon", [1, 3, 5])
def test_the_log_linear_trend_does_not(test, horizon):
    assert _card(test, horizon, Forecaster.LOG_LINEAR).coverage_wide.value < 0.50


def test_five_origins_establish_no_calibration(test):
    for horizon in range(1, 6):
        card = _card(test, horizon)
        assert len(card.origins) == 6 - horizon
        assert card.calibration == Calibration.NOT_ESTABLISHED


def test_the_drift_loses_when_the_trend_turns(test):
    """From 2018 on the long fall ended: with its drift the forecast did worse than without."""
    at = (test.origin == 2018) & (test.horizon == 1)
    drifting, driftless = (
        test.crps[test.row(f), at].mean() for f in (Forecaster.DRIFTING, Forecaster.DRIFTLESS)
    )
    assert drifting > 1.2 * driftless


def test_sums_of_five_hold_what_they_say_with_a_pool_of_sums(panel):
    """As a region is forecast: with how sums wander. Single municipalities as pool make the margins too wide."""
    rng = np.random.default_rng(5)
    counts = panel.to_numpy(float)
    fives = np.array([counts[rng.choice(len(counts), 5, replace=False)].sum(axis=0) for _ in range(30)])
    found = run_backtest(fives, panel.columns, rules=BACKTEST, projection=PROJECTION)
    card = _card(found, 1)
    # The band within which the method calls its 80 % margin in order.
    assert 0.70 <= card.coverage.value <= 0.90
    assert 0.90 <= card.coverage_wide.value <= 0.985
    singles = rng.choice(len(counts), 60, replace=False)
    pools = [range(30, 90)] * 30 + [[]] * 60
    wide = run_backtest(
        np.vstack([fives, counts[singles]]), panel.columns, rules=BACKTEST, projection=PROJECTION, pools=pools
    )
    assert _card(wide, 1).coverage.value > card.coverage.value + 0.03
