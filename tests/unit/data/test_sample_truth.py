"""The generator's truth: what it says it simulates can be found again in what it simulates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivp_analysis.data.clean import clean_snapshot
from ivp_analysis.data.sample import SimulatedPanel, World, simulate_panel, simulate_sample
from ivp_analysis.data.sample_country import simulate_country
from ivp_analysis.data.sample_draw import BASE, DISPERSION
from ivp_analysis.data.sample_truth import draw_counts, draw_given_total
from ivp_analysis.data.sample_world import PLAN
from ivp_analysis.data.sums import check_sums
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import load_registry

REGISTRY = Path(__file__).resolve().parents[3] / "data" / "registry"
YEARS = range(2012, 2020)


def fitted_slopes(panel: SimulatedPanel) -> np.ndarray:
    """Plain least squares on the log rate, which knows nothing of the generator."""
    return np.polyfit(panel.years, np.log(panel.counts / panel.population).T, 1)[0]


def dispersion(counts: np.ndarray, levels: np.ndarray) -> float:
    return float(((counts - levels) ** 2 / levels).mean())


def test_steady_slopes_are_recovered_area_by_area() -> None:
    panel = simulate_panel("steady", 200, YEARS, mean=40_000, trend=-0.04, spread=0.03, seed=1)
    # Standard error of one slope: 1 / sqrt(40,000 * sum of (t - mean)^2 = 42) = 0.0008.
    np.testing.assert_allclose(fitted_slopes(panel), panel.truth.slopes, atol=0.0008 * 4.5)
    assert panel.truth.slopes.mean() == pytest.approx(-0.04, abs=4 * 0.03 / np.sqrt(200))
    assert panel.truth.slopes.std() == pytest.approx(0.03, rel=0.2)


def test_slopes_are_those_of_the_rate_when_the_population_grows() -> None:
    panel = simulate_panel("steady", 50, YEARS, mean=1e5, trend=-0.02, growth=0.03, size_spread=0.5, seed=2)
    assert fitted_slopes(panel).mean() == pytest.approx(-0.02, abs=0.001)
    assert np.polyfit(YEARS, np.log(panel.counts).T, 1)[0].mean() == pytest.approx(0.01, abs=0.001)
    assert np.std(np.log(panel.population[:, 0])) == pytest.approx(0.5, rel=0.25)


@pytest.mark.parametrize("phi", [1.0, 1.5, 3.0])
def test_counts_have_the_stated_mean_and_dispersion(phi: float) -> None:
    panel = simulate_panel("steady", 4_000, YEARS, mean=30, dispersion=phi, seed=3)
    assert panel.counts.mean() == pytest.approx(30, rel=0.01)
    assert dispersion(panel.counts, panel.truth.levels) == pytest.approx(phi, rel=0.05)


def test_a_wandering_level_steps_by_sigma_around_its_drift() -> None:
    panel = simulate_panel("wandering", 2_000, YEARS, mean=50, trend=-0.03, spread=0.02, sigma=0.15, seed=4)
    steps = np.diff(np.log(panel.truth.levels), axis=1) - panel.truth.slopes[:, None]
    assert steps.std() == pytest.approx(0.15, rel=0.03)
    assert steps.mean() == pytest.approx(0, abs=0.005)
    lag = np.corrcoef(steps[:, :-1].ravel(), steps[:, 1:].ravel())[0, 1]
    assert abs(lag) < 0.04


def test_a_steady_level_does_not_wander() -> None:
    panel = simulate_panel(World.STEADY, 20, YEARS, mean=50, trend=0.05, sigma=0.15, seed=5)
    np.testing.assert_allclose(np.diff(np.log(panel.truth.levels), axis=1), 0.05)
    assert panel.truth.sigma == 0


def test_the_seed_decides() -> None:
    one, same, other = (simulate_panel("wandering", 5, YEARS, mean=50, sigma=0.1, seed=s) for s in (7, 7, 8))
    assert (one.counts == same.counts).all()
    assert (one.counts != other.counts).any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"world": "flat"}, "world 'flat'"),
        ({"n_areas": 0}, "a panel needs"),
        ({"years": [2012]}, "a panel needs"),
        ({"years": [2012, 2012]}, "a panel needs"),
        ({"mean": 0.0}, "mean 0.0"),
        ({"dispersion": 0.5}, "dispersion 0.5"),
        ({"sigma": -1.0}, "sigma -1.0"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    wanted: dict[str, object] = {"world": "steady", "n_areas": 3, "years": YEARS, "mean": 10.0, "seed": 1}
    with pytest.raises(UsageError, match=message):
        simulate_panel(**(wanted | change))  # type: ignore[arg-type]


def test_a_draw_given_its_total_is_that_total_and_shared_by_level() -> None:
    rng = np.random.default_rng(9)
    level = np.array([[10.0, 20.0], [30.0, 60.0]])
    draws = np.array([draw_given_total(rng, level, 1.5, 90) for _ in range(4_000)])
    assert (draws.sum(axis=(1, 2)) == 90).all()
    np.testing.assert_allclose(draws.mean(axis=0), 90 * level / level.sum(), rtol=0.03)
    # The Dirichlet-multinomial variance n p (1 - p) (n + a) / (1 + a), with a = sum of level / (phi - 1).
    p, a = 0.5, level.sum() / 0.5
    assert draws[:, 1, 1].var() == pytest.approx(90 * p * (1 - p) * (90 + a) / (1 + a), rel=0.1)


def test_a_dispersion_below_one_is_refused() -> None:
    with pytest.raises(UsageError, match=r"dispersion 0\.9"):
        draw_counts(np.random.default_rng(1), np.ones(3), 0.9)


def test_the_sample_strays_from_its_own_truth_as_it_says() -> None:
    sample = simulate_sample()
    for drawn in (sample.crime, sample.nuisance):
        free = np.delete(drawn.counts, np.arange(BASE.start, BASE.stop), axis=2)
        levels = np.delete(drawn.levels, np.arange(BASE.start, BASE.stop), axis=2)
        assert dispersion(free, levels) == pytest.approx(DISPERSION, rel=0.03)
        burdened = drawn.levels[: len(PLAN), :, BASE].sum()
        assert drawn.counts[: len(PLAN), :, BASE].sum() == pytest.approx(burdened, rel=0.05)


def test_a_country_reads_as_the_police_table_and_adds_up(tmp_path: Path) -> None:
    registry = load_registry(REGISTRY)
    codes = ["1.1.1", "1.4.1", "2.2.1"]
    crimes, people = simulate_country(tmp_path, registry, codes=codes, years=range(2022, 2025))
    frame = clean_snapshot(crimes, registry).frames["observations"]
    assert len(frame) == 343 * 4 * 39
    assert set(frame["code"].cat.categories) == {"0.0.0", *codes}
    assert frame["area_code"].cat.categories.str.startswith("GM").sum() == 342
    check_sums(frame, registry.sources["politie-47013"], crimes.path.name)
    yearly = frame[frame["period"].isin(["2022", "2023", "2024"])]
    yearly = yearly.pivot_table("count", "area_code", "code", "sum", observed=True)
    assert (yearly[codes].sum(axis=1) == yearly["0.0.0"]).all()
    population = clean_snapshot(people, registry).frames["population"]
    assert set(population["area_code"]) == set(frame["area_code"])


def test_a_country_cannot_hold_more_municipalities_than_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ask for 1 to 342"):
        simulate_country(tmp_path, load_registry(REGISTRY), n_municipalities=500)
